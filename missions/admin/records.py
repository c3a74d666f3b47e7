"""Missions, events and articles."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.db.models.functions import Left
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import path, reverse

from editorial.admin import EditionAdmin
from editorial.admin.access import edition_address, not_there
from editorial.admin.lists import LINE, RECORD_FILTERS
from editorial.models import Edition
from missions.admin.pictures import WithPictures
from missions.admin.rows import (
    IN_EVERY_KIND,
    AreaInline,
    ClassificationInline,
    InstrumentInline,
    LeaderInline,
    ObjectiveInline,
    ParticipationInline,
    PhaseInline,
    RelationInline,
    ResponsibilityInline,
)
from missions.models import Article, Event, Mission
from missions.rendering import rendered
from missions.views.previews import preview
from sources.admin.citing import WithCiting
from sources.admin.founding import WithFoundingCheck


class RecordKindAdmin(WithPictures, WithCiting, WithFoundingCheck, EditionAdmin):
    """What all kinds have here: citing, figures with a list of their own, and a preview as readers will see it."""

    further_sections = (("citations-panel-heading", "Citations"),)

    def get_urls(self) -> list[Any]:
        name = f"missions_{self.opts.model_name}_preview"
        view = self.admin_site.admin_view(self.preview)
        return [path("<path:object_id>/preview/", view, name=name), *super().get_urls()]

    def own_links(self, obj: Edition) -> list[tuple[str, str]]:
        figures = reverse("admin:missions_figure_changelist", query={"edition__id__exact": obj.pk})
        return [
            (edition_address(obj, "preview"), "Preview"),
            (figures, f"Figures ({obj.figures.count()})"),
        ]

    def where_readers_find(self, edition: Any, *, figure: str, note: str) -> list[tuple[str, str, str]]:
        ways, record = [], edition.record
        facts = edition.figures.filter(Q(fact=figure) | Q(key=figure)).values_list("fact", flat=True)
        if figure and (fact := facts.first()):
            ways.append(("The figure", reverse(f"{record.kind}-fact", args=[record.slug, fact]), fact))
        numbers = [one.number for one in rendered(edition).notes if note in one.keys] if note else []
        if numbers:
            ways.append(("The note", f"{record.get_absolute_url()}#note-{numbers[0]}", str(numbers[0])))
        return ways

    def preview(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """The edition as its page will be. For editors only, and never kept anywhere."""
        edition = self.get_object(request, unquote(object_id))
        if edition is None:
            return not_there(request, str(self.opts.verbose_name))
        if not self.has_view_permission(request, edition):
            raise PermissionDenied
        return preview(request, edition, edition_address=edition_address(edition), pictures_at=("editors-picture",))

    def response_change(self, request: HttpRequest, obj: Any) -> HttpResponse:
        """After “Save and preview”, on to the preview of what was saved."""
        response = super().response_change(request, obj)
        if "_preview" in request.POST:
            return HttpResponseRedirect(edition_address(obj, "preview"))
        return response


class YearFilter(admin.SimpleListFilter):
    """The year in which an event began."""

    title = "year"
    parameter_name = "year"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        dated = Event.objects.exclude(date="").annotate(year=Left("date", 4))
        years = dated.order_by("-year").values_list("year", flat=True).distinct()
        return [(year, year) for year in years]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        return queryset.filter(date__startswith=self.value()) if self.value() else queryset


@admin.register(Mission)
class MissionAdmin(RecordKindAdmin):
    list_display = ["title", "acronym", *LINE]
    list_filter = [*RECORD_FILTERS, "status", "mission_kind"]
    search_fields = [
        *RecordKindAdmin.search_fields,
        "acronym",
        "name_sq",
        "name_sr_latn",
        "name_sr_cyrl",
        "other_names",
    ]
    known_by = ("acronym", "record__slug")
    autocomplete_fields = ["mission_kind"]
    fieldsets = [
        ("What it is", {"fields": ["title", "acronym", "mission_kind", "peace_mission", "status"]}),
        ("When and where", {"fields": ["start", "end", "mandate_until", "headquarters"]}),
        ("Text", {"fields": ["summary", "mandate", "body"]}),
        ("Other names", {"fields": ["name_sq", "name_sr_latn", "name_sr_cyrl", "other_names"]}),
    ]
    # On whose decision, by whom, to do what; then how it stands to other records and in their classes.
    inlines = [
        InstrumentInline,
        ParticipationInline,
        LeaderInline,
        ObjectiveInline,
        PhaseInline,
        AreaInline,
        ResponsibilityInline,
        RelationInline,
        ClassificationInline,
        *IN_EVERY_KIND,
    ]


@admin.register(Event)
class EventAdmin(RecordKindAdmin):
    list_display = ["title", "when", *LINE]
    list_filter = [*RECORD_FILTERS, YearFilter, "themes"]
    autocomplete_fields = ["event_kind", "place", "missions"]
    fieldsets = [
        ("What happened", {"fields": ["title", "event_kind", "themes"]}),
        ("When and where", {"fields": ["date", "end_date", "place"]}),
        ("Who was part of it", {"fields": ["missions", "actors"]}),
        ("Text", {"fields": ["summary", "body"]}),
    ]
    inlines = IN_EVERY_KIND

    @admin.display(description="date", ordering="date")
    def when(self, event: Event) -> str:
        return event.date.written_out if event.date else "–"


@admin.register(Article)
class ArticleAdmin(RecordKindAdmin):
    list_filter = [*RECORD_FILTERS, "themes"]
    autocomplete_fields = ["missions", "events"]
    fieldsets = [
        ("What it is about", {"fields": ["title", "themes", "missions", "events", "perspective"]}),
        ("Text", {"fields": ["summary", "body", "drawing"]}),
    ]
    inlines = IN_EVERY_KIND
