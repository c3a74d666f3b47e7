"""Full text in PostgreSQL: a table of two vectors, beside the entries and under their numbers.

The vectors are written out here, stem by stem: no dictionary, parser or extension of the server has a
part in it. It names no foreign key, because tests empty the tables they know in one statement.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connection

from editorial.search.columns import HIT_COLUMNS, TABLE, Columns, Hit, Narrowed, all_of, years
from editorial.search.question import Form, Question, Term

LAST_POSITION = 16383  # no vector counts further
MOST_POSITIONS = 250  # of one word
GAP = 20  # between names, lead and text, so that no phrase goes over the edge
WEIGHTS = "{0.1, 0.2, 0.4, 1.0}"  # of text, -, lead, names


def write(rows: Sequence[Columns]) -> None:
    """Put in the words of entries; what stood under their numbers goes."""
    remove([row.entry for row in rows])
    with connection.cursor() as cursor:
        cursor.executemany(
            f"INSERT INTO {TABLE} (id, names, words) VALUES (%s, %s::tsvector, %s::tsvector)",  # noqa: S608
            [(row.entry, _vector([(row.names, "A")], []), _all(row)) for row in rows],
        )


def remove(entries: Iterable[int]) -> None:
    """Take out the words of entries."""
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {TABLE} WHERE id = ANY(%s)", [list(entries)])  # noqa: S608


def clear() -> None:
    """Take out all."""
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {TABLE}")  # noqa: S608


def stored() -> list[tuple[Any, ...]]:
    """All that is in it, by number: for comparison."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT id, names::text, words::text FROM {TABLE} ORDER BY id")  # noqa: S608
        return cursor.fetchall()


def _all(row: Columns) -> str:
    return _vector([(row.names, "A"), (row.lead, "B"), (row.text, "D")], row.facets)


def _vector(columns: list[tuple[list[str], str]], facets: list[str]) -> str:
    """A vector in the form in which PostgreSQL reads one: 'forc':2A,7B 'kosovo':1A."""
    places: dict[str, list[str]] = {}
    position = 0
    for words, weight in columns:
        for word in words:
            position += 1
            there = places.setdefault(word, [])
            if len(there) < MOST_POSITIONS:
                there.append(f"{min(position, LAST_POSITION)}{weight}")
        position += GAP
    vector = [f"{_quoted(word)}:{','.join(there)}" for word, there in places.items()]
    return " ".join([*vector, *map(_quoted, facets)])


def hits(question: Question, narrowed: Narrowed, *, in_names: bool, some: bool, most: int) -> list[Hit]:
    """The last `most` entries that answer the question, in their names or anywhere, by all or `some` terms."""
    asked = all_of(map(_term, question.terms), " | " if some else " & ")
    column = "names" if in_names else "words"
    conditions = [all_of(map(_quoted, facets), " | ") for facets in narrowed.facets]
    if question.excluded:
        conditions.append("!" + all_of(map(_term, question.excluded), " | "))
    condition_sql = " AND t.words @@ %s::tsquery" * len(conditions)
    year_sql, year_parameters = years(narrowed)
    with connection.cursor() as cursor:
        cursor.execute(
            # The rank is worked out for those that stay, not for all that are found.
            f"SELECT {HIT_COLUMNS}, ts_rank(%s, e.vector, %s::tsquery, 1) FROM ("  # noqa: S608
            f"SELECT e.*, t.{column} AS vector FROM {TABLE} t JOIN editorial_searchentry e ON e.id = t.id "
            f"WHERE t.{column} @@ %s::tsquery{condition_sql}{year_sql} ORDER BY t.id DESC LIMIT %s) e",
            [WEIGHTS, asked, asked, *conditions, *year_parameters, most],
        )
        return [Hit(*row) for row in cursor.fetchall()]


def _term(term: Term) -> str:
    forms = [all_of(map(_quoted, form), " <-> ") for form in term.forms]
    if term.beginning:
        forms += [_beginning(form[:-1], term.beginning) for form in term.forms[:1]]
    return all_of(forms, " | ")


def _beginning(before: Form, word: str) -> str:
    return all_of([*map(_quoted, before), f"{_quoted(word)}:*"], " <-> ")


def _quoted(word: str) -> str:
    return "'" + word.replace("\\", "\\\\").replace("'", "''") + "'"
