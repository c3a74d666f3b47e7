"""The reader's own page about a report. Its secret address is the key."""

from __future__ import annotations

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import cache_control
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from editorial import limits
from editorial.corrections import receiving
from editorial.forms import FollowUpForm
from editorial.models import Correction
from editorial.models.editions import heavy
from editorial.views.reporting import (
    FROM_ELSEWHERE,
    LARGEST_REPORT,
    TOO_LARGE,
    see_other,
    sent_from_here,
    sent_length,
    try_again,
    wait,
)

WITHDRAWALS = {
    "withdraw-name": receiving.withdraw_name,
    "withdraw-words": receiving.withdraw_words,
    "forget-address": receiving.forget_address,
}
DONE = {
    "write": "Your message came in. The editors see it with your report.",
    "withdraw-name": "Your name is erased.",
    "withdraw-words": "Your words may no longer be published.",
    "forget-address": "Your e-mail address is erased. No more mails are sent to it.",
}


@csrf_exempt  # readers have no session: who knows the secret address may act, and the Origin is checked
@require_http_methods(["GET", "HEAD", "POST"])
@cache_control(no_store=True)
def correction_mine(request: HttpRequest, token: str) -> HttpResponse:
    """What a reader sent, what became of it, and what they may still do about it.

    A POST says in `do` what: `write`, or one of WITHDRAWALS.
    """
    correction = (
        Correction.objects.by_token(token)
        .select_related("record", "duplicate_of", "fixed_in__record", "fixed_by")
        .defer(*heavy("fixed_in"))
        .first()
    )
    if correction is None:
        raise Http404("No report has this address.")
    return _act(request, correction) if request.method == "POST" else _page(request, correction)


def _act(request: HttpRequest, correction: Correction) -> HttpResponse:
    if sent_length(request) > LARGEST_REPORT:
        is_readable = sent_length(request) <= settings.DATA_UPLOAD_MAX_MEMORY_SIZE
        form = FollowUpForm(initial=request.POST.dict() if is_readable else {})
        return _page(request, correction, form=form, problem=TOO_LARGE, status=413)
    typed = FollowUpForm(initial=request.POST.dict())
    if not sent_from_here(request, unnamed=True):
        return _page(request, correction, form=typed, problem=FROM_ELSEWHERE, status=403)
    what = request.POST.get("do", "")
    if withdraw := WITHDRAWALS.get(what):
        withdraw(correction)
    elif what == "write":
        try:
            receiving.follow_up(correction, request.POST, address=limits.client_address(request))
        except receiving.FollowUpRefused as refused:
            return _page(request, correction, form=refused.form, status=422)
        except limits.TooOften as too_often:
            page = _page(request, correction, form=typed, problem=try_again(too_often), status=429)
            return wait(page, too_often)
    else:
        return _page(request, correction, form=typed, problem="Press one of the buttons of this page.", status=422)
    return see_other(f"{request.path}?done={what}")


def _page(
    request: HttpRequest,
    correction: Correction,
    *,
    form: FollowUpForm | None = None,
    problem: str = "",
    status: int = 200,
) -> HttpResponse:
    context = {
        "correction": correction,
        "exchanged": correction.exchanged(),
        "form": form or FollowUpForm(),
        "problem": problem,
        "done": DONE.get(request.GET.get("done", "")) if status == 200 else None,
        "private_address": f"{settings.SITE_URL}{request.path}",
        "noindex": True,
    }
    response = render(request, "editorial/correction_mine.html", context, status=status)
    response["Referrer-Policy"] = "no-referrer"
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response
