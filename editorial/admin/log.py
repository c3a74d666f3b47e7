"""What is shown and never edited: who did what, the logs of states and of changes, former addresses."""

from __future__ import annotations

from operator import itemgetter
from typing import Any, ClassVar

from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db.models import Exists, OuterRef
from django.http import HttpRequest, HttpResponse
from django.utils.html import format_html

from editorial.admin.access import edition_address
from editorial.admin.actions import REFUSED
from editorial.admin.export import Column, Exportable
from editorial.admin.lines import day_and_time
from editorial.models import Change, Edition, FormerAddress, PublicSerial, RateLimit, Transition
from editorial.models.editions import heavy


class ReadOnlyAdmin(admin.ModelAdmin):
    """A list and pages to read."""

    actions = None
    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


def edition_link(edition: Edition | None) -> str:
    """An edition, its number and its state, as a link to its page."""
    if edition is None:
        return "–"
    number = f", edition {edition.number}" if edition.number else ""
    text = f"{edition}{number} ({edition.get_state_display()})"
    return format_html('<a href="{}">{}</a>', edition_address(edition), text)


@admin.register(FormerAddress)
class FormerAddressAdmin(ReadOnlyAdmin):
    list_display = ["__str__", "record"]
    list_filter = ["kind"]
    list_select_related = ["record"]
    search_fields = ["slug", "record__slug"]
    fields = ["kind", "slug", "record"]


class RefusedFilter(admin.SimpleListFilter):
    """What somebody tried to do and was not let do."""

    title = "refused"
    parameter_name = "refused"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("only", "refused only")]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        return queryset.filter(change_message__contains=REFUSED) if self.value() == "only" else queryset


class KindFilter(admin.SimpleListFilter):
    """The kind of thing that something was done to."""

    title = "kind of thing"
    parameter_name = "kind"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        done_to = ContentType.objects.filter(Exists(LogEntry.objects.filter(content_type=OuterRef("pk"))))
        return sorted([(f"{kind.app_label}.{kind.model}", str(kind.name)) for kind in done_to], key=itemgetter(1))

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        app_label, _, model = (self.value() or "").partition(".")
        return queryset.filter(content_type__app_label=app_label, content_type__model=model) if model else queryset


class DeedFilter(admin.ChoicesFieldListFilter):
    """Whether something was added, changed or deleted."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.title = "action"


BY_EDITOR = ("user", admin.RelatedOnlyFieldListFilter)


@admin.register(LogEntry)
class DeedAdmin(Exportable, ReadOnlyAdmin):
    """Who did what in the editors' site, refused attempts too. Without its permission, one's own deeds only."""

    list_display = ["when", "who", "what", "kind", "deed", "words"]
    list_select_related = ["user", "content_type"]
    list_filter = [RefusedFilter, ("action_flag", DeedFilter), BY_EDITOR, KindFilter]
    show_facets = admin.ShowFacets.NEVER
    date_hierarchy = "action_time"
    search_fields = ["object_repr", "change_message", "user__username", "user__public_name"]
    ordering = ["-action_time", "-pk"]
    fields = ["when", "who", "what", "kind", "deed", "words"]
    readonly_fields = ["when", "who", "what", "kind", "deed", "words"]
    export_columns: ClassVar[list[Column]] = [
        ("When", lambda entry: entry.action_time),
        ("Who", lambda entry: entry.user),
        ("Log-in name", lambda entry: entry.user.username),
        ("What", lambda entry: entry.object_repr),
        ("Kind", lambda entry: entry.content_type and entry.content_type.name),
        ("Id", lambda entry: entry.object_id),
        ("Action", lambda entry: entry.get_action_flag_display()),
        ("In words", lambda entry: entry.get_change_message()),
    ]

    def get_queryset(self, request: HttpRequest) -> Any:
        every = super().get_queryset(request)
        return every if request.user.has_perm("admin.view_logentry") else every.filter(user=request.user.pk)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.has_perm("editorial.view_edition") or super().has_view_permission(request, obj)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def get_list_filter(self, request: HttpRequest) -> Any:
        every = super().get_list_filter(request)
        return every if request.user.has_perm("admin.view_logentry") else [one for one in every if one != BY_EDITOR]

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        every = request.user.has_perm("admin.view_logentry")
        title = "Who did what" if every else "What you did"
        return super().changelist_view(request, {"title": title, **(extra_context or {})})

    @admin.display(description="when", ordering="action_time")
    def when(self, entry: LogEntry) -> str:
        return day_and_time(entry.action_time)

    @admin.display(description="who", ordering="user")
    def who(self, entry: LogEntry) -> str:
        return str(entry.user)

    @admin.display(description="what")
    def what(self, entry: LogEntry) -> str:
        address = None if entry.is_deletion() else entry.get_admin_url()
        return format_html('<a href="{}">{}</a>', address, entry.object_repr) if address else entry.object_repr

    @admin.display(description="kind")
    def kind(self, entry: LogEntry) -> str:
        return entry.content_type.name if entry.content_type else "–"

    @admin.display(description="action", ordering="action_flag")
    def deed(self, entry: LogEntry) -> str:
        return str(entry.get_action_flag_display())

    @admin.display(description="in words")
    def words(self, entry: LogEntry) -> str:
        return entry.get_change_message()


@admin.register(Transition)
class TransitionAdmin(Exportable, ReadOnlyAdmin):
    """The log of every change of state."""

    list_display = ["when", "edition", "from_state", "to_state", "by", "note"]
    list_filter = ["to_state", ("by", admin.RelatedOnlyFieldListFilter), "edition__record__kind"]
    show_facets = admin.ShowFacets.NEVER
    date_hierarchy = "at"
    search_fields = ["edition__title", "edition__record__slug", "note"]
    fields = ["when", "edition_page", "from_state", "to_state", "by", "note"]
    readonly_fields = ["when", "edition_page"]
    ordering = ["-pk"]
    export_columns: ClassVar[list[Column]] = [
        ("When", lambda move: move.at),
        ("Kind", lambda move: move.edition.record.kind),
        ("Record", lambda move: move.edition.record.slug),
        ("Edition", lambda move: move.edition.number),
        ("Title", lambda move: move.edition.title),
        ("From", lambda move: move.get_from_state_display()),
        ("To", lambda move: move.get_to_state_display()),
        ("Who", lambda move: move.by),
        ("Note", lambda move: move.note),
    ]

    def get_queryset(self, request: HttpRequest) -> Any:
        moves = super().get_queryset(request).select_related("edition__record", "by")
        return moves.defer("text", *heavy("edition"))

    @admin.display(description="when", ordering="pk")
    def when(self, transition: Transition) -> str:
        return day_and_time(transition.at)

    @admin.display(description="edition")
    def edition_page(self, transition: Transition) -> str:
        return edition_link(transition.edition)


@admin.register(Change)
class ChangeAdmin(ReadOnlyAdmin):
    """The public log, as readers see it at /changes/."""

    list_display = ["serial", "when", "what", "kind", "note", "is_minor"]
    list_filter = ["kind", "minor"]
    search_fields = ["label", "note"]
    fields = ["serial", "at", "kind", "label", "address", "note", "minor"]

    @admin.display(description="when", ordering="serial")
    def when(self, change: Change) -> str:
        return day_and_time(change.at)

    @admin.display(description="what", ordering="label")
    def what(self, change: Change) -> str:
        return change.label

    @admin.display(description="minor", ordering="minor")
    def is_minor(self, change: Change) -> str:
        return "yes" if change.minor else "–"


@admin.register(PublicSerial)
class PublicSerialAdmin(ReadOnlyAdmin):
    """The number of the last change the public can see."""


@admin.register(RateLimit)
class RateLimitAdmin(ReadOnlyAdmin):
    """How often something was done lately; addresses are hashed."""

    list_display = ["bucket", "count", "expires_at"]
    ordering = ["-expires_at"]
