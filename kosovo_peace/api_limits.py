"""How often one reader may have answers of the API made; those from the page cache are free.

A token bucket for each network address, kept as a keyed hash: full it allows a minute's worth at once,
and it fills up evenly. With CACHE_URL all processes share one count; otherwise each has its own buckets
and its share of the limit. Nothing is written to the database (docs/decisions/0015). What readers send
has a limit of its own, in editorial/limits.py.
"""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from typing import Any

from django.conf import settings
from django.core.cache import caches
from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

from editorial import limits

MINUTE = 60.0
REMEMBERED = 20_000  # addresses
WHOLE_LIST = 30  # tokens for a list as a file: about as much work as so many pages
clock = time.monotonic


class Buckets:
    """What each address may still ask for in this process; those that asked longest ago are forgotten first."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()  # tokens, and when that was

    def forget(self) -> None:
        with self._lock:
            self._left.clear()

    def wait(self, address: str, limit: float, cost: int = 1) -> float:
        """Take so many tokens of `limit` a minute; 0, or in how many seconds there will be as many."""
        now, needed = clock(), min(limit, cost)
        with self._lock:
            tokens, at = self._left.pop(address, (limit, now))
            tokens = min(limit, tokens + (now - at) * limit / MINUTE)
            taken = tokens >= needed
            self._left[address] = (tokens - needed if taken else tokens, now)
            while len(self._left) > REMEMBERED:
                self._left.popitem(last=False)
        return 0.0 if taken else (needed - tokens) * MINUTE / limit


buckets = Buckets()


class ReadingThrottle(BaseThrottle):
    """Refuses an answer that would have to be made for an address that had its share."""

    seconds = 0.0

    def allow_request(self, request: Request, view: Any) -> bool:
        limit = settings.API_READS_PER_MINUTE
        if not limit or request.method not in SAFE_METHODS:
            return True
        address = limits.hashed(limits.client_address(request._request))
        cost = WHOLE_LIST if hasattr(request.accepted_renderer, "whole_list") else 1
        counted = _counted_by_all(address, cost) if settings.PAGE_CACHE_SHARED else 0
        if counted:
            self.seconds = MINUTE - time.time() % MINUTE if counted > limit else 0.0
        else:  # no shared store, or it is away
            self.seconds = buckets.wait(address, max(1.0, limit / settings.WEB_WORKERS), cost)
        return self.seconds <= 0

    def wait(self) -> float:
        """After how many seconds to ask again."""
        return self.seconds


def _counted_by_all(address: str, cost: int) -> int:
    """What all processes were asked for from there in this minute, this time included; 0 where nobody counts."""
    shared, key = caches["default"], f"reads:{int(time.time() // MINUTE)}:{address}"
    shared.add(key, 0, timeout=2 * MINUTE)
    try:
        return shared.incr(key, cost)
    except ValueError:
        return 0
