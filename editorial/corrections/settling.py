"""What publication, discarding and amendments do to the reports that were to be answered by them.

All of it runs in the transaction of the publication, the decision or the discarding.
"""

from __future__ import annotations

import datetime
from typing import Any

from editorial.corrections.moves import move
from editorial.models import Amendment, Change, Correction, CorrectionEntry, Edition, Editor

State = Correction.State


def settle_by_edition(edition: Edition, *, at: datetime.datetime, by: Editor | None) -> None:
    """The edition is public: the reports attached to it are corrected in it."""
    for report in _in_work(attached_to=edition):
        move(report, State.FIXED, by=by, at=at, fixed_in=edition, text=f"Corrected in edition {edition.number}.")


def settle_by_amendment(change: Change, *, by: Editor) -> None:
    """The amendment is in force: the reports it was to answer are corrected by this line of the public log."""
    for report in _in_work(amendment=change.amendment):
        move(report, State.FIXED, by=by, at=change.at, fixed_by=change, text=f"Corrected by change {change.serial}.")


def let_go_of_edition(edition: Edition, *, by: Editor) -> None:
    """The draft is given up: the reports attached to it wait for the next edition again."""
    _let_go(_in_work(attached_to=edition), by=by, why="The draft that was to answer it was discarded.")


def let_go_of_amendment(amendment: Amendment, *, by: Editor, why: str) -> None:
    """The proposed change is not made: the reports it was to answer wait again."""
    _let_go(_in_work(amendment=amendment), by=by, why=why)


def detach(report: Correction, *, by: Editor, why: str) -> None:
    """Take a locked report in work off the edition or amendment that was to answer it."""
    move(
        report, State.CONFIRMED, by=by, kind=CorrectionEntry.Kind.DONE, text=why, attached_to=None, amendment=None
    )  # fmt: skip


def _in_work(**where: Any) -> list[Correction]:
    found = Correction.objects.filter(state=State.IN_WORK, **where)
    return list(found.select_for_update(no_key=True).order_by("pk"))


def _let_go(reports: list[Correction], *, by: Editor, why: str) -> None:
    for report in reports:
        detach(report, by=by, why=why)
