"""The library of sources."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin

from editorial.admin import ReferenceDataAdmin
from editorial.admin.forms import LinesField
from sources.models import Source


class AuthorsField(LinesField):
    """Authors one a line: `Family, Given` for a person; `{Body, with comma}`, or no comma, for a body."""

    def write(self, item: Any) -> str:
        if not isinstance(item, dict):
            return str(item)
        if "literal" in item:
            return f"{{{item['literal']}}}" if "," in item["literal"] else item["literal"]
        return f"{item.get('family', '')}, {item.get('given', '')}".strip()

    def read(self, line: str) -> dict[str, str]:
        if line.startswith("{") and line.endswith("}"):
            line = line[1:-1].strip()
            if not line:
                raise ValueError("there is no name between the braces.")
            return {"literal": line}
        family, comma, given = (part.strip() for part in line.partition(","))
        if not comma:
            return {"literal": line}
        if not family:
            raise ValueError(f"“{line}” has no family name: write Family, Given.")
        if "," in given:
            raise ValueError(f"“{line}” has two commas: put a body’s name in {{braces}}.")
        return {"family": family, "given": given} if given else {"family": family}


class SourceForm(forms.ModelForm):
    authors = AuthorsField(
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "cols": 80}),
        help_text="One a line, in order: Family, Given for a person; a body by its name, in {braces} if that has a comma.",
    )


@admin.register(Source)
class SourceAdmin(ReferenceDataAdmin):
    """The library. What a public edition cites is changed by amendment."""

    form = SourceForm
    list_display = ["title", "key", "type", "standing", "issued", "status"]
    list_filter = ["type", "standing", "stake", "status", "language"]
    search_fields = ["title", "key", "symbol", "publisher", "container", "authors", "doi"]
    autocomplete_fields = ["origin"]
    fieldsets = [
        (None, {"fields": ["type", "title", "authors", "issued", "key"]}),
        (
            "Where it was published",
            {"fields": ["container", "publisher", "publisher_place", "symbol", "doi", "isbn", "language"]},
        ),
        ("Where it can be read", {"fields": ["url", "archived_url", "consulted_at", "status"]}),
        ("How far it can be relied on", {"fields": ["standing", "stake", "stake_reason", "origin"]}),
        ("For readers", {"fields": ["note"]}),
    ]
