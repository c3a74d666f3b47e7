"""Missions side by side."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from missions.comparing import LEAST, MOST, compared, offered


@require_safe
def compare(request: HttpRequest) -> HttpResponse:
    """Two to four missions, each given as `m`. What cannot be compared is told above the form, never an error."""
    asked = list(dict.fromkeys(slug for slug in request.GET.getlist("m") if slug))
    choices = offered()
    public = dict(choices)
    known = [slug for slug in asked if slug in public]
    chosen = known[:MOST]
    return render(
        request,
        "missions/compare.html",
        {
            "offered": choices,
            "places": (*chosen, *[""] * (MOST - len(chosen))),
            "comparison": compared(chosen, today=timezone.localdate()) if len(chosen) >= LEAST else None,
            "asked": asked,
            "unknown": len(asked) - len(known),
            "too_many": len(known) > MOST,
            "canonical": request.path,
            "noindex": bool(request.GET),
        },
    )
