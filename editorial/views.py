"""What readers see of corrections: the form, the ledger, one report, their own page."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.cache import cache_control
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from editorial import corrections, limits
from editorial.forms import NO_SUBJECT, CorrectionForm
from editorial.models import Change, Correction
from editorial.models.editions import HEAVY
from editorial.paging import listing
from editorial.subjects import find_subject

LARGEST_REPORT = 100_000  # bytes; every field filled to its limit in Cyrillic is less
PAGE_SIZE = 50
CHANGES_PER_PAGE = 50


@csrf_exempt  # cached pages carry the form, so it has no token; the Origin is checked instead
@require_http_methods(["GET", "HEAD", "POST"])
@cache_control(no_store=True)
def correction_new(request: HttpRequest) -> HttpResponse:
    """The form on a page of its own, and where all the forms are sent to."""
    if request.method == "POST":
        return _receive(request)
    given = {name: request.GET.get(name, "") for name in ("record", "subject", "edition", "figure", "passage")}
    about = find_subject(record=given["record"], subject=given["subject"])
    problem = "" if about else NO_SUBJECT
    unknown = bool(problem and (given["record"] or given["subject"]))
    return _form_page(request, CorrectionForm(initial=given), problem=problem, status=404 if unknown else 200)


def _receive(request: HttpRequest) -> HttpResponse:
    if sent_length(request) > LARGEST_REPORT:
        problem = "This is more than we can take in at once: please shorten it, or send it in parts."
        return _form_page(request, CorrectionForm(), problem=problem, status=413)
    if not _sent_from_here(request):
        problem = (
            "This was sent by a page of another site, and is not received yet. If you wrote it, send it from here."
        )
        return _form_page(request, CorrectionForm(initial=request.POST.dict()), problem=problem, status=403)
    try:
        receipt = corrections.receive(request.POST, address=limits.client_address(request))
    except corrections.ReportRefused as refused:
        return _form_page(request, refused.form, status=422)
    except limits.TooOften as too_often:
        problem = (
            "Many reports came from your network address within the hour, and this one is not received yet. "
            f"Keep this page open and send it again in {-(-too_often.retry_after // 60)} minutes."
        )
        form = CorrectionForm(initial=request.POST.dict())
        page = _form_page(request, form, problem=problem, status=429)
        page["Retry-After"] = str(too_often.retry_after)
        return page
    response = HttpResponseRedirect(receipt.private_address)
    response.status_code = 303
    return response


def _form_page(request: HttpRequest, form: CorrectionForm, *, problem: str = "", status: int = 200) -> HttpResponse:
    values = {name: form[name].value() or "" for name in ("record", "subject")}
    about = form.about or find_subject(**values)
    context = {"form": form, "problem": problem, "about": about, "noindex": True}
    return render(request, "editorial/correction_new.html", context, status=status)


def sent_length(request: HttpRequest) -> int:
    """How many bytes the sender says there are; 0 for nonsense, of which nothing is read."""
    length = request.headers.get("content-length") or "0"
    return int(length) if length.isascii() and length.isdigit() else 0


def _sent_from_here(request: HttpRequest) -> bool:
    """Whether the browser, if it says so, sent the form from a page of this site."""
    origin = request.headers.get("Origin")
    if origin is None:
        return True
    if origin in settings.CSRF_TRUSTED_ORIGINS:
        return True
    try:
        return urlsplit(origin).netloc.lower() == request.get_host().lower()
    except ValueError:
        return False


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


@require_safe
def changes(request: HttpRequest) -> HttpResponse:
    """The public log: what became public, changed or went, newest first."""
    log = Change.objects.select_related("record", "edition", "correction", "amendment").defer(
        *(f"edition__{name}" for name in HEAVY)
    )
    return render(
        request,
        "editorial/changes.html",
        {
            "listing": listing(request, log.order_by("-serial"), CHANGES_PER_PAGE),
            "canonical": request.path,
            "noindex": bool(request.GET),
        },
    )
