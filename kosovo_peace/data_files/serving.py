"""Gives out a file from disk as HTTP means it: piece by piece, in ranges, and not again to those who have it.

A small answer goes to the server in one piece, which it sends without holding a thread. A large one holds a thread for
as long as its reader takes: a quarter of the threads may do so, and the others stay for those who read pages.
"""

from __future__ import annotations

import datetime
import re
import threading
from pathlib import Path
from typing import Self

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.utils.cache import get_conditional_response
from django.utils.http import http_date, parse_http_date_safe

from kosovo_peace.page_cache import CACHE_CONTROL
from missions.dataset import DataFile

BLOCK = 128 * 1024
IN_ONE_PIECE = 1024 * 1024
RETRY_AFTER = "20"  # seconds
BUSY = "Too many large files are being downloaded at this moment. Please try again in a minute.\n"
RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})", re.ASCII)


being_sent = threading.BoundedSemaphore(max(1, settings.WEB_THREADS // 4))


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
    length = last + 1 - first
    response: HttpResponseBase = found
    if request.method != "HEAD":
        blocks = Blocks(path, first, length)
        if length <= IN_ONE_PIECE:
            found.content = b"".join(blocks)
        elif blocks.hold(being_sent):
            response = StreamingHttpResponse(blocks, headers=found.headers)
        else:
            blocks.close()
            return busy()
    if part:
        response.status_code = 206
        response.headers["Content-Range"] = f"bytes {first}-{last}/{size}"
    response.headers["Content-Length"] = str(length)
    return response


def busy(text: str = BUSY) -> HttpResponse:
    """503: what is asked for cannot be given at this moment, and can soon."""
    return HttpResponse(text, "text/plain; charset=utf-8", 503, headers={"Retry-After": RETRY_AFTER})


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


class Blocks:
    """A part of a file, block by block. What it holds is let go once: at the end, or when nobody reads on."""

    _held: threading.Semaphore | None = None

    def __init__(self, path: Path, first: int, length: int) -> None:
        self._left = length
        self._file = path.open("rb")
        self._file.seek(first)

    def hold(self, places: threading.Semaphore) -> bool:
        """Take a place until the end; whether there was one."""
        if places.acquire(blocking=False):
            self._held = places
        return self._held is not None

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> bytes:
        block = b"" if self._file.closed else self._file.read(min(BLOCK, self._left))
        if not block:
            self.close()
            raise StopIteration
        self._left -= len(block)
        return block

    def close(self) -> None:
        if not self._file.closed:
            self._file.close()
            if self._held:
                self._held.release()
