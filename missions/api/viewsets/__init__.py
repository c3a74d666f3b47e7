"""The endpoints of missions, events, articles, their rows and reference data."""

from missions.api.viewsets.kinds import ArticleViewSet, EventViewSet, MissionViewSet
from missions.api.viewsets.records import RecordListViewSet
from missions.api.viewsets.reference import OneTermViewSet, OrganisationViewSet, PlaceViewSet, TermViewSet
from missions.api.viewsets.rows import DisagreementViewSet, FigureViewSet, StatementViewSet

__all__ = [
    "ArticleViewSet",
    "DisagreementViewSet",
    "EventViewSet",
    "FigureViewSet",
    "MissionViewSet",
    "OneTermViewSet",
    "OrganisationViewSet",
    "PlaceViewSet",
    "RecordListViewSet",
    "StatementViewSet",
    "TermViewSet",
]
