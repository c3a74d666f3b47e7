"""A synthetic record: as many invented records as are wanted, to measure the site with. No data on anything.

A mark in the database says that it holds one. `make` fills only a database that is empty or has the mark, and the
site says on every page what it is.
"""

from __future__ import annotations

from editorial.models import Editor

# The mark: an account that nobody can use, made before the database holds anything.
MARK = "synthetic"
# Each process asks once: a database does not become synthetic while a site runs on it.
known: dict[str, bool] = {}


def is_synthetic() -> bool:
    """Whether the database was filled by `manage.py synthesize`."""
    if MARK not in known:
        known[MARK] = Editor.objects.filter(username=MARK).exists()
    return known[MARK]


def mark() -> None:
    """Say in the database that it is synthetic; again without effect."""
    Editor.objects.get_or_create(
        username=MARK,
        defaults={"public_name": "Mark of a synthetic record", "is_active": False, "password": "!"},
    )
    known[MARK] = True
