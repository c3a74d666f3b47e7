"""Editions that are not public, as their pages will be: for editors, and for those who were given a link."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_safe

from editorial import previews
from editorial.models import Edition
from missions.pages import record_page


def preview(request: HttpRequest, edition: Edition, **context: Any) -> HttpResponse:
    """The page of an edition as it is saved now. It is never kept anywhere, and leads no robot to it."""
    typed = edition.typed
    about = {"edition": typed, "record": typed.record, "page": record_page(typed), "noindex": True, **context}
    return unseen(render(request, "missions/record_preview.html", about))


@require_safe
def shared_preview(request: HttpRequest, token: str) -> HttpResponse:
    """What a link shows to somebody outside: 404 where there never was such a link, 410 when it is over."""
    try:
        edition, until = previews.shared(token)
    except previews.NoSuchPreview:
        return _no_preview(request, HTTPStatus.NOT_FOUND)
    except previews.PreviewOver:
        return _no_preview(request, HTTPStatus.GONE)
    return preview(request, edition, until=until, pictures_at=("preview-picture", token))


def _no_preview(request: HttpRequest, status: HTTPStatus) -> HttpResponse:
    context = {"over": status == HTTPStatus.GONE, "noindex": True}
    return unseen(render(request, "missions/no_preview.html", context, status=status))


def unseen(response: HttpResponse) -> HttpResponse:
    """The answer with the headers of what is not public: kept nowhere, found by no robot, told to no other site."""
    patch_cache_control(response, no_store=True, private=True)
    response["X-Robots-Tag"] = "noindex"
    response["Referrer-Policy"] = "no-referrer"
    return response
