"""What is answered before anything else, and what is refused before it can do harm."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote_to_bytes

from django.conf import settings
from django.core.exceptions import BadRequest, MiddlewareNotUsed
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.urls import get_resolver

from editorial import limits

Handler = Callable[[HttpRequest], HttpResponseBase]

LONGEST_QUERY = 8192
# What a proxy says of the reader behind it; anybody can write it.
SAID_BY_PROXIES = ("HTTP_X_FORWARDED_FOR", "HTTP_X_FORWARDED_PROTO", "HTTP_X_FORWARDED_HOST", "HTTP_X_REQUEST_ID")
REFUSAL = "kosovo_peace.refusal"  # in the environment of a request: how `wsgi` wants it to be answered


@dataclass(frozen=True)
class Refusal:
    """Why a body was not read to its end: the status, a sentence for the sender, and when to come back."""

    status: int
    why: str
    retry_after: int = 0


def believe_proxies_alone(get_response: Handler) -> Handler:
    """What is said of a reader's address, scheme and request is forgotten, unless one of TRUSTED_PROXIES says it."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        meta = request.META
        if not limits.is_trusted_proxy(meta.get("REMOTE_ADDR", "")):
            for name in SAID_BY_PROXIES:
                meta.pop(name, None)
        return get_response(request)

    return middleware


def answer_refused(get_response: Handler) -> Handler:
    """Answer what `wsgi` has not read, in plain words and before anything that costs time."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        refusal: Refusal | None = request.META.get(REFUSAL)
        if refusal is None:
            return get_response(request)
        headers = {"Cache-Control": "no-store"} | (
            {"Retry-After": str(refusal.retry_after)} if refusal.retry_after else {}
        )
        return HttpResponse(f"{refusal.why}\n", "text/plain; charset=utf-8", refusal.status, headers=headers)

    return middleware


def answer_livez(get_response: Handler) -> Handler:
    """`/livez` says that the process answers: whatever the Host, without database or redirection."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        if request.path_info == "/livez":
            return HttpResponse("ok\n", content_type="text/plain", headers={"Cache-Control": "no-store"})
        return get_response(request)

    return middleware


def keep_demonstration_from_robots(get_response: Handler) -> Handler:
    """Nothing that a demonstration answers, page or file, is to be found by a search engine."""
    if not settings.DEMO:
        raise MiddlewareNotUsed

    def middleware(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        response.headers["X-Robots-Tag"] = "noindex, nofollow"
        return response

    return middleware


def refuse_bad_input(get_response: Handler) -> Handler:
    """Addresses that are no text are answered 400, which no database or template has to meet.

    A session cookie that no session can have is passed over.
    """

    def middleware(request: HttpRequest) -> HttpResponseBase:
        if "\0" in request.COOKIES.get(settings.SESSION_COOKIE_NAME, ""):  # in quotes a cookie can hold any character
            del request.COOKIES[settings.SESSION_COOKIE_NAME]
        problem = bad_query(request.META.get("QUERY_STRING", "")) or _bad_path(request.path_info)
        if not problem:
            return get_response(request)
        if request.path_info.startswith("/api/"):
            error = {"code": "bad_request", "detail": problem, "attr": None}
            return JsonResponse({"type": "client_error", "errors": [error]}, status=400)
        refusal: Any = get_resolver().resolve_error_handler(400)
        return refusal(request, exception=BadRequest(problem))

    return middleware


def bad_query(query: str) -> str:
    """What is wrong with a raw query string, in a sentence; nothing when all is well."""
    if not query:
        return ""
    if len(query) > LONGEST_QUERY:
        return f"The query is longer than {LONGEST_QUERY} characters."
    try:
        text = unquote_to_bytes(query.encode("latin-1")).decode()
    except UnicodeError:
        return "The query is not text in UTF-8."
    return "The query holds a NUL character." if "\0" in text else ""


def _bad_path(path: str) -> str:
    if "\0" in path:
        return "The address holds a NUL character."
    if "%" in path:  # Django leaves bytes that are no text as they were written
        try:
            unquote_to_bytes(path).decode()
        except UnicodeError:
            return "The address is not text in UTF-8."
    return ""
