"""Figures: a list and a form of their own."""

from __future__ import annotations

from django.contrib import admin

from editorial.admin import RowAdmin
from missions.models import Figure


@admin.register(Figure)
class FigureAdmin(RowAdmin):
    """The figures of one edition at a time; the edition's form leads here."""

    list_display = ["key", "fact", "measure", "amount_shown", "as_of", "country", "source", "edition"]
    search_fields = ["key", "fact", "group", "country", "source__title"]
    autocomplete_fields = ["measure", "basis", "source"]
    key_from = ("fact", "source")
    fieldsets = [
        (None, {"fields": ["fact", "measure", ("value", "low", "high"), "qualifier", "unit"]}),
        ("Of what", {"fields": ["as_of", "as_of_note", "group", "country", "part_of"]}),
        ("How it came about", {"fields": ["basis", "basis_note", "counted_by", "counted_whom"]}),
        ("Evidence", {"fields": ["source", "locator", "quote", "note"]}),
        ("Checked", {"fields": ["checked", "checked_by", "checked_on"]}),
        ("Place among the others", {"fields": ["key", "rank"]}),
    ]

    @admin.display(description="value", ordering="value")
    def amount_shown(self, figure: Figure) -> str:
        ends = [figure.value] if figure.value is not None else [figure.low, figure.high]
        shown = "–".join("" if end is None else f"{end.normalize():f}" for end in ends)
        return f"{figure.qualifier} {shown} {figure.unit}".strip()
