"""The filters of the list of figures: each offers what the figures of the edition looked at have."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import Count
from django.http import HttpRequest

from editorial.admin.forms import is_id
from missions.countries import country_name
from missions.models import Figure

NONE = "none"


class OfFigures(admin.SimpleListFilter):
    """A filter by the values that one field has. One query."""

    template = "admin/editorial/folded_filter.html"
    field: ClassVar[str] = ""

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        number = request.GET.get("edition__id__exact", "")
        figures = Figure.objects.filter(edition=int(number)) if is_id(number) else Figure.objects.all()
        return self.offered(figures.order_by())

    def offered(self, figures: Any) -> list[tuple[str, str]]:
        """(value, label) of what can be chosen."""
        raise NotImplementedError

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        value = self.value()
        return queryset.filter(**{self.field: "" if value == NONE else value}) if value else queryset


class FactFilter(OfFigures):
    """Facts that several figures answer; others are found by the link in the list, or by searching."""

    title = "fact with several figures"
    parameter_name = field = "fact"

    def offered(self, figures: Any) -> list[tuple[str, str]]:
        several = figures.values("fact").annotate(count=Count("pk")).filter(count__gt=1).order_by("fact")
        facts = {fact: f"{fact} ({count})" for fact, count in several.values_list("fact", "count")}
        if (chosen := self.value()) and chosen not in facts:
            facts[chosen] = chosen[:100]
        return list(facts.items())


class MeasureFilter(OfFigures):
    title = "measure"
    parameter_name = field = "measure"

    def offered(self, figures: Any) -> list[tuple[str, str]]:
        measures = figures.values_list("measure", "measure__name").distinct().order_by("measure__name")
        return [(str(pk), name) for pk, name in measures]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        value = self.value()
        return queryset.filter(measure=value if is_id(value) else None) if value else queryset


class YearFilter(OfFigures):
    title = "year"
    parameter_name = "year"

    def offered(self, figures: Any) -> list[tuple[str, str]]:
        dates = figures.values_list("as_of", flat=True).distinct()
        years = sorted({str(date.year) for date in dates if date}, reverse=True)
        return [*((year, year) for year in years), (NONE, "no date")]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        value = self.value()
        if value == NONE:
            return queryset.filter(as_of="")
        return queryset.filter(as_of__startswith=value) if value else queryset


class CountryFilter(OfFigures):
    title = "country"
    parameter_name = field = "country"

    def offered(self, figures: Any) -> list[tuple[str, str]]:
        codes = figures.exclude(country="").values_list("country", flat=True).distinct()
        countries = sorted(((code, country_name(code)) for code in codes), key=lambda pair: pair[1])
        return [*countries, (NONE, "no country: the whole or a group")]
