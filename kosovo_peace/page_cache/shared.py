"""Pages in a store that processes and machines share (CACHE_URL), and who of them is making one.

Without such a store, and while it does not answer, nothing is found and nobody is making anything: each process
goes on by itself.
"""

from __future__ import annotations

import secrets
from typing import Any

from django.conf import settings
from django.core.cache import caches

from kosovo_peace.page_cache.keys import Key, Version, name_of
from kosovo_peace.page_cache.lasting import still_good
from kosovo_peace.page_cache.pages import Page

KEPT_FOR = 24 * 3600  # seconds
MAKING_FOR = 20.0  # seconds after which one who is still making a page counts as gone


def get(version: Version, key: Key) -> Page | None:
    kept: Any = caches["pages"].get(_page(key)) if settings.PAGE_CACHE_SHARED else None
    return Page(*kept[1:]) if kept and still_good(key, kept[0], version) else None


def put(version: Version, key: Key, page: Page) -> None:
    """In the place of the page of an older version: however often something is published, the store does not grow."""
    if settings.PAGE_CACHE_SHARED:
        caches["pages"].set(_page(key), (version, page.status, page.headers, page.bodies), KEPT_FOR)


def begin(version: Version, key: Key) -> str | None:
    """A token with which to `end`, for the one who is to make this page; None while another is making it."""
    store: Any = caches["pages"]
    token = secrets.token_hex(8)
    if not settings.PAGE_CACHE_SHARED or store.add(_making(version, key), token, MAKING_FOR):
        return token
    return token if getattr(store, "is_away", False) else None


def is_being_made(version: Version, key: Key) -> bool:
    return caches["pages"].get(_making(version, key)) is not None


def end(version: Version, key: Key, token: str) -> None:
    """Whoever began has made the page, or cannot. Another who has begun meanwhile is left at it."""
    if settings.PAGE_CACHE_SHARED and caches["pages"].get(_making(version, key)) == token:
        caches["pages"].delete(_making(version, key))


def _page(key: Key) -> str:
    return f"page:{name_of(key)}"


def _making(version: Version, key: Key) -> str:
    return f"making:{name_of(version, key)}"
