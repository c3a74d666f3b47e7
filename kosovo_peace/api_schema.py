"""What the API's documentation says of all endpoints: answers and their headers, `meta`, and examples.

The examples are answers of the founding record, shortened; `make api-guide` takes them anew. The
document must not hang on the database, nor on settings: docs/openapi.yaml is compared with it.
Apart from api_policy.py, which the framework loads before what this leans on.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
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
        "page_size": {"type": "integer", "description": "Entries on a page."},
        "next": {"type": ["string", "null"], "format": "uri", "description": "The page after this; null on the last."},
        "previous": {
            "type": ["string", "null"],
            "format": "uri",
            "description": "The page before this; null on the first, and with a cursor.",
        },
        "serial": {
            "type": "integer",
            "description": "The number of the last public change: while it stays, so does every answer.",
        },
        "generated_at": {
            "type": ["string", "null"],
            "format": "date-time",
            "description": "When that change became public.",
        },
        "licence": {"type": "string", "description": "Under which all this may be used."},
        "cite_as": {"type": "string", "description": "How to cite this list, as of now."},
    },
    "required": [
        "count", "page", "page_size", "next", "previous", "serial", "generated_at", "licence", "cite_as",
    ],
}  # fmt: skip


EXAMPLES = Path(__file__).with_name("api_examples.json")
GUIDE = "/api/guide/"
INTRODUCTION = f"""\
The record of the international missions in Kosovo since 1989, with its evidence. Read without a key.
Only published editions are here; each names its permanent address and the hash of its text.

[The guide]({GUIDE}) says how to page, filter and cite, what is promised of this version, and answers
ten questions in curl, Python and R. Whole tables stand at [/data/](/data/).
"""
TAGS = {
    "Missions": "Missions, related operations and bodies.",
    "Events": "What happened, on a date or between two.",
    "Articles": "Texts on questions that run through many missions and events.",
    "Records": "Missions, events and articles in one list: what there is, in which edition.",
    "Figures": "Quantities, each as one source gives it.",
    "Disagreements": "Where sources differ, side by side.",
    "Statements": "What was said, and by whom.",
    "Sources": "The library.",
    "Citations": "The evidence: who cites what, where in it, in which words.",
    "Organisations": "The bodies that took part.",
    "Places": "Where things happened.",
    "Terms": "The vocabularies, with their definitions.",
    "Search": "Everything public, by words.",
    "Changes": "What became public, changed or went; and what has become of something cited.",
    "Corrections": "Readers’ reports and their answers.",
}
PATH_PARAMETERS = {
    "slug": ("The last part of the record’s address.", "kfor"),
    "key": ("Its key.", None),
    "number": ("Its number.", 1),
}
ANSWERS = {
    "200": "Found.",
    "201": "Taken in.",
    "304": "Not changed since the answer whose `ETag` was sent as `If-None-Match`. It has no body.",
    "400": "A parameter that is not known here, or a wrong value: the answer says what is allowed.",
    "404": "Nothing public at this address.",
    "406": "A form that this answer does not come in.",
    "410": "Removed for legal cause: the answer says which.",
    "413": "More than is taken in at once.",
    "415": "Sent as something else than JSON.",
    "429": "Too often: ask again after as many seconds as `Retry-After` says.",
}
ERRORS = {  # examples; that of 400 stands with those of the founding record
    "404": ("not_found", "There is no mission at this address."),
    "406": ("not_acceptable", "Could not satisfy the request Accept header."),
    "410": ("gone", "Removed for legal cause: …"),
    "413": ("too_large", "This is more than is taken in at once: shorten it, or send it in parts."),
    "415": ("unsupported_media_type", 'Unsupported media type "text/plain" in request.'),
    "429": ("throttled", "Request was throttled. Expected available in 5 seconds."),
}
AS_OF = {
    "Serial": {
        "description": "The number of the last public change that the answer is as of.",
        "schema": {"type": "integer"},
    },
    "ETag": {"description": "To be sent back as `If-None-Match`.", "schema": {"type": "string"}},
}
HEADERS = {
    "200": AS_OF,
    "429": {"Retry-After": {"description": "In seconds.", "schema": {"type": "integer"}}},
}


class ErrorSerializer(serializers.Serializer[Any]):
    """One thing that is wrong."""

    code = serializers.CharField(help_text="A word for programs.")
    detail = serializers.CharField(help_text="A sentence for people.")
    attr = serializers.CharField(allow_null=True, help_text="The parameter or field it is about.")


class ErrorsSerializer(serializers.Serializer[Any]):
    """The one shape of every answer that is no success."""

    type = serializers.CharField(help_text="validation_error, client_error or server_error.")
    errors: Any = ErrorSerializer(many=True, help_text="All that is wrong.")


class Schema(AutoSchema):
    """Says of each operation what it is in short, and the errors it may be answered with."""

    def get_summary(self) -> str:
        """The first words of the description."""
        return re.split(r"[.:]", self.get_description())[0].replace("\n", " ")

    def _get_parameters(self) -> list[Any]:
        parameters = super()._get_parameters()
        for parameter in parameters:
            if parameter["name"] == "format":
                parameter["description"] = CSV
            elif parameter["in"] == "path" and parameter["name"] in PATH_PARAMETERS:
                said, example = PATH_PARAMETERS[parameter["name"]]
                parameter.setdefault("description", said)
                if example and "{slug}" in self.path:
                    parameter["example"] = example
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
        if self.method == "GET":
            bodies["304"] = {}
        for code, body in bodies.items():
            body["description"] = body.get("description") or ANSWERS[code]
            if code in ERRORS:
                word, detail = ERRORS[code]
                error = {"code": word, "detail": detail, "attr": None}
                body["content"]["application/json"]["example"] = {"type": "client_error", "errors": [error]}
            if code in HEADERS:
                body.setdefault("headers", {}).update(HEADERS[code])
            if "text/csv" in body.get("content", {}):
                body["content"]["text/csv"] = {"schema": {"type": "string"}}
        return dict(sorted(bodies.items()))


def finish(result: dict[str, Any], **kwargs: Any) -> dict[str, Any]:
    """The last step in making the document: what stands once for all operations, and the examples."""
    result["info"]["description"] = INTRODUCTION
    result["tags"] = [{"name": name, "description": text} for name, text in TAGS.items()]
    result["externalDocs"] = {"url": GUIDE, "description": "The guide, with ten worked examples"}
    schemas = result["components"]["schemas"]
    schemas["Meta"] = META_SCHEMA
    for name, schema in schemas.items():
        if name.startswith("Paginated"):
            schema["description"] = "A page of the list."
            schema["properties"]["results"]["description"] = "The entries."
        elif name.endswith("Enum"):
            schema.setdefault("description", "None of them." if name == "NullEnum" else "One of these words.")
        elif name.endswith("OrNotice"):
            schema["description"] = "The record; or, where its edition was withdrawn, the notice in its place."
    for name, example in json.loads(EXAMPLES.read_text(encoding="utf-8")).items():
        schemas[name] = {**schemas[name], "examples": [example]}
    return result
