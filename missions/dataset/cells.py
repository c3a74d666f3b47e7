"""A value of a column as CSV has it, and as SQLite has it."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import Any

from editorial.freezing import plain_number
from editorial.spreadsheets import harmless


def csv_cell(value: Any) -> str:
    """Numbers, dates and yes or no plainly; text such that no spreadsheet runs it. Nothing is an empty cell."""
    if isinstance(value, str):
        return harmless(str.__str__(value))
    return str(_plain(value)) if value is not None else ""


def sqlite_value(value: Any) -> str | int | None:
    """Text as it is; empty text is no value, yes and no are 1 and 0."""
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, str):
        return str.__str__(value) or None
    plain = _plain(value)
    return plain if plain is None or isinstance(plain, int) else str(plain)


def _plain(value: Any) -> Any:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return plain_number(value)
    if isinstance(value, datetime.datetime):
        return value.astimezone(datetime.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    if isinstance(value, datetime.date):
        return value.isoformat()
    return value
