"""What waits for an editor, for the first page of the editors' site. Its number of queries is always the same.

Apps above add piles of their own with `pile_of`: they know what waits there, this app does not.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.urls import reverse

from editorial import notices
from editorial.admin.access import edition_address, editor, not_there
from editorial.admin.lines import REVIEW, day, day_and_time, has_worked_on, long_texts, marks, overdue, page_or_edition
from editorial.models import Amendment, Correction, Edition, EditionQuerySet, Editor, Notice, State
from editorial.models.corrections import CorrectionQuerySet

SHOWN = 10
VIEW = "editorial.view_edition"


@dataclass
class Line:
    """One thing that waits: where it is, what it is called, and since when or by whom."""

    address: str
    text: str
    detail: str


@dataclass
class Pile:
    """Things of one kind that wait: the first of them, how many there are, and where all of them are."""

    title: str
    lines: list[Line]
    count: int
    name: str = ""
    all_address: str = ""
    is_urgent: bool = False

    @property
    def more(self) -> int:
        return self.count - len(self.lines)


@dataclass
class Told:
    """A notice to the editor."""

    number: int
    line: Line  # the edition it is about, and when; without an address where it is about none
    text: str


@dataclass
class Desk:
    """The first page of one editor."""

    piles: list[Pile] = field(default_factory=list)
    notices: list[Told] = field(default_factory=list)
    more_notices: int = 0
    published: list[Line] = field(default_factory=list)

    @property
    def urgent(self) -> list[Pile]:
        return [pile for pile in self.piles if pile.is_urgent]

    @property
    def calm(self) -> list[Pile]:
        return [pile for pile in self.piles if not pile.is_urgent]


MakesPile = Callable[[Editor], Pile | None]
_piles_of_other_apps: list[MakesPile] = []


def pile_of(make: MakesPile) -> MakesPile:
    """Register a pile of an app above: a function of the editor, with a constant number of queries."""
    _piles_of_other_apps.append(make)
    return make


def what_waits(who: Editor) -> Desk:
    """What waits for this editor, in the order of urgency; piles with nothing in them are left out."""
    if not who.has_perm(VIEW):
        return Desk()
    piles = [
        _overdue(),
        *_own(who),
        *(_to_review(who) if who.has_perm(REVIEW) else []),
        _waiting_for_others(who),
        *_reports(who),
        *_amendments(who),
        *[make(who) for make in _piles_of_other_apps],
        *([_founding()] if who.has_perm(REVIEW) else []),
        _scheduled(),
    ]
    told = Notice.objects.waiting_for(who)
    shown = _told(told)
    return Desk(
        piles=[pile for pile in piles if pile and pile.count],
        notices=shown,
        more_notices=told.count() - len(shown),
        published=_published(),
    )


def overdue_banner(request: HttpRequest) -> list[Line]:
    """The scheduled editions that are late, for the head of every page. One query, for editors only."""
    if not editor(request).has_perm(VIEW):
        return []
    return [Line(edition_address(it), str(it), _due(it)) for it in overdue()[:SHOWN]]


def put_away(request: HttpRequest, number: int) -> HttpResponse:
    """The button beside a notice. That of somebody else stays where it is."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    if not request.user.has_perm(VIEW):
        raise PermissionDenied
    notice = Notice.objects.waiting_for(editor(request)).filter(pk=number).first()
    if notice is None:
        return not_there(request, "notice of yours")
    notices.put_away(notice, by=editor(request))
    return HttpResponseRedirect(reverse("admin:index"))


def _told(waiting: QuerySet[Notice]) -> list[Told]:
    found = waiting.select_related("edition__record").defer(*long_texts(Edition, "edition__"))
    return [
        Told(
            it.pk,
            Line(edition_address(it.edition) if it.edition else "", str(it.edition or ""), day_and_time(it.at)),
            it.text,
        )
        for it in found[:SHOWN]
    ]


# The piles


def _editions() -> EditionQuerySet:
    return Edition.objects.light().select_related("record", "submitted_by", "claimed_by")


def _pile(title: str, name: str, found: QuerySet[Edition], detail: Any, *, page: str = "change", **more: Any) -> Pile:
    lines = [Line(page_or_edition(it, page), str(it), detail(it)) for it in found[:SHOWN]]
    return Pile(title, lines, found.count(), name, **more)


def _all_records(query: str) -> str:
    return f"{reverse('admin:editorial_record_changelist')}?{query}"


def _due(edition: Edition) -> str:
    due = day_and_time(edition.publish_at) if edition.publish_at else ""
    return f"was due on {due}. {edition.schedule_error}".strip()


def _overdue() -> Pile:
    title = "Scheduled and overdue: not published"
    return _pile(title, "overdue", overdue(), _due, is_urgent=True, all_address=_all_records("open=scheduled"))


def _own(who: Editor) -> list[Pile]:
    mine = _editions().filter(has_worked_on(who) | Q(created_by=who)).order_by("-changed_at")
    return [
        _pile(
            "Sent back to you: changes requested",
            "returned",
            mine.filter(state=State.CHANGES_REQUESTED),
            lambda it: f"last changed on {day(it.changed_at)}",
            all_address=_all_records("open=changes_requested&mine=open"),
        ),
        _pile(
            "Your drafts",
            "drafts",
            mine.filter(state=State.DRAFT),
            lambda it: f"last changed on {day(it.changed_at)}",
            all_address=_all_records("open=draft&mine=open"),
        ),
    ]


def _to_review(who: Editor) -> list[Pile]:
    def submitted(it: Edition) -> str:
        read_by = ""
        if it.claimed_by:
            read_by = "; you are reading it" if it.claimed_by_id == who.pk else f"; {it.claimed_by} is reading it"
        return f"submitted by {it.submitted_by} on {day(it.submitted_at)}{read_by}" if it.submitted_at else ""

    found = _editions().filter(~has_worked_on(who), state=State.IN_REVIEW).order_by("submitted_at", "pk")
    every = _all_records("mine=review")
    return [_pile("For you to review, oldest first", "review", found, submitted, page="review", all_address=every)]


def _waiting_for_others(who: Editor) -> Pile:
    def waits(it: Edition) -> str:
        read_by = f"; {it.claimed_by} is reading it" if it.claimed_by else ""
        return f"in review since {day(it.submitted_at)}{read_by}" if it.submitted_at else ""

    found = _editions().filter(has_worked_on(who), state=State.IN_REVIEW).order_by("submitted_at", "pk")
    every = _all_records("open=in_review&mine=open")
    return _pile("Yours, waiting for a second editor", "waiting", found, waits, all_address=every)


def _reports(who: Editor) -> list[Pile]:
    """Overdue ones; the others to decide; those found right that nothing is to answer yet; those one has taken."""
    every = Correction.objects
    late, mine = every.overdue(), every.to_put_right().filter(assignee=who)
    return [
        _report_pile("Reports from readers: overdue", "reports-overdue", late, "to-decide", is_urgent=True),
        _report_pile(
            "Reports from readers to decide",
            "reports",
            every.to_decide().exclude(pk__in=late.values("pk")),
            "to-decide",
        ),
        _report_pile(
            "Confirmed reports that nothing answers yet",
            "reports-confirmed",
            every.to_put_right().filter(state=Correction.State.CONFIRMED).exclude(assignee=who),
            "in-work",
        ),
        _report_pile("Reports you look after, to put right", "reports-mine", mine, "in-work&assignee=me"),
    ]


def _report_pile(title: str, name: str, found: CorrectionQuerySet, box: str, **more: Any) -> Pile:
    shown = found.select_related("record__live").defer(*long_texts(Edition, "record__live__")).most_urgent_first()
    lines = [
        Line(
            reverse("admin:editorial_correction_change", args=[report.pk]),
            f"{report}: {report.subject_label or (report.record and report.record.live) or report.about}",
            "; ".join([*[words for _, words in marks(report)], f"received on {day(report.received_at)}"]),
        )
        for report in shown[:SHOWN]
    ]
    every = f"{reverse('admin:editorial_correction_changelist')}?box={box}"
    return Pile(title, lines, found.count(), name, every, **more)


def _amendments(who: Editor) -> list[Pile]:
    proposed = Amendment.objects.open().order_by("proposed_at")
    mine = _amendment_pile(
        "Changes you proposed, waiting for a second editor", "proposed", proposed.filter(proposed_by=who)
    )
    if not who.has_perm(REVIEW):
        return [mine]
    others = proposed.exclude(proposed_by=who)
    return [_amendment_pile("Changes to sources and names, for you to confirm", "to-confirm", others), mine]


def _amendment_pile(title: str, name: str, found: QuerySet[Amendment]) -> Pile:
    lines = [
        Line(
            reverse("admin:editorial_amendment_change", args=[it.pk]),
            str(it),
            f"proposed by {it.proposed_by} on {day(it.proposed_at)}",
        )
        for it in found.select_related("proposed_by").prefetch_related("target")[:SHOWN]
    ]
    every = f"{reverse('admin:editorial_amendment_changelist')}?state__exact=proposed"
    return Pile(title, lines, found.count(), name, every)


def _founding() -> Pile:
    opened = Edition.objects.open().filter(record=OuterRef("record"))
    found = _editions().filter(~Exists(opened), state=State.PUBLISHED, imported=True, suppressed_at=None)
    return _pile(
        "Founding editions that nobody has checked",
        "founding",
        found.order_by("pk"),
        lambda it: it.record.kind,
        page="check",
        all_address=_all_records("public=unchecked&open=none"),
    )


def _scheduled() -> Pile:
    late = overdue().values("pk")
    found = _editions().filter(state=State.SCHEDULED).exclude(pk__in=late).order_by("publish_at")
    return _pile(
        "Scheduled",
        "scheduled",
        found,
        lambda it: f"becomes public on {day_and_time(it.publish_at)}",
        all_address=_all_records("open=scheduled"),
    )


def _published() -> list[Line]:
    public = _editions().public()
    return [
        Line(edition_address(it), str(it), f"edition {it.number}, {day(it.published_at)}")
        for it in public.order_by("-published_at", "-pk")[:SHOWN]
        if it.published_at
    ]
