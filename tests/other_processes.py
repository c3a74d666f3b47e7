"""What tests need that start processes of their own."""

from __future__ import annotations

from django.db import connection


def database_url() -> str:
    """The tests' database, as another process reaches it."""
    database = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{database['NAME']}"
    if database["HOST"].startswith("/"):
        return f"postgres://{database['USER']}@/{database['HOST']}/{database['NAME']}"
    place = f"{database['HOST']}:{database['PORT'] or 5432}"
    return f"postgres://{database['USER']}:{database['PASSWORD']}@{place}/{database['NAME']}"
