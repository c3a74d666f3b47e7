"""The tables of a backup, and their rows as text that is the same for every database."""

from __future__ import annotations

import datetime
import json
from collections.abc import Iterable, Iterator
from decimal import Decimal
from itertools import islice
from typing import Any

from django.apps.registry import Apps
from django.db import connection, models

# What need not be kept: log-ins, counts of limits and forms that are open end by themselves, the search index is made anew.
LEFT_OUT = {
    "sessions.Session",
    "editorial.RateLimit",
    "editorial.OpenForm",
    "editorial.SearchEntry",
    "editorial.SearchWord",
}
AT_ONCE = 500  # rows

Row = list[Any]


def tables(apps: Apps) -> dict[str, type[models.Model]]:
    """The tables by the names of their models, in a fixed order."""
    found = {
        model._meta.label: model
        for model in apps.get_models(include_auto_created=True)
        if model._meta.managed and not model._meta.proxy
    }
    return {label: found[label] for label in sorted(found) if label not in LEFT_OUT}


def columns(model: type[models.Model]) -> list[str]:
    """The columns of a table by name, which is the order of the values in a row."""
    return [field.column for field in _fields(model)]


def rows(model: type[models.Model]) -> Iterator[Row]:
    """All rows by their keys, in the plain values of JSON."""
    fields = _fields(model)
    names = [field.attname for field in fields]
    key = _key(model).attname
    for found in model._base_manager.order_by(key).values_list(*names).iterator(chunk_size=AT_ONCE):
        yield [_plain(field.get_prep_value(value)) for field, value in zip(fields, found, strict=True)]


def line(row: Row) -> bytes:
    """A row, or the list of columns, as one line."""
    return json.dumps(row, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode() + b"\n"


def write(model: type[models.Model], found: Iterable[Row]) -> None:
    """Insert rows as `rows` gives them. Raises ValueError for a value that the column cannot have."""
    fields = _fields(model)
    quote = connection.ops.quote_name
    names = ", ".join(quote(field.column) for field in fields)
    places = ", ".join(["%s"] * len(fields))
    statement = f"INSERT INTO {quote(model._meta.db_table)} ({names}) VALUES ({places})"  # noqa: S608  our own names
    remaining = iter(found)
    with connection.cursor() as cursor:
        while some := list(islice(remaining, AT_ONCE)):
            cursor.executemany(statement, [_values(fields, row) for row in some])


def empty(model: type[models.Model]) -> None:
    """Delete all rows, whatever refers to them."""
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {connection.ops.quote_name(model._meta.db_table)}")  # noqa: S608  our own name


def _fields(model: type[models.Model]) -> list[Any]:
    return sorted(model._meta.local_concrete_fields, key=lambda field: field.column)


def _key(model: type[models.Model]) -> Any:
    return model._meta.pk


def _plain(value: Any) -> Any:
    if isinstance(value, datetime.datetime):
        return value.astimezone(datetime.UTC).isoformat()
    if isinstance(value, datetime.date):
        return value.isoformat()
    return format(value, "f") if isinstance(value, Decimal) else value


def _values(fields: list[Any], row: Row) -> Row:
    return [
        field.get_db_prep_save(_of_its_kind(_kind(field), value), connection)
        for field, value in zip(fields, row, strict=True)
    ]


def _kind(field: Any) -> str:
    while field.is_relation:
        field = field.target_field
    return str(field.get_internal_type())


def _of_its_kind(kind: str, value: Any) -> Any:
    if value is None:
        return None
    match kind:
        case "DateTimeField":
            return datetime.datetime.fromisoformat(value)
        case "DateField":
            return datetime.date.fromisoformat(value)
        case "DecimalField":
            return Decimal(value)
        case _:
            return value
