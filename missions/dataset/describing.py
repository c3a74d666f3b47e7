"""What describes the files: the Frictionless data package, the dictionary of columns and the codebook."""

from __future__ import annotations

import csv
import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from editorial.api.links import absolute
from editorial.spreadsheets import BYTE_ORDER_MARK
from missions.dataset.about import LICENCE, About
from missions.dataset.cells import csv_cell
from missions.exports import TABLES, Column, Table

if TYPE_CHECKING:
    from missions.dataset.making import DataFile

DICTIONARY = ("table", "column", "type", "values", "description")
HOW_TO_READ = """\
## How to read the tables

- A **record** (a mission, an event, an article) is named by its kind and the last part of its address: `mission/kfor`.
  Each row of another table says to which record it belongs and in which edition it stands; `permanent_address` leads to
  that edition for ever, and `sha256` is the hash of its frozen text.
- **Figures** are quantities *as one source gives them*. Rows with the same `record` and `fact` answer the same question;
  where they differ, the sources differ, and no value is preferred. Different dates are change over time. Rows with
  `part_of` are parts of a total. Counts of losses are not to be added up: they overlap in place, period and people.
- **Dates** are given as far as they are known, `1999`, `1999-06` or `1999-06-12`; the column of the same name with
  `_precision` says which. Times are UTC.
- **Lists** in a cell (`cites`, `themes`) are divided by spaces; `other_names` and `actors` have one entry a line.
- **Texts** are Markdown with markers `[^key]` that name citations of the same record.
- **Names** that are not known in a language are left empty. An empty cell is no value.
- In the **CSV** files (UTF-8 with a byte order mark, commas, quotes doubled) an apostrophe stands before text that a
  spreadsheet would take for a formula, because it begins with `=`, `+`, `-`, `@`, a tab or a carriage return. The SQLite
  file has the text without it.
- Only what is published is here. Withdrawn and superseded editions keep their addresses on the site.
"""


def data_package(about: About, files: Mapping[str, DataFile]) -> dict[str, Any]:
    """The descriptor of the CSV files, which are given by the name of their table."""
    return {
        "profile": "tabular-data-package",
        "name": about.stem.lower(),
        "title": about.title,
        "description": f"Cite as: {about.cite_as}",
        "homepage": about.address,
        "version": about.version,
        "created": about.at.isoformat(),
        "licenses": [LICENCE],
        "serial": about.serial,
        "citation": about.cite_as,
        "resources": [_resource(table, files[table.name]) for table in TABLES],
    }


def _resource(table: Table, file: DataFile) -> dict[str, Any]:
    return {
        "profile": "tabular-data-resource",
        "name": table.name,
        "path": file.name,
        "title": table.title,
        "description": table.description,
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": file.bytes,
        "hash": f"sha256:{file.sha256}",
        "schema": {
            "fields": [_field(column, table) for column in table.columns],
            "missingValues": [""],
            "primaryKey": list(table.key),
            "foreignKeys": [
                {
                    "fields": list(reference.columns),
                    "reference": {
                        "resource": "" if reference.table == table.name else reference.table,
                        "fields": list(_table(reference.table).key),
                    },
                }
                for reference in table.references
            ],
        },
    }


def _table(name: str) -> Table:
    return next(table for table in TABLES if table.name == name)


def _field(column: Column, table: Table) -> dict[str, Any]:
    constraints: dict[str, Any] = {}
    if column.name in table.key:
        constraints["required"] = True
    if column.values:
        constraints["enum"] = list(column.values)
    if column.pattern:
        constraints["pattern"] = column.pattern
    field = {"name": column.name, "type": column.type, "description": column.description}
    return field | ({"constraints": constraints} if constraints else {})


def write_data_package(path: Path, about: About, files: Mapping[str, DataFile]) -> None:
    text = json.dumps(data_package(about, files), ensure_ascii=False, indent=1)
    path.write_text(f"{text}\n", encoding="utf-8")


def write_dictionary(path: Path) -> None:
    """Every column of every table, as a table."""
    with path.open("w", encoding="utf-8", newline="") as file:
        file.write(BYTE_ORDER_MARK)
        writer = csv.writer(file)
        writer.writerow(DICTIONARY)
        for table in TABLES:
            for column in table.columns:
                row = (table.name, column.name, column.type, " ".join(column.values), column.description)
                writer.writerow([csv_cell(value) for value in row])


def write_codebook(path: Path, about: About) -> None:
    """The same to be read by people, with what must be known to use the data well."""
    release = f", release {about.version}" if about.version != str(about.serial) else ""
    licence = f"{LICENCE['title']} ({LICENCE['name']}), {LICENCE['path']}"
    parts = [
        f"# {about.title}",
        f"As of {about.day}, serial {about.serial}{release}.",
        f"Cite as: {about.cite_as}",
        f"Licence: {licence}. Words quoted from sources belong to their authors.",
        f"How we work: {absolute('/about/method/')}. What a measure, a basis or a theme means: the table of terms.",
        HOW_TO_READ.strip(),
        *[_chapter(table) for table in TABLES],
    ]
    path.write_text("\n\n".join(parts) + "\n", encoding="utf-8")


def _chapter(table: Table) -> str:
    lines = [
        f"- `{column.name}` ({column.type}): {column.description}"
        + (f" One of: {', '.join(column.values)}." if column.values else "")
        for column in table.columns
    ]
    key = ", ".join(f"`{name}`" for name in table.key)
    return "\n".join([f"## {table.name}", "", table.description, "", f"Key: {key}.", "", *lines])
