"""A form of the editors' site that comes from somebody who is not let in: all that was typed is shown again.

The log-in has expired, or the form's token is not that of the session: that is what an editor meets who
logged in anew in another tab, and also what a form forged on another site looks like. So what was sent is
shown to be read and copied, escaped and as plain text, and there is no button that would send it again.
"""

from __future__ import annotations

from functools import wraps
from http import HTTPStatus
from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import add_never_cache_headers


def show_what_was_typed(request: HttpRequest) -> HttpResponse:
    """403 with all that was posted, but for passwords and the like, and a link to log in."""
    from editorial.admin.typed import posted, typed_in

    found = getattr(request.resolver_match, "func", None)
    model = getattr(getattr(found, "model_admin", None), "model", None)
    address = request.get_full_path()
    context = {
        **admin.site.each_context(request),
        "title": "Not saved",
        "typed": typed_in(posted(request), model, with_names=False),
        "is_logged_in": admin.site.has_permission(request),
        "log_in": reverse("account_login", query={"next": address}),
        "address": address,
    }
    response = render(request, "admin/not_let_in.html", context, status=HTTPStatus.FORBIDDEN)
    add_never_cache_headers(response)
    return response


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """What is answered to a form without the token it should have."""
    if request.path.startswith(reverse("admin:index")):
        return show_what_was_typed(request)
    return render(request, "403.html", status=HTTPStatus.FORBIDDEN)


def keeps_what_was_typed(site: Any, view: Any) -> Any:
    """A view of the editors' site which shows who posts to it and is not let in what they typed."""

    @wraps(view)
    def inner(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method == "POST" and not site.has_permission(request) and request.path != reverse("admin:logout"):
            return show_what_was_typed(request)
        response: HttpResponse = view(request, *args, **kwargs)
        return response

    return inner
