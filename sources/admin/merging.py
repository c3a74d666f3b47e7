"""The page that merges a source into another: choose it, see what follows, say why."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse

from editorial.admin.access import editor, not_there
from editorial.admin.forms import Autocomplete, is_id
from editorial.models import label_of
from editorial.workflow import WorkflowError
from sources import merging
from sources.comparing import in_words
from sources.models import Source

if TYPE_CHECKING:
    from sources.admin.library import SourceAdmin


class Other(forms.ModelChoiceField):
    """A source; nonsense is answered as if there were none."""

    def to_python(self, value: Any) -> Any:
        if value and not is_id(value):
            raise ValidationError("Choose a source from the list.")
        return super().to_python(value)


class OtherForm(forms.Form):
    into = Other(
        Source.objects.all(),
        label="Merge it into",
        widget=Autocomplete(Source._meta.get_field("origin"), admin.site),
        help_text="The source that stays. Search by title, author, year or key.",
    )


def merge_view(model_admin: SourceAdmin, request: HttpRequest, object_id: str) -> HttpResponse:
    """Ask for the other source, show what would follow, and on confirmation merge or propose it."""
    number = unquote(object_id)
    source = Source.objects.filter(pk=number).first() if is_id(number) else None
    if source is None:
        return not_there(request, "source")
    if not model_admin.has_view_permission(request, source) or not request.user.has_perm("editorial.write_edition"):
        raise PermissionDenied
    given = request.POST if request.method == "POST" else request.GET
    form = OtherForm(given if "into" in given else None)
    into = form.cleaned_data["into"] if form.is_bound and form.is_valid() else None
    problem = _problem(source, into)
    error, status = problem, 200
    if request.method == "POST" and into is not None:
        try:
            return _merge(model_admin, request, source, into)
        except WorkflowError as refusal:
            error, status = str(refusal), 409
            model_admin.log_change(request, source, f"Merge: refused. {error}")
    context = {
        **admin.site.each_context(request),
        "title": "Merge into another source",
        "subtitle": str(source),
        "opts": model_admin.opts,
        "source": source,
        "into": into,
        "form": form,
        "media": model_admin.media + form.media,
        "error": error,
        "reason": request.POST.get("reason", ""),
        "back": reverse("admin:sources_source_change", args=[source.pk]),
    }
    if into is not None and not problem:
        context |= {
            "moves": merging.moves(source),
            "second": merging.needs_second_editor(source),
            "differing": [
                (label_of(source, name), in_words(name, one), in_words(name, other))
                for name, one, other in merging.differing_fields(source, into)
            ],
        }
    return TemplateResponse(request, "admin/sources/merge.html", context, status=status)


def _problem(source: Source, into: Source | None) -> str:
    try:
        if into is not None:
            merging.require_possible(source, into)
    except ValidationError as error:
        return " ".join(error.messages)
    return ""


def _merge(model_admin: SourceAdmin, request: HttpRequest, source: Source, into: Source) -> HttpResponse:
    proposal = merging.merge(source, into, by=editor(request), reason=request.POST.get("reason", ""))
    if proposal is not None:
        model_admin.log_change(request, source, f"Proposed to merge it into {into.key}.")
        messages.info(request, "Proposed. They are merged once a second editor confirms it.")
        return HttpResponseRedirect(reverse("admin:editorial_amendment_change", args=[proposal.pk]))
    model_admin.log_change(request, source, f"Merged into {into.key}.")
    messages.success(request, f"Merged: what cited “{source}” cites this source now.")
    return HttpResponseRedirect(reverse("admin:sources_source_change", args=[into.pk]))
