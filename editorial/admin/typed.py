"""What was typed into a form that cannot be saved, laid out to be read and copied.

Works from the posted data alone, so that it serves where there is no form any more: the state has moved,
the row is gone, or nobody is logged in. What was changed since the form was opened comes first.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import FieldDoesNotExist, RequestDataTooBig, SuspiciousOperation
from django.db import models
from django.http import HttpRequest, QueryDict
from django.http.multipartparser import MultiPartParserError
from django.http.request import UnreadablePostError
from django.utils.text import capfirst

from editorial.admin import opened
from editorial.admin.forms import is_id

MOST_FIELDS, MOST_CHARACTERS = 5_000, 1_000_000
_ROW = re.compile(r"([a-z_]+)-(\d{1,4})-(\w+)", re.ASCII)
_SECRET = re.compile(r"password|secret|token|csrf", re.IGNORECASE)
_NOT_TYPED = {"id", "edition", "seen", "seen_version", "shown", "action", "picture_kept"}


@dataclass(frozen=True)
class TypedField:
    """One field: what editors call it, and what was typed there."""

    label: str
    text: str

    @property
    def lines(self) -> int:
        """How high its box should be."""
        return min(20, sum(1 + len(line) // 80 for line in self.text.splitlines()) or 1)


@dataclass
class TypedGroup:
    """The form itself, or one of its rows: fields that were changed, and those that stand as they were."""

    title: str
    changed: list[TypedField] = field(default_factory=list)
    others: list[TypedField] = field(default_factory=list)


@dataclass(frozen=True)
class Typed:
    """All that was typed. `is_cut` says that there was more than can be shown."""

    groups: list[TypedGroup]
    is_cut: bool = False

    @property
    def changed(self) -> list[TypedGroup]:
        return [group for group in self.groups if group.changed]

    @property
    def others(self) -> list[TypedGroup]:
        return [group for group in self.groups if group.others]


def typed_in(data: QueryDict, model: type[models.Model] | None = None, *, with_names: bool = True) -> Typed:
    """What a posted form of a model holds. Without `with_names` the database is not asked what ids stand for."""
    was, groups = opened.read(data), dict[str, TypedGroup]()
    left, is_cut = MOST_CHARACTERS, len(data) > MOST_FIELDS
    for name, values in _typed(data):
        match = _ROW.fullmatch(name)
        prefix, number, part = match.groups() if match else ("", "", name)
        row = data.get(f"{prefix}-{number}-id", "") if match else ""
        if part in _NOT_TYPED:
            continue
        text = _in_words(_field(model, prefix, part), values, with_names)
        if len(text) > left:
            is_cut = True
            continue
        left -= len(text)
        key = f"{prefix}-{number}" if match else ""
        group = groups.setdefault(key, TypedGroup(_title(model, data, prefix, number) if match else ""))
        shown = TypedField(_label(model, prefix, part), text)
        same = was.unchanged(prefix, row, part, values)
        (group.others if same else group.changed).append(shown)
    return Typed(list(groups.values()), is_cut)


def posted(request: HttpRequest) -> QueryDict:
    """What was posted; nothing where it cannot be read."""
    try:
        return request.POST
    except (RequestDataTooBig, SuspiciousOperation, UnreadablePostError, MultiPartParserError, UnicodeError):
        return QueryDict()


def _typed(data: QueryDict) -> Iterator[tuple[str, list[str]]]:
    for name, values in list(data.lists())[:MOST_FIELDS]:
        hidden = name.startswith("_") or "__prefix__" in name or name.endswith("_FORMS") or _SECRET.search(name)
        if any(values) and not hidden:
            yield name, [str(value) for value in values]


def _model_of(model: type[models.Model] | None, prefix: str) -> Any:
    if not prefix:
        return model
    return next((rows for rows in getattr(model, "row_models", ()) if rows.plural == prefix), None)


def _field(model: type[models.Model] | None, prefix: str, name: str) -> Any:
    try:
        return _model_of(model, prefix)._meta.get_field(name)
    except (AttributeError, FieldDoesNotExist):
        return None


def _label(model: type[models.Model] | None, prefix: str, name: str) -> str:
    if name == "DELETE":
        return "To be deleted"
    known = getattr(_field(model, prefix, name), "verbose_name", None)
    return str(capfirst(known or name.replace("_", " ").replace("-", " ")))[:100]


def _title(model: type[models.Model] | None, data: QueryDict, prefix: str, number: str) -> str:
    rows = _model_of(model, prefix)
    kind = str(capfirst(rows._meta.verbose_name if rows else prefix.replace("_", " ")))
    key = data.get(f"{prefix}-{number}-key", "")[:100]
    return f"{kind} “{key}”" if key else f"{kind}, new"


def _in_words(model_field: Any, values: list[str], with_names: bool) -> str:
    if model_field is not None and model_field.is_relation and with_names:
        named = model_field.related_model._default_manager.filter(pk__in=[v for v in values if is_id(v)])
        return "; ".join(str(row) for row in named) or "; ".join(values)
    labels = {str(value): str(label) for value, label in getattr(model_field, "flatchoices", ())}
    texts = ["\n".join(labels.get(value, value).splitlines()) for value in values]
    if isinstance(model_field, models.BooleanField):
        texts = ["yes" for _ in texts]
    return "\n".join(texts)
