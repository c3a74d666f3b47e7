"""The reader's own page about a report. Its secret address is the key."""

from __future__ import annotations

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from editorial.models import Correction


@require_safe
@cache_control(no_store=True)
def correction_mine(request: HttpRequest, token: str) -> HttpResponse:
    """The reader's own page: what they sent, and what became of it. Its secret address is the key."""
    correction = Correction.objects.by_token(token).select_related("record", "duplicate_of", "fixed_by").first()
    if correction is None:
        raise Http404("No report has this address.")
    context = {
        "correction": correction,
        "private_address": f"{settings.SITE_URL}{request.path}",
        "noindex": True,
    }
    response = render(request, "editorial/correction_mine.html", context)
    response["Referrer-Policy"] = "no-referrer"
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response
