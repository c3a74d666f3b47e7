"""One page at one version is made once, however many want it at that moment.

Of the threads of a process one goes on, the others wait for it. Of the processes that share a store one goes on too:
it says so there, for as long as a page can take, so that nobody waits for a process that has died over it.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from kosovo_peace.page_cache import shared
from kosovo_peace.page_cache.keys import Key, Version
from kosovo_peace.page_cache.memory import memory
from kosovo_peace.page_cache.pages import Page

WAIT = 20.0  # seconds for a page that another is making
OFTEN = 0.03  # seconds between two looks at what another process has done


class Turns:
    """Who of this process's threads is making which page."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._made: dict[tuple[Version, Key], threading.Event] = {}

    @contextmanager
    def __call__(self, version: Version, key: Key) -> Iterator[Page | None]:
        """The page, if another has made it meanwhile; None for the one whose turn it is.

        After a while, and where the other's answer could not be kept, it is everybody's turn.
        """
        with self._lock:
            made = self._made.get((version, key))
            if first := made is None:
                made = self._made[version, key] = threading.Event()
        if not first:
            made.wait(WAIT)
            yield memory.get(version, key)
            return
        try:
            with _among_processes(version, key) as page:
                yield page
        finally:
            with self._lock:
                del self._made[version, key]
            made.set()


@contextmanager
def _among_processes(version: Version, key: Key) -> Iterator[Page | None]:
    page = memory.get(version, key) or shared.get(version, key)
    if page is not None:
        yield page
        return
    token = shared.begin(version, key)
    if token is None:
        yield _wait_for_another(version, key)
        return
    try:
        yield None
    finally:
        shared.end(version, key, token)


def _wait_for_another(version: Version, key: Key) -> Page | None:
    until = time.monotonic() + WAIT
    while time.monotonic() < until and shared.is_being_made(version, key):
        time.sleep(OFTEN)
        if page := shared.get(version, key):
            return page
    return shared.get(version, key)


turns = Turns()
