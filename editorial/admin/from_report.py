"""A change to a source, organisation, place or term that a reader's report asks for: `?report=41` on its form."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest

from editorial.admin.access import editor
from editorial.admin.forms import is_id
from editorial.corrections import answering
from editorial.models import Amendment, Correction
from editorial.workflow import WorkflowError


def report_asked_for(request: HttpRequest) -> Correction | None:
    """The report that the link to the form named."""
    number = request.GET.get("report", "")
    return Correction.objects.filter(pk=number).first() if is_id(number) else None


def answer_with(amendment: Amendment, request: HttpRequest) -> None:
    """Let the proposed change answer the report it was proposed for. Where it cannot, the proposal stands and says so."""
    report = report_asked_for(request)
    if report is None:
        return
    try:
        answering.attach_to_amendment(report, by=editor(request), amendment=amendment)
    except WorkflowError as refusal:
        messages.warning(request, f"{report} is not answered by this change: {refusal}")
    else:
        messages.info(request, f"{report} is attached to it: confirming the change answers it.")


def say_what_is_not_answered(request: HttpRequest) -> None:
    """For a change that needed no second editor: the report it was made for is to be answered by hand."""
    if report := report_asked_for(request):
        text = "Readers do not see this, so no second editor confirms it, and no line in the public log answers"
        messages.warning(request, f"{text} {report}: close it with an answer of your own.")
