"""What the admin classes of editions and of their rows share: who may change, and what if too late."""

from __future__ import annotations

from typing import Any, cast

from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.db import models, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.text import capfirst

from editorial.admin.forms import Autocomplete, AutocompleteMultiple, ChosenField, LongText, is_id
from editorial.models import Edition, Editor, Record

WRITE = "editorial.write_edition"


def edition_address(edition: Edition) -> str:
    """The page of an edition in the admin, which is that of its kind."""
    model = cast(type[Edition], Edition._meta.get_field(f"as_{edition.record.kind}").related_model)
    return reverse(f"admin:{model._meta.label_lower.replace('.', '_')}_change", args=[edition.pk])


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
        if request.method != "POST" or not object_id:
            return super().changeform_view(request, object_id, form_url, extra_context)
        if "_saveasnew" in request.POST:  # Django would take it from a forged POST
            raise PermissionDenied
        with transaction.atomic():
            obj = self.get_object(request, unquote(object_id))
            if obj is not None and not self.edition_of(obj).is_editable:
                if not request.user.has_perm(WRITE):
                    raise PermissionDenied
                return self._too_late(request, obj)
            return super().changeform_view(request, object_id, form_url, extra_context)

    def _too_late(self, request: HttpRequest, obj: Any) -> HttpResponse:
        edition = self.edition_of(obj)
        context = {
            **self.admin_site.each_context(request),
            "title": "Not saved",
            "edition": edition,
            "edition_address": edition_address(edition),
            "typed": typed_text(request),
            "opts": self.opts,
        }
        return TemplateResponse(request, "admin/editorial/too_late.html", context, status=409)


def typed_text(request: HttpRequest) -> list[tuple[str, str]]:
    """(name, text) of all that was typed into a form which cannot be saved any more."""
    skipped = ("_FORMS", "-id", "-edition", "-DELETE")
    return [
        (capfirst(name.replace("-", " ").replace("_", " ")), "\n".join(values))
        for name, values in request.POST.lists()
        if any(values)
        and name not in {"csrfmiddlewaretoken", "seen_version"}
        and not name.startswith("_")
        and not name.endswith(skipped)
        and "__prefix__" not in name
    ]
