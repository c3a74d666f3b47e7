"""Whole public pages, kept until the serial moves.

First in the middleware: a page that is kept costs no session, no view and at most one query, for the
serial, which a worker remembers for a second. The serial and the day are in every key, so whatever
becomes public, or goes, makes all kept pages stale at once, but for records' pages that it does not
touch. Each process keeps its own pages, compressed, in bounded memory; with
CACHE_URL it shares them with the other processes and machines as well.

A kept page must say nothing of the one who asked: what sets cookies, varies on them or forbids
storing is never kept, and requests with a session pass by. The view sees only the parameters that
are in the key, so no other can show in what is kept.

`serial` knows the serial, `keys` what tells one page from another, `lasting` how long one is good, `pages` what
is kept of one, `memory` and `shared` where, `making` that one page is made once; `middleware` puts it together, and
`again` goes before it.
"""

from __future__ import annotations

from kosovo_peace.page_cache.keys import KNOWN
from kosovo_peace.page_cache.memory import memory
from kosovo_peace.page_cache.middleware import keep_pages
from kosovo_peace.page_cache.pages import CACHE_CONTROL
from kosovo_peace.page_cache.serial import serial_memory
from missions.touched import touched

__all__ = ["CACHE_CONTROL", "KNOWN", "forget", "keep_pages", "memory", "serial_memory"]


def forget() -> None:
    """Forget what this process keeps; the store it shares stays."""
    memory.clear()
    serial_memory.forget()
    touched.forget()
