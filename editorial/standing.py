"""Questions that are asked of the database in the same words each time: their SQL is put together once in a process.

The database is asked anew whenever somebody wants to know; only what Django makes of the query is remembered. For the
short lists of keys and names that forms offer, and for the entries of a list, that was most of what they cost.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.db import connection, router
from django.db.models import QuerySet

Question = Callable[[], QuerySet[Any, Any]]  # a function of a module, whose query is always the same
About = Callable[[list[Any]], QuerySet[Any, Any]]  # the same, but for the keys or texts it is asked about
Row = tuple[Any, ...]
STANDING_IN = 10**15  # numbers from here on, as high as nothing else in a query, stand in while SQL is put together


def rows_of(question: Question, most: int) -> list[Row]:
    """The first rows of a query by `values_list`."""
    return _standing(question, most, connection.vendor).rows(())


def rows_about(question: About, given: Iterable[int | str]) -> list[Row]:
    """All rows of a query by `values_list` that is about these primary keys, or texts; none for none."""
    values = [str.__str__(one) if isinstance(one, str) else one for one in given]
    return _about(question, tuple(map(type, values)), connection.vendor).rows(values) if values else []


@dataclass(frozen=True)
class Prepared:
    """A query as the database is asked it. `about` tells which of its parameters are which of the values given."""

    sql: str
    parameters: Row
    about: list[tuple[int, int]]
    converters: dict[int, tuple[list[Any], Any]]  # by column: what makes of the database's value that of Python

    def rows(self, given: Sequence[int | str]) -> list[Row]:
        parameters = list(self.parameters)
        for place, number in self.about:
            parameters[place] = given[number]
        with connection.cursor() as cursor:
            cursor.execute(self.sql, parameters)
            rows = cursor.fetchall()
        return [self._in_python(row) for row in rows] if self.converters else rows

    def _in_python(self, row: Row) -> Row:
        values = list(row)
        for column, (converters, expression) in self.converters.items():
            for convert in converters:
                values[column] = convert(values[column], expression, connection)
        return tuple(values)


@cache
def _standing(question: Question, most: int, vendor: str) -> Prepared:
    return _prepared(question()[:most], [])


@cache
def _about(question: About, types: tuple[type, ...], vendor: str) -> Prepared:
    """Raises ValueError for a question that does not ask about each of the values."""
    numbered = [number + STANDING_IN for number in range(len(types))]
    stand_ins = [str(number) if one is str else number for number, one in zip(numbered, types, strict=True)]
    prepared = _prepared(question(stand_ins), stand_ins)
    if {number for _, number in prepared.about} != set(range(len(types))):
        raise ValueError(f"{question} does not ask about each of the values it is given.")
    return prepared


def _prepared(asked: QuerySet[Any, Any], stand_ins: list[int | str]) -> Prepared:
    compiler = asked.query.get_compiler(router.db_for_read(asked.model))
    sql, parameters = compiler.as_sql()
    number_of = {stand_in: number for number, stand_in in enumerate(stand_ins)}
    about = [(place, number_of[one]) for place, one in enumerate(parameters) if one in number_of]
    return Prepared(sql, parameters, about, compiler.get_converters([column for column, _, _ in compiler.select]))
