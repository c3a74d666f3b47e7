"""The endpoints of records: missions, events and articles, their editions, and the history of their facts."""

from __future__ import annotations

import datetime
from typing import Any, ClassVar

from django.db.models import Prefetch, QuerySet, prefetch_related_objects
from django.http import HttpResponsePermanentRedirect
from django.urls import reverse
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import (
    OpenApiParameter,
    OpenApiResponse,
    extend_schema,
    extend_schema_view,
)
from rest_framework import exceptions, serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from editorial.addresses import renamed_to
from editorial.api.errors import Gone
from editorial.api.links import absolute
from editorial.api.serializers.records import EditionListedSerializer, FrozenEditionSerializer
from editorial.api.viewsets import FIELDS, NUMBER, SLUG, PublicListViewSet
from editorial.models import Edition
from editorial.models.editions import texts_of
from missions import pages
from missions.api import filters
from missions.api.serializers import records as shown
from missions.api.serializers.facts import FactSerializer
from missions.exports.records import with_what_they_name

ON = OpenApiParameter(
    "on", OpenApiTypes.DATE, description="The edition that was public at the end of that day (Europe/Belgrade)."
)
ALL_ON = OpenApiParameter(
    "on",
    OpenApiTypes.DATE,
    description="The editions that were public at the end of that day (Europe/Belgrade). What other parameters "
    "may name is what published editions name now.",
)
PAGES = [
    OpenApiParameter("page", int, description="A page of the list."),
    OpenApiParameter("page_size", int, description="Entries on a page: 1 to 100."),
]
MOVED = OpenApiResponse(description="The record was renamed: `Location` has its address now.")
# The columns that an entry of any list shows.
LISTED = (
    "record", "number", "title", "summary", "sha256", "published_at", "written_by", "checked_by", "imported",
)  # fmt: skip


class DatedListViewSet(PublicListViewSet):
    """A list of published editions of `model`, or of those published at the end of the day in `on`."""

    model: ClassVar[type[Edition]]
    joined: ClassVar[tuple[str, ...]] = ()  # what each entry names
    columns: ClassVar[tuple[str, ...]] = ()  # what it shows, besides what is in LISTED

    def get_queryset(self) -> QuerySet[Any]:
        editions = self._chosen(self.model._default_manager)
        return editions.select_related("record", *self.joined).only(*LISTED, *self.columns, *self.joined)

    def _chosen(self, editions: Any) -> Any:
        query = self.request.query_params if self.action == "list" else {}
        day = day_of(query.get("on"))
        ends_early = "cursor" in query or hasattr(getattr(self.request, "accepted_renderer", None), "whole_list")
        in_turn = ends_early and self.model is not Edition
        found: Any = Edition.objects if in_turn else editions
        found = found.published_at_end_of(day) if day else found.published()
        return editions.found_in_turn(found) if in_turn else found


def day_of(text: str | None) -> datetime.date | None:
    """The day in `on`. Raises ValidationError for what is none, or has not come."""
    if text is None:
        return None
    try:
        day = datetime.date.fromisoformat(text)
    except ValueError:
        raise serializers.ValidationError({"on": ["Write a day as 2024-05-01."]}) from None
    if day > timezone.localdate():
        raise serializers.ValidationError({"on": ["That day has not come yet."]})
    return day


class RecordViewSet(DatedListViewSet):
    """Records of one kind. A list has published editions only; a record's address outlives them."""

    kind: ClassVar[str]
    rows: ClassVar[list[str | Prefetch[Any]]]  # what a record on its own shows besides its fields
    full_serializer_class: ClassVar[type[serializers.BaseSerializer[Any]]]
    lookup_url_kwarg = "slug"
    lookup_field = "record__slug"
    lookup_value_regex = SLUG
    parameters: ClassVar[dict[str, tuple[str, ...]]] = {
        "list": ("on", "include"),
        "retrieve": ("on", "include"),
        "editions": ("page", "page_size"),
    }

    def whole_queryset(self) -> Any:
        return with_what_they_name(self.model._default_manager.all())

    def get_serializer_class(self) -> Any:
        return self.full_serializer_class if self.action == "retrieve" else super().get_serializer_class()

    def retrieve(self, request: Request, slug: str) -> Any:
        self.filter_queryset(self.get_queryset())  # refuses unknown parameters
        day = day_of(request.query_params.get("on"))
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
            .with_corrections()
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
            .with_corrections()
            .select_related("record", "replacement__live")
            .defer("body", "rendered", *texts_of("replacement__live"))
        )
        edition = self.filter_queryset(editions).first()
        if edition is None:
            return self._absent_edition(slug)
        if edition.is_suppressed:
            raise Gone(
                f"Removed for legal cause: {edition.suppressed_reason} The hash of its text was {edition.sha256}."
            )
        return Response(self.get_serializer(edition).data)

    @extend_schema(
        parameters=[FIELDS, OpenApiParameter("fact", str, "path", description="Such as `strength-on-entry-1999`.")],
        responses={200: FactSerializer, 301: MOVED},
    )
    @action(detail=True, url_path=f"facts/(?P<fact>{SLUG})", url_name="fact", serializer_class=FactSerializer)
    def fact(self, request: Request, slug: str, fact: str) -> Any:
        """The history of a fact: every value that public editions gave, with edition, date and source."""
        self.filter_queryset(Edition.objects.none())  # refuses unknown parameters
        edition = pages.live_edition(self.kind, slug)
        if edition is None:
            return self._absent(slug)
        page = pages.fact_page(edition, fact)
        if page is None:
            raise exceptions.NotFound("No public edition of the record gives such a fact.")
        return Response(self.get_serializer(page).data)

    def _absent_edition(self, slug: str) -> HttpResponsePermanentRedirect:
        if renamed_to(self.kind, slug):
            return self._absent(slug)
        raise exceptions.NotFound("There is no such edition.")


@extend_schema_view(list=extend_schema(parameters=[ALL_ON]))
@extend_schema(tags=["Records"])
class RecordListViewSet(DatedListViewSet):
    """Published records of all kinds, in a few words each: what there is, in which edition."""

    model = Edition
    serializer_class = shown.RecordListedSerializer
    filterset_class = filters.PublicRecordFilter
    parameters: ClassVar[dict[str, tuple[str, ...]]] = {"list": ("on",)}
    ordering_fields = {"kind": "record__kind", "slug": "record__slug", "title": "title", "published_at": "published_at"}
    default_ordering = ("kind", "slug")

    def whole_queryset(self) -> Any:
        return Edition.objects.light().select_related("record")
