"""What readers, editors and programs get while the database does not answer or cannot write: 503, and when to try again.

Kept public pages go on being answered before anybody comes here (`page_cache`). Who sent a form is shown all that was
typed, as plain text to be copied: the page is made from the request alone.
"""

from __future__ import annotations

import sys
from typing import Any

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template import loader
from django.utils.cache import add_never_cache_headers
from django.views import defaults
from drf_standardized_errors.handler import ExceptionHandler
from rest_framework.exceptions import APIException

AWAY = (OperationalError, InterfaceError)
RETRY_AFTER = 30  # seconds
SENTENCE = "The record cannot be reached at this moment. Please try again in half a minute."


class Unavailable(APIException):
    status_code = 503
    default_detail = SENTENCE
    default_code = "unavailable"
    wait = RETRY_AFTER


class ApiErrors(ExceptionHandler):
    """The API's errors in their one shape, those of a database that is away as 503."""

    def convert_unhandled_exceptions(self, exc: Exception) -> APIException:
        return Unavailable() if isinstance(exc, AWAY) else super().convert_unhandled_exceptions(exc)


def server_error(request: HttpRequest) -> HttpResponse:
    """The page of whatever went wrong (`handler500`)."""
    return unavailable(request) if isinstance(sys.exc_info()[1], AWAY) else defaults.server_error(request)


def unavailable(request: HttpRequest) -> HttpResponse:
    """503 without asking the database anything."""
    response: HttpResponse
    if request.path_info.startswith("/api/v"):
        error = {"code": Unavailable.default_code, "detail": SENTENCE, "attr": None}
        response = JsonResponse({"type": "server_error", "errors": [error]}, status=503)
    else:
        response = HttpResponse(loader.get_template("503.html").render(_context(request)), status=503)
    response.headers["Retry-After"] = str(RETRY_AFTER)
    add_never_cache_headers(response)
    return response


def _context(request: HttpRequest) -> dict[str, Any]:
    """What the page shows: what was sent, and to whom it speaks."""
    from editorial.admin.typed import posted, typed_in  # the editors' site loads the models

    is_sent = request.method == "POST"
    return {
        "typed": typed_in(posted(request), with_names=False) if is_sent else None,
        "is_editor": request.path_info.startswith(("/admin/", "/accounts/")),
        "address": None if is_sent else request.get_full_path(),
    }
