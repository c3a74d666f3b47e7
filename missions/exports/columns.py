"""What a table and a column are, and columns made from the fields of a model."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from operator import attrgetter
from typing import Any

from django.db import models

from editorial.api.links import absolute
from sources.dates import HELP as HOW_TO_WRITE_DATES
from sources.dates import PartialDate, PartialDateField

CHUNK = 500  # rows that are in memory at a time
PARTIAL_DATE = r"\d{4}(-\d{2}(-\d{2})?)?"


class Precision(StrEnum):
    YEAR = "year"
    MONTH = "month"
    DAY = "day"


@dataclass(frozen=True)
class Column:
    """`read` gives its value for a row: text, a whole number, Decimal, bool, a date, a time, or None for none.

    `type` is named as Frictionless names it; `values` are all a cell can hold, where they are few words.
    """

    name: str
    type: str
    description: str
    read: Callable[[Any], Any]
    values: tuple[str, ...] = ()
    pattern: str = ""


@dataclass(frozen=True)
class Reference:
    """Columns whose values, where there are any, name a row of another table by its key."""

    columns: tuple[str, ...]
    table: str


@dataclass(frozen=True)
class Table:
    """`rows` reads them from the database, a few hundred in memory at a time, always in the same order."""

    name: str
    title: str
    description: str
    columns: tuple[Column, ...]
    rows: Callable[[], Iterator[Any]]
    key: tuple[str, ...]
    references: tuple[Reference, ...] = ()


def text(name: str, description: str, read: Callable[[Any], Any]) -> Column:
    return Column(name, "string", description, read)


def address(name: str, description: str, read: Callable[[Any], str]) -> Column:
    """A path of this site as a full address."""

    def full(row: Any) -> str:
        path = read(row)
        return absolute(path) if path.startswith("/") else path

    return Column(name, "string", description, full)


def of_model(model: type[models.Model], *names: str, where: str = "") -> list[Column]:
    """Columns for these fields; `where` leads from a row to the thing that has them.

    A date known to the day, month or year makes two: the date as far as it is known, and its precision.
    """
    return [column for name in names for column in _of_field(model._meta.get_field(name), where)]


def _of_field(field: Any, where: str) -> list[Column]:
    path = f"{where}.{field.name}" if where else field.name
    read = attrgetter(path)
    description = described(field)
    if isinstance(field, PartialDateField):
        return [
            Column(field.name, "string", f"{description} As far as it is known.", read, pattern=PARTIAL_DATE),
            Column(
                f"{field.name}_precision",
                "string",
                f"How exactly “{field.name}” is known.",
                lambda row: PartialDate(read(row)).precision if read(row) else None,
                values=tuple(Precision),
            ),
        ]
    if field.is_relation:
        return [text(field.name, f"{description} By its key.", lambda row: getattr(read(row), "key", None))]
    values = tuple(value for value, _ in field.flatchoices if value) if field.choices else ()
    return [Column(field.name, _type(field), description, read, values=values)]


def described(field: Any) -> str:
    """The help text that editors read, or the name of the field in words; not how a date is typed."""
    help_text = "" if field.help_text == HOW_TO_WRITE_DATES else field.help_text
    words = str(help_text or field.verbose_name).strip()
    sentence = words[:1].upper() + words[1:]
    return sentence if sentence.endswith((".", "…", "?")) else f"{sentence}."


def _type(field: models.Field[Any, Any]) -> str:
    types: list[tuple[type[models.Field[Any, Any]], str]] = [
        (models.BooleanField, "boolean"),
        (models.IntegerField, "integer"),
        (models.DecimalField, "number"),
        (models.DateTimeField, "datetime"),
        (models.DateField, "date"),
    ]
    return next((name for kind, name in types if isinstance(field, kind)), "string")


def in_pieces(rows: Any) -> Iterator[Any]:
    """The rows of a queryset, with what it prefetches, never all at once."""
    return rows.iterator(chunk_size=CHUNK)  # type: ignore[no-any-return]
