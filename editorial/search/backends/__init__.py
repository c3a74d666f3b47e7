"""The full-text index of each database. One has the same functions as the other:

`write` and `remove` the words of entries, `clear` it, `stored` (all of it) and `hits`.
"""

from __future__ import annotations

from types import ModuleType

from django.core.exceptions import ImproperlyConfigured
from django.db import connection

from editorial.search.backends import postgresql, sqlite

BACKENDS = {"sqlite": sqlite, "postgresql": postgresql}


def backend() -> ModuleType:
    """That of the database in use. Raises ImproperlyConfigured where there is none."""
    try:
        return BACKENDS[connection.vendor]
    except KeyError:
        raise ImproperlyConfigured(f"There is no search on {connection.vendor}: use SQLite or PostgreSQL.") from None
