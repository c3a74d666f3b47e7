"""Pages in a store that processes and machines share (CACHE_URL), and who of them is making one.

Without such a store, and while it does not answer, nothing is found and nobody is making anything: each process
goes on by itself.
"""

from __future__ import annotations

import secrets
from typing import Any

from django.conf import settings
from django.core.cache import caches

from kosovo_peace.page_cache.keys import Key, name_of
from kosovo_peace.page_cache.marks import Mark
from kosovo_peace.page_cache.pages import Page

KEPT_FOR = 24 * 3600  # seconds
MAKING_FOR = 20.0  # seconds after which one who is still making a page counts as gone


def get(mark: Mark, key: Key) -> Page | None:
    kept: Any = caches["pages"].get(_page(key)) if settings.PAGE_CACHE_SHARED else None
    return Page(*kept[1:]) if kept and kept[0] == mark else None


def put(mark: Mark, key: Key, page: Page) -> None:
    """In the place of the page with an older mark: however often something is published, the store does not grow."""
    if settings.PAGE_CACHE_SHARED:
        caches["pages"].set(_page(key), (mark, page.status, page.headers, page.bodies), KEPT_FOR)


def begin(mark: Mark, key: Key) -> str | None:
    """A token with which to `end`, for the one who is to make this page; None while another is making it."""
    store: Any = caches["pages"]
    token = secrets.token_hex(8)
    if not settings.PAGE_CACHE_SHARED or store.add(_making(mark, key), token, MAKING_FOR):
        return token
    return token if getattr(store, "is_away", False) else None


def is_being_made(mark: Mark, key: Key) -> bool:
    return caches["pages"].get(_making(mark, key)) is not None


def end(mark: Mark, key: Key, token: str) -> None:
    """Whoever began has made the page, or cannot. Another who has begun meanwhile is left at it."""
    if settings.PAGE_CACHE_SHARED and caches["pages"].get(_making(mark, key)) == token:
        caches["pages"].delete(_making(mark, key))


def _page(key: Key) -> str:
    return f"page:{name_of(key)}"


def _making(mark: Mark, key: Key) -> str:
    return f"making:{name_of(mark, key)}"
