"""What is shown and never edited: records, former addresses, the logs of states and of changes."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import Prefetch
from django.http import HttpRequest
from django.utils.html import format_html, format_html_join

from editorial.admin.access import edition_address
from editorial.admin.actions import RENAME, Action, WithActions
from editorial.models import Change, Edition, FormerAddress, PublicSerial, RateLimit, Record, Transition
from editorial.models.editions import HEAVY


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


@admin.register(Record)
class RecordAdmin(WithActions, ReadOnlyAdmin):
    """Every record, with what is public and what is open of it. Reports and relations point here."""

    workflow_actions: ClassVar[list[Action]] = [RENAME]
    change_form_template = "admin/editorial/with_buttons.html"
    list_display = ["address", "live_edition", "open_edition"]
    list_filter = ["kind"]
    search_fields = ["slug", "editions__title"]
    fields = ["kind", "slug", "all_editions", "addresses_before"]
    readonly_fields = ["all_editions", "addresses_before"]

    def get_queryset(self, request: HttpRequest) -> Any:
        opened = Edition.objects.open().light().select_related("record")
        return (
            super()
            .get_queryset(request)
            .select_related("live")
            .defer(*[f"live__{name}" for name in HEAVY])
            .prefetch_related(Prefetch("editions", queryset=opened, to_attr="opened"))
        )

    def view_on_site(self, record: Record) -> str | None:
        return record.get_absolute_url() if record.live_id else None

    @admin.display(description="record", ordering="slug")
    def address(self, record: Record) -> str:
        return str(record)

    @admin.display(description="public")
    def live_edition(self, record: Record) -> str:
        if record.live:
            record.live.record = record
        return edition_link(record.live)

    @admin.display(description="open")
    def open_edition(self, record: Any) -> str:
        return edition_link(record.opened[0] if record.opened else None)

    @admin.display(description="editions")
    def all_editions(self, record: Record) -> str:
        editions = record.editions.light().select_related("record").order_by("-created_at", "-pk")
        return format_html_join("", "<p>{}</p>", [(edition_link(one),) for one in editions])

    @admin.display(description="former addresses")
    def addresses_before(self, record: Record) -> str:
        return ", ".join(str(former) for former in record.former_addresses.all()) or "–"


@admin.register(FormerAddress)
class FormerAddressAdmin(ReadOnlyAdmin):
    list_display = ["__str__", "record"]
    list_filter = ["kind"]
    list_select_related = ["record"]
    search_fields = ["slug", "record__slug"]
    fields = ["kind", "slug", "record"]


@admin.register(Transition)
class TransitionAdmin(ReadOnlyAdmin):
    """The log of every change of state."""

    list_display = ["at", "edition", "from_state", "to_state", "by", "note"]
    list_filter = ["to_state"]
    search_fields = ["edition__title", "note"]
    fields = ["at", "edition_page", "from_state", "to_state", "by", "note"]
    readonly_fields = ["edition_page"]
    ordering = ["-pk"]

    def get_queryset(self, request: HttpRequest) -> Any:
        heavy = ["text", *[f"edition__{name}" for name in HEAVY]]
        return super().get_queryset(request).select_related("edition__record", "by").defer(*heavy)

    @admin.display(description="edition")
    def edition_page(self, transition: Transition) -> str:
        return edition_link(transition.edition)


@admin.register(Change)
class ChangeAdmin(ReadOnlyAdmin):
    """The public log, as readers see it at /changes/."""

    list_display = ["serial", "at", "label", "kind", "note", "minor"]
    list_filter = ["kind", "minor"]
    search_fields = ["label", "note"]
    fields = ["serial", "at", "kind", "label", "address", "note", "minor"]


@admin.register(PublicSerial)
class PublicSerialAdmin(ReadOnlyAdmin):
    """The number of the last change the public can see."""


@admin.register(RateLimit)
class RateLimitAdmin(ReadOnlyAdmin):
    """How often something was done lately; addresses are hashed."""

    list_display = ["bucket", "count", "expires_at"]
    ordering = ["-expires_at"]
