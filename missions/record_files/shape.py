"""How each model stands in the record files: which fields, in which order, and each value as plain data.

Everything is derived from the models. A value has three forms: a node of a file (`read`), plain data
(text, `Decimal`, bool, lists and mappings of these; the same whether a file or the database says it),
and what the model stores (`stored`). Fields left out of a file take the model's default.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any

import yaml
from django.core.exceptions import ValidationError
from django.db import models

from editorial.models import Edition, Record, ReferenceData, Row
from missions.models import Organisation, Place, Term
from missions.record_files import yaml_text
from missions.record_files.yaml_text import Mistake, bool_of, line_of, number_of, text_of, tidy
from sources.dates import PartialDate, PartialDateField
from sources.models import Source

Plain = dict[str, Any]

# The lists of reference data, in the order in which they can be loaded.
LISTS: dict[str, type[ReferenceData]] = {
    "missions/record/organisations.yaml": Organisation,
    "missions/record/places.yaml": Place,
    "sources/record/sources.yaml": Source,
    "missions/record/terms.yaml": Term,
}

# Fields that stand before and after a model's own ones.
FIRST = ("vocabulary", "key", "name", "acronym")
LAST = (
    "source", "locator", "quote", "note", "accessed", "supports",
    "checked", "checked_by", "checked_on", "part_of", "cites",
)  # fmt: skip
# Text columns that are lists in a file: divided by line ends, and by spaces.
LINES = {"other_names", "actors"}
WORDS = {"cites", "supports"}
# Left out at its default: nearly every source is available.
UNSAID = {"status"}
# Not in files: what the place in the file says, or the database alone needs.
OUTSIDE = {"id", "edition", "rank"}
POSITION = {"holder", "text", "quoted", "cites"}


@dataclass(frozen=True)
class Known:
    """What a file may point at: full names such as `source/un1999res1244`, and its own citations."""

    names: frozenset[str]
    unread: frozenset[str] = frozenset()  # kinds whose list could not be read, so nothing is missed
    citations: frozenset[str] = frozenset()
    supported: frozenset[str] = frozenset()  # fields of the record that a citation may support

    def require(self, name: str, line: int) -> None:
        """Raises Mistake when nothing has the full name."""
        kind, _, key = name.partition("/")
        if not key:
            raise Mistake(line, f"“{name}” does not say of which kind: write mission/{name}, or so.")
        if name not in self.names and kind not in self.unread:
            raise Mistake(line, f"there is no {kind} “{key}”.")


def full_name(thing: models.Model) -> str:
    """`mission/kfor`, `source/un1999res1244`, `term/measure/killed`."""
    if isinstance(thing, Record):
        return thing.frozen_key
    return f"{thing._meta.model_name}/{thing.frozen_key}"  # type: ignore[attr-defined]


@cache
def fields_of(model: type[models.Model]) -> list[Any]:
    """A model's fields in the order of the files; of an edition, title, standfirst and those of its kind."""
    if issubclass(model, Edition):
        own: list[Any] = [*model._meta.local_fields, *model._meta.local_many_to_many]
        own = sorted((f for f in own if f is not model._meta.pk), key=lambda f: f.creation_counter)
        return [model._meta.get_field("title"), model._meta.get_field("summary"), *_in_order(own)]
    return _in_order(f for f in model._meta.fields if f.name not in OUTSIDE)


def row_models_of(model: type[Edition]) -> list[type[Row]]:
    """The kinds of rows that stand in files."""
    return list(model.row_models)


def _in_order(fields: Iterable[Any]) -> list[Any]:
    def place(name: str) -> int:
        if name in FIRST:
            return FIRST.index(name) - len(FIRST)
        return LAST.index(name) + 1 if name in LAST else 0

    return sorted(fields, key=lambda f: place(f.name))


# From a file


def read_entry(model: type[models.Model], node: yaml.Node, known: Known, also: Iterable[str] = ()) -> Plain:
    """The fields of `model` that a mapping gives, in their order. `also` are keys that others read.

    Raises Mistake for what cannot be stored or points at nothing.
    """
    fields = fields_of(model)
    nodes = yaml_text.mapping(node, {f.name for f in fields} | set(also))
    plain: Plain = {}
    for f in fields:
        if f.name in nodes:
            value = _read_value(f, nodes[f.name], known)
        else:
            value = _default(f)
        if _is_said(f, value):
            plain[f.name] = value
        elif _is_empty(value) and not (f.blank or f.null):
            raise Mistake(line_of(node), f"{f.name} is missing.")
    _require_valid(
        model(**{f.name: stored(f, plain[f.name]) for f in fields if f.name in plain and not f.is_relation}),
        line_of(node),
    )
    return plain


def _require_valid(thing: models.Model, line: int) -> None:
    """Raises Mistake where the model's own rules forbid it."""
    try:
        thing.clean()
    except ValidationError as error:
        raise Mistake(line, " ".join(error.messages)) from None
    if isinstance(thing, Row) and (gaps := thing.gaps()):
        raise Mistake(line, " ".join(gaps))
    for constraint in thing._meta.constraints:
        if isinstance(constraint, models.CheckConstraint) and not _holds(constraint.condition, thing):
            raise Mistake(line, str(constraint.get_violation_error_message()))


def _holds(condition: Any, thing: models.Model) -> bool:
    """Whether the condition of a check constraint holds, without asking the database."""
    results = []
    for child in condition.children:
        if isinstance(child, models.Q):
            results.append(_holds(child, thing))
            continue
        name, expected = child
        value = getattr(thing, name.removesuffix("__isnull"))
        results.append((value is None) == expected if name.endswith("__isnull") else value == expected)
    return (any(results) if condition.connector == models.Q.OR else all(results)) != condition.negated


def _read_value(f: Any, node: yaml.Node, known: Known) -> Any:
    try:
        value = _read(f, node, known)
        if not f.is_relation and not _is_empty(value):
            f.clean(stored(f, value), None)
    except Mistake as mistake:
        raise Mistake(mistake.line, f"{f.name}: {mistake.text}") from None
    except ValidationError as error:
        text = " ".join(error.messages)
        if f.choices:
            text = f"“{value}” is none of {', '.join(str(key) for key, _ in f.flatchoices)}."
        raise Mistake(line_of(node), f"{f.name}: {text}") from None
    return value


def _read(f: Any, node: yaml.Node, known: Known) -> Any:
    if f.many_to_many:
        return sorted({_read_reference(f, item, known) for item in yaml_text.sequence(node)})
    if f.is_relation:
        return _read_reference(f, node, known)
    if f.name == "authors":
        return [_read_author(item) for item in yaml_text.sequence(node)]
    if f.name == "positions":
        return [_read_position(item, known) for item in yaml_text.sequence(node)]
    if f.name == "cites":
        return _read_cites(node, known)
    if f.name in LINES | WORDS:
        return [_read_item(f, item, known) for item in yaml_text.sequence(node)]
    if isinstance(f, models.BooleanField):
        return bool_of(node)
    if isinstance(f, models.DecimalField):
        return number_of(node)
    if isinstance(f, PartialDateField):
        return _read_date(node, "")
    if isinstance(f, models.DateField):
        return _read_date(node, "day")
    return text_of(node)


def _read_reference(f: Any, node: yaml.Node, known: Known) -> str:
    text = text_of(node)
    if text:
        vocabularies = f.get_limit_choices_to().get("vocabulary__in")
        if vocabularies and text.partition("/")[0] not in vocabularies:
            raise Mistake(
                line_of(node), f"“{text}” is no term of {', '.join(vocabularies)} (such as {vocabularies[0]}/…)."
            )
        known.require(_target(f, text), line_of(node))
    return text


def _read_date(node: yaml.Node, precision: str) -> str:
    text = text_of(node)
    if text:
        try:
            date = PartialDate(text)
        except ValueError:
            raise Mistake(line_of(node), f"“{text[:40]}” is not a date: write 1999, 1999-06 or 1999-06-12.") from None
        if precision and date.precision != precision:
            raise Mistake(line_of(node), f"“{text}” is not a day: write 1999-06-12.")
    return text


def _read_item(f: Any, node: yaml.Node, known: Known) -> str:
    text = text_of(node)
    if f.name == "supports" and text not in known.supported:
        raise Mistake(line_of(node), f"“{text}” is no field of this record.")
    if not text or "\n" in text:
        raise Mistake(line_of(node), "here should be one line of text.")
    return text


def _read_cites(node: yaml.Node, known: Known) -> list[str]:
    keys = []
    for item in yaml_text.sequence(node):
        key = text_of(item)
        if key not in known.citations:
            raise Mistake(line_of(item), f"there is no citation “{key}” in this record.")
        keys.append(key)
    return keys


def _read_author(node: yaml.Node) -> str | Plain:
    if isinstance(node, yaml.MappingNode):
        nodes = yaml_text.mapping(node, {"family", "given"})
        return {name: text_of(nodes[name]) for name in ("family", "given") if name in nodes}
    return text_of(node)


def _read_position(node: yaml.Node, known: Known) -> Plain:
    nodes = yaml_text.mapping(node, POSITION)
    return _position({
        "holder": text_of(nodes["holder"]) if "holder" in nodes else "",
        "text": text_of(nodes["text"]) if "text" in nodes else "",
        "quoted": bool_of(nodes["quoted"]) if "quoted" in nodes else False,
        "cites": _read_cites(nodes["cites"], known) if "cites" in nodes else [],
    })  # fmt: skip


# To the database


def stored(f: Any, value: Any) -> Any:
    """What a column other than a foreign key stores for plain data."""
    if f.name == "authors":
        return [{"literal": author} if isinstance(author, str) else author for author in value]
    if f.name == "positions":
        return [{**position, "cites": position.get("cites", [])} for position in value]
    if f.name in LINES:
        return "\n".join(value)
    if f.name in WORDS:
        return " ".join(value)
    if isinstance(f, models.DateField):
        return datetime.date.fromisoformat(value)
    return value


def columns(model: type[models.Model], plain: Plain, things: dict[str, Any]) -> dict[str, Any]:
    """Values for the columns of `model`, defaults included; `things` has what they point at by full name."""
    values: dict[str, Any] = {}
    for f in fields_of(model):
        if f.many_to_many:
            continue
        if f.name not in plain:
            values[f.name] = None if f.null else f.get_default()
        elif f.is_relation:
            values[f.name] = things[_target(f, plain[f.name])]
        else:
            values[f.name] = stored(f, plain[f.name])
    return values


def many_to_many(model: type[models.Model], plain: Plain, things: dict[str, Any]) -> dict[str, list[Any]]:
    """What each many-to-many field of `model` points at."""
    return {
        f.name: [things[_target(f, key)] for key in plain.get(f.name, [])] for f in fields_of(model) if f.many_to_many
    }


# From the database


def plain_of(thing: models.Model) -> Plain:
    """What files say of a thing, its fields in their order."""
    values = [(f, _plain(f, thing)) for f in fields_of(type(thing))]
    return {f.name: value for f, value in values if _is_said(f, value)}


def _plain(f: Any, thing: Any) -> Any:
    if f.many_to_many:
        return sorted(_short(f, target) for target in getattr(thing, f.name).all()) if thing.pk else []
    value = getattr(thing, f.name)
    if f.is_relation:
        return _short(f, value) if value else ""
    if f.name == "authors":
        return [_plain_author(author) for author in value]
    if f.name == "positions":
        return [_position(position) for position in value]
    if f.name in LINES:
        return [line for line in tidy(value).split("\n") if line]
    if f.name in WORDS:
        return value.split()
    if isinstance(value, datetime.date):
        return value.isoformat()
    return tidy(str(value)) if isinstance(value, str) else value


def _plain_author(author: Plain) -> str | Plain:
    if "literal" in author:
        return tidy(author["literal"])
    return {name: tidy(author[name]) for name in ("family", "given") if author.get(name)}


def _position(position: Plain) -> Plain:
    plain: Plain = {
        "holder": tidy(position.get("holder", "")),
        "text": tidy(position.get("text", "")),
        "quoted": bool(position.get("quoted", False)),
    }
    if position.get("cites"):
        plain["cites"] = list(position["cites"])
    return plain


# What both ways share


def _target(f: Any, text: str) -> str:
    """The full name of what a file names in a field."""
    limits = f.get_limit_choices_to()
    if f.related_model is Record:
        return f"{limits['kind']}/{text}" if "kind" in limits else text
    prefix = f"{limits['vocabulary']}/" if "vocabulary" in limits else ""
    return f"{f.related_model._meta.model_name}/{prefix}{text}"


def _short(f: Any, target: Any) -> str:
    """How a file names it in a field: without what the field says already."""
    limits = f.get_limit_choices_to()
    if "kind" in limits or "vocabulary" in limits:
        return target.slug if isinstance(target, Record) else target.key
    return target.frozen_key


def _default(f: Any) -> Any:
    if f.many_to_many or f.name in LINES | WORDS:
        return []
    return f.get_default()


def _is_empty(value: Any) -> bool:
    return value is None or value in ("", [])


def _is_said(f: Any, value: Any) -> bool:
    """Whether a file says it: what is empty is left out, unless the default is something else."""
    if f.name in UNSAID and value == _default(f):
        return False
    return not _is_empty(value) or not _is_empty(_default(f))
