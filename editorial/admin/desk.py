"""What waits, for the first page of the editors' site. Its number of queries is always the same."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone

from editorial.admin.access import edition_address
from editorial.models import Amendment, Correction, Edition, Editor, State

SHOWN = 10
OVERDUE = datetime.timedelta(minutes=10)


@dataclass
class Line:
    """One thing that waits: where it is, what it is called, and since when or by whom."""

    address: str
    text: str
    detail: str


@dataclass
class Pile:
    """Things of one kind that wait: the first of them, and how many there are."""

    title: str
    lines: list[Line]
    count: int
    is_urgent: bool = False

    @property
    def more(self) -> int:
        return self.count - len(self.lines)


def what_waits(editor: Editor) -> list[Pile]:
    """The piles that are not empty, the urgent one first."""
    if not editor.has_perm("editorial.view_edition"):
        return []
    editions = Edition.objects.light().select_related("record", "submitted_by")
    mine = editions.filter(contributors=editor).order_by("-changed_at")
    overdue = editions.filter(state=State.SCHEDULED, publish_at__lt=timezone.now() - OVERDUE).order_by("publish_at")
    piles = [
        _editions("Scheduled and overdue", overdue, _due, is_urgent=True),
        _editions(
            "In review",
            editions.filter(state=State.IN_REVIEW).order_by("submitted_at"),
            lambda it: f"submitted by {it.submitted_by}, {_day(it.submitted_at)}",
        ),
        _editions(
            "Changes requested of you",
            mine.filter(state=State.CHANGES_REQUESTED),
            lambda it: f"last changed {_day(it.changed_at)}",
        ),
        _editions(
            "Your drafts",
            mine.filter(state=State.DRAFT),
            lambda it: f"last changed {_day(it.changed_at)}",
        ),
        _reports(),
        _amendments(),
    ]
    return [pile for pile in piles if pile.count]


def _day(moment: datetime.datetime) -> str:
    return f"{timezone.localtime(moment):%-d %B %Y}"


def _due(edition: Edition) -> str:
    due = timezone.localtime(edition.publish_at or timezone.now())
    return f"due {due:%-d %B %Y, %H:%M}. {edition.schedule_error}".strip()


def _editions(title: str, found: QuerySet[Edition], detail: Any, *, is_urgent: bool = False) -> Pile:
    lines = [Line(edition_address(it), str(it), detail(it)) for it in found[:SHOWN]]
    return Pile(title, lines, found.count(), is_urgent)


def _reports() -> Pile:
    new = Correction.objects.public().filter(state=Correction.State.NEW)
    lines = [
        Line(
            reverse("admin:editorial_correction_change", args=[report.pk]),
            f"{report}: {report.about}",
            f"received {_day(report.received_at)}",
        )
        for report in new.select_related("record").order_by("pk")[:SHOWN]
    ]
    return Pile("New reports", lines, new.count())


def _amendments() -> Pile:
    proposed = Amendment.objects.open().order_by("proposed_at")
    shown = proposed.select_related("proposed_by").prefetch_related("target")[:SHOWN]
    lines = [
        Line(
            reverse("admin:editorial_amendment_change", args=[it.pk]),
            str(it),
            f"proposed by {it.proposed_by}, {_day(it.proposed_at)}",
        )
        for it in shown
    ]
    return Pile("Changes to reference data that wait for a second editor", lines, proposed.count())
