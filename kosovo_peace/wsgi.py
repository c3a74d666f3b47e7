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
from django.db import DatabaseError, InterfaceError  # noqa: E402

from kosovo_peace.accounts.sessions import is_logged_in  # noqa: E402
from kosovo_peace.middleware import REFUSAL, Refusal  # noqa: E402
from kosovo_peace.page_cache.again import answer_again, remember  # noqa: E402

# A thread that reads a body waits for a sender as slow as it likes; half of them stay for readers.
bodies = threading.BoundedSemaphore(max(1, settings.WEB_THREADS // 2))
PATIENCE = 0.2  # seconds; bodies that have arrived are read in far less, so hundreds at once find their turn
LARGE = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
EDITORS = "/admin/"  # who alone send anything large
MOST = 100 * 1024 * 1024  # bytes: some pictures in one form; more is nobody's form
PIECE = 256 * 1024
BUSY = Refusal(503, "Too many forms are being sent at this moment. Please send yours again.", retry_after=5)
TOO_LARGE = Refusal(413, "This is more than can be sent in one form. Nothing was done.")
NOT_LOGGED_IN = Refusal(
    403,
    "Nothing was done: you are not logged in any more, and forms as large as this are taken from editors alone. "
    "Log in in another tab, then go back to the form and send it again.",
)
NO_LENGTH = Refusal(411, "The sender did not say how long this is. Nothing was done.")
NO_DATABASE = Refusal(503, "This cannot be taken at the moment. Please send it again in a minute.", retry_after=30)
CUT_OFF = Refusal(400, "Only a part of what was sent has arrived, and nothing was done. Please send it again.")


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """Django's application; requests with a body are answered 503 while too many others are being read.

    A body is read before Django begins, into a file where it is large: what Django then does holds up
    nobody else's, and one that breaks off, as when the sender's connection does, is not taken for the whole.
    What is not read is a Refusal, which the site answers like everything else.
    """
    _forget_charset(environ)
    if "HTTP_TRANSFER_ENCODING" in environ:
        return _refuse(environ, start_response, NO_LENGTH)
    length = environ.get("CONTENT_LENGTH", "")
    if length in ("", "0") or not (length.isascii() and length.isdigit()):  # nonsense is a length of nothing
        again = answer_again(environ, start_response)
        return _answer(environ, start_response) if again is None else again
    size = int(length[:15])
    if size > LARGE and (refusal := _refusal_of_large(environ, size)):
        return _refuse(environ, start_response, refusal)
    if not bodies.acquire(timeout=PATIENCE):
        return _refuse(environ, start_response, BUSY)
    try:
        body: IO[bytes] = io.BytesIO() if size <= LARGE else tempfile.TemporaryFile()  # noqa: SIM115  closed below
        is_whole = _read_into(body, environ["wsgi.input"], size)
    finally:
        bodies.release()
    with body:
        if not is_whole:
            return _refuse(environ, start_response, CUT_OFF)
        environ["wsgi.input"] = body
        return _answer(environ, start_response)


def _refusal_of_large(environ: dict[str, Any], size: int) -> Refusal | None:
    """Why this much is not read, if it is not: it fills the disk, so that only who has logged in may send it."""
    if size > MOST or not environ.get("PATH_INFO", "").startswith(EDITORS):
        return TOO_LARGE
    try:
        return None if is_logged_in(environ.get("HTTP_COOKIE", "")) else NOT_LOGGED_IN
    except (DatabaseError, InterfaceError):
        return NO_DATABASE


def _read_into(body: IO[bytes], sent: Any, size: int) -> bool:
    """Whether all that was to be sent has arrived and stands in `body` now, ready to be read."""
    left = size
    while left and (piece := sent.read(min(left, PIECE))):
        body.write(piece)
        left -= len(piece)
    body.seek(0)
    return not left


def _refuse(environ: dict[str, Any], start_response: Callable[..., Any], why: Refusal) -> Iterable[bytes]:
    environ |= {REFUSAL: why, "wsgi.input": io.BytesIO(), "CONTENT_LENGTH": "0"}
    return _answer(environ, start_response)


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
    remember(environ, response)
    body = [response.content]  # in one piece, which the server sends without holding a thread
    response.close()
    return body
