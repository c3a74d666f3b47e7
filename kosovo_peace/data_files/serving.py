"""Gives out a file from disk as HTTP means it: piece by piece, in ranges, and not again to those who have it."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator
from pathlib import Path

from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.utils.cache import get_conditional_response
from django.utils.http import http_date, parse_http_date_safe

from kosovo_peace.page_cache import CACHE_CONTROL
from missions.dataset import DataFile

BLOCK = 128 * 1024
RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})", re.ASCII)


class NoSuchPart(Exception):
    """The part asked for lies outside the file."""


def give(request: HttpRequest, path: Path, file: DataFile, at: datetime.datetime) -> HttpResponseBase:
    """The file, or the part of it asked for; `at` is of the last change in it. Raises FileNotFoundError."""
    size = path.stat().st_size
    etag, modified = f'"{file.sha256}"', int(at.timestamp())
    found = HttpResponse(headers={
        "Content-Type": file.media_type,
        "ETag": etag,
        "Last-Modified": http_date(modified),
        "Accept-Ranges": "bytes",
        "Cache-Control": CACHE_CONTROL,
        "Content-Disposition": f'attachment; filename="{file.name}"',
        "Access-Control-Allow-Origin": "*",
    })  # fmt: skip
    unneeded = get_conditional_response(request, etag, modified, found)
    if unneeded is not None and unneeded is not found:  # 304 or 412
        return unneeded
    try:
        part = _part_asked_for(request, size, etag, modified)
    except NoSuchPart:
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{size}"})
    first, last = part or (0, size - 1)
    response: HttpResponseBase = found
    if request.method != "HEAD":
        response = StreamingHttpResponse(_blocks(path, first, last + 1 - first), headers=found.headers)
    if part:
        response.status_code = 206
        response.headers["Content-Range"] = f"bytes {first}-{last}/{size}"
    response.headers["Content-Length"] = str(last + 1 - first)
    return response


def _part_asked_for(request: HttpRequest, size: int, etag: str, modified: int) -> tuple[int, int] | None:
    """First and last byte of the one part asked for; None for the whole file. Raises NoSuchPart.

    Several parts at once, and what is no range, are answered with the whole, as HTTP allows.
    """
    asked = RANGE.fullmatch(request.headers.get("range", "").replace(" ", ""))
    unchanged = request.headers.get("if-range", etag)
    if not asked or request.method != "GET" or (unchanged != etag and parse_http_date_safe(unchanged) != modified):
        return None
    begin, end = asked.groups()
    if begin and end and int(begin) > int(end):
        return None
    if not begin and not end:
        return None
    first, last = (int(begin), int(end or size - 1)) if begin else (max(0, size - int(end)), size - 1)
    if first >= size:
        raise NoSuchPart
    return first, min(last, size - 1)


def _blocks(path: Path, first: int, length: int) -> Iterator[bytes]:
    with path.open("rb") as file:
        file.seek(first)
        while length and (block := file.read(min(BLOCK, length))):
            length -= len(block)
            yield block
