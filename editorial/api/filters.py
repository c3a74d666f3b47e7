"""What the API's lists can be narrowed by: fields that refuse wrong values and say what is allowed."""

from __future__ import annotations

import datetime
from typing import Any

import django_filters
from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime

from editorial.corrections.ledger import STATES, AboutFilter
from editorial.models import Change, Correction, Edition
from editorial.models.records import Record
from editorial.parameters import by_commas

MOST = 50  # values in one parameter
LARGEST = 2**62  # a number any database can compare


def divided(text: str) -> list[str]:
    """Values divided by commas. Raises ValidationError for more than anybody needs."""
    values = by_commas(text)
    if len(values) > MOST:
        raise ValidationError(f"Give at most {MOST} values.", code="too_many")
    return values


class WordsField(forms.CharField):
    """Words of a fixed list, divided by commas; its value is the list of them."""

    schema = {"type": "string"}

    def __init__(self, *, words: Any, **kwargs: Any) -> None:
        self.words = list(words.values)
        super().__init__(**kwargs)

    def clean(self, value: Any) -> Any:
        chosen = divided(super().clean(value))
        if any(word not in self.words for word in chosen):
            raise ValidationError(f"Choose from: {', '.join(self.words)}.", code="invalid_choice")
        return chosen


class WordsFilter(django_filters.Filter):
    """By one or more words of `words`, a TextChoices."""

    field_class = WordsField

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, lookup_expr="in", **kwargs)


class TextsField(forms.CharField):
    """Texts divided by commas; its value is the list of them."""

    def clean(self, value: Any) -> Any:
        return divided(super().clean(value))


class TextsFilter(django_filters.Filter):
    """By one or more texts, each as it is written."""

    field_class = TextsField

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, lookup_expr="in", **kwargs)


class YesNoField(forms.CharField):
    """`true` or `false`."""

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        if text not in ("", "true", "false"):
            raise ValidationError("Choose from: true, false.", code="invalid_choice")
        return {"": None, "true": True, "false": False}[text]


class YesNoFilter(django_filters.Filter):
    field_class = YesNoField


class WholeNumberFilter(django_filters.Filter):
    field_class = forms.IntegerField

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, min_value=0, max_value=LARGEST, **kwargs)


class MomentInTimeField(forms.CharField):
    """A day, or a day and time, in ISO 8601; without a zone it is that of the site."""

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        if not text:
            return None
        try:
            moment = parse_datetime(text.replace(" ", "+"))
            day = None if moment else parse_date(text)
        except ValueError:
            moment = day = None
        if day:
            moment = datetime.datetime.combine(day, datetime.time.min)
        if moment is None or not 1900 <= moment.year <= 2200:
            raise ValidationError("Write a day, 2026-05-01, or a time, 2026-05-01T12:00:00Z.", code="invalid")
        # PostgreSQL takes fewer zones than ISO 8601 has.
        return (moment if timezone.is_aware(moment) else timezone.make_aware(moment)).astimezone(datetime.UTC)


class SinceFilter(django_filters.Filter):
    """Not before a moment in time."""

    field_class = MomentInTimeField

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, lookup_expr="gte", **kwargs)


class RecordsField(forms.CharField):
    """Published records as `mission/kfor`, divided by commas; its value is their ids."""

    def clean(self, value: Any) -> Any:
        names = divided(super().clean(value))
        if not names:
            return []
        asked = Q()
        for name in names:
            kind, _, slug = name.partition("/")
            asked |= Q(kind=kind[:20], slug=slug[:101])
        published = Edition.objects.published().values("record")
        found = {record.frozen_key: record.pk for record in Record.objects.filter(asked, pk__in=published)}
        if missing := [name for name in names if name not in found]:
            raise ValidationError(
                "There is no published record “%(name)s”. Write its kind and slug, as mission/kfor.",
                code="invalid_choice",
                params={"name": missing[0][:60]},
            )
        return list(found.values())


class RecordsFilter(django_filters.Filter):
    """By the records that rows belong to."""

    field_class = RecordsField

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("help_text", "Records as `mission/kfor`, divided by commas.")
        super().__init__(*args, lookup_expr="in", **kwargs)


def filter_words(queryset: Any, fields: list[str], text: str) -> Any:
    """Those in which each word stands in one of the fields."""
    for word in text.split()[:10]:
        found = Q()
        for field in fields:
            found |= Q(**{f"{field}__icontains": word})
        queryset = queryset.filter(found)
    return queryset


class PublicStateField(WordsField):
    """States of a report as readers see them; its value is the list of all states that look so."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(words=Correction.State, **kwargs)
        self.words = [str(state) for state, _ in STATES]

    def clean(self, value: Any) -> Any:
        return Correction.states_seen_as(*super().clean(value))


class PublicStateFilter(django_filters.Filter):
    field_class = PublicStateField


class CorrectionFilter(django_filters.FilterSet):
    """Reports, by what readers see of them."""

    record = RecordsFilter(field_name="record")
    about = AboutFilter(help_text="A kind (`mission`, `source`), the last part of an address (`kfor`), or both.")
    kind = WordsFilter(words=Correction.Kind, help_text="Kinds, divided by commas.")
    state = PublicStateFilter(lookup_expr="in", help_text="States as readers see them, divided by commas.")
    category = WordsFilter(
        words=Correction.Category,
        method="filter_category",
        help_text="Of decided reports: what was wrong, divided by commas.",
    )
    received_since = SinceFilter(field_name="received_at", help_text="Received on that day or later.")
    decided_since = SinceFilter(
        field_name="decided_at", method="filter_decided", help_text="Decided on that day or later."
    )

    class Meta:
        model = Correction
        fields: list[str] = []

    def filter_category(self, queryset: Any, name: str, categories: list[str]) -> Any:
        return queryset.decided().filter(category__in=categories) if categories else queryset

    def filter_decided(self, queryset: Any, name: str, since: datetime.datetime) -> Any:
        return queryset.decided().filter(decided_at__gte=since)


class ChangeFilter(django_filters.FilterSet):
    """Changes."""

    since = WholeNumberFilter(
        field_name="serial", lookup_expr="gt", help_text="Changes after this serial: what is new to your copy."
    )
    kind = WordsFilter(words=Change.Kind, help_text="Kinds, divided by commas.")
    record = RecordsFilter(field_name="record")

    class Meta:
        model = Change
        fields: list[str] = []
