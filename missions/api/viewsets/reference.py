"""The endpoints of reference data in public use."""

from __future__ import annotations

from typing import Any

from django.db.models import Prefetch
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework import mixins
from rest_framework.generics import get_object_or_404

from editorial.api.viewsets import FIELDS, SLUG, PublicListViewSet
from missions.api import filters
from missions.api.serializers import reference as shown
from missions.models import Organisation, Place, Term
from sources.models import Source


@extend_schema_view(retrieve=extend_schema(parameters=[FIELDS]))
@extend_schema(tags=["Organisations"])
class OrganisationViewSet(mixins.RetrieveModelMixin, PublicListViewSet):
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
class PlaceViewSet(mixins.RetrieveModelMixin, PublicListViewSet):
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
class TermViewSet(PublicListViewSet):
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
