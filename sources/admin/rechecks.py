"""Editions to look at again because a source they cite went out of reach or was retracted."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.utils.html import format_html

from editorial.admin.access import edition_address
from editorial.admin.actions import Action, ActionForm, Rank, WithActions
from editorial.admin.lines import day, long_texts
from editorial.admin.lists import NarrowedAnyway
from editorial.admin.log import ReadOnlyAdmin
from editorial.models import OPEN, Edition
from editorial.models.editions import LIVE
from sources import rechecks
from sources.models import Citation, Recheck
from sources.uses import uses_of_citations
from sources.where_cited import CitingEdition, rows_citing


class OutcomeForm(ActionForm):
    outcome = forms.CharField(
        widget=forms.Textarea(attrs={"rows": 4, "cols": 80}),
        label="What you found or did",
        help_text="Such as: another source says the same and is cited in edition 5; or, read in a printed copy, it still holds.",
    )


SETTLE = Action(
    "settle",
    "It is dealt with",
    "You have looked at what is cited, and it still holds or was put right. What you found is kept with your name.",
    "Dealt with.",
    rechecks.settle,
    lambda it: it.obj.done_at is None and it.may("write_edition"),
    OutcomeForm,
    rank=Rank.NEXT,
)


class WaitingFilter(NarrowedAnyway):
    """Those that wait, unless others are asked for."""

    title = "whether it waits"
    parameter_name = "of"
    otherwise = "waiting"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("done", "dealt with"), ("all", "all")]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        if self.value() == "all":
            return queryset
        return queryset.filter(done_at__isnull=self.value() != "done")


@admin.register(Recheck)
class RecheckAdmin(WithActions, ReadOnlyAdmin):
    """The re-checks that wait, oldest first."""

    workflow_actions: ClassVar[list[Action]] = [SETTLE]
    change_form_template = "admin/sources/recheck_form.html"
    list_display = ["citing", "source_in_short", "status", "since", "dealt_with"]
    list_display_links = ["citing"]
    list_filter = [WaitingFilter, "status"]
    search_fields = ["source__title", "source__key", "record__slug", "outcome"]
    ordering = ["done_at", "pk"]

    def get_queryset(self, request: HttpRequest) -> Any:
        every = super().get_queryset(request).select_related("source", "record__live", "done_by")
        return every.defer(*long_texts(Edition, "record__live__"))

    def get_fields(self, request: HttpRequest, obj: Recheck | None = None) -> Any:
        """What became of it; what it is about stands above."""
        return ["done_at", "done_by", "outcome"] if obj and obj.done_at else []

    @admin.display(description="since", ordering="raised_at")
    def since(self, recheck: Recheck) -> str:
        return day(recheck.raised_at)

    @admin.display(description="dealt with", ordering="done_at")
    def dealt_with(self, recheck: Recheck) -> str:
        if recheck.done_at is None:
            return "not yet"
        who = f" by {recheck.done_by}" if recheck.done_by else ""
        return f"{day(recheck.done_at)}{who}: {recheck.outcome}"

    @admin.display(description="record", ordering="record__slug")
    def citing(self, recheck: Recheck) -> str:
        return str(recheck.record.live or recheck.record)

    @admin.display(description="source", ordering="source__title")
    def source_in_short(self, recheck: Recheck) -> str:
        return format_html("{} <code>{}</code>", str(recheck.source), recheck.source.key)

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        recheck = kwargs["obj"]
        rows = rows_citing(recheck.source, [*LIVE, *OPEN], edition__record=recheck.record_id)
        editions = list(
            Edition.objects.filter(record=recheck.record_id, state__in=[*LIVE, *OPEN])
            .light()
            .select_related("record")
            .order_by("-number")
        )
        opened = next((edition for edition in editions if edition.state in OPEN), None)
        live = next((edition for edition in editions if edition.state in LIVE), None)
        uses = uses_of_citations(live.typed, live.rows()) if live else {}
        cited_as = [line.row.key for line in rows[live.pk] if isinstance(line.row, Citation)] if live else []
        context |= {
            "uses": [(key, uses[key]) for key in cited_as if key in uses],
            "citing": [CitingEdition(edition, rows[edition.pk]) for edition in editions if edition.pk in rows],
            "opened": opened,
            "live": live,
            "may_start": live is not None and opened is None and request.user.has_perm("editorial.write_edition"),
            "start_address": live and edition_address(live, "do", "start"),
        }
        return super().render_change_form(request, context, *args, **kwargs)
