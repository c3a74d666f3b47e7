"""The public log."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from editorial.models import Change
from editorial.paging import listing

CHANGES_PER_PAGE = 50


@require_safe
def changes(request: HttpRequest) -> HttpResponse:
    """The public log: what became public, changed or went, newest first."""
    log = Change.objects.to_show().select_related("amendment")
    return render(
        request,
        "editorial/changes.html",
        {
            "listing": listing(request, log.order_by("-serial"), CHANGES_PER_PAGE),
            "canonical": request.path,
            "noindex": bool(request.GET),
        },
    )
