"""What all endpoints share: refusal of unknown parameters, filters, ordering, one shape of error.

The framework's settings name these classes. Mistakes are answered as
`{"type", "errors": [{"code", "detail", "attr"}]}` with a sentence that says what is allowed.
"""

from __future__ import annotations

from typing import Any

from django import forms
from rest_framework import exceptions, serializers
from rest_framework.filters import BaseFilterBackend
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.parsers import JSONParser

from editorial.api.errors import Details, details_of, printable
from missions.filters import KeysField, MomentField

FIELDS_PARAMETER = {
    "name": "fields",
    "in": "query",
    "required": False,
    "description": "Only these fields, divided by commas.",
    "schema": {"type": "string"},
}


class KnownParameters(BaseFilterBackend):
    """Refuses parameters an address does not know, and those given twice. Changes no queryset."""

    def filter_queryset(self, request: Any, queryset: Any, view: Any) -> Any:
        known = known_parameters(view)
        unfit, why = _unfit(request)
        problems = {}
        for name, values in request.query_params.lists():
            if name not in known:
                allowed = f"There is no such parameter here. Allowed: {', '.join(known)}."
                problems[printable(name)] = [exceptions.ErrorDetail(allowed, "unknown_parameter")]
            elif name in unfit:
                problems[name] = [exceptions.ErrorDetail(why, "not_together")]
            elif len(values) > 1:
                once = "Give it once; divide several values by commas."
                problems[name] = [exceptions.ErrorDetail(once, "repeated")]
        if problems:
            raise serializers.ValidationError(dict(list(problems.items())[:10]))
        return queryset

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        return [FIELDS_PARAMETER]


def known_parameters(view: Any) -> list[str]:
    """The parameters of the address a viewset is answering, in the order of the documentation."""
    names = [*view.parameters.get(view.action, ()), "fields", "format"]
    if view.action == "list":
        filters = getattr(view, "filterset_class", None)
        names = [*(filters.base_filters if filters else ()), "ordering", "page", "page_size", "cursor", *names]
    return names


def _unfit(request: Any) -> tuple[tuple[str, ...], str]:
    """Parameters that do not go with the others, and why."""
    if hasattr(request.accepted_renderer, "whole_list"):
        unfit = ("ordering", "page", "page_size", "cursor", "include")
        return unfit, "A file has the whole list, by an order of its own: leave this out."
    if "cursor" in request.query_params:
        return ("ordering", "page"), "With a cursor a list has an order of its own: leave this out."
    return (), ""


class Filters(BaseFilterBackend):
    """Narrows a list by the viewset's FilterSet; a wrong value is answered with what is allowed."""

    def filter_queryset(self, request: Any, queryset: Any, view: Any) -> Any:
        filters = getattr(view, "filterset_class", None)
        if view.action != "list" or filters is None or not filters.base_filters.keys() & request.query_params.keys():
            return queryset
        filterset = filters(request.query_params, queryset=queryset, request=request)
        if not filterset.is_valid():
            raise serializers.ValidationError(problems_of(filterset.form))
        return filterset.qs

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        filters = getattr(view, "filterset_class", None)
        return [
            {
                "name": name,
                "in": "query",
                "required": False,
                "description": described(one),
                "schema": _schema(one.field),
            }
            for name, one in (filters.base_filters if filters else {}).items()
        ]


def problems_of(form: forms.Form) -> Details:
    """What is wrong in a form, by parameter, with what is allowed."""
    problems = details_of(form)
    for name, field in form.fields.items():
        # Choices may come from the database: they are read only to be told.
        if isinstance(field, forms.ChoiceField) and any(one.code == "invalid_choice" for one in problems.get(name, [])):
            allowed = f"Choose from: {', '.join(choices_of(field))}."
            problems[name] = [exceptions.ErrorDetail(allowed, "invalid_choice")]
    return problems


def choices_of(field: Any) -> list[str]:
    """The values a field takes, without the empty one."""
    return [str(value) for value, _ in field.choices if value != ""]


def described(one: Any) -> str:
    """What a filter does, in words."""
    parts = [one.extra.get("help_text") or "", one.label or ""]
    text = ". ".join(part.strip(". ") for part in reversed(parts) if part)
    if text:
        text += "."
    if isinstance(one.field, MomentField):
        text += " Or as 2004-03-17."
    if words := getattr(one.field, "words", None):
        return f"{text} One or more of: {', '.join(words)}."
    return f"{text} One or more keys, divided by commas." if isinstance(one.field, KeysField) else text


def _schema(field: forms.Field) -> dict[str, Any]:
    if isinstance(field, forms.IntegerField):
        return {"type": "integer", "minimum": 0}
    if isinstance(field, forms.ChoiceField) and not isinstance(field, KeysField):
        return {"type": "string", "enum": choices_of(field)}
    return {"type": "string"}


class Ordering(BaseFilterBackend):
    """Orders a list by the words that the viewset's `ordering_fields` knows; what ties is ordered by key."""

    def filter_queryset(self, request: Any, queryset: Any, view: Any) -> Any:
        if view.action != "list":
            return queryset
        if "cursor" in request.query_params:
            return queryset
        asked = request.query_params.get("ordering")
        names = [name.strip() for name in asked.split(",")] if asked is not None else view.default_ordering
        columns = [self._column(name, view) for name in names[:10]]
        return queryset.order_by(*columns, "pk")

    def _column(self, name: str, view: Any) -> str:
        word = name.removeprefix("-")
        if word not in view.ordering_fields:
            allowed = ", ".join(view.ordering_fields)
            raise serializers.ValidationError(
                {"ordering": [f"Choose from: {allowed}; a minus before one turns its order round."]}
            )
        return "-" * name.startswith("-") + view.ordering_fields[word]

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        words = ", ".join(view.ordering_fields)
        first = ",".join(view.default_ordering)
        return [
            {
                "name": "ordering",
                "in": "query",
                "required": False,
                "description": f"By {words}, divided by commas; a minus turns the order round. Otherwise by {first}.",
                "schema": {"type": "string"},
            }
        ]


class Negotiation(DefaultContentNegotiation):
    """Which form an answer takes; an unknown `format` is a mistake like any other."""

    def select_renderer(self, request: Any, renderers: Any, format_suffix: Any = None) -> Any:
        if request.query_params.get("format") == "":
            self.filter_renderers(renderers, "")
        return super().select_renderer(request, renderers, format_suffix)

    def filter_renderers(self, renderers: Any, format: str) -> Any:
        found = [renderer for renderer in renderers if renderer.format == format]
        if not found:
            allowed = dict.fromkeys(renderer.format for renderer in renderers)
            raise serializers.ValidationError({"format": [f"Choose from: {', '.join(allowed)}."]})
        return found


class Utf8JSONParser(JSONParser):
    """JSON in UTF-8, whatever else the sender calls it."""

    def parse(self, stream: Any, media_type: Any = None, parser_context: Any = None) -> Any:
        """Raises ParseError for what is no JSON, or nested deeper than anything sent in earnest."""
        try:
            return super().parse(stream, media_type, {"encoding": "utf-8"})
        except RecursionError:
            raise exceptions.ParseError("JSON parse error - nested too deeply") from None
