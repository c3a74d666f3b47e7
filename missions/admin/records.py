"""Missions, events and articles."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path, reverse

from editorial.admin import EditionAdmin
from editorial.admin.access import not_there
from editorial.models import Edition
from missions.admin.rows import (
    IN_EVERY_KIND,
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
from missions.pages import record_page


class RecordKindAdmin(EditionAdmin):
    """What all kinds have here: figures with a list of their own, and a preview as readers will see it."""

    def get_urls(self) -> list[Any]:
        name = f"missions_{self.opts.model_name}_preview"
        view = self.admin_site.admin_view(self.preview)
        return [path("<path:object_id>/preview/", view, name=name), *super().get_urls()]

    def own_links(self, obj: Edition) -> list[tuple[str, str]]:
        count = obj.figures.aggregate(count=Count("pk"))["count"]
        figures = reverse("admin:missions_figure_changelist")
        preview = reverse(f"admin:missions_{self.opts.model_name}_preview", args=[obj.pk])
        return [
            (preview, "Preview"),
            (f"{figures}?edition__id__exact={obj.pk}", f"Figures ({count})"),
        ]

    def preview(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """The edition as its page will be. For editors only, and never kept anywhere."""
        edition = self.get_object(request, unquote(object_id))
        if edition is None:
            return not_there(request, str(self.opts.verbose_name))
        if not self.has_view_permission(request, edition):
            raise PermissionDenied
        context = {
            "edition": edition,
            "record": edition.record,
            "page": record_page(edition),
            "noindex": True,
            "edition_address": reverse(f"admin:missions_{self.opts.model_name}_change", args=[edition.pk]),
        }
        response = render(request, "missions/record_preview.html", context)
        response["X-Robots-Tag"] = "noindex"
        return response


@admin.register(Mission)
class MissionAdmin(RecordKindAdmin):
    list_display = ["title", "acronym", "state_and_number", "changed_at", "address"]
    search_fields = ["title", "acronym", "record__slug"]
    autocomplete_fields = ["mission_kind"]
    fieldsets = [
        (None, {"fields": ["title", "acronym", "summary"]}),
        ("What it was", {"fields": ["mission_kind", "peace_mission", "status"]}),
        ("When and where", {"fields": ["start", "end", "mandate_until", "headquarters"]}),
        ("Text", {"fields": ["mandate", "body"]}),
        ("Other names", {"fields": ["name_sq", "name_sr_latn", "name_sr_cyrl", "other_names"]}),
    ]
    inlines = [
        ClassificationInline,
        ParticipationInline,
        InstrumentInline,
        ObjectiveInline,
        PhaseInline,
        ResponsibilityInline,
        LeaderInline,
        RelationInline,
        *IN_EVERY_KIND,
    ]


@admin.register(Event)
class EventAdmin(RecordKindAdmin):
    list_display = ["title", "date", "state_and_number", "changed_at", "address"]
    autocomplete_fields = ["event_kind", "place", "missions"]
    fieldsets = [
        (None, {"fields": ["title", "summary"]}),
        ("When and where", {"fields": ["date", "end_date", "place"]}),
        ("What it was", {"fields": ["event_kind", "themes", "missions", "actors"]}),
        ("Text", {"fields": ["body"]}),
    ]
    inlines = IN_EVERY_KIND


@admin.register(Article)
class ArticleAdmin(RecordKindAdmin):
    autocomplete_fields = ["missions", "events"]
    fieldsets = [
        (None, {"fields": ["title", "summary"]}),
        ("What it is about", {"fields": ["themes", "missions", "events", "perspective"]}),
        ("Text", {"fields": ["body"]}),
    ]
    inlines = IN_EVERY_KIND
