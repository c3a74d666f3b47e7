"""What the form of an edition shows around its fields: its contents, what is missing, who else has it open."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.utils.text import capfirst

from editorial import presence
from editorial.admin.access import editor
from editorial.models import Correction, Edition


@dataclass(frozen=True)
class FormSection:
    """An entry of the form's contents list: the id of a heading, and its text."""

    anchor: str
    title: str


def around_the_form(request: HttpRequest, context: dict[str, Any], edition: Edition) -> dict[str, Any]:
    """Further context of the page of an edition. The form of one that can be changed is noted as open."""
    for inline in context["inline_admin_formsets"]:
        _count_in_heading(inline)
    more: dict[str, Any] = {"sections": sections(context)}
    if edition.is_editable and context["adminform"].model_admin.has_change_permission(request, edition):
        by = editor(request)
        if request.method == "GET":
            presence.note_open(edition, by=by)
        more["editing_now"] = [presence.in_words(entry) for entry in presence.others_editing(edition, than=by)]
        more["missing"] = edition.typed.submission_problems() if request.method == "GET" else None
        more["show_save_and_preview"] = True
    return more


def reports_to_answer(edition: Edition) -> list[Correction]:
    """The reports an open edition is to answer, and after them those of its record that nothing answers yet."""
    found = Correction.objects.to_answer_in(edition).select_related("record").order_by("pk")
    return sorted(found, key=lambda report: report.attached_to_id != edition.pk)


def sections(context: dict[str, Any]) -> list[FormSection]:
    """The headings of the fieldsets and rows of a form, in their order."""
    fieldsets = [
        FormSection(f"fieldset-0-{number}-heading", str(fieldset.name))
        for number, fieldset in enumerate(context["adminform"])
        if fieldset.name
    ]
    rows = [
        FormSection(f"{inline.formset.prefix}-heading", str(capfirst(inline.opts.verbose_name_plural)))
        for inline in context["inline_admin_formsets"]
    ]
    further = [FormSection(*section) for section in context["adminform"].model_admin.further_sections]
    return [*fieldsets, *further, *rows]


def _count_in_heading(inline: Any) -> None:
    # The inline belongs to this request alone, so its name is ours to change.
    inline.opts.verbose_name_plural = f"{inline.opts.verbose_name_plural} ({len(inline.formset.initial_forms)})"
