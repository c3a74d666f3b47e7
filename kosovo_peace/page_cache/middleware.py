"""Answers from what is kept; otherwise lets the view answer, and keeps that if it may be kept."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone

from kosovo_peace.page_cache import shared
from kosovo_peace.page_cache.keys import Key, Version, etag_of, key_of
from kosovo_peace.page_cache.making import turns
from kosovo_peace.page_cache.memory import memory
from kosovo_peace.page_cache.pages import FROM, Page, accepted_encoding, answer_with, page_from
from kosovo_peace.page_cache.serial import NO_DATABASE, serial_memory

Handler = Callable[[HttpRequest], HttpResponseBase]


def keep_pages(get_response: Handler) -> Handler:
    """The middleware. What is answered to requests with a session is marked as private."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        if "cookie" in request.headers and settings.SESSION_COOKIE_NAME in request.COOKIES:
            response = get_response(request)
            response.headers.setdefault("Cache-Control", "private")
            return response
        key = key_of(request.method, request.scheme, request.path_info, request.META)
        if key is None:
            return get_response(request)
        try:
            # Before the page: one made while something is published may be newer than its key, and never older.
            version = (serial_memory.now(), timezone.localdate())
            page = memory.get(version, key)
        except NO_DATABASE:
            return get_response(request)
        if page is None:
            with turns(version, key) as made_meanwhile:
                page = made_meanwhile
                if page is None:
                    response = _ask(get_response, request, key)
                    page = page_from(request, response)
                    if page is None:
                        return response
                    shared.put(version, key, page)
                memory.keep(version, key, page)
        return _answer(page, request, version, key)

    return middleware


def _ask(get_response: Handler, request: HttpRequest, key: Key) -> HttpResponseBase:
    """The view's answer to what is in the key, and to nothing else. A HEAD is asked like a GET."""
    method = request.method
    request.META["QUERY_STRING"] = key[3]
    request.method = request.META["REQUEST_METHOD"] = "GET"
    response = get_response(request)
    request.method = request.META["REQUEST_METHOD"] = method
    return response


def _answer(page: Page, request: HttpRequest, version: Version, key: Key) -> HttpResponseBase:
    encoding = accepted_encoding(request.headers.get("accept-encoding", ""))
    kept_so_far = len(page.bodies)
    response = answer_with(page, request, key, etag_of(version, key), encoding)
    request.META[FROM] = (page, version, encoding)
    if len(page.bodies) > kept_so_far:  # compressed another way for this reader: it needs more room now
        memory.weigh(key)
    return response
