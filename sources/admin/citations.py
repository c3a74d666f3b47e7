"""The citations of an edition: their keys are its markers."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from editorial.admin import RowInline
from sources.models import Citation


class CitationInline(RowInline):
    """The citations of an edition: their keys are its markers."""

    model = Citation
    autocomplete_fields = ["source"]
    key_from = ("source",)
    fields = [
        "source",
        "locator",
        "quote",
        "supports",
        "note",
        "accessed",
        "checked",
        "checked_by",
        "checked_on",
        "key",
        "rank",
    ]

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return self.fields
