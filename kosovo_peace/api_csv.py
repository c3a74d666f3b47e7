"""Lists of the API as CSV: the columns of the data files, the whole list at once, written as it is read.

UTF-8 with a byte order mark, so that spreadsheets show Đ and ë; what would begin a formula has an
apostrophe before it. Rows are read by key, a few hundred at a time: an export of any length needs
no more memory than a short one, and holds nothing open in the database. Half of a process's threads
may be busy with it.
"""

from __future__ import annotations

import csv
import threading
from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.http import StreamingHttpResponse
from django.utils import timezone
from rest_framework import exceptions, serializers
from rest_framework.renderers import BaseRenderer

from editorial.parameters import by_commas
from editorial.spreadsheets import BYTE_ORDER_MARK
from missions.dataset.cells import csv_cell
from missions.exports import TABLES, Column, Table
from missions.exports.columns import CHUNK
from missions.exports.records import RECORDS

places = threading.BoundedSemaphore(max(1, settings.WEB_THREADS // 2))
WAIT = 5  # seconds for one of them
TABLE_OF = {table.name: table for table in (*TABLES, RECORDS)}


class CsvRenderer(BaseRenderer):
    """Writes a list as CSV. Only `whole_list` is called: mistakes are told in JSON."""

    media_type = "text/csv"
    format = "csv"
    charset = "utf-8"

    def whole_list(self, view: Any, queryset: Any) -> StreamingHttpResponse:
        """All rows of a filtered list. Raises ValidationError where `fields` names no column."""
        table = TABLE_OF[f"{view.basename}s"]
        columns = _asked_for(table, view.request.query_params.get("fields"))
        rows = _rows(queryset, view.whole_queryset())
        name = f"{table.name}-{timezone.localdate().isoformat()}.csv"
        return StreamingHttpResponse(
            _InPlace(_lines(columns, rows)),
            content_type="text/csv; charset=utf-8; header=present",
            headers={"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-cache"},
        )


def _asked_for(table: Table, fields: str | None) -> list[Column]:
    if fields is None:
        return list(table.columns)
    asked = set(by_commas(fields))
    columns = [column for column in table.columns if column.name in asked]
    if not asked or len(columns) < len(asked):
        allowed = ", ".join(column.name for column in table.columns)
        raise serializers.ValidationError({"fields": [f"As CSV this list has other fields. Choose from: {allowed}."]})
    return columns


def _rows(queryset: Any, whole: Any) -> Iterator[Any]:
    """The rows by key, from `whole`, which loads with them what the columns read."""
    last = 0
    keys = queryset.order_by("pk").values_list("pk", flat=True)
    while found := list(keys.filter(pk__gt=last)[:CHUNK]):
        last = found[-1]
        yield from whole.filter(pk__in=found).order_by("pk")


class _InPlace(Iterator[str]):
    """Lines that hold one of the places until they are read, or left: slow readers must not take all threads."""

    _held = False

    def __init__(self, lines: Iterator[str]) -> None:
        if not places.acquire(blocking=False):
            raise exceptions.Throttled(wait=WAIT, detail="Many lists are being read as files at this moment.")
        self._held, self._lines = True, lines

    def __next__(self) -> str:
        return next(self._lines)

    def close(self) -> None:
        if self._held:
            self._held = False
            places.release()

    __del__ = close


class _Echo:
    def write(self, line: str) -> str:
        return line


def _lines(columns: list[Column], rows: Iterator[Any]) -> Iterator[str]:
    writer: Any = csv.writer(_Echo())
    yield BYTE_ORDER_MARK + writer.writerow([column.name for column in columns])
    for row in rows:
        yield writer.writerow([csv_cell(column.read(row)) for column in columns])
