"""A page as it is kept: from the answer of a view, and as the answer to a request."""

from __future__ import annotations

import functools
import gzip
import sys
from dataclasses import dataclass, field

import brotli
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseNotModified

from kosovo_peace.page_cache.keys import API, Key, Version

# For caches between the site and its readers; what stands before it in docker-compose.yml has rules of its own.
CACHE_CONTROL = "public, max-age=0, s-maxage=60, stale-while-revalidate=60, stale-if-error=3600"


# Bytes from which a tenth less to send is worth some 0.1 s of the processor, once for each time a page is made.
LARGE = 100_000
FROM = "kosovo_peace.page"  # in the environment of a request: the kept page, version and encoding of its answer


@dataclass(frozen=True)
class Answered:
    """A whole answer, but for the number of the request; good for one version."""

    version: Version
    status: int
    line: str
    etag: str
    headers: list[tuple[str, str]]
    body: bytes


@dataclass
class Page:
    """A response as it is kept: `bodies` by content encoding, "" being none."""

    status: int
    headers: list[tuple[str, str]]  # Cache-Control first
    bodies: dict[str, bytes]
    answered: dict[tuple[str, int], Answered] = field(default_factory=dict)  # by content encoding and status

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
        return headers + 3000 + sum(map(len, self.bodies.values()))


def page_from(request: HttpRequest, response: HttpResponseBase) -> Page | None:
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
        quality = 10 if len(content) > LARGE else 5
        return Page(response.status_code, headers, {"br": brotli.compress(content, quality=quality)})
    return Page(response.status_code, headers, {"": content})


def answer_with(page: Page, request: HttpRequest, key: Key, etag: str, encoding: str) -> HttpResponseBase:
    """The page in this encoding, or that the reader has it already."""
    response: HttpResponseBase
    if page.status == 200 and matches(request.headers.get("if-none-match", ""), etag):
        response = HttpResponseNotModified()
        response.headers["Cache-Control"] = page.headers[0][1]
    else:
        actual, body = page.body(encoding)
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


@functools.lru_cache(maxsize=200)
def accepted_encoding(header: str) -> str:
    """The best of our encodings that a browser accepts; "" for none."""
    accepted = set()
    for entry in header.lower().split(","):
        name, _, parameters = entry.partition(";")
        if parameters.replace(" ", "") not in ("q=0", "q=0.0", "q=0.00", "q=0.000"):
            accepted.add(name.strip())
    return next((encoding for encoding in ("br", "gzip") if encoding in accepted), "")


def _compressible(content_type: str) -> bool:
    return content_type.startswith("text/") or any(
        word in content_type for word in ("json", "xml", "yaml", "bibtex", "research-info")
    )


def matches(if_none_match: str, etag: str) -> bool:
    """Whether the reader says they have what this names."""
    if not if_none_match:
        return False
    opaque = etag.removeprefix("W/")
    return any(tag.strip().removeprefix("W/") == opaque for tag in if_none_match.split(","))
