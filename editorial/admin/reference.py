"""Sources, organisations, places and terms: edited freely until readers see them, amended after."""

from __future__ import annotations

from itertools import pairwise
from typing import Any, ClassVar, NamedTuple

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse

from editorial import amendments
from editorial.admin.access import OurFields, admin_address, editor, not_there
from editorial.admin.actions import AMENDMENT_ACTIONS, Action, WithActions
from editorial.admin.forms import is_id
from editorial.admin.from_report import answer_with, report_asked_for, say_what_is_not_answered
from editorial.admin.log import edition_link
from editorial.admin.search import FindsByName
from editorial.admin.seen import SeenForm
from editorial.models import Amendment, Edition, ReferenceData
from editorial.models.naming import named_in


def editions_using(thing: ReferenceData) -> list[Edition]:
    """Every edition, public or not, that names it, itself or in a row."""
    numbers: set[int] = set()
    for way in named_in(type(thing)):
        numbers |= set(way.rows.filter(**{way.field: thing}).values_list(way.edition, flat=True))
    editions = Edition.objects.filter(pk__in=numbers).light().select_related("record")
    return list(editions.order_by("title", "number"))


class Standing(NamedTuple):
    """Who is concerned by a change to a thing: readers, or a second editor who reads what uses it."""

    in_public_use: bool
    is_under_review: bool


def standing(thing: ReferenceData) -> Standing:
    """Asked once each time it is loaded: the page of a thing turns on it in many places."""
    known: dict[str, Any] = thing.__dict__
    if "_standing" not in known:
        in_public_use = thing.in_public_use()
        known["_standing"] = Standing(in_public_use, not in_public_use and thing.is_under_review())
    found: Standing = known["_standing"]
    return found


class AmendForm(forms.ModelForm):
    """Changes to what readers or reviewers see are proposed with a reason; a second editor confirms them."""

    is_at_once = False

    reason = forms.CharField(
        widget=forms.Textarea(attrs={"rows": 3, "cols": 90}),
        label="Reason for the change",
        help_text="Readers see it in the log of changes, with the old and the new values.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not standing(self.instance).in_public_use:  # it is under review
            self.fields["reason"].required = False
            self.fields["reason"].help_text = "The second editor who decides on the change reads it."

    def clean(self) -> dict[str, Any]:
        """Raises ValidationError when nothing has changed, or another change waits already."""
        cleaned = super().clean() or self.cleaned_data
        changes = {name: cleaned.get(name) for name in self.changed_data if name not in ("reason", "seen")}
        if not changes:
            raise forms.ValidationError("Nothing has changed.")
        self.is_at_once = not self.fields["reason"].required and self.instance.only_holds_up(changes)
        if self.is_at_once:
            return cleaned
        if amendments.waiting_for(self.instance):
            raise forms.ValidationError(amendments.WAITS_ALREADY)
        if not self.fields["reason"].required and not cleaned.get("reason"):
            self.add_error("reason", "Give the reason: a second editor decides on the change.")
        return cleaned


class ReferenceDataAdmin(OurFields, FindsByName):
    """What many records share. In public use, it changes through an amendment."""

    change_form_template = "admin/editorial/reference_form.html"
    fixed_in_public: ClassVar[tuple[str, ...]] = ("key",)
    known_by = ("key",)
    versions_shown = 100
    list_per_page = 50
    show_full_result_count = False
    actions = None

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        fixed = self.fixed_in_public if obj and any(standing(obj)) else ()
        return [*super().get_readonly_fields(request, obj), *fixed]

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        if obj is not None and self.has_change_permission(request, obj):
            bases = (AmendForm, self.form) if any(standing(obj)) else (self.form,)
            kwargs["form"] = type("ReferenceForm", (SeenForm, *bases), {})
        return super().get_form(request, obj, change, **kwargs)

    def get_object(self, request: HttpRequest, object_id: str, from_field: Any = None) -> Any:
        """The thing; from check to save nobody else changes it."""
        thing = super().get_object(request, object_id, from_field) if is_id(object_id) else None
        if thing is not None and request.method == "POST" and transaction.get_connection().in_atomic_block:
            rows = type(thing)._default_manager.select_for_update(of=("self",), no_key=True)
            return rows.filter(pk=thing.pk).first()
        return thing

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        fieldsets = list(super().get_fieldsets(request, obj))
        named = [name for _, options in fieldsets for name in options["fields"]]
        is_proposal = obj is not None and any(standing(obj)) and self.has_change_permission(request, obj)
        if is_proposal and "reason" not in named:
            title = "Change of what readers see" if standing(obj).in_public_use else "Change of what is under review"
            fieldsets.append((title, {"fields": ["reason"]}))
        if obj is not None and self.has_change_permission(request, obj) and "seen" not in named:
            fieldsets.append((None, {"fields": ["seen"]}))
        return fieldsets

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        if "reason" not in form.cleaned_data or form.is_at_once:
            super().save_model(request, obj, form, change)
            if "reason" in form.cleaned_data:
                messages.success(request, "Saved at once: it can only hold a publication up.")
            say_what_is_not_answered(request)
            return
        thing = type(obj)._default_manager.get(pk=obj.pk)
        proposed = amendments.propose(thing, obj, by=editor(request), reason=form.cleaned_data["reason"])
        messages.info(request, "Proposed. The change is in force once a second editor confirms it.")
        answer_with(proposed, request)

    def construct_change_message(self, request: HttpRequest, form: Any, formsets: Any, add: bool = False) -> Any:
        if "reason" in form.cleaned_data and not form.is_at_once:
            return f"Proposed a change: {', '.join(form.changed_data)}."
        return super().construct_change_message(request, form, formsets, add)

    def response_change(self, request: HttpRequest, obj: Any) -> HttpResponse:
        if "reason" in request.POST and "_popup" not in request.POST:
            return HttpResponseRedirect(request.path)  # “was changed” would not be true
        return super().response_change(request, obj)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        response = super().change_view(request, object_id, form_url, extra_context)
        context = getattr(response, "context_data", None)
        if context and context.get("original"):
            context["amendment"] = amendments.waiting_for(context["original"])
            context["report"] = report_asked_for(request)
            context |= standing(context["original"])._asdict()
        return response

    def view_on_site(self, thing: Any) -> str | None:
        shown = hasattr(thing, "get_absolute_url") and standing(thing).in_public_use
        return thing.get_absolute_url() if shown else None

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """Names the editions that keep a thing from being deleted."""
        to_delete, counts, missing, protected = super().get_deleted_objects(objs, request)
        if protected:
            lines = [edition_link(edition) for thing in objs for edition in editions_using(thing)]
            protected, missing = lines or protected, set()  # what keeps it is the reason, not who asks
        return to_delete, counts, missing, protected

    def history_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        """Every version of it: who saved what, when."""
        thing = self.get_object(request, unquote(object_id))
        if thing is None:
            return not_there(request, str(self.opts.verbose_name))
        if not self.has_view_permission(request, thing):
            raise PermissionDenied
        every = thing.history.select_related("history_user").order_by("-history_id")
        versions = list(every[: self.versions_shown + 1])
        context = {
            **self.admin_site.each_context(request),
            "title": f"History of {thing}",
            "object": thing,
            "opts": self.opts,
            "versions": [
                (version, version.diff_against(earlier, foreign_keys_are_objs=True).changes)
                for version, earlier in pairwise(versions)
            ],
            "first": versions[-1] if versions and len(versions) <= self.versions_shown else None,
            **(extra_context or {}),
        }
        return TemplateResponse(request, "admin/editorial/reference_history.html", context)


@admin.register(Amendment)
class AmendmentAdmin(WithActions):
    """Proposed changes to reference data, to be confirmed or declined by a second editor."""

    workflow_actions: ClassVar[list[Action]] = AMENDMENT_ACTIONS
    change_form_template = "admin/editorial/amendment_form.html"
    list_display = ["what", "fields_changed", "state", "proposed_by", "proposed_at"]
    list_filter = ["state"]
    list_select_related = ["proposed_by"]
    search_fields = ["reason"]
    actions = None
    fields = ["state", "reason", "proposed_by", "proposed_at", "decided_by", "decided_at"]

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).prefetch_related("target")

    @admin.display(description="change to")
    def what(self, amendment: Amendment) -> str:
        return str(amendment.target)

    @admin.display(description="fields")
    def fields_changed(self, amendment: Amendment) -> str:
        return ", ".join(amendment.new_values)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        amendment = kwargs["obj"]
        model: Any = amendment.content_type.model_class()
        labels = {field.name: field.verbose_name for field in model._meta.fields}
        context["differences"] = [
            (labels.get(name, name), self._in_words(model, name, old), self._in_words(model, name, new))
            for name, old, new in amendment.differences()
        ]
        context["reports"] = amendment.corrections.select_related("record").order_by("pk")
        if amendment.target is not None:
            context["target_address"] = admin_address(model, "change", amendment.object_id)
        return super().render_change_form(request, context, *args, **kwargs)

    def _in_words(self, model: Any, name: str, value: Any) -> Any:
        """A value of an amendment as the form of its thing shows it."""
        form = getattr(self.admin_site._registry.get(model), "form", None)
        declared = getattr(form, "declared_fields", {}).get(name)
        if declared is not None:
            return declared.prepare_value(value)
        labels = dict(getattr(model._meta.get_field(name), "flatchoices", ()))
        return labels.get(value, value) if isinstance(value, str) else value
