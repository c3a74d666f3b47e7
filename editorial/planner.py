"""What PostgreSQL knows of its own tables."""

from __future__ import annotations

from django.db import connection


def look_at_tables() -> None:
    """Let it count its rows now, after many were written: until it does so by itself it plans as for empty tables.

    A list of all figures then takes minutes instead of a second.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
