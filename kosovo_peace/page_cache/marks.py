"""What a kept page is good for: it may be shown as long as its mark is the same.

Of most pages that is the version, serial and day: whatever becomes public makes them stale. Of a record's pages it is what
they are made from, which only changes with what they show: after a publication the others need not be made anew.
"""

from __future__ import annotations

import functools

from django.urls import Resolver404, resolve

from kosovo_peace.page_cache.keys import Key, Version
from missions.made_from import made_from
from missions.models import KINDS

Mark = Version | str
OF_RECORDS = {f"{kind}-{page}": kind for kind in KINDS for page in ("detail", "figures", "fact")}


def mark_of(version: Version, key: Key) -> Mark:
    """The mark of a page asked for at this version. May raise one of NO_DATABASE."""
    _, _, path, query, _ = key
    record = None if query else _record_at(path)
    return (record and made_from(*record, version[0])) or version


@functools.lru_cache(maxsize=2000)
def _record_at(path: str) -> tuple[str, str] | None:
    """Kind and slug, where one of the record's own pages stands at this path."""
    try:
        found = resolve(path)
    except Resolver404:
        return None
    kind = OF_RECORDS.get(found.view_name)
    return (kind, found.kwargs["slug"]) if kind else None
