"""How often one reader may have an answer made that costs much; answers from the page cache are free.

A token bucket for each network address, kept as a keyed hash: full it allows a minute's worth at once,
and it fills up evenly. With CACHE_URL all processes share one count; otherwise each has its own buckets
and its share of the limit. Nothing is written to the database (docs/decisions/0015). What readers send
has a limit of its own, in editorial/limits.py.
"""

from __future__ import annotations

import threading
import time
from collections import OrderedDict

from django.conf import settings
from django.core.cache import caches
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render

from editorial import limits
from kosovo_peace.middleware import Handler

MINUTE = 60.0
REMEMBERED = 20_000  # addresses
SEARCHED_WITH = "q"  # of the search page, and of lists
# What counts for itself, belongs to who has logged in or was given an address, or is a file.
UNCOUNTED = (
    "/api/", "/admin/", "/accounts/", "/static/", "/pictures/", "/data/", "/preview/", "/corrections/mine/",
    "/livez", "/healthz",
)  # fmt: skip
clock = time.monotonic


class Buckets:
    """What each address may still ask for in this process; those that asked longest ago are forgotten first."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()  # tokens, and when that was

    def forget(self) -> None:
        with self._lock:
            self._left.clear()

    def wait(self, who: str, limit: float, cost: int = 1) -> float:
        """Take so many tokens of `limit` a minute; 0, or in how many seconds there will be as many."""
        now, needed = clock(), min(limit, cost)
        with self._lock:
            tokens, at = self._left.pop(who, (limit, now))
            tokens = min(limit, tokens + (now - at) * limit / MINUTE)
            taken = tokens >= needed
            self._left[who] = (tokens - needed if taken else tokens, now)
            while len(self._left) > REMEMBERED:
                self._left.popitem(last=False)
        return 0.0 if taken else (needed - tokens) * MINUTE / limit


buckets = Buckets()


def seconds_to_wait(what: str, request: HttpRequest, *, limit: int, cost: int = 1) -> float:
    """Count one more `what` from where the request comes; 0, or after how many seconds to ask again."""
    who = f"{what}:{limits.hashed(limits.client_address(request))}"
    if counted := _counted_by_all(who, cost) if settings.PAGE_CACHE_SHARED else 0:
        return MINUTE - time.time() % MINUTE if counted > limit else 0.0
    # no shared store, or it is away
    return buckets.wait(who, max(1.0, limit / settings.WEB_WORKERS), cost)


def limit_reading(get_response: Handler) -> Handler:
    """Pages that must be made, and searches more strictly, behind the page cache. The API has its own limit."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        if request.method in ("GET", "HEAD") and not request.path_info.startswith(UNCOUNTED):
            is_search = bool(request.GET.get(SEARCHED_WITH, "").strip())
            what, limit = (
                ("searches", settings.SEARCHES_PER_MINUTE) if is_search else ("pages", settings.PAGES_PER_MINUTE)
            )
            if limit and (seconds := seconds_to_wait(what, request, limit=limit)) > 0:
                return _come_back(request, int(seconds) + 1)
        return get_response(request)

    return middleware


def _come_back(request: HttpRequest, seconds: int) -> HttpResponse:
    response = render(request, "429.html", {"seconds": seconds, "address": request.get_full_path()}, status=429)
    response["Retry-After"] = str(seconds)
    response["Cache-Control"] = "no-store"
    return response


def _counted_by_all(who: str, cost: int) -> int:
    """What all processes were asked for from there in this minute, this time included; 0 where nobody counts."""
    shared, key = caches["default"], f"reads:{int(time.time() // MINUTE)}:{who}"
    shared.add(key, 0, timeout=2 * MINUTE)
    try:
        return shared.incr(key, cost)
    except ValueError:
        return 0
