"""Forms that write over no newer state: they remember what was saved when they were opened."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.text import capfirst

from editorial import amendments, freezing
from editorial.models import ReferenceData

OVERTAKEN = (
    "Somebody else changed this since you opened the form, so yours is not saved yet. What you typed still "
    "stands below. Bring the two together and save again. What is saved now where it differs from yours:"
)


def fingerprint(thing: ReferenceData) -> str:
    """What tells the saved values of a thing from any others."""
    names = [field.name for field in thing._meta.local_concrete_fields if field.name != "id"]
    return freezing.sha256(freezing.canonical({name: amendments.plain_value(thing, name) for name in names}))


class SeenForm(forms.ModelForm):
    """Reference data: refused once where somebody else has changed it, with what is saved now."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["seen"] = fingerprint(self.instance) if self.instance.pk else ""

    def clean(self) -> dict[str, Any]:
        """Raises ValidationError when somebody else has saved it since."""
        if self.instance.pk and self.cleaned_data.get("seen") != self.initial["seen"]:
            data = cast(QueryDict, self.data).copy()
            data[self.add_prefix("seen")] = self.initial["seen"]
            self.data = data  # once they have seen what is saved, they may save
            differing = [name for name in self.changed_data if name not in ("seen", "reason")]
            saved = [
                f"{capfirst(self.fields[name].label or name)}: {self._saved(name) or '(empty)'}" for name in differing
            ]
            raise ValidationError([OVERTAKEN, *saved])
        return super().clean() or self.cleaned_data

    def _saved(self, name: str) -> str:
        """What is saved now in a field, as the form shows it."""
        saved = type(self.instance)._default_manager.get(pk=self.instance.pk)
        value = getattr(saved, name)
        if isinstance(value, ReferenceData):
            return str(value)
        labels = dict(getattr(saved._meta.get_field(name), "flatchoices", ()))
        if isinstance(value, str):
            return str(labels.get(value, value))
        return "" if value is None else str(self.fields[name].prepare_value(value))
