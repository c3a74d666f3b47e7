"""Questions that are asked of the database in the same words each time: their SQL is put together once in a process.

The database is asked anew whenever somebody wants to know; only what Django makes of the query is remembered. For the
short lists of keys and names that forms offer, that was most of what they cost.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

from django.db import connection
from django.db.models import QuerySet

Question = Callable[[], QuerySet[Any, Any]]  # a function of a module, whose query is always the same


def rows_of(question: Question, most: int) -> list[tuple[Any, ...]]:
    """The first rows of a query by `values_list` as the database gives them: of text and numbers, never dates or JSON."""
    sql, parameters = _in_sql(question, most, connection.vendor)
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return cursor.fetchall()


@cache
def _in_sql(question: Question, most: int, vendor: str) -> tuple[str, tuple[Any, ...]]:
    return question()[:most].query.sql_with_params()
