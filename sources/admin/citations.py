"""The citations of an edition: a list and a form of their own, and a panel in the edition's form."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html

from editorial.admin.rows import OfEditions
from sources.adding import times_named
from sources.admin.comparing import CHECKED, EvidenceAdmin
from sources.models import Citation, CitedEdition

NO_PLACE = "no place given"


class PlaceFilter(admin.SimpleListFilter):
    """Whether the place in the source is given."""

    title = "place in the source"
    parameter_name = "place"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("given", "given"), ("missing", NO_PLACE)]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        if self.value() == "missing":
            return queryset.filter(locator="")
        return queryset.exclude(locator="") if self.value() == "given" else queryset


@admin.register(Citation)
class CitationAdmin(EvidenceAdmin):
    """The citations of one edition at a time: their keys are the markers in its text."""

    list_display = ["marker", "source", "place", "checked_in_words", "edition"]
    list_filter = [OfEditions, PlaceFilter, "checked"]
    search_fields = ["key", "locator", "quote", "source__title", "source__key", "source__symbol"]
    search_hint = "Search for a marker, words of the source or the quotation, or a place such as p. 12."
    autocomplete_fields = ["source"]
    key_from = ("source",)
    fieldsets = [
        ("What is cited", {"fields": ["source", "locator", "quote"]}),
        CHECKED,
        ("More", {"fields": ["supports", "note", "accessed"]}),
        ("Its marker and its place among the others", {"fields": ["key", "rank"]}),
    ]

    @admin.display(description="marker", ordering="key")
    def marker(self, citation: Citation) -> str:
        return f"[^{citation.key}]"

    @admin.display(description="place in the source", ordering="locator")
    def place(self, citation: Citation) -> str:
        return citation.locator or NO_PLACE

    @admin.display(description="checked", ordering="checked")
    def checked_in_words(self, citation: Citation) -> str:
        return citation.checked_in_words()

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """Says beforehand which markers would lead to nothing."""
        to_delete, counts, missing, protected = super().get_deleted_objects(objs, request)
        for citation in objs:
            if uses := times_named(citation.edition.typed)[citation.key]:
                times = "once" if uses == 1 else f"{uses} times"
                line = "It is named {} in this edition: where it is named the evidence will be missing."
                to_delete.append(format_html(line, times))
        return to_delete, counts, missing, protected


@dataclass(frozen=True)
class CitationLine:
    """One citation in the panel: itself, and how often text and rows of the edition name it."""

    citation: Citation
    uses: int

    @property
    def address(self) -> str:
        return reverse("admin:sources_citation_change", args=[self.citation.pk])

    @property
    def is_idle(self) -> bool:
        """Whether nothing names it, and it proves no field either."""
        return not self.uses and not self.citation.supports.strip()


def citation_lines(edition: CitedEdition) -> list[CitationLine]:
    """The citations of an edition in their order. As many queries whatever their number."""
    uses = times_named(edition)
    return [CitationLine(one, uses[one.key]) for one in edition.citations.select_related("source")]
