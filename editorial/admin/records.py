"""All records of every kind, one line each; a record's page lists all its editions and addresses."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.db.models import Prefetch
from django.http import HttpRequest
from django.utils.html import format_html_join

from editorial.admin.access import editor
from editorial.admin.actions import RENAME, Action, WithActions
from editorial.admin.lines import PEOPLE, Line, long_texts, my_part, one_a_record, unsettled_reports
from editorial.admin.lists import LINE, RECORD_FILTERS, WithLines
from editorial.admin.log import ReadOnlyAdmin, edition_link
from editorial.admin.search import FindsByName
from editorial.models import Edition, Record


class AllRecordsChangeList(ChangeList):
    """One line a record of whatever kind."""

    def get_queryset(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        found: Any = super().get_queryset(request, *args, **kwargs)
        shown = one_a_record(Edition.objects.select_related(*PEOPLE)).defer(*long_texts(Edition))
        shown = shown.prefetch_related(my_part(editor(request)))
        return (
            found.select_related("live")
            .defer(*long_texts(Edition, "live__"))
            .prefetch_related(Prefetch("editions", shown, to_attr="shown"), unsettled_reports("corrections"))
        )

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        rows: Any = self.result_list
        for record in rows:
            record.line = Line(record.shown[0], editor(request))


@admin.register(Record)
class RecordAdmin(WithLines, FindsByName, WithActions, ReadOnlyAdmin):
    """Every record, with what is public and what is open of it. Reports and relations point here."""

    workflow_actions: ClassVar[list[Action]] = [RENAME]
    change_form_template = "admin/editorial/with_buttons.html"
    list_display = ["title", "kind", *LINE]
    list_filter = ["kind", *RECORD_FILTERS]
    search_fields = ["slug", "editions__title"]
    list_per_page = 50
    show_facets = admin.ShowFacets.NEVER
    fields = ["kind", "slug", "all_editions", "addresses_before"]
    readonly_fields = ["all_editions", "addresses_before"]

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return AllRecordsChangeList

    def view_on_site(self, record: Record) -> str | None:
        return record.get_absolute_url() if record.live_id else None

    @admin.display(description="title", ordering="slug")
    def title(self, row: Any) -> str:
        return row.line.edition.title

    @admin.display(description="editions")
    def all_editions(self, record: Record) -> str:
        editions = record.editions.light().select_related("record").order_by("-created_at", "-pk")
        return format_html_join("", "<p>{}</p>", [(edition_link(one),) for one in editions])

    @admin.display(description="former addresses")
    def addresses_before(self, record: Record) -> str:
        return ", ".join(str(former) for former in record.former_addresses.all()) or "–"
