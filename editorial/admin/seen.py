"""Forms that write over no newer state: they remember what was saved when they were opened."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.text import capfirst

from editorial import amendments, freezing
from editorial.admin.forms import OvertakenForm
from editorial.models import ReferenceData

OVERTAKEN = (
    "Somebody else changed this since you opened the form, so yours is not saved yet. What you typed still "
    "stands below. Bring the two together and save again. What is saved now where it differs from yours:"
)


def fingerprint(thing: ReferenceData) -> str:
    """What tells the saved values of a thing from any others."""
    names = [field.name for field in thing._meta.local_concrete_fields if field.name != "id"]
    return freezing.sha256(freezing.canonical({name: amendments.plain_value(thing, name) for name in names}))


class SeenForm(OvertakenForm):
    """Reference data: refused once where somebody else has changed it, with what is saved now."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False)
    version_field = "seen"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["seen"] = fingerprint(self.instance) if self.instance.pk else ""

    def clean(self) -> dict[str, Any]:
        """Raises ValidationError when somebody else has saved it since."""
        if self.is_overtaken:
            differing = [name for name in self.changed_data if name not in ("seen", "reason")]
            saved = type(self.instance)._default_manager.get(pk=self.instance.pk)
            values = [
                f"{capfirst(self.fields[name].label or name)}: {self._in_words(saved, name) or '(empty)'}"
                for name in differing
            ]
            self.refuse_once([OVERTAKEN, *values])
        return super().clean() or self.cleaned_data

    def _in_words(self, saved: ReferenceData, name: str) -> str:
        """What is saved now in a field, as the form shows it."""
        value = getattr(saved, name)
        if isinstance(value, ReferenceData):
            return str(value)
        labels = dict(getattr(saved._meta.get_field(name), "flatchoices", ()))
        if isinstance(value, str):
            return str(labels.get(value, value))
        return "" if value is None else str(self.fields[name].prepare_value(value))
