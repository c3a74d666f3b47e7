"""What tells one page from another, and which addresses are kept at all."""

from __future__ import annotations

import datetime
import functools
import hashlib
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl, urlencode

from django.conf import settings
from django.urls import Resolver404, resolve

from kosovo_peace.about import PAGES as ABOUT
from kosovo_peace.middleware import bad_query
from missions.filters import FILTERS
from sources.filters import SourceFilter

Version = tuple[int, datetime.date]  # the serial, and the site's day
Key = tuple[str, ...]  # scheme, host, path, query, what is accepted

LONGEST_ADDRESS = 2000  # longer ones are answered, but not kept

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
        "organisation-list": KEYED,
        "organisation-detail": NUMBERED,
        "disagreement-list": NUMBERED,
        "source-list": {*SourceFilter.base_filters, *KEYED},
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


def key_of(method: str | None, scheme: str | None, path: str, meta: Mapping[str, Any]) -> Key | None:
    """What tells the page asked for from others; None for what is not kept. `meta` is the WSGI environment."""
    if (
        method not in ("GET", "HEAD")
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
    return scheme or "", meta.get("HTTP_HOST", "").lower(), path, query, accept


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


def etag_of(version: Version, key: Key) -> str:
    """Weak: the same page, whichever way it is compressed."""
    serial, day = version
    named = repr((release(), day.toordinal(), key)).encode()
    return f'W/"{serial}-{hashlib.blake2s(named, digest_size=10).hexdigest()}"'


def name_of(*what: object) -> str:
    """What something of this release is called in a store that processes share."""
    return hashlib.sha256(repr((release(), *what)).encode()).hexdigest()


@functools.cache
def release() -> str:
    """A digest of code, templates and styles: pages of another release are not this one's."""
    digest = hashlib.blake2s(f"{settings.SITE_URL} {settings.SITE_NAME}".encode())  # a demonstration has its own
    root = settings.BASE_DIR
    for folder in ("editorial", "sources", "missions", "kosovo_peace", "templates", "static"):
        for path in sorted((root / folder).rglob("*")):
            if path.suffix in (".py", ".html", ".css", ".js", ".svg"):
                digest.update(str(path.relative_to(root)).encode() + path.read_bytes())
    return digest.hexdigest()
