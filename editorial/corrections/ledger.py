"""The public ledger of reports: what it can be narrowed by, and the figures at its head."""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass
from typing import Any

import django_filters
from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Count, F, Q

from editorial.filter_form import FilterForm, ListFilterSet
from editorial.models import Correction

State = Correction.State

STATES = [(state, state.label) for state in State if state not in Correction.SEEN_AS]
DAY = datetime.timedelta(days=1)
ABOUT = re.compile(r"[-\w]{1,100}(/[-\w]{1,100})?", re.ASCII)
WHAT_ABOUT = "Write a kind, such as mission, or the last part of an address, such as kfor."


class AboutField(forms.CharField):
    """A kind (`mission`, `source`), the last part of an address (`kfor`), or both (`mission/kfor`)."""

    def clean(self, value: Any) -> str:
        text: str = super().clean(value)
        if text and not ABOUT.fullmatch(text):
            raise ValidationError(WHAT_ABOUT, code="invalid")
        return text


class AboutFilter(django_filters.Filter):
    """By what reports are about: a record of any kind, or reference data at its address."""

    field_class = AboutField

    def filter(self, qs: Any, value: str) -> Any:
        if not value:
            return qs
        first, _, slug = value.partition("/")
        if slug:
            return qs.filter(Q(record__kind=first, record__slug=slug) | Q(subject=f"/{first}s/{slug}/"))
        here = Q(record__kind=first) | Q(subject__startswith=f"/{first}s/")
        return qs.filter(here | Q(record__slug=first) | Q(subject__endswith=f"/{first}/"))


class LedgerFilter(ListFilterSet):
    """The public ledger, by what readers see of a report."""

    state = django_filters.ChoiceFilter(method="filter_state", label="State", choices=STATES, empty_label="any")
    kind = django_filters.ChoiceFilter(label="What it is", choices=Correction.Kind.choices, empty_label="any")
    category = django_filters.ChoiceFilter(
        method="filter_category", label="What was wrong", choices=Correction.Category.choices, empty_label="any"
    )
    about = AboutFilter(label="About", help_text="A kind, such as mission, or a page, such as kfor.")

    class Meta:
        model = Correction
        form = FilterForm
        fields: list[str] = []

    def filter_state(self, queryset: Any, name: str, state: str) -> Any:
        return queryset.seen_as(state)

    def filter_category(self, queryset: Any, name: str, category: str) -> Any:
        """Of a report that is not decided readers learn no category."""
        return queryset.decided().filter(category=category)


def reports_on_subject(address: str) -> Any:
    """The reports on a source or organisation at its address that were found right, answered or not, oldest first."""
    return Correction.objects.ledger().filter(subject=address).seen_as(State.CONFIRMED, State.FIXED).order_by("pk")


@dataclass(frozen=True)
class LedgerFigures:
    """What became of all reports but suspected spam.

    `right` and `judged` count reports that something is wrong: those found right, and those decided on at
    all. A report that says the same as another is left out of both: its original stands for it.
    """

    received: int
    waiting: int
    confirmed: int
    corrected: int
    declined: int
    right: int
    judged: int
    median: datetime.timedelta | None  # from receipt to the decision; None before the first

    @property
    def open(self) -> int:
        """Those in which something is still to be done."""
        return self.waiting + self.confirmed

    @property
    def decided(self) -> int:
        return self.received - self.waiting

    @property
    def others(self) -> int:
        """Closed without a correction, or the same as another."""
        return self.decided - self.confirmed - self.corrected - self.declined

    @property
    def share_right(self) -> int | None:
        """Per cent of those judged; None before the first."""
        return round(100 * self.right / self.judged) if self.judged else None

    @property
    def median_days(self) -> int | None:
        """In days, begun ones counted; None before the first decision."""
        return None if self.median is None else max(1, -(-self.median // DAY))


def ledger_figures() -> LedgerFigures:
    """The figures at the head of the ledger and on the page about quality. Two or three queries."""

    def seen(*states: State) -> Q:
        return Q(state__in=Correction.states_seen_as(*states))

    public = Correction.objects.public()
    is_error = Q(kind=Correction.Kind.CORRECTION)
    counts = public.aggregate(
        received=Count("pk"),
        waiting=Count("pk", filter=seen(State.NEW)),
        confirmed=Count("pk", filter=seen(State.CONFIRMED)),
        corrected=Count("pk", filter=seen(State.FIXED)),
        declined=Count("pk", filter=seen(State.DECLINED)),
        right=Count("pk", filter=is_error & seen(State.CONFIRMED, State.FIXED)),
        judged=Count("pk", filter=is_error & ~seen(State.NEW, State.DUPLICATE)),
    )
    return LedgerFigures(**counts, median=_median(counts["received"] - counts["waiting"]))


def _median(decided: int) -> datetime.timedelta | None:
    """The time from receipt to the first decision that half of the decided reports did not exceed."""
    if not decided:
        return None
    times = Correction.objects.public().decided().annotate(took=F("decided_at") - F("received_at")).order_by("took")
    middle = list(times.values_list("took", flat=True)[(decided - 1) // 2 : decided // 2 + 1])
    return sum(middle, datetime.timedelta()) / len(middle) if middle else None
