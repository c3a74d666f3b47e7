"""The inbox of readers' reports: what the reader wrote stays as it is, the editors' part is edited."""

from __future__ import annotations

import re
from typing import Any, cast

from django import forms
from django.contrib import admin
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone

from editorial.admin.access import OurFields
from editorial.admin.lines import short_day
from editorial.admin.search import FindsByName
from editorial.models import Correction, PublicSerial

State = Correction.State

# What may follow by an editor's hand; `in_work` and `fixed` come with the edition that answers it.
NEXT_STATES: dict[str, list[State]] = {
    State.NEW: [
        State.CONFIRMED,
        State.DECLINED,
        State.DUPLICATE,
        State.NEEDS_INFORMATION,
        State.CLOSED,
    ],
    State.NEEDS_INFORMATION: [State.CONFIRMED, State.DECLINED, State.CLOSED],
}
SEEN_BY_READERS = {"state", "public_answer", "is_spam", "category", "duplicate_of"}


class CorrectionDeskForm(forms.ModelForm):
    """The editors' part of a report."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "state" in self.fields:
            now = State(self.instance.state)
            allowed = [now, *NEXT_STATES.get(now, [])]
            choices = [(state.value, state.label) for state in allowed]
            cast(forms.ChoiceField, self.fields["state"]).choices = choices

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        state = cleaned.get("state")
        if state == State.DECLINED and not (cleaned.get("public_answer") or "").strip():
            self.add_error("public_answer", "Say why it is declined: readers see it.")
        if state == State.DUPLICATE and not cleaned.get("duplicate_of"):
            self.add_error("duplicate_of", "Name the report that says the same.")
        if cleaned.get("duplicate_of") == self.instance:
            self.add_error("duplicate_of", "A report is not the same as itself.")
        return cleaned


@admin.register(Correction)
class CorrectionAdmin(OurFields, FindsByName):
    """Readers' reports, newest first."""

    form = CorrectionDeskForm
    list_display = ["number", "about", "kind", "state", "category", "assignee", "received", "spam"]
    list_filter = ["state", "is_spam", "kind", "category"]
    list_select_related = ["record", "assignee"]
    search_fields = ["message", "passage", "subject_label", "record__slug", "public_answer"]
    autocomplete_fields = ["duplicate_of", "assignee"]
    list_per_page = 50
    show_full_result_count = False
    actions = None
    fieldsets = [
        (
            "What the reader wrote",
            {
                "fields": [
                    "record",
                    "subject_label",
                    "subject",
                    "edition_seen",
                    "kind",
                    "passage",
                    "figure",
                    "message",
                    "should_say",
                    "evidence_url",
                    "name",
                    "email",
                    "may_name",
                    "received_at",
                ]
            },
        ),
        (
            "What we make of it",
            {
                "fields": [
                    "state",
                    "duplicate_of",
                    "category",
                    "assignee",
                    "public_answer",
                    "is_spam",
                ]
            },
        ),
        ("Where it was answered", {"fields": ["attached_to", "fixed_in", "decided_at"]}),
    ]

    def get_search_results(self, request: HttpRequest, queryset: Any, search_term: str) -> tuple[Any, bool]:
        """By its number too: 41, #41, report 41."""
        number = re.fullmatch(r"(?:report\s*)?(?:no\.?\s*)?#?\s*([0-9]{1,18})", search_term.strip().lower())
        if number:
            return queryset.filter(pk=number[1]), False
        return super().get_search_results(request, queryset, search_term)

    def to_find(self, request: HttpRequest) -> Any:
        return self.get_queryset(request).select_related("record")

    def described(self, thing: Any, request: HttpRequest) -> str:
        return f"{thing.about} · {thing.get_state_display()}"

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        editable = self.fieldsets[1][1]["fields"]
        return [name for _, options in self.fieldsets for name in options["fields"] if name not in editable]

    @admin.display(description="report", ordering="pk")
    def number(self, correction: Correction) -> str:
        return str(correction)

    @admin.display(description="received", ordering="received_at")
    def received(self, correction: Correction) -> str:
        return short_day(correction.received_at)

    @admin.display(description="spam", ordering="is_spam")
    def spam(self, correction: Correction) -> str:
        return "spam" if correction.is_spam else "–"

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_object(self, request: HttpRequest, object_id: str, from_field: Any = None) -> Any:
        correction = super().get_object(request, object_id, from_field)
        if correction is not None and request.method == "POST" and transaction.get_connection().in_atomic_block:
            Correction.objects.select_for_update().get(pk=correction.pk)
            correction.refresh_from_db()
        return correction

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        if "state" in form.changed_data and obj.is_decided:
            obj.decided_at = timezone.now()
        super().save_model(request, obj, form, change)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        if SEEN_BY_READERS & set(form.changed_data):
            PublicSerial.move()  # the ledger's kept pages are stale
