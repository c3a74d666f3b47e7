"""The dataset as one SQLite file: a table for each table, what the columns mean, and all records in one view."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from missions.dataset.about import LICENCE, About
from missions.dataset.cells import sqlite_value
from missions.exports import TABLES, Table

BATCH = 500
TYPES = {"integer": "INTEGER", "boolean": "INTEGER", "number": "NUMERIC"}
RECORDS = ("missions", "events", "articles")


class SqliteFile:
    """Writes the file; to be used in a `with`. Rows come table by table, in the order of the tables."""

    def __init__(self, path: Path, about: About) -> None:
        self.about = about
        self._waiting: list[list[Any]] = []
        self._insert = ""
        self._file = sqlite3.connect(path, isolation_level=None)
        # Nobody reads it before it is done: no journal, one transaction.
        self._file.execute("PRAGMA journal_mode = OFF")
        self._file.execute("PRAGMA synchronous = OFF")
        self._file.execute("BEGIN")

    def __enter__(self) -> Self:
        for table in TABLES:
            self._file.execute(_definition(table))
        self._describe()
        return self

    def begin(self, table: Table) -> None:
        """The rows that follow are this table's."""
        self._write()
        marks = ", ".join("?" for _ in table.columns)
        self._insert = f"INSERT INTO {_quoted(table.name)} VALUES ({marks})"  # noqa: S608  names of ours

    def add(self, values: Sequence[Any]) -> None:
        self._waiting.append([sqlite_value(value) for value in values])
        if len(self._waiting) >= BATCH:
            self._write()

    def _write(self) -> None:
        if self._waiting:
            self._file.executemany(self._insert, self._waiting)
            self._waiting = []

    def _describe(self) -> None:
        execute = self._file.execute
        execute("CREATE TABLE about (name TEXT PRIMARY KEY, value TEXT NOT NULL)")
        facts = {
            "title": self.about.title,
            "version": self.about.version,
            "serial": str(self.about.serial),
            "as_of": self.about.at.isoformat(),
            "cite_as": self.about.cite_as,
            "licence": f"{LICENCE['title']} ({LICENCE['name']}), {LICENCE['path']}",
        }
        self._file.executemany("INSERT INTO about VALUES (?, ?)", facts.items())
        execute(
            'CREATE TABLE columns ("table" TEXT NOT NULL, "column" TEXT NOT NULL, type TEXT NOT NULL, '
            'description TEXT NOT NULL, PRIMARY KEY ("table", "column"))'
        )
        rows = [
            (table.name, column.name, column.type, column.description) for table in TABLES for column in table.columns
        ]
        self._file.executemany("INSERT INTO columns VALUES (?, ?, ?, ?)", rows)
        shared = "record, title, address, edition, permanent_address, sha256, published_at"
        parts = [f"SELECT '{name[:-1]}' AS kind, {shared} FROM {name}" for name in RECORDS]  # noqa: S608
        execute(f"CREATE VIEW records AS {' UNION ALL '.join(parts)}")

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is None:
            self._write()
            self._file.execute("COMMIT")
        self._file.close()


def _definition(table: Table) -> str:
    lines = [f"{_quoted(column.name)} {TYPES.get(column.type, 'TEXT')}" for column in table.columns]
    lines.append(f"PRIMARY KEY ({_list(table.key)})")
    keys = {other.name: other.key for other in TABLES}
    lines += [
        f"FOREIGN KEY ({_list(reference.columns)}) REFERENCES {_quoted(reference.table)} ({_list(keys[reference.table])})"
        for reference in table.references
    ]
    return f"CREATE TABLE {_quoted(table.name)} ({', '.join(lines)})"


def _list(names: Sequence[str]) -> str:
    return ", ".join(_quoted(name) for name in names)


def _quoted(name: str) -> str:
    return f'"{name}"'
