"""Records and their editions: what the site publishes, and how it came to be published.

A Record is a lasting identity: an address that links, citations and corrections point at.
An Edition is one version of its content. A record has at most one open and one published
edition, the rest being its history: the database keeps that rule. Only workflow.py changes state.
"""

from editorial.models.amendments import Amendment, ReferenceData, reference_kinds
from editorial.models.changes import Change, PublicSerial
from editorial.models.corrections import AnswerTemplate, Correction, CorrectionEntry, RateLimit
from editorial.models.editions import (
    EDITABLE,
    OPEN,
    PUBLIC,
    Edition,
    EditionQuerySet,
    ProtectedEditionError,
    State,
    Transition,
    label_of,
)
from editorial.models.editors import Editor
from editorial.models.mails import Mail
from editorial.models.records import FormerAddress, Record
from editorial.models.reviews import ClaimCheck, IntegrityCheck, Notice, OpenForm, ReviewNote, ReviewQueue
from editorial.models.rows import Row, RowQuerySet
from editorial.models.search import SearchEntry, SearchWord

__all__ = [
    "EDITABLE",
    "OPEN",
    "PUBLIC",
    "Amendment",
    "AnswerTemplate",
    "Change",
    "ClaimCheck",
    "Correction",
    "CorrectionEntry",
    "Edition",
    "EditionQuerySet",
    "Editor",
    "FormerAddress",
    "IntegrityCheck",
    "Mail",
    "Notice",
    "OpenForm",
    "ProtectedEditionError",
    "PublicSerial",
    "RateLimit",
    "Record",
    "ReferenceData",
    "ReviewNote",
    "ReviewQueue",
    "Row",
    "RowQuerySet",
    "SearchEntry",
    "SearchWord",
    "State",
    "Transition",
    "label_of",
    "reference_kinds",
]
