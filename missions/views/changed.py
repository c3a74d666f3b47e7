"""The page that tells whether something has changed since it was cited."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from missions.changed_form import ChangedForm


@require_safe
def changed(request: HttpRequest) -> HttpResponse:
    """The form, and the answer to what was asked."""
    asked = request.GET if "address" in request.GET else None
    form = ChangedForm(asked, hosts=[request.get_host()])
    return render(
        request,
        "missions/changed.html",
        {
            "form": form,
            "answer": form.answer if form.is_valid() else None,
            "canonical": reverse("changed"),
            "noindex": asked is not None,
        },
    )
