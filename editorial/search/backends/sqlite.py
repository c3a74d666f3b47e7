"""Full text in SQLite: an FTS5 table of stems, beside the entries and under their numbers.

It has no triggers: Django makes a table anew when it changes one, and they would be gone.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connection

from editorial.search.columns import HIT_COLUMNS, TABLE, Columns, Hit, Narrowed, all_of, years
from editorial.search.question import Form, Question, Term

WORDS = "{names lead text}"


def write(rows: Sequence[Columns]) -> None:
    """Put in the words of entries; what stood under their numbers goes."""
    remove([row.entry for row in rows])
    values: Any = [[row.entry, *map(" ".join, (row.names, row.lead, row.text, row.facets))] for row in rows]
    with connection.cursor() as cursor:
        cursor.executemany(
            f"INSERT INTO {TABLE} (rowid, names, lead, text, facets) VALUES (%s, %s, %s, %s, %s)",  # noqa: S608
            values,
        )


def remove(entries: Iterable[int]) -> None:
    """Take out the words of entries."""
    with connection.cursor() as cursor:
        cursor.executemany(f"DELETE FROM {TABLE} WHERE rowid = %s", [(entry,) for entry in entries])  # noqa: S608


def clear() -> None:
    """Take out all."""
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {TABLE}")  # noqa: S608


def stored() -> list[tuple[Any, ...]]:
    """All that is in it, by number: for comparison."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT rowid, names, lead, text, facets FROM {TABLE} ORDER BY rowid")  # noqa: S608
        return cursor.fetchall()


def hits(question: Question, narrowed: Narrowed, *, in_names: bool, some: bool, most: int) -> list[Hit]:
    """The last `most` entries that answer the question, in their names or anywhere, by all or `some` terms."""
    asked = all_of(map(_term, question.terms), " OR " if some else " AND ")
    match = all_of(
        [
            f"{'names' if in_names else WORDS} : {asked}",
            *(f"facets : {all_of(map(_quoted, facets), ' OR ')}" for facets in narrowed.facets),
        ],
        " AND ",
    )
    if question.excluded:
        match += f" NOT {WORDS} : {all_of(map(_term, question.excluded), ' OR ')}"
    year_sql, parameters = years(narrowed)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {HIT_COLUMNS}, -bm25({TABLE}, 10, 4, 1, 0) FROM {TABLE} JOIN editorial_searchentry e "  # noqa: S608
            f"ON e.id = {TABLE}.rowid WHERE {TABLE} MATCH %s{year_sql} ORDER BY {TABLE}.rowid DESC LIMIT %s",
            [match, *parameters, most],
        )
        return [Hit(*row) for row in cursor.fetchall()]


def _term(term: Term) -> str:
    forms = [_quoted(" ".join(form)) for form in term.forms]
    if term.beginning:
        forms += [_beginning(form[:-1], term.beginning) for form in term.forms[:1]]
    return all_of(forms, " OR ")


def _beginning(before: Form, word: str) -> str:
    return f"{_quoted(' '.join([*before, word]))} *"


def _quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'
