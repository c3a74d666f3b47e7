"""The rows of an edition: as parts of its form, and as pages of their own where there are many."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, ClassVar

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.db import models, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.utils.text import capfirst

from editorial import freezing, workflow
from editorial.admin.access import (
    WRITE,
    LockedWhileSaved,
    OurFields,
    WhileEditable,
    admin_address,
    edition_address,
    editor,
    lock,
)
from editorial.admin.forms import OvertakenForm, RowForm, RowFormSet, is_id, key_for
from editorial.admin.lists import NarrowedAnyway
from editorial.models import OPEN, Edition, Row
from editorial.models.editions import LIVE, heavy

LAST = ("cites", "key", "rank")
MOST_ROWS = 200  # of one kind in a form; a forged one with thousands of each would keep the site busy for minutes
SMALL_TEXTS: Any = {models.TextField: {"widget": forms.Textarea(attrs={"rows": 3, "cols": 80})}}


class _Rows(OurFields, WhileEditable, admin.options.InlineModelAdmin):
    form = RowForm
    formset = RowFormSet
    extra = 0
    max_num = MOST_ROWS
    classes = ("collapse",)
    formfield_overrides = SMALL_TEXTS
    # The fields of which a key is made for a row that is given none.
    key_from: ClassVar[tuple[str, ...]] = ()

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return True  # with the edition, which has asked already

    def get_queryset(self, request: HttpRequest) -> Any:
        rows: Any = super().get_queryset(request)
        return rows.with_what_they_name()

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        names = list(super().get_fields(request, obj))
        return sorted(names, key=lambda name: LAST.index(name) + 1 if name in LAST else 0)

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Every input says what it is for: in a table none has a label of its own."""
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field is not None:
            widget = getattr(field.widget, "widget", field.widget)
            name = f"{self.model._meta.verbose_name}: {field.label}"
            widget.attrs["aria-label"] = capfirst(name)
        return field

    def get_formset(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        formset: Any = super().get_formset(request, obj, absolute_max=MOST_ROWS, **kwargs)
        formset.key_from = self.key_from
        return formset


class RowInline(_Rows, admin.StackedInline):
    """Rows with much text, one below the other."""


class RowTable(_Rows, admin.TabularInline):
    """Rows with little text, as a table."""

    formfield_overrides = {models.TextField: {"widget": forms.Textarea(attrs={"rows": 3, "cols": 40})}}


class OfEditions(NarrowedAnyway):
    """Rows of open editions, unless others are asked for."""

    title = "edition"
    parameter_name = "of"
    otherwise = "open"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        if "edition__id__exact" in request.GET:  # the rows of one edition: nothing to choose
            return []
        return [("live", "public now"), ("all", "all, with earlier ones")]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        if self.value() == "all" or "edition__id__exact" in request.GET:
            return queryset
        return queryset.filter(edition__state__in=LIVE if self.value() == "live" else OPEN)


class RowAdminForm(OvertakenForm, RowForm):
    """A row with a page of its own: it writes over no change made since, and over no other row's key."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False)
    version_field = "seen"
    key_from: ClassVar[tuple[str, ...]] = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            content = freezing.row_content(self.instance)
            self.initial["seen"] = freezing.sha256(freezing.canonical(content))
        for name, value in self.initial.items():
            if isinstance(value, Decimal):  # 50000, not 50000.0000
                self.initial[name] = Decimal(freezing.plain_number(value))

    def clean(self) -> dict[str, Any]:
        """Raises ValidationError when somebody else has saved the row since it was opened."""
        cleaned = super().clean() or self.cleaned_data
        if "key" in self.fields and not self.errors:
            self._complete(cleaned)
        return cleaned

    def _complete(self, cleaned: dict[str, Any]) -> None:
        others = self._meta.model._default_manager.filter(edition=self.instance.edition_id)
        taken = set(others.exclude(pk=self.instance.pk).values_list("key", flat=True))
        if not cleaned.get("key"):
            values = {name: cleaned[name] for name in self.key_from if name in cleaned}
            cleaned["key"] = key_for(self._meta.model(**values), self.key_from, taken)
        elif cleaned["key"] in taken:
            self.add_error("key", "Another row of this edition has this key.")
        if cleaned.get("rank") is None:
            last = others.aggregate(last=models.Max("rank"))["last"]
            cleaned["rank"] = (last or 0) + 1


class RowAdmin(OurFields, LockedWhileSaved, admin.ModelAdmin):
    """Rows of an edition that are too many for its form: their own list and form, one edition at a time."""

    form = RowAdminForm
    formfield_overrides = SMALL_TEXTS
    list_per_page = 100
    show_full_result_count = False
    actions = None
    search_hint: ClassVar[str] = ""  # above the list; beside the field it would be its only visible label
    change_list_template = "admin/editorial/row_list.html"
    change_form_template = "admin/editorial/row_form.html"
    key_from: ClassVar[tuple[str, ...]] = ()

    def edition_of(self, obj: Row) -> Edition:
        return obj.edition

    def get_queryset(self, request: HttpRequest) -> Any:
        rows = super().get_queryset(request)
        return rows.select_related("edition__record", *self.model.points_at()).defer(*heavy("edition"))

    def _asked_edition(self, request: HttpRequest) -> Edition | None:
        """The edition that the address names: `?edition=`, or the filter of the list it came from."""
        kept = QueryDict(request.GET.get("_changelist_filters", ""))
        number = (
            request.GET.get("edition") or request.GET.get("edition__id__exact") or kept.get("edition__id__exact") or ""
        )
        return Edition.objects.light().select_related("record").filter(pk=number).first() if is_id(number) else None

    def get_list_display(self, request: HttpRequest) -> Any:
        """Without the edition where the list is of one."""
        columns = super().get_list_display(request)
        return [name for name in columns if name != "edition" or "edition__id__exact" not in request.GET]

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        edition = self._asked_edition(request)
        extra = {"edition": edition, "edition_address": edition and edition_address(edition)}
        return super().changelist_view(request, {**(extra_context or {}), **extra})

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        edition = self._asked_edition(request)
        name = self.opts.verbose_name_plural
        if edition is None:
            self.message_user(request, f"Open an edition: its {name} are added from there.", messages.WARNING)
            return HttpResponseRedirect(self._list_address())
        with transaction.atomic():
            if request.method == "POST":
                lock(edition)
                edition.refresh_from_db(fields=["state"])
                if not edition.is_editable and request.user.has_perm(WRITE):
                    return self._too_late(request, self.model(edition=edition))
            extra = {**(extra_context or {}), "edition": edition}
            if not edition.is_editable:
                state = edition.get_state_display()
                self.message_user(request, f"This edition is {state}: no {name} can be added.", messages.ERROR)
                return HttpResponseRedirect(self._list_address(edition))
            return super().add_view(request, form_url, extra)

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        obj = kwargs["obj"]
        edition = obj.edition if obj else context["edition"]
        context |= {
            "edition": edition,
            "edition_address": edition_address(edition),
            "list_address": self._list_address(edition),
            "show_save_and_add_another": False,
        }
        return super().render_change_form(request, context, *args, **kwargs)

    def _list_address(self, edition: Edition | None = None) -> str:
        address = admin_address(self.model, "changelist")
        return f"{address}?edition__id__exact={edition.pk}" if edition else address

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        fieldsets = super().get_fieldsets(request, obj)
        if obj is None or not self.has_change_permission(request, obj):
            return fieldsets
        return [*fieldsets, (None, {"fields": ["seen"]})]

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        base = super().get_form(request, obj, change, **kwargs)
        edition = obj.edition if obj else self._asked_edition(request)
        key_from = self.key_from

        class Form(base):  # type: ignore[misc,valid-type]
            def __init__(self, *args: Any, **kwargs: Any) -> None:
                super().__init__(*args, **kwargs)
                self.instance.edition = edition

        Form.key_from = key_from
        return Form

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        if form.has_changed():
            workflow.note_work(form.instance.edition, by=editor(request))

    def delete_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        """Django's; where the edition can no longer be changed, who came too late is told so."""
        with transaction.atomic():
            obj = self.get_object(request, unquote(object_id))
            if obj is None or obj.edition.is_editable or not request.user.has_perm(WRITE):
                return super().delete_view(request, object_id, extra_context)
        name, state = self.opts.verbose_name, obj.edition.get_state_display()
        self.message_user(request, f"This edition is {state} now: the {name} was not deleted.", messages.ERROR)
        return HttpResponseRedirect(self._list_address(obj.edition))

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        edition = obj.edition
        super().delete_model(request, obj)
        workflow.note_work(edition, by=editor(request))

    def response_add(self, request: HttpRequest, obj: Any, post_url_continue: Any = None) -> Any:
        super().response_add(request, obj, post_url_continue)  # for its message
        return HttpResponseRedirect(self._list_address(obj.edition))

    def response_post_save_change(self, request: HttpRequest, obj: Any) -> HttpResponseRedirect:
        return HttpResponseRedirect(self._list_address(obj.edition))
