"""Citing while writing: what stands beside each Markdown text in the form of an edition, and “Cite here”.

“Cite here” is a page that works without script; `static/admin/cite.js` shows the same form in a
dialog over the edition's form, and puts the marker where the cursor was.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.forms.widgets import Script
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.safestring import SafeString

from editorial.admin.access import WRITE, LockedWhileSaved, OurFields, edition_address, editor, not_there
from editorial.claims import Claim
from editorial.models import label_of
from sources.adding import Cited, cite, cite_again
from sources.admin.citations import citation_lines
from sources.admin.cite_form import CiteForm, found
from sources.claims import uncited_claims
from sources.models import CitedEdition, Source

JSON, HTML = "application/json", "text/html"


@dataclass(frozen=True)
class Beside:
    """What is shown with a Markdown field: where to cite, and its claims without a marker."""

    cite_address: str
    claims: Sequence[Claim]


class MarkdownText(forms.Textarea):
    """A text in Markdown, with “Cite here”, help, and the claims in it that lack a marker."""

    beside: Beside | None = None  # set for the form of one edition

    class Media:
        js = [Script("admin/cite.js", defer=True)]

    def __init__(self, attrs: Any = None) -> None:
        super().__init__({"rows": 4, "cols": 90, **(attrs or {})})

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        textarea = super().render(name, value, attrs, renderer)
        if self.beside is None:
            return textarea
        context = {"textarea": textarea, "id": (attrs or {}).get("id"), "beside": self.beside}
        return render_to_string("admin/sources/markdown_text.html", context)


class WithCiting(OurFields, LockedWhileSaved):
    """An admin class of editions whose texts are cited: the page “Cite here”, and what the form shows of it."""

    change_form_template = "admin/sources/edition_form.html"

    @property
    def media(self) -> forms.Media:
        return super().media + forms.Media(css={"all": ["admin/cite.css"]})

    def get_urls(self) -> list[Any]:
        name = f"{self.opts.app_label}_{self.opts.model_name}_cite"
        view = self.admin_site.admin_view(self.cite_view)
        return [path("<path:object_id>/cite/", view, name=name), *super().get_urls()]

    def cite_address(self, edition: CitedEdition, **query: str) -> str:
        name = f"admin:{self.opts.app_label}_{self.opts.model_name}_cite"
        return reverse(name, args=[edition.pk], query=query)

    # The form of the edition

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name in self.model.markdown_fields:
            kwargs["widget"] = MarkdownText()
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        edition = kwargs.get("obj")
        if edition is not None:
            fields = context["adminform"].form.fields
            for name in edition.markdown_fields:
                if name in fields:
                    claims = uncited_claims(getattr(edition, name), name)
                    fields[name].widget.beside = Beside(self.cite_address(edition, field=name), claims)
            context |= self.citations_panel(edition)
        return super().render_change_form(request, context, *args, **kwargs)

    def citations_panel(self, edition: CitedEdition) -> dict[str, Any]:
        """What the panel of citations needs."""
        listed = reverse("admin:sources_citation_changelist", query={"edition__id__exact": edition.pk})
        added = reverse("admin:sources_citation_add", query={"edition": edition.pk})
        return {
            "citation_lines": citation_lines(edition),
            "citations_address": listed,
            "add_citation_address": added if edition.is_editable else "",
        }

    # Cite here

    def cite_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Ask which source, where in it and which words; on POST cite it and give the marker.

        To the script it answers in JSON: `form` with what is still to be mended, or `marker`.
        """
        with transaction.atomic():
            edition = self.get_object(request, unquote(object_id))
            if edition is None:
                return not_there(request, str(self.opts.verbose_name))
            if not request.user.has_perm(WRITE):
                raise PermissionDenied
            if not edition.is_editable:
                return self._cite_too_late(request, edition)
            may_add = request.user.has_perm("sources.add_source")
            if request.method != "POST" or "find" in request.POST:
                typed = request.POST if request.method == "POST" else request.GET
                return self._ask(request, edition, CiteForm.as_typed(typed, edition=edition, may_add=may_add))
            form = CiteForm(request.POST, edition=edition, may_add=may_add)
            if not form.is_valid():
                return self._ask(request, edition, form)
            return self._cited(request, edition, self._cite(request, edition, form))

    def _cite(self, request: HttpRequest, edition: CitedEdition, form: CiteForm) -> Cited:
        by, given = editor(request), form.cleaned_data
        if form.citation and given["locator"] in ("", form.citation.locator) and not given["quote"].strip():
            return cite_again(edition, form.citation, compared=given["compared"], by=by)
        source = form.source
        if source is None:
            source = form.new_source.save()
            self.admin_site.get_model_admin(Source).log_addition(request, source, [{"added": {}}])
        places = {name: given[name] for name in ("locator", "quote", "compared")}
        cited = cite(edition, source, **places, by=by)
        if cited.is_new:
            self.log_change(request, edition, f"Cited “{source}” as {cited.marker}.")
        return cited

    def _cited(self, request: HttpRequest, edition: CitedEdition, cited: Cited) -> HttpResponse:
        if _by_script(request):
            panel = render_to_string("admin/sources/_citations_panel.html", self.citations_panel(edition), request)
            answer = {"marker": cited.marker, "key": cited.citation.key, "panel": panel}
            return JsonResponse(answer | {"before": cited.before, "version": cited.after})
        made = {"made": cited.citation.key, "field": request.GET.get("field", "")}
        return HttpResponseRedirect(f"{request.path}?{urlencode(made)}")

    def _ask(self, request: HttpRequest, edition: CitedEdition, form: CiteForm) -> HttpResponse:
        field = request.GET.get("field", "")
        context = {
            "form": form,
            "found": found(edition, form.words, form.chosen),
            "action": self.cite_address(edition, field=field),
            "text": label_of(edition, field) if field in edition.markdown_fields else "",
        }
        if _by_script(request):
            return JsonResponse({"form": render_to_string("admin/sources/_cite_form.html", context, request)})
        made = request.GET.get("made", "").replace("\0", "")
        context |= {
            **self.admin_site.each_context(request),
            "title": "Cite here",
            "subtitle": str(edition),
            "edition": edition,
            "edition_address": edition_address(edition),
            "made": made and edition.citations.select_related("source").filter(key=made).first(),
            "media": self.media["css"],
            "opts": self.opts,
        }
        return TemplateResponse(request, "admin/sources/cite.html", context)

    def _cite_too_late(self, request: HttpRequest, edition: CitedEdition) -> HttpResponse:
        text = f"This edition is {edition.get_state_display()} now: nothing can be cited in it, and nothing was saved."
        if _by_script(request):
            return JsonResponse({"error": text}, status=409)
        if request.method == "POST":
            return self._too_late(request, edition)
        messages.error(request, text)
        return HttpResponseRedirect(edition_address(edition))


def _by_script(request: HttpRequest) -> bool:
    return request.get_preferred_type([HTML, JSON]) == JSON
