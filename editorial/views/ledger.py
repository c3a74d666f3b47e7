"""What everybody sees of reports: the list of all, and one with its answer."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from editorial.models import Correction

PAGE_SIZE = 50


@require_safe
@cache_control(no_cache=True)
def correction_list(request: HttpRequest) -> HttpResponse:
    """The ledger: every report but suspected spam, newest first; pages by number, so none shifts."""
    reports: Any = Correction.objects.ledger()
    before = request.GET.get("before", "")
    if before.isascii() and before.isdigit() and len(before) < 10:
        reports = reports.filter(pk__lt=int(before))
    shown = list(reports[: PAGE_SIZE + 1])
    context = {
        "corrections": shown[:PAGE_SIZE],
        "older": shown[PAGE_SIZE - 1].number if len(shown) > PAGE_SIZE else None,
        "is_first_page": not before,
        "canonical": request.path,
    }
    return render(request, "editorial/correction_list.html", context)


@require_safe
@cache_control(no_cache=True)
def correction_detail(request: HttpRequest, number: int) -> HttpResponse:
    """One report and its answer; never the reader's words."""
    correction = Correction.objects.ledger().filter(pk=number).first()
    if correction is None:
        raise Http404("There is no report with this number.")
    context = {"correction": correction, "canonical": correction.get_absolute_url()}
    return render(request, "editorial/correction_detail.html", context)
