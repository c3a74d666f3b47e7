"""What is asked before something is done: the forms of the confirmation pages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.contrib import admin

from editorial import previews
from editorial.admin.forms import SLUG_ERRORS, Autocomplete, is_id
from editorial.models import Edition, Record, State


class ActionForm(forms.Form):
    """What is asked before something is done; `obj` is what it is done to, `asked` what the link said."""

    def __init__(self, *args: Any, obj: Any, asked: Mapping[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.obj = obj
        self.asked = asked
        for name, value in self.values_at_first().items():
            self.fields[name].initial = value

    def values_at_first(self) -> dict[str, Any]:
        return {}


class ReasonForm(ActionForm):
    reason = forms.CharField(widget=forms.Textarea(attrs={"rows": 4, "cols": 80}))


class PublicReasonForm(ActionForm):
    reason = forms.CharField(
        widget=forms.Textarea(attrs={"rows": 4, "cols": 80}),
        help_text="Readers see it. Say plainly what is the matter.",
    )


class ShownForm(ActionForm):
    """Remembers which version of the text the reviewer had before them."""

    shown = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def clean_shown(self) -> int:
        """The version; one that never was where the page was not opened at all."""
        shown = self.cleaned_data["shown"]
        return -1 if shown is None else shown

    def values_at_first(self) -> dict[str, Any]:
        """The one on the review page, where the reviewer comes from there."""
        shown = self.asked.get("shown", "")
        return {"shown": int(shown) if is_id(shown) else self.obj.lock_version}


class ScheduleForm(ShownForm):
    at = forms.DateTimeField(
        label="Publish at",
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        help_text="In the time of Pristina and Belgrade (Europe/Belgrade).",
    )


class WithdrawForm(PublicReasonForm):
    replacement = forms.ModelChoiceField(
        Record.objects.filter(live__state=State.PUBLISHED),
        required=False,
        widget=Autocomplete(Edition._meta.get_field("replacement"), admin.site),
        help_text="The record that readers should turn to instead, if there is one.",
    )


class ShareForm(ActionForm):
    days = forms.TypedChoiceField(
        label="For how long",
        coerce=int,
        choices=[(days, f"{days} day{'s' if days > 1 else ''}") for days in previews.DAYS],
        initial=7,
        help_text="The link stops working earlier if the edition is submitted, sent back, published or discarded.",
    )


class RenameForm(ActionForm):
    slug = forms.SlugField(
        label="New address",
        max_length=100,
        help_text="The last part of the address. The old one of a public record leads to it for ever.",
        error_messages=SLUG_ERRORS,
    )

    def values_at_first(self) -> dict[str, Any]:
        return {"slug": record_of(self.obj).slug}


def record_of(obj: Edition | Record) -> Record:
    return obj if isinstance(obj, Record) else obj.record
