"""What the admin classes of editions and of their rows share: who may change, and that nothing typed is lost."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any, cast

from django.conf import settings
from django.contrib import admin, messages
from django.contrib.admin.utils import flatten_fieldsets, unquote
from django.core.exceptions import PermissionDenied
from django.db import models, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse

from editorial.admin import opened
from editorial.admin.forms import SLUG_ERRORS, Autocomplete, AutocompleteMultiple, ChosenField, LongText, is_id
from editorial.admin.meanwhile import Meanwhile, bring_together, who_saved, without_vanished_rows
from editorial.admin.typed import typed_in
from editorial.models import Edition, Editor, Record, State

WRITE = "editorial.write_edition"
WEEK = 7 * 24 * 3600
TYPED = "_typed"  # the name that keep_typed.js gives to what is kept in the browser until it is saved


def admin_address(model: type[models.Model] | models.Model, page: str, *args: Any) -> str:
    """A page of the editors' site about things of one model, by its name."""
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=args)


def edition_address(edition: Edition, page: str = "change", *more: str) -> str:
    """The page of an edition in the admin, which is that of its kind, or another page about it by name."""
    model = cast(type[Edition], Edition._meta.get_field(f"as_{edition.record.kind}").related_model)
    return admin_address(model, page, edition.pk, *more)


def is_typed_token(text: str) -> bool:
    """Whether it can be such a name, as it becomes part of a cookie's."""
    return text.isascii() and text.isalnum() and len(text) <= 40


def lock(edition: Edition) -> None:
    """Lock record and edition, in the order in which everything locks them; needs a transaction."""
    Record.objects.select_for_update(no_key=True).get(pk=edition.record_id)
    Edition.objects.select_for_update(no_key=True).only("pk").get(pk=edition.pk)


def editor(request: HttpRequest) -> Editor:
    """Who asks: the pages of the editors' site are for logged-in editors only."""
    return cast(Editor, request.user)


def not_there(request: HttpRequest, name: str) -> HttpResponse:
    """The answer where there is no such thing, or no longer."""
    messages.warning(request, f"There is no such {name}. Perhaps it was deleted.")
    return HttpResponseRedirect(reverse("admin:index"))


class OurFields(admin.options.BaseModelAdmin):
    """The fields of an admin class are ours: long texts keep their line ends, autocompletes delete nothing."""

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if isinstance(db_field, models.TextField):
            kwargs.setdefault("form_class", LongText)
        if isinstance(db_field, models.SlugField):
            kwargs.setdefault("error_messages", SLUG_ERRORS)
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field is not None and hasattr(field.widget, "can_delete_related"):
            field.widget.can_delete_related = False
        return field

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name in self.get_autocomplete_fields(request):
            using = kwargs.get("using")
            kwargs["widget"] = Autocomplete(db_field, self.admin_site, using=using)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        kwargs.setdefault("form_class", ChosenField)
        if db_field.name in self.get_autocomplete_fields(request):
            using = kwargs.get("using")
            kwargs["widget"] = AutocompleteMultiple(db_field, self.admin_site, using=using)
        return super().formfield_for_manytomany(db_field, request, **kwargs)


class WhileEditable(admin.options.BaseModelAdmin):
    """Things are changed only while their edition may be, by editors who may write; superusers too."""

    def edition_of(self, obj: Any) -> Edition:
        """The edition that `obj` is, or belongs to."""
        return obj

    def _may_write(self, request: HttpRequest, obj: Any) -> bool:
        editable = obj is None or self.edition_of(obj).is_editable
        return editable and request.user.has_perm(WRITE)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._may_write(request, obj)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._may_write(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._may_write(request, obj)


class LockedWhileSaved(WhileEditable, admin.ModelAdmin):
    """For an admin class: record and edition stay locked from check to save, and nothing typed is lost."""

    def get_object(self, request: HttpRequest, object_id: str, from_field: Any = None) -> Any:
        if not is_id(object_id):
            return None
        obj = super().get_object(request, object_id, from_field)
        if obj is not None and request.method == "POST" and transaction.get_connection().in_atomic_block:
            lock(self.edition_of(obj))
            obj = super().get_object(request, object_id, from_field)
        return obj

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        if request.method != "POST":
            return super().changeform_view(request, object_id, form_url, extra_context)
        if "_saveasnew" in request.POST:  # Django would take it from a forged POST
            raise PermissionDenied
        if object_id:
            response = self._save_existing(request, object_id, form_url, extra_context)
        else:
            response = super().changeform_view(request, object_id, form_url, extra_context)
        token = request.POST.get(TYPED, "")
        if response.status_code == HTTPStatus.FOUND and is_typed_token(token):  # keep_typed.js may forget it now
            secure, path = settings.SESSION_COOKIE_SECURE, reverse("admin:index")
            response.set_cookie(f"saved-{token}", "1", max_age=WEEK, path=path, secure=secure, samesite="Strict")
        return response

    def _save_existing(self, request: HttpRequest, object_id: str, form_url: str, extra_context: Any) -> HttpResponse:
        with transaction.atomic():
            obj = self.get_object(request, unquote(object_id))
            if obj is None or not self.edition_of(obj).is_editable:
                if not request.user.has_perm(WRITE):
                    raise PermissionDenied
                return self._too_late(request, obj)
            extra = {**(extra_context or {}), "meanwhile": self._bring_together(request, obj)}
            return super().changeform_view(request, object_id, form_url, extra)

    def _bring_together(self, request: HttpRequest, obj: Any) -> Meanwhile | None:
        """What somebody else saved since the form was opened, now in the posted data; None if nothing did.

        Where they saved only what is not in this form, it counts as opened just now.
        """
        if not self.has_change_permission(request, obj):
            return None
        fields = flatten_fieldsets(self.get_fieldsets(request, obj))
        form_class: Any = self.get_form(request, obj, change=True, fields=fields)
        version = form_class.version_field
        saved = str(form_class(instance=obj).initial[version])
        if request.POST.get(version) == saved:
            return None
        data, rows = without_vanished_rows(request.POST, self._formsets(request, obj))
        request.POST = cast(Any, data)
        form = form_class(data, request.FILES, instance=obj)
        data, found = bring_together(data, form, self._formsets(request, obj))
        found.rows[:0] = rows
        if not found:
            data[version] = saved
        found.who = who_saved(obj, getattr(obj, "row_models", ()), opened.read(data).at)
        request.POST = cast(Any, data)
        return found or None

    def _formsets(self, request: HttpRequest, obj: Any) -> list[Any]:
        return [
            formset(**self.get_formset_kwargs(request, obj, inline, formset.get_default_prefix()))
            for formset, inline in self.get_formsets_with_inlines(request, obj)
        ]

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        obj = kwargs["obj"]
        if obj is not None and self.has_change_permission(request, obj):
            formsets = [inline.formset for inline in context["inline_admin_formsets"]]
            context["opened"] = opened.written(context["adminform"].form, formsets)
        token = request.POST.get(TYPED, "")
        context["typed_token"] = token if is_typed_token(token) else ""
        return super().render_change_form(request, context, *args, **kwargs)

    def _too_late(self, request: HttpRequest, obj: Any) -> HttpResponse:
        """All that was typed, to be read and copied: the edition may not be changed, or it is gone."""
        edition = self.edition_of(obj) if obj is not None else self._edition_named(request)
        context = {
            **self.admin_site.each_context(request),
            "title": "Not saved",
            "gone": None if obj is not None else self.opts.verbose_name,
            "edition": edition,
            "typed": typed_in(request.POST, self.model),
            "ways": ways_on(edition, by=editor(request)) if edition else [],
            "list_address": admin_address(self.model, "changelist"),
            "opts": self.opts,
        }
        return TemplateResponse(request, "admin/editorial/too_late.html", context, status=409)

    def _edition_named(self, request: HttpRequest) -> Edition | None:
        """The edition that a form says it belongs to, where what it is about is gone."""
        number = request.POST.get("_edition", "")
        return Edition.objects.light().select_related("record").filter(pk=number).first() if is_id(number) else None


def ways_on(edition: Edition, *, by: Editor) -> list[tuple[str, str]]:
    """(address, label) of where an editor whose text came too late can go on with it, the best first."""
    ways = []
    open_edition = edition.record.editions.open().light().select_related("record").first()
    if open_edition is not None and open_edition.is_editable:
        state = open_edition.get_state_display()
        ways.append((edition_address(open_edition), f"Open the edition that can be changed ({state})"))
    elif open_edition is None and edition.record.live_id:
        live = edition.record.editions.light().select_related("record").get(pk=edition.record.live_id)
        ways.append((edition_address(live, "do", "start"), "Start the next edition"))
    elif open_edition is not None and open_edition.submitted_by_id == by.pk and open_edition.state == State.IN_REVIEW:
        ways.append((edition_address(open_edition, "do", "take-back"), "Take the edition back into work"))
    if open_edition is None or open_edition.pk != edition.pk or not edition.is_editable:
        ways.append((edition_address(edition), f"See this edition as it is now ({edition.get_state_display()})"))
    return ways
