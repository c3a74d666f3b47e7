"""The edition that stands, or stood, at an address."""

from __future__ import annotations

import datetime
from typing import Any

from django.db.models import F

from missions.models import KINDS


def live_edition(kind: str, slug: str) -> Any | None:
    """The edition at a record's address: published, or withdrawn with its notice. None when none is public."""
    return _loaded(kind, slug).filter(record__live=F("pk")).first()


def numbered_edition(kind: str, slug: str, number: int) -> Any | None:
    """The edition with this number, suppressed ones included, with its frozen text."""
    return (
        KINDS[kind]
        .objects.once_public()
        .filter(record__kind=kind, record__slug=slug, number=number)
        .select_related(*_joined(kind))
        .first()
    )


def edition_on(kind: str, slug: str, day: datetime.date) -> Any | None:
    """The edition that was public at the end of a day (Europe/Belgrade), suppressed ones included."""
    return (
        KINDS[kind]
        .objects.at_end_of(day)
        .select_related(*_joined(kind))
        .filter(record__kind=kind, record__slug=slug)
        .defer("frozen")
        .order_by("-number")
        .first()
    )


def _loaded(kind: str, slug: str) -> Any:
    return (
        KINDS[kind]
        .objects.public()
        .filter(record__kind=kind, record__slug=slug)
        .select_related(*_joined(kind))
        .defer("frozen")
    )


def _joined(kind: str) -> list[str]:
    own = {"mission": ["mission_kind"], "event": ["event_kind", "place"], "article": []}[kind]
    return ["record", "withdrawn_by", *own]
