"""What the library can be narrowed by, in pages, downloads and the API."""

from __future__ import annotations

from typing import Any

import django_filters
from django import forms
from django.core.exceptions import ValidationError

from editorial.filter_form import FilterForm, ListFilterSet
from editorial.models import PUBLIC
from sources.models import Source, cited_by

KINDS = [("mission", "missions"), ("event", "events"), ("article", "articles")]


class YearField(forms.CharField):
    """A year of four digits; its value is that text."""

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        if text and not (len(text) == 4 and text.isascii() and text.isdigit()):
            raise ValidationError("Give a year in four digits, such as 2004.", code="invalid")
        return text


class YearFilter(django_filters.Filter):
    field_class = YearField


class SourceFilter(ListFilterSet):
    """The public library."""

    q = django_filters.CharFilter(method="filter_words", label="Title, author, publisher", max_length=200)
    type = django_filters.ChoiceFilter(label="Type", choices=Source.Type.choices, empty_label="any")
    standing = django_filters.ChoiceFilter(label="Standing", choices=Source.Standing.choices, empty_label="any")
    year = YearFilter(method="filter_year", label="Year of publication", help_text="Four digits.")
    cited_in = django_filters.ChoiceFilter(method="filter_cited_in", label="Cited in", choices=KINDS, empty_label="any")

    class Meta:
        model = Source
        form = FilterForm
        fields: list[str] = []

    def filter_words(self, queryset: Any, name: str, value: str) -> Any:
        return queryset.with_words(value)

    def filter_year(self, queryset: Any, name: str, year: str) -> Any:
        return queryset.filter(issued__startswith=year)

    def filter_cited_in(self, queryset: Any, name: str, kind: str) -> Any:
        public = {"edition__state__in": PUBLIC, "edition__suppressed_at": None}
        return queryset.filter(cited_by(**public, edition__record__kind=kind))
