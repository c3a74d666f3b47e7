"""How long a kept page may be shown: as long as it is known to be what would be made now.

Most pages are good for their version alone: whatever becomes public makes them stale. A record's pages last until
something touches them: after a publication the others need not be made anew.
"""

from __future__ import annotations

import functools

from django.urls import Resolver404, resolve

from kosovo_peace.page_cache.keys import Key, Version
from kosovo_peace.page_cache.serial import NO_DATABASE
from missions.models import KINDS
from missions.touched import Page, touched

OF_RECORDS = {f"{kind}-{page}": kind for kind in KINDS for page in ("detail", "figures", "fact")}


def still_good(key: Key, made: Version, now: Version) -> bool:
    """Whether what was good at one version may be shown at another; not while the database cannot say so."""
    if made == now:
        return True
    (serial, day), (last_serial, today) = made, now
    record = record_at(key)
    if record is None or day != today or serial > last_serial:
        return False
    try:
        return not touched.between(serial, last_serial, record)
    except NO_DATABASE:
        return False


def record_at(key: Key) -> Page | None:
    """The record one of whose own pages has this key."""
    _, _, path, query, _ = key
    return None if query else _record_at(path)


@functools.lru_cache(maxsize=2000)
def _record_at(path: str) -> Page | None:
    try:
        found = resolve(path)
    except Resolver404:
        return None
    kind = OF_RECORDS.get(found.view_name)
    return (kind, found.kwargs["slug"]) if kind else None
