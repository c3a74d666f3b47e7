"""The endpoints of missions, events and articles: what each kind shows, in lists and on its own."""

from __future__ import annotations

from typing import Any

from django.db.models import Prefetch
from drf_spectacular.utils import PolymorphicProxySerializer, extend_schema, extend_schema_view

from editorial.api.viewsets import FIELDS, INCLUDE
from editorial.models import Correction
from editorial.models.editions import texts_of
from missions.api import filters
from missions.api.serializers import records as shown
from missions.api.viewsets.records import ALL_ON, MOVED, ON, RecordViewSet
from missions.models import Article, Classification, Event, Mission, Participation, Relation, Responsibility
from sources.models import Citation

ROWS: list[str | Prefetch[Any]] = [
    "statements",
    "disagreements",
    "illustrations",
    Prefetch("citations", Citation.objects.select_related("source")),
    Prefetch("corrections_fixed", Correction.objects.public().order_by("pk").only("fixed_in"), "answered_reports"),
]
MISSION_ROWS: list[str | Prefetch[Any]] = [
    *ROWS,
    "instruments",
    "objectives",
    "phases",
    "leaders",
    "areas",
    Prefetch("classifications", Classification.objects.select_related("term")),
    Prefetch("participations", Participation.objects.select_related("organisation")),
    Prefetch(
        "responsibilities",
        Responsibility.objects.select_related("task", "handed_to__live").defer(*texts_of("handed_to__live")),
    ),
    Prefetch("relations", Relation.objects.select_related("record__live").defer(*texts_of("record__live"))),
]


def _documented(tag: str, full: Any, name: str) -> Any:
    """What the documentation says of a kind of record."""
    either = PolymorphicProxySerializer(
        component_name=f"{name}OrNotice",
        serializers=[full, shown.WithdrawnSerializer],
        resource_type_field_name=None,
    )
    return extend_schema_view(
        list=extend_schema(tags=[tag], parameters=[ALL_ON, INCLUDE]),
        retrieve=extend_schema(
            tags=[tag],
            parameters=[ON, INCLUDE, FIELDS],
            description=f"{full.__doc__} Where its edition was withdrawn, the notice with the reason stands for it.",
            responses={200: either, 301: MOVED},
        ),
        editions=extend_schema(tags=[tag], operation_id=f"{name.lower()}s_editions_list"),
        edition=extend_schema(tags=[tag], operation_id=f"{name.lower()}s_editions_retrieve"),
        fact=extend_schema(tags=[tag], operation_id=f"{name.lower()}s_facts_retrieve"),
    )


@_documented("Missions", shown.MissionSerializer, "Mission")
class MissionViewSet(RecordViewSet):
    """Published missions, related operations and bodies, oldest first."""

    kind = "mission"
    rows = MISSION_ROWS
    model = Mission
    joined = ("mission_kind",)
    columns = (
        "acronym", "name_sq", "name_sr_latn", "name_sr_cyrl", "peace_mission", "status", "start", "end",
        "mandate_until",
    )  # fmt: skip
    serializer_class = shown.MissionListedSerializer
    full_serializer_class = shown.MissionSerializer
    filterset_class = filters.MissionFilter
    ordering_fields = {
        "start": "start",
        "end": "end",
        "title": "title",
        "slug": "record__slug",
        "published_at": "published_at",
    }
    default_ordering = ("start", "title")


@_documented("Events", shown.EventSerializer, "Event")
class EventViewSet(RecordViewSet):
    """Published events, oldest first."""

    kind = "event"
    rows = ROWS
    model = Event
    joined = ("event_kind", "place")
    columns = ("date", "end_date")
    serializer_class = shown.EventListedSerializer
    full_serializer_class = shown.EventSerializer
    filterset_class = filters.EventFilter
    ordering_fields = {
        "date": "date",
        "title": "title",
        "slug": "record__slug",
        "published_at": "published_at",
    }
    default_ordering = ("date", "title")


@_documented("Articles", shown.ArticleSerializer, "Article")
class ArticleViewSet(RecordViewSet):
    """Published articles, by title."""

    kind = "article"
    rows = ROWS
    model = Article
    columns = ("perspective",)
    serializer_class = shown.ArticleListedSerializer
    full_serializer_class = shown.ArticleSerializer
    filterset_class = filters.ArticleFilter
    ordering_fields = {"title": "title", "slug": "record__slug", "published_at": "published_at"}
    default_ordering = ("title",)
