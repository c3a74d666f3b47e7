"""Addresses of missions, events and articles, and of what they share."""

from django.urls import URLPattern, path

from missions import views
from missions.models import KINDS


def record_addresses(kind: str) -> list[URLPattern]:
    """The addresses every kind of record has; their names begin with the kind."""
    one = f"{kind}s/<slug:slug>/"
    fixed = {"kind": kind}
    return [
        path(f"{kind}s/", views.record_list, fixed, name=f"{kind}-list"),
        path(one, views.record_detail, fixed, name=f"{kind}-detail"),
        path(f"{one}figures/", views.record_figures, fixed, name=f"{kind}-figures"),
        path(f"{one}figures/<slug:fact>/", views.record_fact, fixed, name=f"{kind}-fact"),
        path(
            f"{one}figures/<slug:fact>/cite.<str:format>",
            views.fact_citation,
            fixed,
            name=f"{kind}-fact-cite",
        ),
        path(f"{one}editions/", views.record_editions, fixed, name=f"{kind}-editions"),
        path(f"{one}editions/<number:number>/", views.record_edition, fixed, name=f"{kind}-edition"),
        path(
            f"{one}editions/<number:number>.json",
            views.edition_json,
            fixed,
            name=f"{kind}-edition-json",
        ),
        path(
            f"{one}editions/<number:number>/cite.<str:format>",
            views.edition_citation,
            fixed,
            name=f"{kind}-edition-cite",
        ),
        path(
            f"{one}editions/<number:older>..<number:newer>/",
            views.edition_difference,
            fixed,
            name=f"{kind}-difference",
        ),
        path(f"{one}cite.<str:format>", views.record_citation, fixed, name=f"{kind}-cite"),
    ]


urlpatterns = [
    path("missions/compare/", views.compare, name="mission-compare"),  # before the records: it looks like one
    *(address for kind in KINDS for address in record_addresses(kind)),
    path("organisations/", views.organisation_list, name="organisation-list"),
    path("organisations/<slug:key>/", views.organisation_detail, name="organisation-detail"),
    path("disagreements/", views.disagreement_list, name="disagreement-list"),
    path("changed/", views.changed, name="changed"),
    path("definitions/", views.definitions, name="definitions"),
    path("preview/<str:token>/", views.shared_preview, name="preview"),
    path("preview/<str:token>/pictures/<picture:file>", views.picture_of_preview, name="preview-picture"),
    path("pictures/<picture:file>", views.picture, name="picture"),
]
