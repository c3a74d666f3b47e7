"""The form with which readers report something, and where all the forms are sent to."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.cache import cache_control
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from editorial import limits
from editorial.corrections import receiving
from editorial.forms import NO_SUBJECT, CorrectionForm
from editorial.subjects import find_subject

LARGEST_REPORT = 100_000  # bytes; every field filled to its limit in Cyrillic is less


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
        receipt = receiving.receive(request.POST, address=limits.client_address(request))
    except receiving.ReportRefused as refused:
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
