"""The search of the API: what the search page finds, in the same order."""

from __future__ import annotations

from typing import Any, ClassVar

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from editorial import search
from editorial.api.links import api_address
from editorial.api.serializers.fields import AddressField
from editorial.api.showing import ShowingSerializer
from editorial.api.viewsets import FIELDS, PublicViewSet
from editorial.models import SearchEntry
from editorial.searched import STILL
from kosovo_peace.api_paging import Envelope
from kosovo_peace.api_policy import KnownParameters, problems_of
from kosovo_peace.search_form import KINDS, SearchForm


class HitSerializer(ShowingSerializer):
    """A thing that was found."""

    kind = serializers.ChoiceField(list(KINDS), source="entry.kind", help_text="What it is.")
    key = serializers.CharField(source="entry.key", help_text="Its slug or key.")
    title = serializers.CharField(source="entry.title", help_text="Its title or name.")
    other_names = serializers.SerializerMethodField(help_text="Its acronym, symbol and names in other languages.")
    detail = serializers.CharField(source="entry.detail", help_text="Dates, place or type, in a few words.")
    first_year = serializers.IntegerField(
        source="entry.first_year", allow_null=True, help_text="The first year it is about; null where there is none."
    )
    last_year = serializers.SerializerMethodField(help_text="Null where there is none, and for what goes on.")
    themes = serializers.SerializerMethodField(help_text="Keys of terms.")
    snippet = serializers.CharField(
        source="snippet.text", help_text="The place in its text that answers best: plain text, not HTML."
    )
    marks = serializers.SerializerMethodField(
        help_text="Which characters of the snippet were asked for: pairs of the first and the one after the last, "
        "counted in Unicode code points."
    )
    address = AddressField(source="entry.address", help_text="Its page.")
    api_address = serializers.SerializerMethodField(help_text="The same in this API.")

    def get_other_names(self, hit: search.Shown) -> list[str]:
        return hit.entry.other_names.splitlines()

    def get_last_year(self, hit: search.Shown) -> int | None:
        return None if hit.entry.last_year == STILL else hit.entry.last_year

    def get_themes(self, hit: search.Shown) -> list[str]:
        return hit.entry.themes.split()

    @extend_schema_field(
        {"type": "array", "items": {"type": "array", "items": {"type": "integer"}, "minItems": 2, "maxItems": 2}}
    )
    def get_marks(self, hit: search.Shown) -> list[tuple[int, int]]:
        return hit.snippet.marks

    @extend_schema_field(OpenApiTypes.URI)
    def get_api_address(self, hit: search.Shown) -> str:
        return api_address(f"{hit.entry.kind}-detail", hit.entry.key)


COUNTS = {"type": "object", "additionalProperties": {"type": "integer"}}
META = {
    "type": "object",
    "required": ["more", "matched", "did_you_mean", "facets"],
    "properties": {
        "more": {
            "type": "boolean",
            "description": f"Whether there are more than the {search.MOST:,} that are counted and listed.",
        },
        "matched": {
            "type": "string",
            "enum": ["all", "beginning", "some"],
            "description": "All words; or nothing had them, and the last was taken for the beginning of one, or some "
            "of them were enough.",
        },
        "did_you_mean": {
            "type": ["string", "null"],
            "description": "Words like these that find something, where nothing was found.",
        },
        "facets": {
            "type": "object",
            "description": "How many hits there are of each kind, on each theme and in each five years, named by the "
            "first; `at_least` so many where not all were counted. Each is counted as if it were not chosen.",
            "required": ["kinds", "themes", "years", "at_least"],
            "properties": {"kinds": COUNTS, "themes": COUNTS, "years": COUNTS, "at_least": {"type": "boolean"}},
        },
    },
}


class Pages(Envelope):
    """Pages by number alone: what was found has an order that no cursor follows."""

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        return [one for one in super().get_schema_operation_parameters(view) if one["name"] != "cursor"]

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        envelope = super().get_paginated_response_schema(schema)
        envelope["properties"]["meta"] = {"allOf": [envelope["properties"]["meta"], META]}
        return envelope


class SearchViewSet(PublicViewSet):
    """What the words find in all that is public."""

    queryset = SearchEntry.objects.none()
    pagination_class = Pages
    serializer_class = HitSerializer
    filter_backends: Any = [KnownParameters]
    parameters: ClassVar[dict[str, tuple[str, ...]]] = {
        "search": ("q", "kind", "theme", "from", "to", "page", "page_size")
    }

    @extend_schema(
        tags=["Search"],
        operation_id="search",
        parameters=[
            OpenApiParameter(
                "q",
                required=True,
                description="Words that must all be there, in any spelling: “Pec” finds Peć and Pejë. Words in "
                "quotation marks stand together, word* is the beginning of a word, -word must not be there. "
                f"At most {search.LONGEST} characters.",
            ),
            OpenApiParameter("kind", description=f"One or more of {', '.join(KINDS)}, divided by commas."),
            OpenApiParameter("theme", description="Keys of themes, divided by commas: records on any of them."),
            OpenApiParameter("from", description="A year: what is about it or later ones."),
            OpenApiParameter("to", description="A year: what is about it or earlier ones."),
            OpenApiParameter("page", int, description="A page of the list."),
            OpenApiParameter("page_size", int, description="Entries on a page: 1 to 100."),
            FIELDS,
        ],
        responses=HitSerializer(many=True),
    )
    def search(self, request: Request) -> Response:
        """Everything public that has the words, the best first, with the place in each that answers best."""
        self.filter_queryset(self.get_queryset())
        form = SearchForm(request.query_params)
        if not request.query_params.get("q", "").strip():
            raise serializers.ValidationError({"q": ["Give the words to look for."]}, "required")
        if form.errors:
            raise serializers.ValidationError(problems_of(form))
        answer = search.ask(form.cleaned_data["q"], form.narrowed)
        numbers: Any = self.paginate_queryset(answer.entries)  # type: ignore[arg-type]
        response = self.get_paginated_response(self.get_serializer(search.show(answer, numbers), many=True).data)
        response.data["meta"] |= {
            "more": answer.more,
            "matched": "some" if answer.some else "beginning" if answer.begun else "all",
            "did_you_mean": answer.suggestion or None,
            "facets": {
                "kinds": answer.facets.kinds,
                "themes": answer.facets.themes,
                "years": {str(year): count for year, count in sorted(answer.facets.years.items())},
                "at_least": answer.facets.at_least,
            },
        }
        return response
