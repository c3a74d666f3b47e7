"""The endpoints of sources and citations."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db.models import Prefetch
from django.http import Http404, HttpResponsePermanentRedirect
from drf_spectacular.utils import OpenApiResponse, extend_schema, extend_schema_view
from rest_framework import mixins
from rest_framework.request import Request

from editorial.api.links import api_address
from editorial.api.viewsets import FIELDS, INCLUDE, SLUG, PublicListViewSet
from sources import merging
from sources.api.filters import CitationFilter, SourceFilter
from sources.api.serializers import CitationSerializer, SourceSerializer
from sources.models import Citation, Source

# Of its edition a row shows nothing else.
OF_EDITION = ("edition__record", "edition__number", "edition__title", "edition__sha256")
MERGED = OpenApiResponse(description="The source was merged into another: `Location` has that one’s address.")


def rows_of_published(model: Any, *joined: str) -> Any:
    """The rows of published editions, with their record and what else is joined."""
    own = [field.name for field in model._meta.concrete_fields]
    return model.objects.of_published().select_related("edition__record", *joined).only(*own, *OF_EDITION)


@extend_schema_view(retrieve=extend_schema(parameters=[FIELDS], responses={200: SourceSerializer, 301: MERGED}))
@extend_schema(tags=["Sources"])
class SourceViewSet(mixins.RetrieveModelMixin, PublicListViewSet):
    """The library: every source that a public edition cites, by title."""

    queryset = Source.objects.none()
    serializer_class = SourceSerializer
    filterset_class = SourceFilter
    lookup_field = "key"
    lookup_value_regex = SLUG
    ordering_fields = {"title": "title", "key": "key", "issued": "issued"}
    default_ordering = ("title", "key")

    def get_queryset(self) -> Any:
        public = Source.objects.in_public_use()
        return public.prefetch_related(Prefetch("origin", public.only("key")))

    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Any:
        """One source by its key."""
        try:
            return super().retrieve(request, *args, **kwargs)
        except Http404:
            if (key_now := merging.key_now(self.kwargs["key"])) is None:
                raise
        query = request.META.get("QUERY_STRING", "")
        address = api_address("source-detail", key_now)
        return HttpResponsePermanentRedirect(f"{address}?{query}" if query else address)


@extend_schema_view(list=extend_schema(parameters=[INCLUDE]))
@extend_schema(tags=["Citations"])
class CitationViewSet(PublicListViewSet):
    """Every citation of a published edition: who cites what, where in it, in which words.

    It is the evidence: `include=evidence` adds nothing here.
    """

    parameters: ClassVar[dict[str, tuple[str, ...]]] = {"list": ("include",)}
    serializer_class = CitationSerializer
    filterset_class = CitationFilter
    queryset = rows_of_published(Citation, "source")
    ordering_fields = {
        "record": "edition__record__slug",
        "kind": "edition__record__kind",
        "key": "key",
        "source": "source__key",
    }
    default_ordering = ("kind", "record", "key")
