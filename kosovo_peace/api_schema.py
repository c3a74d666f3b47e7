"""What the API's documentation says of all endpoints: the errors they may answer with, and `meta`.

Apart from api_policy.py, which the framework loads before what this leans on.
"""

from __future__ import annotations

from typing import Any

from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import Direction
from rest_framework import serializers

CSV = (
    "`csv`: the whole list, as far as it is narrowed, as one file with the columns of the data files; "
    "`fields` then names columns. `Accept: text/csv` asks for the same."
)
META_SCHEMA = {
    "type": "object",
    "description": "What the list is, and as of when.",
    "properties": {
        "count": {"type": ["integer", "null"], "description": "Entries on all pages; null with a cursor."},
        "page": {"type": ["integer", "null"], "description": "Null with a cursor."},
        "page_size": {"type": "integer"},
        "next": {"type": ["string", "null"], "format": "uri"},
        "previous": {"type": ["string", "null"], "format": "uri"},
        "serial": {
            "type": "integer",
            "description": "The number of the last public change: while it stays, so does every answer.",
        },
        "generated_at": {
            "type": ["string", "null"],
            "format": "date-time",
            "description": "When that change became public.",
        },
        "licence": {"type": "string"},
        "cite_as": {"type": "string"},
    },
    "required": [
        "count", "page", "page_size", "next", "previous", "serial", "generated_at", "licence", "cite_as",
    ],
}  # fmt: skip


class ErrorSerializer(serializers.Serializer[Any]):
    """One thing that is wrong."""

    code = serializers.CharField(help_text="A word for programs.")
    detail = serializers.CharField(help_text="A sentence for people.")
    attr = serializers.CharField(allow_null=True, help_text="The parameter or field it is about.")


class ErrorsSerializer(serializers.Serializer[Any]):
    """The one shape of every answer that is no success."""

    type = serializers.CharField(help_text="validation_error, client_error or server_error.")
    errors: Any = ErrorSerializer(many=True)


class Schema(AutoSchema):
    """Adds to each operation the errors it may be answered with."""

    def _get_parameters(self) -> list[Any]:
        parameters = super()._get_parameters()
        for parameter in parameters:
            if parameter["name"] == "format":
                parameter["description"] = CSV
        return parameters

    def _get_response_bodies(self, direction: Direction = "response") -> Any:
        bodies = super()._get_response_bodies(direction)
        codes = ["400", "413", "415", "429"] if self.method == "POST" else ["400", "404", "406", "429"]
        if "{slug}" in self.path:
            codes.append("410")
        for code in codes:
            bodies.setdefault(
                code, self._get_response_for_code(ErrorsSerializer, code, media_types=["application/json"])
            )
        for body in bodies.values():
            if "text/csv" in body.get("content", {}):
                body["content"]["text/csv"] = {"schema": {"type": "string"}}
        return bodies


def add_meta(result: dict[str, Any], **kwargs: Any) -> dict[str, Any]:
    """A last step in making the document: what `meta` is stands once, for all lists."""
    result["components"]["schemas"]["Meta"] = META_SCHEMA
    return result
