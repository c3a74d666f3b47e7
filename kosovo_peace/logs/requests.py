"""A line for each request, and the number under which its other lines are found.

The line has the method, the path without its query, the name of the address, the status and the time it took: no
network address, cookie, query or browser.
"""

from __future__ import annotations

import logging
import re
import secrets
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase

from editorial.limits import is_trusted_proxy
from kosovo_peace.logs.formats import request_id

logger = logging.getLogger(__name__)

HEADER = "X-Request-ID"
_GIVEN = re.compile(r"[A-Za-z0-9_-]{8,64}", re.ASCII)
# Asked every few seconds by monitors and proxies.
NO_NEWS = {"/livez", "/healthz"}

Handler = Callable[[HttpRequest], HttpResponseBase]


def log_requests(get_response: Handler) -> Handler:
    """Number each request, tell the number in X-Request-ID, and write its line."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        began = time.perf_counter()
        token = request_id.set(number_of(request.META))
        try:
            response = get_response(request)
            response.headers[HEADER] = request_id.get()
            note(request.META, response.status_code, began, route=_route(request))
        finally:
            request_id.reset(token)
        return response

    return middleware


@contextmanager
def noted(environ: dict[str, Any], status: int, began: float) -> Iterator[str]:
    """The same for what no middleware sees; gives the number."""
    token = request_id.set(number_of(environ))
    try:
        yield request_id.get()
        note(environ, status, began)
    finally:
        request_id.reset(token)


def number_of(environ: dict[str, Any]) -> str:
    """The number a trusted proxy gave the request; otherwise one of our own."""
    given = environ.get("HTTP_X_REQUEST_ID", "")
    if given and _GIVEN.fullmatch(given) and is_trusted_proxy(environ.get("REMOTE_ADDR", "")):
        return str(given)
    return secrets.token_hex(8)


def note(environ: dict[str, Any], status: int, began: float, *, route: str | None = None) -> None:
    """Write the line of a request; none for what monitors ask while all is well."""
    path = environ.get("PATH_INFO", "")
    if not settings.LOG_REQUESTS or (path in NO_NEWS and status == 200):
        return
    logger.log(
        logging.INFO if status < 500 else logging.WARNING,
        "Request answered.",
        extra={
            "method": environ.get("REQUEST_METHOD", "")[:20],
            "path": path.encode("latin-1", "replace").decode("utf-8", "replace"),
            "route": route,
            "status": status,
            "ms": round((time.perf_counter() - began) * 1000, 1),
        },
    )


def _route(request: HttpRequest) -> str | None:
    """The name of the address; none where a kept page was the answer, or nothing is there."""
    match = request.resolver_match
    return match.view_name if match else None
