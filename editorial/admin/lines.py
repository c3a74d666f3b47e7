"""A record as one line: what is public of it, what is open, and what comes next for the editor who looks."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet, TextField
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join

from editorial.admin.access import WRITE, edition_address
from editorial.models import OPEN, Correction, Edition, Editor, State
from editorial.models.editions import LIVE

REVIEW = "editorial.review_edition"
OVERDUE = datetime.timedelta(minutes=10)  # the worker looks every minute: later than this, it has stopped
PEOPLE = ["created_by", "submitted_by", "reviewed_by", "claimed_by"]


def overdue() -> QuerySet[Edition]:
    """Scheduled editions whose time went by without their becoming public, the oldest first."""
    late = Edition.objects.filter(state=State.SCHEDULED, publish_at__lt=timezone.now() - OVERDUE)
    return late.light().select_related("record").order_by("publish_at")


def has_worked_on(who: Editor) -> Q:
    """The editions that this editor had a hand in, and so may not approve."""
    part = Edition.contributors.through._default_manager.filter(edition=OuterRef("pk"), editor=who)
    return Q(Exists(part)) | Q(submitted_by=who, submitted_by__isnull=False)


def page_or_edition(edition: Edition, page: str) -> str:
    """A page about an edition, such as `check`, where its kind has one; else its own page."""
    try:
        return edition_address(edition, page)
    except NoReverseMatch:
        return edition_address(edition)


def day(moment: datetime.datetime) -> str:
    return f"{timezone.localtime(moment):%-d %B %Y}"


def short_day(moment: datetime.datetime) -> str:
    """For narrow columns."""
    return f"{timezone.localtime(moment):%-d %b %Y}"


def day_and_time(moment: datetime.datetime) -> str:
    return f"{timezone.localtime(moment):%-d %B %Y, %H:%M}"


def marks(report: Correction) -> list[tuple[str, str]]:
    """(name, words) of what makes a report stand out in the inbox, the most urgent first."""
    every = [
        ("person", "living person", report.living_person),
        ("overdue", "overdue", report.is_overdue),
        ("written", "the reader wrote again", report.reader_wrote_at is not None),
        ("spam", "spam", report.is_spam),
    ]
    return [(name, words) for name, words, holds in every if holds]


def badge(state: str, words: str) -> str:
    """A state in words, with a colour of its own beside them."""
    return format_html('<span class="badge badge-{}">{}</span>', state, words)


# One line a record


def one_a_record(editions: Any) -> Any:
    """One edition for each record: the open one, else the live one, else the last that was given up."""
    others = Edition.objects.filter(record=OuterRef("record"))
    there = others.filter(state__in=[*OPEN, *LIVE])
    later = others.filter(state=State.DISCARDED, pk__gt=OuterRef("pk"))
    return editions.filter(
        Q(state__in=OPEN)
        | Q(state__in=LIVE) & ~Exists(others.open())
        | Q(state=State.DISCARDED) & ~Exists(there) & ~Exists(later)
    )


def long_texts(model: Any, prefix: str = "") -> list[str]:
    """The fields that no list shows."""
    return [f"{prefix}{field.name}" for field in model._meta.fields if isinstance(field, TextField)]


def unsettled_reports(way: str) -> Prefetch[Any]:
    """The reports that wait for something, in `unsettled` of the record."""
    waiting = Correction.objects.to_decide() | Correction.objects.to_put_right()
    shown = waiting.only("record", "state", "is_spam", "reader_wrote_at").order_by("pk")
    return Prefetch(way, shown, to_attr="unsettled")


def my_part(who: Editor) -> Prefetch[Any]:
    """Whether the editor saved a change to an edition, in `my_part` of it."""
    return Prefetch("contributors", Editor.objects.filter(pk=who.pk).only("pk"), to_attr="my_part")


def with_what_lines_show(editions: Any, who: Editor) -> Any:
    """The same editions with all that `Line` needs, and no long text. Two queries more."""
    return (
        editions.select_related("record__live", *PEOPLE)
        .defer(*long_texts(editions.model), *long_texts(Edition, "record__live__"))
        .prefetch_related(unsettled_reports("record__corrections"), my_part(who))
    )


class Step(NamedTuple):
    """What comes next: words, and where it is done unless it is for somebody else to do."""

    words: str
    address: str = ""


@dataclass
class Line:
    """A record as a list shows it to one editor: `edition` is its open, live or last edition."""

    edition: Any
    editor: Editor

    @property
    def record(self) -> Any:
        return self.edition.record

    @property
    def open(self) -> Edition | None:
        return self.edition if self.edition.is_open else None

    @cached_property
    def live(self) -> Edition | None:
        live: Edition | None = self.record.live
        if live is not None:
            live.record = self.record
        return live

    @cached_property
    def worked_on(self) -> bool:
        return bool(self.edition.my_part) or self.edition.submitted_by_id == self.editor.pk

    @property
    def to_decide(self) -> list[Correction]:
        """The reports that wait for an editor's word."""
        return [report for report in self.record.unsettled if report.waits_for_us]

    @property
    def to_put_right(self) -> list[Correction]:
        """The reports found right and not answered yet."""
        return [report for report in self.record.unsettled if report.is_to_put_right]

    def named(self, who: Editor) -> str:
        return "you" if who.pk == self.editor.pk else str(who)

    def public_edition(self) -> str:
        """Its number and date, and what readers are told of it."""
        live = self.live
        if live is None:
            return "none yet"
        marks = [
            ("withdrawn", "withdrawn", live.state == State.WITHDRAWN),
            ("removed", "removed for legal cause", live.is_suppressed),
            ("unchecked", "never checked", live.imported and live.state == State.PUBLISHED),
        ]
        shown = format_html_join("", " {}", [(badge(name, words),) for name, words, holds in marks if holds])
        day_of_it = short_day(live.published_at) if live.published_at else ""
        return format_html("Edition {}, {}{}", live.number, day_of_it, shown)

    def open_edition(self) -> str:
        """Its state, and in whose hands it is."""
        it = self.open
        if it is None:
            return badge("discarded", "given up") if self.live is None else "–"
        if it.state == State.SCHEDULED and it.publish_at:
            hands = f"for {day_and_time(it.publish_at)}"
        elif it.submitted_by and it.submitted_at and it.state != State.DRAFT:
            hands = f"by {self.named(it.submitted_by)}, {short_day(it.submitted_at)}"
        else:
            hands = f"by {self.named(it.created_by)}" if it.created_by else "from the founding record"
        return format_html("{} {}", badge(it.state, it.get_state_display()), hands)

    def last_change(self) -> str:
        return short_day(self.edition.changed_at)

    def open_reports(self) -> str:
        """How many reports wait, as a link to them."""
        counts = [("to decide", len(self.to_decide)), ("to put right", len(self.to_put_right))]
        words = ", ".join(f"{count} {what}" for what, count in counts if count)
        if not words:
            return "–"
        every = reverse(
            "admin:editorial_correction_changelist", query={"record__id__exact": self.record.pk, "box": "all"}
        )
        return format_html('<a href="{}">{}</a>', every, words)

    def next_step(self) -> Step:
        """What this editor can do next, or whom it waits for."""
        if self.open is not None:
            return self._step_of_open(self.open)
        if self.live is not None:
            return self._step_of_live(self.live)
        return Step("None: it was given up")

    def _step_of_open(self, it: Edition) -> Step:
        here = edition_address(it)
        if it.state == State.SCHEDULED and it.publish_at:
            late = it.publish_at < timezone.now() - OVERDUE
            return Step("Overdue: see why", here) if late else Step("Publishes itself")
        if it.state == State.IN_REVIEW:
            if self.editor.has_perm(REVIEW) and not self.worked_on:
                claimed_by_other = it.claimed_by is not None and it.claimed_by_id != self.editor.pk
                also = f" ({it.claimed_by} reads it)" if claimed_by_other else ""
                return Step(f"Review{also}", edition_address(it, "review"))
            return Step(f"Waits for {it.claimed_by}" if it.claimed_by else "Waits for a reviewer")
        author = it.submitted_by or it.created_by
        if self.worked_on or author in (None, self.editor):
            return Step("Go on", here)
        return Step(f"Waits for {author}")

    def _step_of_live(self, live: Edition) -> Step:
        start, next_number = edition_address(live, "do", "start"), (live.number or 0) + 1
        may_write = self.editor.has_perm(WRITE) and not live.is_suppressed
        if confirmed := [report for report in self.to_put_right if report.state == Correction.State.CONFIRMED]:
            start_from_it = reverse("admin:editorial_correction_do", args=[confirmed[0].pk, "start"])
            return Step(f"Start edition {next_number}: {confirmed[0]}", start_from_it) if may_write else Step("–")
        if new := self.to_decide:
            return Step(f"Decide {new[0]}", reverse("admin:editorial_correction_change", args=[new[0].pk]))
        if live.imported and live.state == State.PUBLISHED and self.editor.has_perm(REVIEW):
            return Step("Check against its sources", page_or_edition(live, "check"))
        return Step(f"Start edition {next_number}", start) if may_write else Step("–")
