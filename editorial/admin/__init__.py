"""The editors' site: what all kinds of records share, and everything of this app itself.

`EditionAdmin`, `RowInline`, `RowTable`, `RowAdmin` and `ReferenceDataAdmin` are for the apps above.
These classes show and ask; what may be done is decided in `editorial.workflow`, `editorial.amendments`
and the models.
"""

from editorial.admin import corrections, log, mails, people, queue, records
from editorial.admin.editions import EditionAdmin
from editorial.admin.reference import ReferenceDataAdmin
from editorial.admin.rows import RowAdmin, RowInline, RowTable

__all__ = [
    "EditionAdmin",
    "ReferenceDataAdmin",
    "RowAdmin",
    "RowInline",
    "RowTable",
    "corrections",
    "log",
    "mails",
    "people",
    "queue",
    "records",
]
