"""The endpoints of missions, events, articles, their rows and reference data."""

from __future__ import annotations

import datetime
from typing import Any, ClassVar

from django.db.models import Exists, OuterRef, Prefetch, prefetch_related_objects
from django.http import HttpResponsePermanentRedirect
from django.urls import reverse
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import (
    OpenApiParameter,
    OpenApiResponse,
    PolymorphicProxySerializer,
    extend_schema,
    extend_schema_view,
)
from rest_framework import exceptions, mixins, serializers
from rest_framework.decorators import action
from rest_framework.generics import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response

from editorial.addresses import renamed_to
from editorial.api.errors import Gone
from editorial.api.links import absolute
from editorial.api.serializers import EditionListedSerializer, FrozenEditionSerializer
from editorial.api.viewsets import FIELDS, NUMBER, SLUG, PublicViewSet
from editorial.models import Edition, Record
from editorial.models.editions import HEAVY
from missions import pages
from missions.api import filters
from missions.api import serializers as shown
from missions.models import (
    Article,
    Classification,
    Disagreement,
    Event,
    Figure,
    Mission,
    Organisation,
    Participation,
    Place,
    Relation,
    Responsibility,
    Statement,
    Term,
)
from sources.api.viewsets import UNREAD
from sources.models import Citation, Source

ON = OpenApiParameter(
    "on", OpenApiTypes.DATE, description="The edition that was public at the end of that day (Europe/Belgrade)."
)
PAGES = [
    OpenApiParameter("page", int, description="A page of the list."),
    OpenApiParameter("page_size", int, description="Entries on a page: 1 to 100."),
]
MOVED = OpenApiResponse(description="The record was renamed: `Location` has its address now.")


def _named(*path: str) -> list[str]:
    """What is not read of the live edition of a record that is only named."""
    return [f"{'__'.join([*path, 'live'])}__{name}" for name in (*HEAVY, "summary")]


def _records() -> Any:
    """Records with what naming them needs of their live editions."""
    return Record.objects.select_related("live").defer(*_named())


def _published(model: Any) -> Any:
    """Published editions of a kind, without their long texts."""
    return model.objects.published().light().select_related("record")


ROWS: list[str | Prefetch[Any]] = [
    "statements",
    "disagreements",
    Prefetch("citations", Citation.objects.select_related("source")),
]
MISSION_ROWS: list[str | Prefetch[Any]] = [
    *ROWS,
    "instruments",
    "objectives",
    "phases",
    "leaders",
    Prefetch("classifications", Classification.objects.select_related("term")),
    Prefetch("participations", Participation.objects.select_related("organisation")),
    Prefetch(
        "responsibilities",
        Responsibility.objects.select_related("task", "handed_to__live").defer(*_named("handed_to")),
    ),
    Prefetch("relations", Relation.objects.select_related("record__live").defer(*_named("record"))),
]
EVENT_ROWS = [*ROWS, "themes", Prefetch("missions", _records())]
ARTICLE_ROWS = [*EVENT_ROWS, Prefetch("events", _records())]


class RecordViewSet(mixins.ListModelMixin, PublicViewSet):
    """Records of one kind. A list has published editions only; a record's address outlives them."""

    kind: ClassVar[str]
    rows: ClassVar[list[str | Prefetch[Any]]]  # what a record on its own shows besides its fields
    full_serializer_class: ClassVar[type[serializers.BaseSerializer[Any]]]
    lookup_url_kwarg = "slug"
    lookup_field = "record__slug"
    lookup_value_regex = SLUG
    parameters: ClassVar[dict[str, tuple[str, ...]]] = {
        "retrieve": ("on",),
        "editions": ("page", "page_size"),
    }

    def get_serializer_class(self) -> Any:
        return self.full_serializer_class if self.action == "retrieve" else super().get_serializer_class()

    def retrieve(self, request: Request, slug: str) -> Any:
        self.filter_queryset(self.get_queryset())  # refuses unknown parameters
        day = self._day(request.query_params.get("on"))
        edition = pages.edition_on(self.kind, slug, day) if day else pages.live_edition(self.kind, slug)
        if edition is None:
            return self._absent(slug, day)
        if edition.is_suppressed:
            raise Gone(f"Removed for legal cause: {edition.suppressed_reason}")
        prefetch_related_objects([edition], *self.rows)
        serializer = self.get_serializer(edition)  # refuses unknown fields
        if not edition.withdrawn_at or (day and timezone.localdate(edition.withdrawn_at) > day):
            return Response(serializer.data)
        data = shown.WithdrawnSerializer(edition, context=self.get_serializer_context()).data
        asked = self.asked_fields()
        return Response({name: data[name] for name in data if not asked or name in asked})

    def _day(self, text: str | None) -> datetime.date | None:
        if text is None:
            return None
        try:
            day = datetime.date.fromisoformat(text)
        except ValueError:
            raise serializers.ValidationError({"on": ["Write a day as 2024-05-01."]}) from None
        if day > timezone.localdate():
            raise serializers.ValidationError({"on": ["That day has not come yet."]})
        return day

    def _absent(self, slug: str, day: datetime.date | None = None) -> HttpResponsePermanentRedirect:
        """301 from a former address. Raises Gone for a suppressed record, NotFound for all else."""
        if new_slug := renamed_to(self.kind, slug):
            route = f"api:{self.basename}-{self.action if self.action != 'retrieve' else 'detail'}"
            address = absolute(reverse(route, kwargs=self.kwargs | {"slug": new_slug}))
            query = self.request.META.get("QUERY_STRING", "")
            return HttpResponsePermanentRedirect(f"{address}?{query}" if query else address)
        live = Edition.objects.once_public().filter(record__kind=self.kind, record__slug=slug)
        if day and live.exists():
            raise exceptions.NotFound("This was not public yet on that day.")
        suppressed = live.filter(suppressed_at__isnull=False).values("suppressed_reason")
        if last := suppressed.order_by("-number").first():
            raise Gone(f"Removed for legal cause: {last['suppressed_reason']}")
        raise exceptions.NotFound(f"There is no {self.kind} at this address.")

    @extend_schema(
        parameters=[FIELDS, *PAGES],
        responses={200: EditionListedSerializer(many=True), 301: MOVED},
        filters=False,
    )
    @action(detail=True, serializer_class=EditionListedSerializer)
    def editions(self, request: Request, slug: str) -> Any:
        """The history of a record: every edition that was ever public, the last first."""
        editions = (
            Edition.objects.once_public()
            .filter(record__kind=self.kind, record__slug=slug)
            .select_related("record")
            .light()
            .order_by("-number")
        )
        page = self.paginate_queryset(self.filter_queryset(editions))
        if not page:
            return self._absent(slug)
        return self.get_paginated_response(self.get_serializer(page, many=True).data)

    @extend_schema(
        parameters=[FIELDS, OpenApiParameter("number", int, "path", description="Of the edition.")],
        responses={200: FrozenEditionSerializer, 301: MOVED},
    )
    @action(
        detail=True,
        url_path=f"editions/(?P<number>{NUMBER})",
        url_name="edition",
        serializer_class=FrozenEditionSerializer,
    )
    def edition(self, request: Request, slug: str, number: str) -> Any:
        """One edition for ever: its frozen text and the hash of that."""
        editions = (
            Edition.objects.once_public()
            .filter(record__kind=self.kind, record__slug=slug, number=int(number))
            .select_related("record", "replacement__live")
            .defer("body", "rendered", *_named("replacement"))
        )
        edition = self.filter_queryset(editions).first()
        if edition is None:
            return self._absent_edition(slug)
        if edition.is_suppressed:
            raise Gone(
                f"Removed for legal cause: {edition.suppressed_reason} The hash of its text was {edition.sha256}."
            )
        return Response(self.get_serializer(edition).data)

    def _absent_edition(self, slug: str) -> HttpResponsePermanentRedirect:
        if renamed_to(self.kind, slug):
            return self._absent(slug)
        raise exceptions.NotFound("There is no such edition.")


def _documented(tag: str, full: Any, name: str) -> Any:
    """What the documentation says of a kind of record."""
    either = PolymorphicProxySerializer(
        component_name=f"{name}OrNotice",
        serializers=[full, shown.WithdrawnSerializer],
        resource_type_field_name=None,
    )
    return extend_schema_view(
        list=extend_schema(tags=[tag]),
        retrieve=extend_schema(
            tags=[tag],
            parameters=[ON, FIELDS],
            description=f"{full.__doc__} Where its edition was withdrawn, the notice with the reason stands for it.",
            responses={200: either, 301: MOVED},
        ),
        editions=extend_schema(tags=[tag], operation_id=f"{name.lower()}s_editions_list"),
        edition=extend_schema(tags=[tag], operation_id=f"{name.lower()}s_editions_retrieve"),
    )


@_documented("Missions", shown.MissionSerializer, "Mission")
class MissionViewSet(RecordViewSet):
    """Published missions, related operations and bodies, oldest first."""

    kind = "mission"
    rows = MISSION_ROWS
    queryset = _published(Mission).defer("mandate").select_related("mission_kind")
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
    rows = EVENT_ROWS
    queryset = (
        _published(Event)
        .select_related("event_kind", "place")
        .prefetch_related("themes", Prefetch("missions", _records()))
    )
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
    rows = ARTICLE_ROWS
    queryset = _published(Article).prefetch_related(
        "themes", Prefetch("missions", _records()), Prefetch("events", _records())
    )
    serializer_class = shown.ArticleListedSerializer
    full_serializer_class = shown.ArticleSerializer
    filterset_class = filters.ArticleFilter
    ordering_fields = {"title": "title", "slug": "record__slug", "published_at": "published_at"}
    default_ordering = ("title",)


# Rows of all records


def _rows(model: Any, *joined: str) -> Any:
    """The rows of published editions, with their record and what else is joined."""
    rows = model.objects.filter(edition__in=Edition.objects.published())
    return rows.select_related("edition__record", *joined).defer(*UNREAD)


BY_RECORD = {"record": "edition__record__slug", "kind": "edition__record__kind", "key": "key"}


@extend_schema(tags=["Figures"])
class FigureViewSet(mixins.ListModelMixin, PublicViewSet):
    """Every figure of a published edition: what each source gives, for which date, counted how.

    Figures of one record and one fact answer the same question: where sources give different values
    they disagree. None is preferred, and losses are never added up.
    """

    queryset = _rows(Figure, "measure", "basis", "source")
    serializer_class = shown.FigureSerializer
    filterset_class = filters.FigureFilter
    ordering_fields = {**BY_RECORD, "fact": "fact", "as_of": "as_of"}
    default_ordering = ("kind", "record", "as_of", "fact", "key")


@extend_schema(tags=["Disagreements"])
class DisagreementViewSet(mixins.ListModelMixin, PublicViewSet):
    """What the sources of published records differ on, and why, as far as we can tell."""

    queryset = _rows(Disagreement).annotate(
        has_figures=Exists(Figure.objects.filter(edition=OuterRef("edition"), fact=OuterRef("about")))
    )
    serializer_class = shown.DisagreementSerializer
    filterset_class = filters.DisagreementFilter
    ordering_fields = {**BY_RECORD, "about": "about"}
    default_ordering = ("kind", "record", "key")


@extend_schema(tags=["Statements"])
class StatementViewSet(mixins.ListModelMixin, PublicViewSet):
    """What somebody said of missions and events: each with its holder, oldest first."""

    queryset = _rows(Statement)
    serializer_class = shown.StatementSerializer
    filterset_class = filters.StatementFilter
    ordering_fields = {**BY_RECORD, "date": "date", "holder": "holder"}
    default_ordering = ("date", "kind", "record", "key")


# Reference data


@extend_schema_view(retrieve=extend_schema(parameters=[FIELDS]))
@extend_schema(tags=["Organisations"])
class OrganisationViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, PublicViewSet):
    """The organisations that public editions name."""

    queryset = Organisation.objects.none()
    serializer_class = shown.OrganisationSerializer
    filterset_class = filters.OrganisationFilter
    lookup_field = "key"
    lookup_value_regex = SLUG
    ordering_fields = {"name": "name", "key": "key", "founded": "founded"}
    default_ordering = ("name",)

    def get_queryset(self) -> Any:
        public = Organisation.objects.in_public_use()
        return public.prefetch_related(Prefetch("parent", public))


@extend_schema_view(retrieve=extend_schema(parameters=[FIELDS]))
@extend_schema(tags=["Places"])
class PlaceViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, PublicViewSet):
    """The places that public editions name."""

    queryset = Place.objects.none()
    serializer_class = shown.PlaceSerializer
    filterset_class = filters.PlaceFilter
    lookup_field = "key"
    lookup_value_regex = SLUG
    ordering_fields = {"name": "name", "key": "key"}
    default_ordering = ("name",)

    def get_queryset(self) -> Any:
        return Place.objects.in_public_use()


VOCABULARY = OpenApiParameter("vocabulary", str, "path", description="Such as `measure`.")
TERM_KEY = OpenApiParameter("key", str, "path", description="Unique in its vocabulary.")


@extend_schema(tags=["Terms"])
class TermViewSet(mixins.ListModelMixin, PublicViewSet):
    """The vocabularies: the words that public editions use, with their definitions."""

    queryset = Term.objects.none()
    serializer_class = shown.TermSerializer
    filterset_class = filters.TermFilter
    ordering_fields = {"vocabulary": "vocabulary", "rank": "rank", "name": "name", "key": "key"}
    default_ordering = ("vocabulary", "rank", "name")

    def get_queryset(self) -> Any:
        public = Term.objects.in_public_use()
        return public.prefetch_related(Prefetch("source", Source.objects.in_public_use()))


@extend_schema_view(retrieve=extend_schema(parameters=[VOCABULARY, TERM_KEY, FIELDS]))
class OneTermViewSet(mixins.RetrieveModelMixin, TermViewSet):
    """A word of a vocabulary: its address has both, `terms/measure/military-personnel/`."""

    def get_object(self) -> Any:
        """By vocabulary and key. Raises Http404 for what is not in public use."""
        return get_object_or_404(self.filter_queryset(self.get_queryset()), **self.kwargs)
