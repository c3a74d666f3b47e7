"""What the API's lists of sources and citations can be narrowed by."""

from __future__ import annotations

from typing import Any

import django_filters
from django import forms
from django.core.exceptions import ValidationError

from editorial.api.filters import RecordsFilter, TextsFilter, WordsFilter, divided
from sources.dates import PartialDate, high, low
from sources.models import Citation, Source

DIVIDED = "Divided by commas."


class DateField(forms.CharField):
    """A year, month or day; its value is a PartialDate."""

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        if not text:
            return None
        try:
            return PartialDate(text[:20])
        except ValueError:
            raise ValidationError("Write 2004, 2004-03 or 2004-03-17.", code="invalid") from None


class AfterFilter(django_filters.Filter):
    """Those whose date cannot be before the first day given."""

    field_class = DateField

    def filter(self, queryset: Any, value: PartialDate | None) -> Any:
        if value is None:
            return queryset
        queryset = queryset.alias(first_day=low(self.field_name)).exclude(**{self.field_name: ""})
        return queryset.filter(first_day__gte=value.low.isoformat())


class BeforeFilter(django_filters.Filter):
    """Those whose date cannot be after the last day given."""

    field_class = DateField

    def filter(self, queryset: Any, value: PartialDate | None) -> Any:
        if value is None:
            return queryset
        queryset = queryset.alias(last_day=high(self.field_name)).exclude(**{self.field_name: ""})
        return queryset.filter(last_day__lte=f"{value}-99-99"[:10])


class SourcesField(forms.CharField):
    """Keys of sources in public use, divided by commas; its value is their ids."""

    def clean(self, value: Any) -> Any:
        keys = divided(super().clean(value))
        if not keys:
            return []
        public = Source.objects.in_public_use()
        found = dict(public.filter(key__in=keys).values_list("key", "pk"))
        if len(found) < len(set(keys)):  # perhaps merged into another
            merged = Source.objects.filter(key__in=keys, merged_into__in=public)
            found |= {key: pk for key, pk in merged.values_list("key", "merged_into") if pk and key not in found}
        if missing := [key for key in keys if key not in found]:
            raise ValidationError(
                "There is no source “%(key)s” in public use. The endpoint of sources has the keys.",
                code="invalid_choice",
                params={"key": missing[0][:60]},
            )
        return list(found.values())


class SourcesFilter(django_filters.Filter):
    field_class = SourcesField

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("help_text", "Keys of sources, divided by commas.")
        super().__init__(*args, lookup_expr="in", **kwargs)


class SourceFilter(django_filters.FilterSet):
    """Sources."""

    q = django_filters.CharFilter(
        method="filter_q", max_length=200, help_text="Words in title, authors, publisher, symbol or key."
    )
    type = WordsFilter(words=Source.Type, help_text=DIVIDED)
    standing = WordsFilter(words=Source.Standing, help_text=DIVIDED)
    stake = WordsFilter(words=Source.Stake, help_text=DIVIDED)
    status = WordsFilter(words=Source.Status, help_text=DIVIDED)
    language = TextsFilter(max_length=200, help_text="Codes, divided by commas: en, sq, sr-Latn.")
    issued_after = AfterFilter(field_name="issued", help_text="Published in it or after: 2004, 2004-03, 2004-03-17.")
    issued_before = BeforeFilter(field_name="issued", help_text="Published in it or before.")

    class Meta:
        model = Source
        fields: list[str] = []

    def filter_q(self, queryset: Any, name: str, value: str) -> Any:
        return queryset.with_words(value)


class CitationFilter(django_filters.FilterSet):
    """Citations."""

    record = RecordsFilter(field_name="edition__record")
    source = SourcesFilter(field_name="source")
    standing = WordsFilter(field_name="source__standing", words=Source.Standing, help_text=DIVIDED)
    checked = WordsFilter(words=Citation.Checked, help_text=DIVIDED)

    class Meta:
        model = Citation
        fields: list[str] = []
