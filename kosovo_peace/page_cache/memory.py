"""The pages a process keeps for itself, in bounded memory."""

from __future__ import annotations

import threading
from collections import OrderedDict
from dataclasses import dataclass, field

from django.conf import settings

from kosovo_peace.page_cache.keys import Key, Version
from kosovo_peace.page_cache.lasting import record_at, still_good
from kosovo_peace.page_cache.pages import Page


@dataclass
class Kept:
    """A page, and the last version for which it is known to be good."""

    page: Page
    version: Version
    size: int


@dataclass
class PageMemory:
    """Pages of the version now public, and older ones that may still be good; least recently used going first."""

    version: Version | None = None
    size: int = 0
    pages: OrderedDict[Key, Kept] = field(default_factory=OrderedDict)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def get(self, version: Version, key: Key) -> Page | None:
        """The page, where it is good for this version."""
        with self.lock:
            kept = self.pages.get(key)
        if kept is None or not still_good(key, kept.version, version):
            return None
        with self.lock:
            kept.version = version
            if key in self.pages:
                self.pages.move_to_end(key)
        return kept.page

    def at_hand(self, version: Version, key: Key) -> Page | None:
        """The page, where it is known already that it is good for this version."""
        with self.lock:
            kept = self.pages.get(key)
            if kept is None or kept.version != version:
                return None
            self.pages.move_to_end(key)
            return kept.page

    def keep(self, version: Version, key: Key, page: Page) -> None:
        """Keep a page; those that were good for an older version alone go."""
        with self.lock:
            if self.version is None or version > self.version:
                for old in [key for key in self.pages if record_at(key) is None]:
                    self._drop(old)
                self.version = version
            elif version < self.version:
                return
            self._drop(key)
            self._add(key, Kept(page, version, page.size))

    def weigh(self, key: Key) -> None:
        """Count a page anew that has grown."""
        with self.lock:
            if kept := self.pages.get(key):
                self._drop(key)
                kept.size = kept.page.size
                self._add(key, kept)

    def clear(self) -> None:
        with self.lock:
            self.version, self.size = None, 0
            self.pages.clear()

    def _add(self, key: Key, kept: Kept) -> None:
        if kept.size > settings.PAGE_CACHE_BYTES // 8:
            return
        self.pages[key] = kept
        self.size += kept.size
        while self.size > settings.PAGE_CACHE_BYTES:
            self.size -= self.pages.popitem(last=False)[1].size

    def _drop(self, key: Key) -> None:
        if kept := self.pages.pop(key, None):
            self.size -= kept.size


memory = PageMemory()
