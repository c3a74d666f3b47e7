"""The form of editions, for every kind of record."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar
from urllib.parse import urlencode

from django.contrib import messages
from django.db import models
from django.forms import CheckboxSelectMultiple, Textarea
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from editorial import presence, workflow
from editorial.admin.access import LockedWhileSaved, OurFields, edition_address, editor
from editorial.admin.actions import EDITION_ACTIONS, Action
from editorial.admin.form_page import around_the_form, reports_to_answer
from editorial.admin.forms import EditionForm, NewRecordForm
from editorial.admin.lists import RecordList
from editorial.admin.review import WithReview
from editorial.models import Edition
from editorial.models.editions import LIVE


class EditionAdmin(RecordList, OurFields, LockedWhileSaved, WithReview):
    """The editions of one kind of record.

    Adding makes a new record with its first draft; the next edition of a record comes by its button
    only. An edition is changed while it is a draft or changes are requested, and shown otherwise.
    """

    form = EditionForm
    workflow_actions: ClassVar[Sequence[Action]] = EDITION_ACTIONS
    change_form_template = "admin/editorial/edition_form.html"
    formfield_overrides = {models.TextField: {"widget": Textarea(attrs={"rows": 4, "cols": 90})}}
    long_fields: ClassVar[tuple[str, ...]] = ("body", "mandate")
    few_to_choose: ClassVar[tuple[str, ...]] = ("themes",)
    # (id of its heading, what it is called) of parts of the page that are neither fields nor rows.
    further_sections: ClassVar[tuple[tuple[str, str], ...]] = ()
    this_edition = ("This edition", {"fields": ["change_kind", "change_note", "minor"]})

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).select_related("record")

    # A new record

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        if obj is None:
            kwargs["form"] = type("NewRecordForm", (NewRecordForm,), {"kind": self.kind})
        return super().get_form(request, obj, change, **kwargs)

    @property
    def kind(self) -> str:
        """The kind of the records whose editions these are."""
        return str(self.opts.model_name)

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        if obj is None:
            return [(None, {"fields": ["title", "slug"]})]
        fieldsets = [*super().get_fieldsets(request, obj), self.this_edition]
        if self.has_change_permission(request, obj):
            fieldsets.append((None, {"fields": ["seen_version"]}))
        return fieldsets

    def get_inlines(self, request: HttpRequest, obj: Any) -> Any:
        return super().get_inlines(request, obj) if obj else []

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name in self.few_to_choose:
            kwargs["widget"] = CheckboxSelectMultiple
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field is not None and db_field.name in self.long_fields:
            field.widget.attrs["rows"] = 25
        return field

    # Saving

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        try:
            return super().add_view(request, form_url, extra_context)
        except workflow.WorkflowError as refusal:  # another editor took the address at the same moment
            self.message_user(request, str(refusal), messages.ERROR)
            typed = {name: request.POST.get(name, "") for name in ("title", "slug")}
            return HttpResponseRedirect(f"{request.path}?{urlencode(typed)}")

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        if change:
            super().save_model(request, obj, form, change)
        else:
            slug = form.cleaned_data["slug"]
            workflow.begin_record(obj, kind=self.kind, slug=slug, by=editor(request))

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        if change and (form.has_changed() or any(rows.has_changed() for rows in formsets)):
            workflow.note_work(form.instance, by=editor(request))
        presence.note_closed(form.instance, by=editor(request))

    def response_add(self, request: HttpRequest, obj: Any, post_url_continue: Any = None) -> HttpResponse:
        self.message_user(request, f"“{obj}” is begun: this is its first draft.")
        return HttpResponseRedirect(edition_address(obj))

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Drafts that were never submitted, by those who worked on them; others are discarded."""
        if obj is None or not super().has_delete_permission(request, obj):
            return False
        return obj.worked_on_by(request.user) and not obj.transitions.exists()

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        record = obj.record
        super().delete_model(request, obj)
        if not record.editions.exists():
            record.delete()

    def where_readers_find(self, edition: Any, *, figure: str, note: str) -> list[tuple[str, str, str]]:
        """(what, address, its name) of the figure and the note with these keys; the kinds know their pages."""
        return []

    # The page

    def view_on_site(self, obj: Edition) -> str | None:
        return obj.get_absolute_url() if obj.number else None

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        obj = kwargs["obj"]
        context["show_save_and_add_another"] = False
        if obj is not None:
            others = obj.record.editions.exclude(pk=obj.pk).light().select_related("record")
            opened = others.open().first()
            context |= {
                "transitions": obj.transitions.select_related("by").defer("text"),
                "contributors": obj.contributors.all(),
                "own_links": self.own_links(obj),
                "live_edition": others.filter(state__in=LIVE).first(),
                "open_edition": opened,
                "open_address": opened and edition_address(opened),
                "next_number": self._next_number(obj),
                "reports": reports_to_answer(obj) if obj.is_open else [],
                **around_the_form(request, context, obj),
            }
        return super().render_change_form(request, context, *args, **kwargs)

    def _next_number(self, obj: Edition) -> int:
        return (obj.record.editions.aggregate(last=models.Max("number"))["last"] or 0) + 1
