"""Whole public pages, kept until the serial moves.

First in the middleware: a page that is kept costs no session, no view and at most one query, for the
serial, which a worker remembers for a second. The serial and the day are in every key, so whatever
becomes public, or goes, makes all kept pages stale at once. Each process keeps its own pages,
compressed, in bounded memory; with CACHE_URL it shares them with the other machines as well.

A kept page must say nothing of the one who asked: what sets cookies, varies on them or forbids
storing is never kept, and requests with a session pass by. The view sees only the parameters that
are in the key (`KNOWN`), so no other can show in what is kept.
"""

from __future__ import annotations

import datetime
import functools
import gzip
import hashlib
import sys
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, urlencode

import brotli
from django.conf import settings
from django.core.cache import caches
from django.db import DatabaseError, InterfaceError
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseNotModified
from django.urls import Resolver404, resolve
from django.utils import timezone

from editorial.models import PublicSerial
from kosovo_peace.about import PAGES as ABOUT
from kosovo_peace.middleware import bad_query
from missions.filters import FILTERS
from sources.filters import SourceFilter

Handler = Callable[[HttpRequest], HttpResponseBase]

CACHE_CONTROL = "public, max-age=0, s-maxage=60, stale-while-revalidate=60, stale-if-error=3600"
REMEMBERED = 1.0  # seconds a process may go without asking for the serial
WITHOUT_DATABASE = 3600.0  # seconds kept pages may outlive a database that does not answer
LONGEST_ADDRESS = 2000  # longer ones are answered, but not kept
SHARED_FOR = 24 * 3600
WAIT = 10.0  # seconds for a page that another thread is making

# What is never kept: editors' pages, readers' own pages, files, what monitors ask.
PASSED_BY = (
    "/admin/", "/accounts/", "/preview/", "/corrections/new/", "/corrections/mine/", "/static/", "/pictures/",
    "/data/", "/livez", "/healthz",
)  # fmt: skip
# Nor the list of reports: they come in without the serial moving. What is decided on them moves it.
LEDGER = "/corrections/"
# The API refuses parameters it does not know, so all it answers with 200 are known.
API = "/api/"

NUMBERED = {"page"}
KEYED = {"page", "beyond"}


def _known_parameters() -> dict[str, set[str]]:
    """The parameters each address knows, by its name.

    Others are left out of the key and never reach the view. An address that is not named here is
    kept only when it is asked for without parameters.
    """
    known: dict[str, set[str]] = {
        "organisation-list": NUMBERED,
        "organisation-detail": NUMBERED,
        "disagreement-list": NUMBERED,
        "source-list": {*SourceFilter.base_filters, *NUMBERED},
        "source-detail": NUMBERED,
        "source-cite": set(),
        "changes": NUMBERED,
        "mission-compare": {"m"},
        "changed": {"address", "edition", "on"},
        "search": {"q", "kind", "theme", "from", "to", *NUMBERED},
    }
    known["sitemap"] = known["sitemap-part"] = {"p"}
    for name in ("home", "about", "definitions", "changes-feed", "correction-detail", "corrections-feed", "robots"):
        known[name] = set()
    for page in ABOUT:
        known[f"about-{page}"] = set()
    for kind, filters in FILTERS.items():
        known[f"{kind}-list"] = {*filters.base_filters, *KEYED}
        known[f"{kind}-detail"] = {"on"}
        known[f"{kind}-figures"] = {"measure", "country", "year", *KEYED}
        known[f"{kind}-fact"] = known[f"{kind}-fact-cite"] = {"edition"}
        for page in ("editions", "edition", "edition-json", "edition-cite", "difference", "cite"):
            known[f"{kind}-{page}"] = set()
    return known


KNOWN = _known_parameters()

NO_DATABASE = (DatabaseError, InterfaceError)
clock = time.monotonic


# The serial


class SerialMemory:
    """The serial as this process knows it, at most a second old; it never goes back."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.forget()

    def forget(self) -> None:
        self._value = -1
        self._asked_at = self._read_at = float("-inf")

    def now(self) -> int:
        """Raises one of NO_DATABASE when it does not answer and has not for too long."""
        if clock() - self._asked_at < REMEMBERED:
            return self._value
        with self._lock:
            asked_at = clock()
            if asked_at - self._asked_at < REMEMBERED:
                return self._value
            try:
                self._value = max(self._value, PublicSerial.now())
                self._read_at = asked_at
            except NO_DATABASE:
                if self._value < 0 or asked_at - self._read_at > WITHOUT_DATABASE:
                    raise
            self._asked_at = asked_at
            return self._value


# Pages in memory


@dataclass
class Page:
    """A response as it is kept: `bodies` by content encoding, "" being none."""

    status: int
    headers: list[tuple[str, str]]  # Cache-Control first
    bodies: dict[str, bytes]

    def body(self, encoding: str) -> tuple[str, bytes]:
        """The body as asked for, made from what is there if need be, and the encoding it then has."""
        if "br" not in self.bodies:  # pictures and the like are not compressed
            return "", self.bodies[""]
        if encoding not in self.bodies:
            plain = brotli.decompress(self.bodies["br"])
            self.bodies[encoding] = gzip.compress(plain, 6, mtime=0) if encoding else plain
        return encoding, self.bodies[encoding]

    @property
    def size(self) -> int:
        headers = sum(len(name) + len(value) + 200 for name, value in self.headers)
        return headers + 500 + sum(map(len, self.bodies.values()))


Version = tuple[int, datetime.date]
Key = tuple[str, ...]


@dataclass
class PageMemory:
    """The pages of one version (serial and day), least recently used going first."""

    version: Version | None = None
    size: int = 0
    pages: OrderedDict[Key, tuple[Page, int]] = field(default_factory=OrderedDict)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def get(self, version: Version, key: Key) -> Page | None:
        with self.lock:
            if version != self.version or key not in self.pages:
                return None
            self.pages.move_to_end(key)
            return self.pages[key][0]

    def keep(self, version: Version, key: Key, page: Page) -> None:
        """Keep a page, or count it anew when it has grown; pages of an older version all go."""
        with self.lock:
            if self.version is None or version > self.version:
                self.version, self.size = version, 0
                self.pages.clear()
            elif version < self.version:
                return
            if key in self.pages:
                self.size -= self.pages.pop(key)[1]
            size = page.size
            if size > settings.PAGE_CACHE_BYTES // 8:
                return
            self.pages[key] = (page, size)
            self.size += size
            while self.size > settings.PAGE_CACHE_BYTES:
                self.size -= self.pages.popitem(last=False)[1][1]

    def clear(self) -> None:
        with self.lock:
            self.version, self.size = None, 0
            self.pages.clear()


serial_memory = SerialMemory()
memory = PageMemory()


class BeingMade:
    """Lets one thread make a page while those who want the same one wait for it, for a while."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._made: dict[tuple[Version, Key], threading.Event] = {}

    @contextmanager
    def __call__(self, version: Version, key: Key) -> Iterator[None]:
        with self._lock:
            made = self._made.get((version, key))
            if first := made is None:
                made = self._made[version, key] = threading.Event()
        if not first:
            made.wait(WAIT)
            yield
            return
        try:
            yield
        finally:
            with self._lock:
                del self._made[version, key]
            made.set()


being_made = BeingMade()


# The middleware


def keep_pages(get_response: Handler) -> Handler:
    """Answer from what is kept; otherwise let the view answer, and keep that if it may be kept."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        if "cookie" in request.headers and settings.SESSION_COOKIE_NAME in request.COOKIES:
            response = get_response(request)
            response.headers.setdefault("Cache-Control", "private")
            return response
        key = _key(request)
        if key is None:
            return get_response(request)
        try:
            version = (serial_memory.now(), timezone.localdate())
        except NO_DATABASE:
            return get_response(request)
        encoding = _accepted(request.headers.get("accept-encoding", ""))
        page = memory.get(version, key)
        if page is None:
            with being_made(version, key):
                page = memory.get(version, key) or _from_shared_store(version, key)
                if page is None:
                    response = _ask(get_response, request, key)
                    page = _page(request, response)
                    if page is None:
                        return response
                    memory.keep(version, key, page)
                    _to_shared_store(version, key, page)
        return _answer(request, page, encoding, version, key)

    return middleware


def _key(request: HttpRequest) -> Key | None:
    """What tells one page from another; None for what is not kept."""
    meta = request.META
    path = request.path_info
    if (
        request.method not in ("GET", "HEAD")
        or not settings.PAGE_CACHE
        or path == LEDGER
        or path.startswith(PASSED_BY)
        or len(path) > LONGEST_ADDRESS
    ):
        return None
    query = _normalised(path, meta.get("QUERY_STRING", ""))
    if query is None:
        return None
    accept = meta.get("HTTP_ACCEPT", "") if path.startswith(API) else ""
    if len(accept) > 300:
        return None
    return request.scheme or "", meta.get("HTTP_HOST", "").lower(), path, query, accept


@functools.lru_cache(maxsize=500)
def _normalised(path: str, query: str) -> str | None:
    """The known parameters in a fixed order; None for a query with which nothing is kept."""
    if not query:
        return ""
    if len(query) > LONGEST_ADDRESS or bad_query(query):
        return None
    if path.startswith(API):
        pairs = parse_qsl(query, keep_blank_values=True)
    else:
        try:
            known = KNOWN.get(resolve(path).url_name or "")
        except Resolver404:
            return None
        if known is None:
            return None
        pairs = [(name, value) for name, value in parse_qsl(query) if name in known]
    return urlencode(sorted(pairs, key=lambda pair: pair[0]))


def _ask(get_response: Handler, request: HttpRequest, key: Key) -> HttpResponseBase:
    """The view's answer to what is in the key, and to nothing else. A HEAD is asked like a GET."""
    method = request.method
    request.META["QUERY_STRING"] = key[3]
    request.method = request.META["REQUEST_METHOD"] = "GET"
    response = get_response(request)
    request.method = request.META["REQUEST_METHOD"] = method
    return response


def _page(request: HttpRequest, response: HttpResponseBase) -> Page | None:
    """The response as it can be kept, or None."""
    control = response.get("Cache-Control", CACHE_CONTROL)
    varies = {name.strip().lower() for name in response.get("Vary", "").split(",")} - {""}
    if (
        not isinstance(response, HttpResponse)
        or response.status_code not in (200, 301)
        or request.resolver_match is None
        or response.cookies
        or any(word in control for word in ("no-store", "no-cache", "private"))
        or not varies <= {"accept", "accept-encoding", "origin"}
        or "Content-Encoding" in response
    ):
        return None
    headers = [("Cache-Control", control)]
    for name, value in response.items():
        if name.lower() not in ("cache-control", "vary", "etag", "content-length"):
            headers.append((sys.intern(name), sys.intern(value)))
    content = response.content
    if _compressible(response.get("Content-Type", "")) and len(content) > 200:
        return Page(response.status_code, headers, {"br": brotli.compress(content, quality=5)})
    return Page(response.status_code, headers, {"": content})


def _compressible(content_type: str) -> bool:
    return content_type.startswith("text/") or any(
        word in content_type for word in ("json", "xml", "yaml", "bibtex", "research-info")
    )


def _answer(request: HttpRequest, page: Page, encoding: str, version: Version, key: Key) -> HttpResponseBase:
    response: HttpResponseBase
    etag = _etag(version, key)
    if page.status == 200 and _matches(request.headers.get("if-none-match", ""), etag):
        response = HttpResponseNotModified()
        response.headers["Cache-Control"] = page.headers[0][1]
    else:
        known = encoding in page.bodies
        actual, body = page.body(encoding)
        if not known and actual == encoding:
            memory.keep(version, key, page)
        response = HttpResponse(b"" if request.method == "HEAD" else body, status=page.status)
        for name, value in page.headers:
            response.headers[name] = value
        response.headers["Content-Length"] = str(len(body))
        if actual:
            response.headers["Content-Encoding"] = actual
    if page.status == 200:
        response.headers["ETag"] = etag
    response.headers["Vary"] = "Accept-Encoding, Accept" if key[2].startswith(API) else "Accept-Encoding"
    return response


def _etag(version: Version, key: Key) -> str:
    """Weak: the same page, whichever way it is compressed."""
    serial, day = version
    named = repr((_release(), day.toordinal(), key)).encode()
    return f'W/"{serial}-{hashlib.blake2s(named, digest_size=10).hexdigest()}"'


def _matches(if_none_match: str, etag: str) -> bool:
    if not if_none_match:
        return False
    opaque = etag.removeprefix("W/")
    return any(tag.strip().removeprefix("W/") == opaque for tag in if_none_match.split(","))


@functools.lru_cache(maxsize=200)
def _accepted(header: str) -> str:
    """The best of our encodings that a browser accepts; "" for none."""
    accepted = set()
    for entry in header.lower().split(","):
        name, _, parameters = entry.partition(";")
        if parameters.replace(" ", "") not in ("q=0", "q=0.0", "q=0.00", "q=0.000"):
            accepted.add(name.strip())
    return next((encoding for encoding in ("br", "gzip") if encoding in accepted), "")


@functools.cache
def _release() -> str:
    """A digest of code, templates and styles: pages of another release are not this one's."""
    digest = hashlib.blake2s(f"{settings.SITE_URL} {settings.SITE_NAME}".encode())  # a demonstration has its own
    root = settings.BASE_DIR
    for folder in ("editorial", "sources", "missions", "kosovo_peace", "templates", "static"):
        for path in sorted((root / folder).rglob("*")):
            if path.suffix in (".py", ".html", ".css", ".js", ".svg"):
                digest.update(str(path.relative_to(root)).encode() + path.read_bytes())
    return digest.hexdigest()


# Pages several machines share


def _shared_key(version: Version, key: Key) -> str:
    return "page:" + hashlib.sha256(repr((_release(), version, key)).encode()).hexdigest()


def _from_shared_store(version: Version, key: Key) -> Page | None:
    if not settings.PAGE_CACHE_SHARED:
        return None
    kept: Any = caches["pages"].get(_shared_key(version, key))
    if kept is None:
        return None
    page = Page(*kept)
    memory.keep(version, key, page)
    return page


def _to_shared_store(version: Version, key: Key, page: Page) -> None:
    if settings.PAGE_CACHE_SHARED:
        kept = (page.status, page.headers, page.bodies)
        caches["pages"].set(_shared_key(version, key), kept, SHARED_FOR)
