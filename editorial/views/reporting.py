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
from editorial.subjects import Subject, find_subject

LARGEST_REPORT = 300_000  # bytes; every field filled to its limit is less, in any script
LONGEST_PASSAGE = 2_000  # characters, as the form takes them
OPENED_WITH = ("record", "subject", "edition", "figure", "citation", "passage")

TOO_LARGE = "This is more than we can take in at once, and is not received yet: shorten it, or send it in parts."
FROM_ELSEWHERE = "This was sent by a page of another site, and is not received yet. If you wrote it, send it from here."


@csrf_exempt  # cached pages carry the form, so it has no token; the Origin is checked instead
@require_http_methods(["GET", "HEAD", "POST"])
@cache_control(no_store=True)
def correction_new(request: HttpRequest) -> HttpResponse:
    """The form on a page of its own, and where all the forms are sent to.

    What it is opened with stands in the query: `record` or `subject`, `edition`, and `passage`, the words in
    question, or else `figure` or `citation`, a key whose words are looked up.
    """
    if request.method == "POST":
        return _receive(request)
    given = {name: request.GET.get(name, "") for name in OPENED_WITH}
    about = find_subject(record=given["record"], subject=given["subject"])
    if about is None:
        is_unknown = given["record"] or given["subject"]
        return _form_page(request, CorrectionForm(initial=given), problem=NO_SUBJECT, status=404 if is_unknown else 200)
    passage = given["passage"] or about.passage(**{name: given[name] for name in ("edition", "figure", "citation")})
    return _form_page(request, CorrectionForm(initial=given | {"passage": passage[:LONGEST_PASSAGE]}), about=about)


def _receive(request: HttpRequest) -> HttpResponse:
    if sent_length(request) > LARGEST_REPORT:
        return _form_page(request, as_typed(request), problem=TOO_LARGE, status=413)
    if not sent_from_here(request):
        return _form_page(request, as_typed(request), problem=FROM_ELSEWHERE, status=403)
    try:
        receipt = receiving.receive(request.POST, address=limits.client_address(request))
    except receiving.ReportRefused as refused:
        return _form_page(request, refused.form, status=422)
    except limits.TooOften as too_often:
        return wait(_form_page(request, as_typed(request), problem=try_again(too_often), status=429), too_often)
    return see_other(receipt.private_address)


def as_typed(request: HttpRequest) -> CorrectionForm:
    """The form with what was sent; an empty one where that was too much to be read."""
    is_readable = sent_length(request) <= settings.DATA_UPLOAD_MAX_MEMORY_SIZE
    return CorrectionForm(initial=request.POST.dict() if is_readable else {})


def _form_page(
    request: HttpRequest, form: CorrectionForm, *, about: Subject | None = None, problem: str = "", status: int = 200
) -> HttpResponse:
    if about is None:
        about = form.about or find_subject(**{name: form[name].value() or "" for name in ("record", "subject")})
    context = {"form": form, "problem": problem, "about": about, "noindex": True}
    return render(request, "editorial/correction_new.html", context, status=status)


# What all forms of readers share


def sent_length(request: HttpRequest) -> int:
    """How many bytes the sender says there are; 0 for nonsense, of which nothing is read."""
    length = request.headers.get("content-length") or "0"
    return int(length) if length.isascii() and length.isdigit() else 0


def sent_from_here(request: HttpRequest, *, unnamed: bool = False) -> bool:
    """Whether the browser, if it says so, sent the form from a page of this site.

    `unnamed` says that the page names itself to nobody (no-referrer): browsers write `null` then.
    """
    origin = request.headers.get("Origin")
    if origin is None or origin in settings.CSRF_TRUSTED_ORIGINS:
        return True
    if origin == "null":
        return unnamed and request.headers.get("Sec-Fetch-Site", "same-origin") == "same-origin"
    try:
        return urlsplit(origin).netloc.lower() == request.get_host().lower()
    except ValueError:
        return False


def try_again(too_often: limits.TooOften) -> str:
    """What to tell a reader of whose network address too much has come."""
    minutes = -(-too_often.retry_after // 60)
    return (
        "Many reports came from your network address within the hour, and this one is not received yet. "
        f"Keep this page open and send it again in {minutes} minute{'' if minutes == 1 else 's'}."
    )


def wait(page: HttpResponse, too_often: limits.TooOften) -> HttpResponse:
    """The page, with the time after which it may be tried again."""
    page["Retry-After"] = str(too_often.retry_after)
    return page


def see_other(address: str) -> HttpResponseRedirect:
    """303: what was sent is done, and the page there says what came of it."""
    response = HttpResponseRedirect(address)
    response.status_code = 303
    return response
