"""What everybody sees of reports: the list of all, and one with its answer."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import urlencode
from django.utils.text import capfirst
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from editorial.api.links import api_address
from editorial.corrections.ledger import LedgerFilter, ledger_figures
from editorial.describing import Alternate, Description
from editorial.differences import ValueChange
from editorial.models import Correction, Edition

PAGE_SIZE = 50


@require_safe
@cache_control(no_cache=True)  # reports come in without the serial moving
def correction_list(request: HttpRequest) -> HttpResponse:
    """The ledger: every report but suspected spam, newest first; pages by number, so none shifts.

    It is narrowed by the query string: what is unknown there is passed over, what is wrong is told.
    """
    filterset = LedgerFilter(request.GET, queryset=Correction.objects.ledger())
    reports: Any = filterset.qs
    before = request.GET.get("before", "")
    if before.isascii() and before.isdigit() and len(before) < 10:
        reports = reports.filter(pk__lt=int(before))
    shown = list(reports[: PAGE_SIZE + 1])
    chosen = {name: value for name, value in filterset.form.cleaned_data.items() if value}
    more = len(shown) > PAGE_SIZE
    context = {
        "corrections": shown[:PAGE_SIZE],
        "figures": ledger_figures(),
        "form": filterset.form,
        "chosen": chosen,
        "first": f"?{urlencode(chosen)}",
        "older": f"?{urlencode(chosen | {'before': shown[PAGE_SIZE - 1].number})}" if more else "",
        "is_first_page": not before,
        "canonical": request.path,
        "noindex": bool(request.GET),
    }
    return render(request, "editorial/correction_list.html", context)


@require_safe
def correction_detail(request: HttpRequest, number: int) -> HttpResponse:
    """One report, its answer, and what stood there before and stands there now.

    Of what the reader wrote it shows what an editor has released with consent.
    """
    correction = Correction.objects.ledger().with_released().filter(pk=number).first()
    if correction is None:
        raise Http404("There is no report with this number.")
    original = None
    if correction.duplicate_of_id and correction.is_decided:
        original = Correction.objects.ledger().filter(pk=correction.duplicate_of_id).first()
    duplicates = correction.duplicates.public().seen_as(Correction.State.DUPLICATE).order_by("pk")
    api = api_address("correction-detail", correction.number)
    context = {
        "correction": correction,
        "original": original,
        "duplicates": duplicates.values_list("pk", flat=True),
        "before_and_after": before_and_after(original or correction),
        "description": Description(
            title=str(correction),
            text=f"A reader’s report and what became of it. State: {correction.public_state}.",
            alternates=(Alternate("application/json", "The same in the API", api),),
        ),
        "canonical": correction.get_absolute_url(),
    }
    return render(request, "editorial/correction_detail.html", context)


def before_and_after(report: Correction) -> dict[str, Any]:
    """What was changed for a report: `difference` of two editions, or `values` of reference data; nothing else.

    The difference is narrowed to the figure or note that the report names. It is missing where the
    correction stands in a first edition, and where one of the two was removed for legal cause.
    """
    if report.fixed_by and report.fixed_by.amendment:
        return {
            "values": [ValueChange(str(capfirst(label)), *told) for label, *told in report.fixed_by.amendment.told()]
        }
    fixed = report.fixed_in
    if fixed is None or not fixed.number:
        return {}
    numbers = [fixed.number - 1, fixed.number]
    editions = Edition.objects.public().filter(record=fixed.record, number__in=numbers).select_related("record")
    found = list(editions.defer("body", "rendered").order_by("number"))
    if len(found) < 2:
        return {}
    older, newer = found
    difference = newer.typed.difference_from(older, figure=report.figure, citation=report.citation)
    return {"older": older, "newer": newer, "difference": difference}
