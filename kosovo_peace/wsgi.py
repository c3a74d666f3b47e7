"""The entry of web servers."""

from __future__ import annotations

import io
import os
import tempfile
import threading
from collections.abc import Callable, Iterable
from typing import IO, Any

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kosovo_peace.settings")
django_application = get_wsgi_application()

from django.conf import settings  # noqa: E402  once Django is set up

# A thread that reads a body waits for a sender as slow as it likes; half of them stay for readers.
bodies = threading.BoundedSemaphore(max(1, settings.WEB_THREADS // 2))
PATIENCE = 0.2  # seconds; bodies that have arrived are read in far less, so hundreds at once find their turn
LARGE = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
EDITORS = "/admin/"  # who alone send anything large
MOST = 100 * 1024 * 1024  # bytes: some pictures in one form; more is nobody's form
PIECE = 256 * 1024
BUSY = b"Too many forms are being sent at this moment. Please send yours again.\n"
TOO_LARGE = b"This is more than can be sent in one form. Nothing was done.\n"
CUT_OFF = b"Only a part of what was sent has arrived, and nothing was done. Please send it again.\n"


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """Django's application; requests with a body are answered 503 while too many others are being read.

    A body is read before Django begins, into a file where it is large: what Django then does holds up
    nobody else's, and one that breaks off, as when the sender's connection does, is not taken for the whole.
    """
    _forget_charset(environ)
    length = environ.get("CONTENT_LENGTH", "")
    if length in ("", "0") and "HTTP_TRANSFER_ENCODING" not in environ:
        return _answer(environ, start_response)
    size = int(length[:15]) if length.isascii() and length.isdigit() else None
    if size is not None and size > (MOST if environ.get("PATH_INFO", "").startswith(EDITORS) else LARGE):
        return _refuse(start_response, "413 Content Too Large", TOO_LARGE)
    if not bodies.acquire(timeout=PATIENCE):
        return _refuse(start_response, "503 Service Unavailable", BUSY, ("Retry-After", "5"))
    try:
        if size is None:
            return _answer(environ, start_response)
        body: IO[bytes] = io.BytesIO() if size <= LARGE else tempfile.TemporaryFile()  # noqa: SIM115  closed below
        is_whole = _read_into(body, environ["wsgi.input"], size)
    finally:
        bodies.release()
    with body:
        if not is_whole:
            return _refuse(start_response, "400 Bad Request", CUT_OFF)
        environ["wsgi.input"] = body
        return _answer(environ, start_response)


def _read_into(body: IO[bytes], sent: Any, size: int) -> bool:
    """Whether all that was to be sent has arrived and stands in `body` now, ready to be read."""
    left = size
    while left and (piece := sent.read(min(left, PIECE))):
        body.write(piece)
        left -= len(piece)
    body.seek(0)
    return not left


def _refuse(start_response: Callable[..., Any], status: str, why: bytes, *headers: tuple[str, str]) -> list[bytes]:
    start_response(status, [("Content-Type", "text/plain"), ("Content-Length", str(len(why))), *headers])
    return [why]


def _forget_charset(environ: dict[str, Any]) -> None:
    """What is sent here is UTF-8, whatever it is called.

    Django would read the query string in the charset the sender names: the page kept for an address
    could then be the answer to another question.
    """
    content_type = environ.get("CONTENT_TYPE", "")
    if "charset" in content_type.lower():
        parts = [part for part in content_type.split(";") if not part.strip().lower().startswith("charset")]
        environ["CONTENT_TYPE"] = ";".join(parts)


def _answer(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    response: Any = django_application(environ, start_response)
    if getattr(response, "streaming", False) and environ["REQUEST_METHOD"] == "HEAD":
        response.streaming_content = ()  # it would be made, and sent to nobody
    if getattr(response, "streaming", True):  # `make dev` serves static files by a wrapper of its own
        return response
    body = [response.content]  # in one piece, which the server sends without holding a thread
    response.close()
    return body
