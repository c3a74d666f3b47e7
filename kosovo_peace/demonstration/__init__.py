"""A demonstration: the whole workflow to look at and to try, in a database of its own.

The setting DEMO says that the site is one; a mark in the database says that it holds one. The site starts
only when both say the same, so that nothing invented gets into a real record, and no demonstration is
shown without its banner.
"""

from __future__ import annotations

from django.conf import settings
from django.core.management.base import CommandError
from django.db import connection

from editorial.models import Editor, Record

# The mark: an account that nobody can use, made before the database holds anything.
MARK = "demonstration"

HOLDS_ANOTHER = (
    "This database holds a record or accounts that no demonstration made: a demonstration would add invented "
    "texts to them. Leave DATABASE_URL out, or give the demonstration an empty database of its own: "
    "make demo DATABASE_URL=…"
)
IS_DEMONSTRATION = (
    "This database holds a demonstration, whose texts are invented in part: start it with `make demo`, "
    "or give the site another by DATABASE_URL."
)


def require_right_database() -> None:
    """Raises CommandError when a demonstration would run in a real database, or a site in a demonstration's."""
    if Editor._meta.db_table not in connection.introspection.table_names():
        return
    if settings.DEMO and not is_marked() and (Record.objects.exists() or Editor.objects.exists()):
        raise CommandError(HOLDS_ANOTHER)
    if is_marked() and not settings.DEMO:
        raise CommandError(IS_DEMONSTRATION)


def is_marked() -> bool:
    """Whether the database was made for a demonstration."""
    return Editor.objects.filter(username=MARK).exists()


def mark() -> None:
    """Say in the database that it is a demonstration's; again without effect."""
    Editor.objects.get_or_create(
        username=MARK,
        defaults={"public_name": "Mark of a demonstration", "is_active": False, "password": "!"},
    )
