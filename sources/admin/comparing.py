"""Whether a citation or a figure was compared with its source: said by ticking, in one's own name."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.contrib import admin, messages
from django.http import HttpRequest
from django.utils import timezone

from editorial.admin import RowAdmin
from editorial.admin.access import editor
from editorial.admin.rows import RowAdminForm
from sources.models import Evidence

CHECKED: Any = ("Checked", {"fields": ["comparison", "compared"]})


class EvidenceForm(RowAdminForm):
    """A row of evidence. Nobody types who compared it and when: a tick says it of oneself and today."""

    compared = forms.BooleanField(
        required=False,
        label="I have the source before me, and this is as it has it",
        help_text="Readers see your public name and today's date at it.",
    )


class EvidenceAdmin(RowAdmin):
    """Rows of evidence. A comparison holds for what was compared, and for nothing else."""

    form = EvidenceForm
    readonly_fields = ("comparison",)
    # What may change without making a comparison void.
    beside_the_point: ClassVar[frozenset[str]] = frozenset({"key", "rank", "note", "supports", "accessed", "seen"})

    @admin.display(description="so far")
    def comparison(self, row: Evidence) -> str:
        return row.checked_in_words() if row.pk else "not opened"

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        changed = set(form.changed_data) - self.beside_the_point - {"compared"}
        if form.cleaned_data.get("compared"):
            obj.enter_comparison(by=editor(request).byline, on=timezone.localdate())
        elif changed and obj.checked != Evidence.Checked.NOT_OPENED:
            text = f"It stood here as {obj.checked_in_words()}. That is gone, because you changed what it was about."
            messages.warning(request, text)
            obj.forget_comparison()
        super().save_model(request, obj, form, change)
