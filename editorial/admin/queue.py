"""The review queue: texts of every kind that wait for a second editor, oldest first."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.html import format_html
from django.utils.timesince import timesince

from editorial.admin.access import edition_address
from editorial.admin.forms import is_id
from editorial.admin.log import ReadOnlyAdmin
from editorial.models import ReviewQueue


@admin.register(ReviewQueue)
class ReviewQueueAdmin(ReadOnlyAdmin):
    """A list to read; each line leads to the review page of its text."""

    list_display = ["text", "kind", "waiting", "submitted_by", "read_by", "changed"]
    list_display_links = None
    list_select_related = ["record", "submitted_by", "claimed_by"]
    list_filter = ["record__kind"]
    search_fields = ["title", "record__slug"]
    list_per_page = 50

    def get_queryset(self, request: HttpRequest) -> Any:
        queued: Any = super().get_queryset(request)
        return queued.light()

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.has_perm("editorial.view_edition")

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    @admin.display(description="text", ordering="title")
    def text(self, edition: ReviewQueue) -> str:
        return format_html('<a href="{}">{}</a>', edition_address(edition, "review"), edition.title)

    @admin.display(description="kind", ordering="record__kind")
    def kind(self, edition: ReviewQueue) -> str:
        return edition.record.kind

    @admin.display(description="waiting for", ordering="submitted_at")
    def waiting(self, edition: ReviewQueue) -> str:
        return timesince(edition.submitted_at, depth=1) if edition.submitted_at else ""

    @admin.display(description="is reading it", ordering="claimed_by", empty_value="–")
    def read_by(self, edition: ReviewQueue) -> Any:
        return edition.claimed_by

    @admin.display(description="changed")
    def changed(self, edition: ReviewQueue) -> str:
        """Against the public edition, at submission."""
        words, pieces = edition.words_changed or 0, edition.evidence_changed or 0
        return f"{words} word{'s' * (words != 1)}, {pieces} piece{'s' * (pieces != 1)} of evidence"

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        edition = self.get_object(request, object_id) if is_id(object_id) else None
        if edition is None:
            return super().change_view(request, object_id, form_url, extra_context)
        return HttpResponseRedirect(edition_address(edition, "review"))
