"""What was answered from a kept page is answered again before Django begins.

A kept page is the same for all, and so is the whole answer with the headers that each middleware added: it is kept
with the page, and the next request for it costs neither a request object nor the middleware. A request of which a
middleware might want to know more (a cookie, the page of another site that asks, what a proxy says of a reader, a body)
goes the long way, and so does the first one in each second, which asks for the serial.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from django.http import HttpResponseBase
from django.utils import timezone

from kosovo_peace.logs.requests import HEADER, noted
from kosovo_peace.middleware import SAID_BY_PROXIES
from kosovo_peace.page_cache.keys import key_of
from kosovo_peace.page_cache.memory import memory
from kosovo_peace.page_cache.pages import FROM, Answered, accepted_encoding, matches
from kosovo_peace.page_cache.serial import serial_memory

OF_THE_ASKER = ("HTTP_COOKIE", "HTTP_ORIGIN", *SAID_BY_PROXIES)
Start = Callable[[str, list[tuple[str, str]]], Any]


def answer_again(environ: dict[str, Any], start_response: Start) -> list[bytes] | None:
    """The body, once the answer has begun; None where it is for Django to answer. Asks no database."""
    began = time.perf_counter()
    answered = _find(environ)
    if answered is None:
        return None
    with noted(environ, answered.status, began) as number:
        start_response(answered.line, [*answered.headers, (HEADER, number)])
    return [b"" if environ["REQUEST_METHOD"] == "HEAD" else answered.body]


def remember(environ: dict[str, Any], response: HttpResponseBase) -> None:
    """Keep the answer that Django has given, if it came from a kept page and says nothing of the asker."""
    if FROM not in environ or environ["REQUEST_METHOD"] != "GET" or _says_something_of_the_asker(environ):
        return
    page, version, encoding = environ[FROM]
    headers = [(name, value) for name, value in response.items() if name != HEADER]
    page.answered[encoding, response.status_code] = Answered(
        version,
        response.status_code,
        f"{response.status_code} {response.reason_phrase}",
        response.get("ETag", ""),
        headers,
        b"" if response.status_code == 304 else page.body(encoding)[1],
    )


def _find(environ: dict[str, Any]) -> Answered | None:
    serial = serial_memory.remembered()
    path = environ.get("PATH_INFO", "")
    if serial is None or not path.isascii() or _says_something_of_the_asker(environ):
        return None
    key = key_of(environ["REQUEST_METHOD"], environ["wsgi.url_scheme"], path, environ)
    if key is None:
        return None
    version = serial, timezone.localdate()
    page = memory.at_hand(version, key)
    if page is None:
        return None
    encoding = accepted_encoding(environ.get("HTTP_ACCEPT_ENCODING", ""))
    known = environ.get("HTTP_IF_NONE_MATCH", "")
    answered = page.answered.get((encoding, page.status))
    if answered is not None and matches(known, answered.etag):
        answered = page.answered.get((encoding, 304))
    return answered if answered is not None and answered.version == version else None


def _says_something_of_the_asker(environ: dict[str, Any]) -> bool:
    return any(name in environ for name in OF_THE_ASKER)
