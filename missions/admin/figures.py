"""Figures: a list and a form of their own, and facts suggested for those that seem to answer one question."""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import DecimalField, Q
from django.forms.widgets import Script
from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.urls import path, reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.text import slugify

from editorial.admin.access import WRITE
from editorial.admin.forms import is_id
from editorial.admin.rows import OfEditions
from editorial.models import Edition
from missions.admin.figure_filters import CountryFilter, FactFilter, MeasureFilter, YearFilter
from missions.countries import NAMES, country_name
from missions.facts import Fact, suggested_facts
from missions.models import Figure
from sources.admin.citations import PlaceFilter
from sources.admin.comparing import CHECKED, EvidenceAdmin, EvidenceForm
from sources.dates import PartialDate

SAME_QUESTION = "These seem to answer the same question: "


class FactInput(forms.TextInput):
    """The fact of a figure, with those of its edition to choose from; `figures.js` suggests some as buttons."""

    facts: Iterable[str] = ()  # read when the field is shown

    class Media:
        css = {"all": ["admin/cite.css"]}
        js = [Script("admin/figures.js", defer=True)]

    def of(self, edition: Edition, figure: Figure | None) -> None:
        """Offer the facts of this edition."""
        figures = Figure.objects.filter(edition=edition)
        self.facts = figures.order_by("fact").values_list("fact", flat=True).distinct()
        query = {"edition": edition.pk, "but": figure.pk if figure else ""}
        suggest = reverse("admin:missions_figure_suggest", query=query)
        self.attrs |= {"list": "facts-of-edition", "data-suggest": suggest, "class": "vTextField", "size": 60}

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        options = format_html_join("", '<option value="{}">', ((fact,) for fact in self.facts))
        field = super().render(name, value, attrs, renderer)
        return format_html('{}<datalist id="facts-of-edition">{}</datalist>', field, options)


class NumberField(forms.DecimalField):
    """A number as sources print it, 50,000 or 50 000 too. As text: browsers drop what else is typed as a number."""

    widget = forms.TextInput(attrs={"inputmode": "decimal"})
    default_error_messages = {
        "invalid": "This is not a number. Write 50000 or 50,000, with a full stop before decimals; "
        "words such as “about” are for the qualifier.",
    }

    def to_python(self, value: Any) -> Any:
        if isinstance(value, str):
            value = re.sub(r"(?<=\d)[,\s](?=\d{3}(?!\d))", "", value)
        return super().to_python(value)


class FigureForm(EvidenceForm):
    """A figure. Where the fact is left empty, the error names those that it may belong to."""

    def clean(self) -> dict[str, Any]:
        """Raises ValidationError when overtaken; suggests a fact where none is given."""
        cleaned = super().clean() or self.cleaned_data
        typed = str(self.data.get(self.add_prefix("fact"), "")).strip()
        if "fact" in self.errors and not typed:
            self.add_error("fact", "Name the question that the figure answers, such as strength-1999-06.")
            for fact in suggestions_for(self.instance, cleaned):
                self.add_error("fact", ValidationError(f"{SAME_QUESTION}{fact.in_short}"))
        elif "fact" in self.errors and slugify(typed):
            self.add_error("fact", f"Perhaps so: {slugify(typed)}")
        return cleaned


def suggestions_for(figure: Figure, given: dict[str, Any]) -> list[Fact]:
    """The facts that a figure with these values, as typed, may belong to; none where the date is nonsense."""
    typed = str(given.get("as_of") or "").strip()
    try:
        as_of = PartialDate.parse(typed) if typed else ""
    except ValueError:
        return []
    part = {name: given.get(name) or "" for name in ("country", "group")}
    return suggested_facts(figure.edition_id, measure=given.get("measure"), as_of=as_of, **part, but=figure)


@admin.register(Figure)
class FigureAdmin(EvidenceAdmin):
    """The figures of one edition at a time; the edition's form leads here."""

    form = FigureForm
    beside_the_point = EvidenceAdmin.beside_the_point | {"fact", "part_of"}
    list_display = ["key", "amount_shown", "measure", "when", "of_whom", "fact_linked", "source", "locator", "edition"]
    list_filter = [OfEditions, FactFilter, MeasureFilter, YearFilter, CountryFilter, "checked", PlaceFilter]
    search_fields = [
        "key", "fact", "group", "country", "measure__name", "locator", "quote", "source__title", "source__key",
    ]  # fmt: skip
    search_hint = "Search for a number, a country, a measure, or words of the fact, the source or the quotation."
    ordering = ["as_of", "rank", "key"]
    autocomplete_fields = ["measure", "basis", "source"]
    key_from = ("fact", "source")
    fieldsets = [
        ("What was counted", {"fields": ["measure", ("value", "low", "high"), ("qualifier", "unit")]}),
        ("Of what, and when", {"fields": ["as_of", "as_of_note", "group", "country", "fact", "part_of"]}),
        ("Evidence", {"fields": ["source", "locator", "quote"]}),
        CHECKED,
        ("How it came about", {"fields": ["basis", "basis_note", "counted_by", "counted_whom", "note"]}),
        ("Place among the others", {"fields": ["key", "rank"]}),
    ]

    # The list

    @admin.display(description="fact", ordering="fact")
    def fact_linked(self, figure: Figure) -> str:
        return format_html('<a href="{}">{}</a>', fact_address(figure.edition_id, figure.fact), figure.fact)

    @admin.display(description="value", ordering="value")
    def amount_shown(self, figure: Figure) -> str:
        return f"{figure.in_words} {figure.unit}".strip()

    @admin.display(description="as of", ordering="as_of")
    def when(self, figure: Figure) -> str:
        return figure.as_of.written_out if figure.as_of else ""

    @admin.display(description="country or group", ordering="country")
    def of_whom(self, figure: Figure) -> str:
        return ", ".join(part for part in (country_name(figure.country), figure.group) if part)

    def get_search_results(self, request: HttpRequest, queryset: Any, search_term: str) -> Any:
        """Also by the name of a country, and by the number itself."""
        found, may_repeat = super().get_search_results(request, queryset, search_term)
        words, also = search_term.strip().casefold(), Q()
        if len(words) > 2:
            also |= Q(country__in=[code for code, name in NAMES.items() if words in name.casefold()])
        number = words.replace(",", "")
        if number.isascii() and number.isdecimal() and len(number) < 16:
            also |= Q(value=Decimal(number)) | Q(low=Decimal(number)) | Q(high=Decimal(number))
        return (found | queryset.filter(also) if also else found), may_repeat

    # Facts that seem to be the same

    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view(self.suggest)
        return [path("suggest/", view, name="missions_figure_suggest"), *super().get_urls()]

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "fact":
            kwargs["widget"] = FactInput()
        if isinstance(db_field, DecimalField):
            kwargs |= {"form_class": NumberField, "widget": NumberField.widget}
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        form = super().get_form(request, obj, change, **kwargs)
        edition = obj.edition if obj else self._asked_edition(request)
        if edition is not None and "fact" in form.base_fields:
            form.base_fields["fact"].widget.of(edition, obj)
        return form

    def suggest(self, request: HttpRequest) -> HttpResponse:
        """In JSON, `facts` that a figure with the values in the address may belong to. Nonsense has none."""
        if not request.user.has_perm(WRITE):
            raise PermissionDenied
        return JsonResponse({"facts": [{"slug": fact.slug, "about": fact.in_short} for fact in _asked(request.GET)]})

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        self._say_what_is_alike(request, form.instance)

    def _say_what_is_alike(self, request: HttpRequest, figure: Figure) -> None:
        """Where no other figure has its fact though some seem to answer the same question."""
        if Figure.objects.filter(edition=figure.edition_id, fact=figure.fact).exclude(pk=figure.pk).exists():
            return
        given = {name: getattr(figure, name) for name in ("measure", "as_of", "country", "group")}
        alike = suggestions_for(figure, given)
        if alike:
            links = ((fact_address(figure.edition_id, fact.slug), fact.in_short) for fact in alike)
            shown = format_html_join("; ", '<a href="{}">{}</a>', links)
            own = reverse("admin:missions_figure_change", args=[figure.pk])
            text = "{}{}. If they do, give <a href='{}'>{}</a> the same fact."
            messages.info(request, format_html(text, SAME_QUESTION, shown, own, figure.key))


def fact_address(edition: int, fact: str) -> str:
    """The list of the figures of one fact."""
    return reverse("admin:missions_figure_changelist", query={"edition__id__exact": edition, "fact": fact})


def _asked(query: QueryDict) -> list[Fact]:
    typed = {name: query.get(name, "") for name in ("edition", "measure", "but")}
    numbers = {name: int(text) for name, text in typed.items() if is_id(text)}
    if "edition" not in numbers or "measure" not in numbers:
        return []
    given = {
        "measure": numbers["measure"],
        "as_of": query.get("as_of", ""),
        "country": query.get("country", "").strip().upper()[:2],
        "group": query.get("group", "")[:200],
    }
    return suggestions_for(Figure(pk=numbers.get("but"), edition_id=numbers["edition"]), given)
