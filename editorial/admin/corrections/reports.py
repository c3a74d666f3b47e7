"""A report's page: what the reader wrote stays as it is; what editors say of it is set here, and its buttons stand."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar, cast

from django import forms
from django.contrib import admin
from django.db.models import Q
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from editorial.admin.access import OurFields, admin_address, editor
from editorial.admin.actions import CORRECTION_ACTIONS, Action, Button, Rank, WithActions
from editorial.admin.corrections.inbox import Inbox, about
from editorial.admin.corrections.report_page import propose_address, report_page, subject_of
from editorial.admin.forms import LongText, is_id
from editorial.corrections import deciding
from editorial.models import Correction, Editor
from editorial.models.editions import heavy
from editorial.workflow import WorkflowError

POINTS_AT = ["record__live", "edition_seen", "attached_to", "fixed_in"]


class ReportForm(forms.ModelForm):
    """What editors say of a report. Each field remembers what it was opened with: only what is changed is written."""

    note = LongText(
        label="Add a note",
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "cols": 80}),
        help_text="For editors only. It stands in the report's file for good: never name protected witnesses.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.show_hidden_initial = name != "note"
        if "assignee" in self.fields:
            at_work = Q(is_active=True, is_staff=True) | Q(pk=self.instance.assignee_id)
            cast(forms.ModelChoiceField, self.fields["assignee"]).queryset = Editor.objects.filter(at_work)

    def clean_note(self) -> str:
        """Raises ValidationError where it repeats the reader's e-mail address."""
        note: str = self.cleaned_data["note"]
        try:
            deciding.require_no_address(self.instance, note)
        except WorkflowError as error:
            raise forms.ValidationError(error.messages) from error
        return note


@admin.register(Correction)
class CorrectionAdmin(Inbox, OurFields, WithActions):
    """Readers' reports. They come in through the readers' form alone, and none is ever deleted."""

    form = ReportForm
    workflow_actions: ClassVar[Sequence[Action]] = CORRECTION_ACTIONS
    action_template = "admin/editorial/report_action.html"
    change_form_template = "admin/editorial/report.html"
    fieldsets = [
        (
            "What we make of it",
            {"fields": ["category", "assignee", "living_person", "figure", "citation", "note"]},
        )
    ]

    class Media:
        css = {"all": ["admin/reports.css"]}

    def get_object(self, request: HttpRequest, object_id: str, from_field: Any = None) -> Any:
        if not is_id(object_id):
            return None
        named = [f"{way}__record" for way in ("edition_seen", "attached_to", "fixed_in")]
        every = self.model._default_manager.select_related(
            "record__live__record", *named, "assignee", "duplicate_of", "fixed_by", "amendment"
        )
        return every.defer(*heavy(*POINTS_AT)).filter(pk=object_id).first()

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """Without the field for a note for those who only look."""
        if self.has_change_permission(request, obj):
            return self.fieldsets
        (title, options), *others = self.fieldsets
        return [(title, {"fields": [name for name in options["fields"] if name != "note"]}), *others]

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        field = super().formfield_for_foreignkey(db_field, request, **kwargs)
        if field is not None and db_field.name == "assignee":
            field.empty_label = "nobody"
        return field

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field is not None and db_field.name == "assignee":  # accounts are made and looked at elsewhere
            field.widget = field.widget.widget
        return field

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        by = editor(request)
        changed = {name: form.cleaned_data[name] for name in form.changed_data if name != "note"}
        if changed:
            deciding.describe(obj, by=by, **changed)
        if note := form.cleaned_data["note"]:
            deciding.note(obj, by=by, text=note)

    def response_change(self, request: HttpRequest, obj: Any) -> HttpResponse:
        """Stays on the page, where the file of the report says what was saved."""
        self.message_user(request, "Saved.")
        return HttpResponseRedirect(admin_address(obj, "change", obj.pk))

    def buttons(self, request: HttpRequest, obj: Any) -> list[Button]:
        """First of all, of a confirmed report about a source or the like: the form in which it is changed."""
        buttons = super().buttons(request, obj)
        thing = subject_of(obj) if obj.state == Correction.State.CONFIRMED and not obj.is_spam else None
        if thing is None:
            return buttons
        label = f"Propose the change to this {thing._meta.verbose_name}"
        return [Button(propose_address(thing, obj), label, Rank.NEXT), *buttons]

    def view_on_site(self, report: Correction) -> str | None:
        return None if report.is_spam else report.get_absolute_url()

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        context |= {
            "page": report_page(kwargs["obj"], self.admin_site),
            "title": f"{kwargs['obj']} about {about(kwargs['obj'])}",
            "subtitle": None,
            "show_save_and_continue": False,
            "show_save_and_add_another": False,
        }
        return super().render_change_form(request, context, *args, **kwargs)
