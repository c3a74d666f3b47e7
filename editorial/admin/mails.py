"""Mails to readers: what became of each, and the button that puts one in line again that did not go out."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib import admin
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html

from editorial.admin.actions import Action, WithActions
from editorial.admin.lines import badge, day_and_time
from editorial.admin.log import ReadOnlyAdmin
from editorial.corrections.resending import send_again
from editorial.models import Mail

TRY_AGAIN = Action(
    "try-again",
    "Try again",
    "The mail is put in line again, and goes out within a minute or two if the mail server takes it.",
    "It is in line again: look here in a few minutes.",
    send_again,
    lambda it: it.obj.may_be_tried_again and it.may("change_correction"),
)


class StateFilter(admin.SimpleListFilter):
    """What became of a mail."""

    title = "state"
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("waiting", "waiting"), ("sent", "sent"), ("given_up", "given up")]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        chosen = {"waiting": queryset.waiting, "sent": queryset.sent, "given_up": queryset.given_up}
        narrowed = chosen.get(self.value() or "")
        return narrowed() if narrowed else queryset


@admin.register(Mail)
class MailAdmin(WithActions, ReadOnlyAdmin):
    """What was written to readers, newest first. The address of a private page is in none of them."""

    workflow_actions: ClassVar[list[Action]] = [TRY_AGAIN]
    change_form_template = "admin/editorial/with_buttons.html"
    list_display = ["subject", "goes_to", "report", "written", "outcome"]
    list_filter = [StateFilter]
    show_facets = admin.ShowFacets.NEVER
    search_fields = ["to", "subject"]
    search_help_text = "By address or subject."
    list_per_page = 50
    fields = ["goes_to", "subject", "report", "written", "outcome", "attempts", "body", "message_id"]
    readonly_fields = ["goes_to", "report", "written", "outcome"]

    class Media:
        css = {"all": ["admin/mails.css"]}

    @admin.display(description="to", ordering="to")
    def goes_to(self, mail: Mail) -> str:
        return mail.to or "(address erased)"

    @admin.display(description="report", ordering="correction")
    def report(self, mail: Mail) -> str:
        if mail.correction_id is None:
            return "–"
        address = reverse("admin:editorial_correction_change", args=[mail.correction_id])
        return format_html('<a href="{}">Report {}</a>', address, mail.correction_id)

    @admin.display(description="written", ordering="pk")
    def written(self, mail: Mail) -> str:
        return day_and_time(mail.written_at)

    @admin.display(description="state")
    def outcome(self, mail: Mail) -> str:
        """Its state in words; of one that did not go out also why."""
        if mail.sent_at:
            return format_html("{} {}", badge("sent", "sent"), day_and_time(mail.sent_at))
        if mail.given_up_at:
            return format_html("{} {}: {}", badge("given_up", "given up"), day_and_time(mail.given_up_at), mail.error)
        if not mail.error:
            return format_html("{} goes out within a minute or two", badge("waiting", "waiting"))
        tries = "once" if mail.attempts == 1 else f"{mail.attempts} times"
        return format_html(
            "{} tried {}, next try {}: {}",
            badge("waiting", "waiting"), tries, day_and_time(mail.due_at), mail.error,
        )  # fmt: skip
