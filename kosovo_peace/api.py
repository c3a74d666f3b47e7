"""The API's addresses: every endpoint under /api/v1/, its OpenAPI document, and Swagger."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.urls import URLPattern, URLResolver, include, path, re_path
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerView
from rest_framework import exceptions
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.routers import APIRootView, DefaultRouter
from rest_framework.views import APIView

from editorial.api.links import api_address
from editorial.api.viewsets import ChangeViewSet, CorrectionViewSet
from kosovo_peace.api_guide import EXAMPLE, guide
from kosovo_peace.search_api import SearchViewSet
from missions.api import viewsets as missions
from missions.api.changed import ChangedViewSet
from sources.api.viewsets import CitationViewSet, SourceViewSet


class Root(APIRootView):
    """The endpoints of the API. Its documentation is at /api/docs/."""

    renderer_classes = [JSONRenderer]

    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        routes = (self.api_root_dict or {}) | {"search": "search", "changed": "changed"}
        return Response({name: api_address(route) for name, route in routes.items()})


class Router(DefaultRouter):
    APIRootView = Root
    include_format_suffixes = False


class SchemaView(SpectacularAPIView):
    """The OpenAPI document: made and written out once by each process, whatever the query string says."""

    schema = None

    def get(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        renderer = request.accepted_renderer
        charset = f"; charset={renderer.charset}" if renderer.charset else ""
        return HttpResponse(_written(renderer.media_type), content_type=f"{renderer.media_type}{charset}")


@cache
def _written(media_type: str) -> str | bytes:
    """The document in one of the forms it comes in."""
    [renderer] = [one() for one in SchemaView.renderer_classes if one.media_type == media_type]
    written: str | bytes = renderer.render(document(), renderer_context={})
    return written


@cache
def document() -> Any:
    """The OpenAPI document, with this site's address in its examples."""
    made = SchemaGenerator().get_schema(request=None, public=True)
    return json.loads(json.dumps(made).replace(EXAMPLE, settings.SITE_URL))


class SwaggerView(SpectacularSwaggerView):
    """The documentation to read and to try. Its page has nothing inline, and its script is a file, the same for everybody."""

    template_name = "api_docs.html"


class NotFoundView(APIView):
    """Any other address under /api/: the answer has the shape of all errors."""

    schema = None
    renderer_classes = [JSONRenderer]

    default_response_headers: dict[str, str] = {}  # no Allow: nothing is to be done where there is nothing

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        raise exceptions.NotFound("There is no such endpoint. See /api/v1/ for all there are.")


router = Router()
router.register("records", missions.RecordListViewSet, "record")
router.register("missions", missions.MissionViewSet, "mission")
router.register("events", missions.EventViewSet, "event")
router.register("articles", missions.ArticleViewSet, "article")
router.register("figures", missions.FigureViewSet, "figure")
router.register("disagreements", missions.DisagreementViewSet, "disagreement")
router.register("statements", missions.StatementViewSet, "statement")
router.register("organisations", missions.OrganisationViewSet, "organisation")
router.register("places", missions.PlaceViewSet, "place")
router.register("sources", SourceViewSet, "source")
router.register("citations", CitationViewSet, "citation")
router.register("terms", missions.TermViewSet, "term")
router.register("corrections", CorrectionViewSet, "correction")
router.register("changes", ChangeViewSet, "change")

v1: list[URLPattern | URLResolver] = [
    path(
        "terms/<slug:vocabulary>/<slug:key>/",
        missions.OneTermViewSet.as_view({"get": "retrieve"}),
        name="term-detail",
    ),
    path("search/", SearchViewSet.as_view({"get": "search"}), name="search"),
    path("changed/", ChangedViewSet.as_view({"get": "changed"}), name="changed"),
    path("schema/", SchemaView.as_view(), name="schema"),
    *router.urls,
]
urlpatterns = [
    path("v1/", include((v1, "api"))),
    path("guide/", guide, name="api-guide"),
    path("docs/", SwaggerView.as_view(url_name="api:schema"), name="api-docs"),
    # Addresses without their last slash are left to be sent on to those with it.
    path("", NotFoundView.as_view()),
    re_path(r"^[\s\S]*/$", NotFoundView.as_view()),
]
