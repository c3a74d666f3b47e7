"""What the API's lists can be narrowed by: the filters of the pages, and those only programs need."""

from __future__ import annotations

import re
from typing import Any

import django_filters
from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q

from editorial.api.filters import (
    RecordsFilter,
    SinceFilter,
    TextsFilter,
    WordsFilter,
    YesNoFilter,
    divided,
    filter_words,
)
from editorial.api.naming import NamingFilter
from editorial.models import Edition
from missions import filters
from missions.filters import KeysFilter
from missions.models import Article, Disagreement, Event, Figure, Mission, Organisation, Place, Statement, Term
from missions.models.reference import Vocabulary
from sources.api.filters import DIVIDED, AfterFilter, BeforeFilter, SourcesFilter

UPDATED = "Records whose live edition was published then or later."


class RecordKind(models.TextChoices):
    MISSION = "mission", "mission"
    EVENT = "event", "event"
    ARTICLE = "article", "article"


def terms(vocabulary: str) -> Any:
    """The words of a vocabulary that are in public use, as (key, name)."""
    return Term.objects.in_public_use().filter(vocabulary=vocabulary).values_list("key", "name")


def used(model: Any, field: str) -> Any:
    """The words that reference data in public use has in a field, as (word, word)."""
    words = model.objects.in_public_use().exclude(**{field: ""}).order_by(field)
    return words.values_list(field, field).distinct()


class PublicRecordFilter(django_filters.FilterSet):
    """Records of all kinds."""

    q = django_filters.CharFilter(method="filter_q", max_length=200, help_text="Words in the title.")
    kind = WordsFilter(field_name="record__kind", words=RecordKind, help_text=DIVIDED)
    naming = NamingFilter()
    updated_since = SinceFilter(field_name="published_at", help_text=UPDATED)

    class Meta:
        model = Edition
        fields: list[str] = []

    def filter_q(self, queryset: Any, name: str, value: str) -> Any:
        return filter_words(queryset, ["title"], value)


class MissionFilter(filters.MissionFilter):
    """Missions, related operations and bodies."""

    regional_group = KeysFilter(
        method="filter_classification",
        label="UN regional group",
        options=lambda: filters.published_classifications("regional-group"),
    )
    status = WordsFilter(words=Mission.Status, help_text=DIVIDED)
    peace_mission = YesNoFilter(help_text="`false`: related operations and bodies.")
    updated_since = SinceFilter(field_name="published_at", help_text=UPDATED)

    class Meta:
        model = Mission
        fields: list[str] = []


class EventFilter(filters.EventFilter):
    """Events."""

    updated_since = SinceFilter(field_name="published_at", help_text=UPDATED)

    class Meta:
        model = Event
        fields: list[str] = []


class ArticleFilter(filters.ArticleFilter):
    """Articles."""

    updated_since = SinceFilter(field_name="published_at", help_text=UPDATED)

    class Meta:
        model = Article
        fields: list[str] = []


class SlugsField(forms.CharField):
    """Slugs divided by commas; its value is the list of them."""

    def clean(self, value: Any) -> Any:
        slugs = divided(super().clean(value))
        if not all(re.fullmatch(r"[-a-zA-Z0-9_]{1,100}", slug) for slug in slugs):
            raise ValidationError("Write letters, digits, hyphens and underscores.", code="invalid")
        return slugs


class SlugsFilter(django_filters.Filter):
    field_class = SlugsField

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, lookup_expr="in", **kwargs)


class CountriesField(forms.CharField):
    """ISO 3166 codes divided by commas; its value is the list of them."""

    def clean(self, value: Any) -> Any:
        codes = [code.upper() for code in divided(super().clean(value))]
        if not all(re.fullmatch(r"[A-Z]{2}", code) for code in codes):
            raise ValidationError("Write two letters of ISO 3166, such as IT.", code="invalid")
        return codes


class CountriesFilter(django_filters.Filter):
    field_class = CountriesField


class FigureFilter(django_filters.FilterSet):
    """Figures."""

    q = django_filters.CharFilter(
        method="filter_q",
        max_length=200,
        help_text="Words in what was counted and by whom, in the quotation or the note.",
    )
    record = RecordsFilter(field_name="edition__record")
    fact = SlugsFilter(help_text="Facts, such as `strength-on-entry-1999`, divided by commas.")
    part_of = SlugsFilter(help_text="The facts or figures of which they are parts.")
    whole = YesNoFilter(
        method="filter_whole",
        help_text="`true`: neither a part of another figure nor that of one country; `false`: parts.",
    )
    measure = KeysFilter(field_name="measure__key", lookup_expr="in", label="Measure", options=lambda: terms("measure"))
    basis = KeysFilter(field_name="basis__key", lookup_expr="in", label="Basis", options=lambda: terms("basis"))
    country = CountriesFilter(lookup_expr="in", help_text="ISO 3166 codes, divided by commas.")
    source = SourcesFilter(field_name="source")
    checked = WordsFilter(words=Figure.Checked, help_text=DIVIDED)
    as_of_after = AfterFilter(field_name="as_of", help_text="For that year, month or day, or later.")
    as_of_before = BeforeFilter(field_name="as_of", help_text="For that year, month or day, or earlier.")
    has_value = YesNoFilter(
        method="filter_value", help_text="`true`: those with one value; `false`: those with a range."
    )

    class Meta:
        model = Figure
        fields: list[str] = []

    def filter_q(self, queryset: Any, name: str, value: str) -> Any:
        return filter_words(queryset, ["counted_whom", "counted_by", "group", "quote", "note"], value)

    def filter_whole(self, queryset: Any, name: str, value: bool) -> Any:
        whole = Q(part_of="", country="")
        return queryset.filter(whole if value else ~whole)

    def filter_value(self, queryset: Any, name: str, value: bool) -> Any:
        return queryset.filter(value__isnull=not value)


class DisagreementFilter(django_filters.FilterSet):
    """Disagreements."""

    record = RecordsFilter(field_name="edition__record")
    about = SlugsFilter(help_text="Facts or fields, divided by commas.")
    reason = WordsFilter(words=Disagreement.Reason, help_text=DIVIDED)
    settled = YesNoFilter(method="filter_settled", help_text="`false`: those still open.")

    class Meta:
        model = Disagreement
        fields: list[str] = []

    def filter_settled(self, queryset: Any, name: str, value: bool) -> Any:
        return queryset.exclude(settled="") if value else queryset.filter(settled="")


class StatementFilter(django_filters.FilterSet):
    """Statements."""

    q = django_filters.CharFilter(
        method="filter_q", max_length=200, help_text="Words in the statement, or in its holder's name or role."
    )
    record = RecordsFilter(field_name="edition__record")
    kind = WordsFilter(words=Statement.Kind, help_text=DIVIDED)
    quoted = YesNoFilter(help_text="`true`: exact words; `false`: paraphrases.")
    date_after = AfterFilter(field_name="date", help_text="In that year, month or day, or later.")
    date_before = BeforeFilter(field_name="date", help_text="In that year, month or day, or earlier.")

    class Meta:
        model = Statement
        fields: list[str] = []

    def filter_q(self, queryset: Any, name: str, value: str) -> Any:
        return filter_words(queryset, ["text", "holder", "role"], value)


class OrganisationFilter(django_filters.FilterSet):
    """Organisations."""

    q = django_filters.CharFilter(method="filter_q", max_length=200, help_text="Words in a name or the acronym.")
    kind = KeysFilter(
        field_name="kind", lookup_expr="in", label="What it is", options=lambda: used(Organisation, "kind")
    )
    parent = SlugsFilter(method="filter_parent", help_text="Keys of the bodies they are part of, divided by commas.")

    class Meta:
        model = Organisation
        fields: list[str] = []

    def filter_q(self, queryset: Any, name: str, value: str) -> Any:
        names = ["name", "acronym", "name_sq", "name_sr_latn", "name_sr_cyrl", "key"]
        return filter_words(queryset, names, value)

    def filter_parent(self, queryset: Any, name: str, keys: list[str]) -> Any:
        public = Organisation.objects.in_public_use().filter(key__in=keys)
        return queryset.filter(parent__in=public)


class PlaceFilter(django_filters.FilterSet):
    """Places."""

    q = django_filters.CharFilter(method="filter_q", max_length=200, help_text="Words in a name.")
    kind = KeysFilter(field_name="kind", lookup_expr="in", label="What it is", options=lambda: used(Place, "kind"))
    municipality = TextsFilter(max_length=1000, help_text="Names as written, divided by commas.")

    class Meta:
        model = Place
        fields: list[str] = []

    def filter_q(self, queryset: Any, name: str, value: str) -> Any:
        return filter_words(queryset, ["name", "name_sq", "name_sr_latn", "name_sr_cyrl", "key"], value)


class TermFilter(django_filters.FilterSet):
    """Terms."""

    q = django_filters.CharFilter(method="filter_q", max_length=200, help_text="Words in name or definition.")
    vocabulary = WordsFilter(words=Vocabulary, help_text=DIVIDED)

    class Meta:
        model = Term
        fields: list[str] = []

    def filter_q(self, queryset: Any, name: str, value: str) -> Any:
        return filter_words(queryset, ["name", "definition", "as_in_source", "key"], value)
