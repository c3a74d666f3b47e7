"""The endpoints of the rows of all records: figures, disagreements, statements."""

from __future__ import annotations

from django.db.models import Exists, OuterRef
from drf_spectacular.utils import extend_schema, extend_schema_view

from editorial.api.viewsets import INCLUDE, PublicListViewSet
from missions.api import filters
from missions.api.serializers import rows as shown
from missions.models import Disagreement, Figure, Statement
from sources.api.viewsets import rows_of_published

WITH_EVIDENCE: dict[str, tuple[str, ...]] = {"list": ("include",)}


BY_RECORD = {"record": "edition__record__slug", "kind": "edition__record__kind", "key": "key"}


@extend_schema_view(list=extend_schema(parameters=[INCLUDE]))
@extend_schema(tags=["Figures"])
class FigureViewSet(PublicListViewSet):
    """Every figure of a published edition: what each source gives, for which date, counted how.

    Figures of one record and one fact answer the same question: where sources give different values
    they disagree. None is preferred, and losses are never added up. A figure has its evidence with it:
    `include=evidence` adds nothing here.
    """

    parameters = WITH_EVIDENCE
    queryset = rows_of_published(Figure, "measure", "basis", "source")
    serializer_class = shown.FigureSerializer
    filterset_class = filters.FigureFilter
    ordering_fields = {**BY_RECORD, "fact": "fact", "as_of": "as_of"}
    default_ordering = ("kind", "record", "as_of", "fact", "key")


@extend_schema_view(list=extend_schema(parameters=[INCLUDE]))
@extend_schema(tags=["Disagreements"])
class DisagreementViewSet(PublicListViewSet):
    """What the sources of published records differ on, and why, as far as we can tell."""

    parameters = WITH_EVIDENCE
    queryset = rows_of_published(Disagreement).annotate(
        has_figures=Exists(Figure.objects.filter(edition=OuterRef("edition"), fact=OuterRef("about")))
    )
    serializer_class = shown.DisagreementSerializer
    filterset_class = filters.DisagreementFilter
    ordering_fields = {**BY_RECORD, "about": "about"}
    default_ordering = ("kind", "record", "key")


@extend_schema_view(list=extend_schema(parameters=[INCLUDE]))
@extend_schema(tags=["Statements"])
class StatementViewSet(PublicListViewSet):
    """What somebody said of missions and events: each with its holder, oldest first."""

    parameters = WITH_EVIDENCE
    queryset = rows_of_published(Statement)
    serializer_class = shown.StatementSerializer
    filterset_class = filters.StatementFilter
    ordering_fields = {**BY_RECORD, "date": "date", "holder": "holder"}
    default_ordering = ("date", "kind", "record", "key")
