"""What a search can be asked, by page and API: words, and what narrows them."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from editorial import search
from editorial.filter_form import FilterForm
from editorial.parameters import by_commas
from missions.filters import KeysField, KeysSelect, searched_themes
from sources.filters import YearField

# Kinds of things that are found: one, and many of them.
KINDS = {
    "mission": ("Mission", "Missions"),
    "event": ("Event", "Events"),
    "article": ("Article", "Articles"),
    "organisation": ("Organisation", "Organisations"),
    "place": ("Place", "Places"),
    "source": ("Source", "Sources"),
}


class KindsField(forms.ChoiceField):
    """Kinds divided by commas; its value is the list of them."""

    widget = KeysSelect

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(choices=[("", "any"), *((kind, many) for kind, (_, many) in KINDS.items())], **kwargs)

    def to_python(self, value: Any) -> Any:
        return by_commas(str(value or ""))

    def validate(self, value: Any) -> None:
        if unknown := [kind for kind in value if kind not in KINDS]:
            raise ValidationError(
                "“%(kind)s” is not one of the choices here.", code="invalid_choice", params={"kind": unknown[0][:60]}
            )


class SearchForm(FilterForm):
    """The words, the kinds, the themes, and the years from and to."""

    q = forms.CharField(label="Words", required=False, max_length=search.LONGEST)
    kind = KindsField(label="Kind", required=False)
    theme = KeysField(label="Theme", required=False, options=searched_themes)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["from"] = YearField(label="From the year", required=False)
        self.fields["to"] = YearField(label="To the year", required=False)
        for name in ("from", "to"):
            self.fields[name].widget.attrs |= {"inputmode": "numeric", "size": 6}
        self.fields["q"].widget = forms.TextInput({"type": "search", "autocomplete": "off"})
        self.is_valid()

    @property
    def chosen(self) -> dict[str, str]:
        """What was asked in earnest, as parameters: wrong values are left out."""
        asked = {name: value for name, value in self.cleaned_data.items() if value}
        return {name: ",".join(value) if isinstance(value, list) else value for name, value in asked.items()}

    @property
    def narrowed(self) -> search.Narrowed:
        """The same without the words, for the search."""
        given = self.cleaned_data
        first, last = (int(given[name]) if given.get(name) else None for name in ("from", "to"))
        return search.Narrowed(tuple(given.get("kind") or ()), tuple(given.get("theme") or ()), first, last)
