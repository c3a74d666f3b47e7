"""The page on which a founding edition is compared with its sources, one citation or figure after another."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any, ClassVar
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.html import format_html

from editorial.admin.access import edition_address, editor, not_there
from editorial.admin.actions import EDITION_ACTIONS, Action, Button, Rank, Situation, WithActions
from editorial.models import Edition
from editorial.workflow import WorkflowError
from sources import citing, founding
from sources.founding import ClaimToCheck
from sources.models import EvidenceCheck, Source

PER_PAGE = 25
SHOWN = {
    "left": "left to check",
    "all": "all",
    EvidenceCheck.Outcome.DIFFERS.value: "the source says otherwise",
    EvidenceCheck.Outcome.NOT_OPENED.value: "could not be opened",
}


class FoundForm(forms.Form):
    """What a reviewer found of one citation or figure."""

    rows = forms.CharField()
    key = forms.CharField()
    outcome = forms.CharField()
    note = forms.CharField(required=False)


@dataclass(frozen=True)
class Refusal:
    """What was typed at a claim and could not be saved, and why."""

    name: str
    note: str
    reason: str


@dataclass(frozen=True)
class View:
    """The part of the list that an address asks for. What it does not know it passes over."""

    show: str
    source: str = ""
    begin: str = ""  # the name of the first claim of the page

    @classmethod
    def of(cls, query: QueryDict) -> View:
        show = query.get("show", "")
        return cls(show if show in SHOWN else "left", query.get("source", ""), query.get("from", ""))

    def address(self, **changes: str) -> str:
        """The same list with other choices, from its beginning unless `from` is given."""
        asked = {"show": self.show, "source": self.source} | changes
        return "?" + urlencode({name: value for name, value in asked.items() if value})

    def page(self, claims: list[ClaimToCheck]) -> list[ClaimToCheck]:
        """The claims of one page, and the first of the next."""
        names = [claim.name for claim in claims]
        start = names.index(self.begin) if self.begin in names else 0
        return [claim for claim in claims[start:] if self._shows(claim)][: PER_PAGE + 1]

    def _shows(self, claim: ClaimToCheck) -> bool:
        if self.source and claim.row.source.key != self.source:
            return False
        found = claim.check.outcome if claim.check else "left"
        return self.show in ("all", found)


def _may_finish(situation: Situation) -> bool:
    edition = situation.obj
    return (
        founding.is_to_be_checked(edition)
        and situation.may("review_edition")
        and not situation.worked_on
        and not founding.progress(edition).problems()
    )


FINISH = Action(
    "finish-check",
    "Finish the check",
    "The next edition is published: the same text, with your name as its checker. Its citations and figures say who "
    "compared them with their source, and when. It stands in the history and not in the feeds.",
    "The check is finished, and the edition that says so is public.",
    founding.finish,
    _may_finish,
    problems=lambda edition: founding.progress(edition).problems(),
    rank=Rank.NEXT,
)


class WithFoundingCheck(WithActions):
    """An admin class of editions in which a reviewer compares a founding edition with its sources."""

    workflow_actions: ClassVar[Sequence[Action]] = [FINISH, *EDITION_ACTIONS]

    def get_urls(self) -> list[Any]:
        name = f"{self.opts.app_label}_{self.opts.model_name}_check"
        view = self.admin_site.admin_view(self.founding_check)
        return [path("<path:object_id>/check/", view, name=name), *super().get_urls()]

    def buttons(self, request: HttpRequest, obj: Any) -> list[Button]:
        buttons = super().buttons(request, obj)
        if founding.is_to_be_checked(obj) and editor(request).has_perm("editorial.review_edition"):
            buttons.append(Button(edition_address(obj, "check"), "Check this founding edition", Rank.USUAL))
        return buttons

    def founding_check(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """The claims of a founding edition with their sources; a POST saves what was found of one."""
        edition = self.get_object(request, unquote(object_id))
        if edition is None:
            return not_there(request, str(self.opts.verbose_name))
        if not request.user.has_perm("editorial.review_edition"):
            raise PermissionDenied
        if not founding.is_to_be_checked(edition):
            messages.warning(request, "Only a public edition from the founding record is checked in this way.")
            return HttpResponseRedirect(edition_address(edition))
        view, refusal = View.of(request.GET), None
        if request.method == "POST":
            saved = self._save_finding(request, edition)
            if isinstance(saved, str):
                return HttpResponseRedirect(self._next(request, edition, view, saved))
            refusal = saved
        return self._show(request, edition, view, refusal)

    def _save_finding(self, request: HttpRequest, edition: Edition) -> str | Refusal:
        """The name of the claim whose finding was saved."""
        form = FoundForm(request.POST)
        form.is_valid()
        found = {name: form.cleaned_data.get(name, "") for name in form.fields}
        name = f"{found['rows']}-{found['key']}"
        try:
            check = founding.check(edition, **found, by=editor(request))
        except WorkflowError as error:
            return Refusal(name, request.POST.get("note", ""), str(error))
        again = View("all").address(**{"from": name})
        messages.success(
            request,
            format_html('{}: {}. <a href="{}">Look at it again</a>.', check.key, check.get_outcome_display(), again),
        )
        return name

    def _next(self, request: HttpRequest, edition: Edition, view: View, saved: str) -> str:
        """The same page again, at the claim that follows."""
        claims = founding.claims_to_check(edition)
        names = [claim.name for claim in claims]
        page = [claim.name for claim in view.page(claims)]
        following = next((name for name in page[1:PER_PAGE] if names.index(name) > names.index(saved)), "")
        # Without a fragment of its own the browser would keep the one of the form.
        return f"{request.get_full_path()}#{following or 'content-start'}"

    def _show(self, request: HttpRequest, edition: Edition, view: View, refusal: Refusal | None) -> HttpResponse:
        claims = founding.claims_to_check(edition)
        page = view.page(claims)
        shown, more = page[:PER_PAGE], len(page) > PER_PAGE
        if refusal and refusal.name not in {claim.name for claim in shown}:
            shown = [claim for claim in claims if claim.name == refusal.name] + shown
        so_far = founding.progress_of(claims)
        context = {
            **self.admin_site.each_context(request),
            "title": "Check this founding edition",
            "subtitle": str(edition),
            "edition": edition,
            "opts": self.opts,
            "back": edition_address(edition),
            "here": request.get_full_path(),
            "progress": so_far,
            "problems": so_far.problems(),
            "finish": self.action_address(edition, FINISH),
            "start": edition_address(edition, "do", "start"),
            "filters": [(view.address(show=name), label, name == view.show) for name, label in SHOWN.items()],
            "sources": _sources(claims, view),
            "chosen_source": next((claim.row.source for claim in claims if claim.row.source.key == view.source), None),
            "every_source": view.address(source=""),
            "groups": _by_source(shown, edition),
            "from_the_beginning": view.address() if view.begin else "",
            "next_page": view.address(**{"from": page[-1].name}) if more else "",
            "refusal": refusal,
            "outcomes": EvidenceCheck.Outcome,
        }
        return TemplateResponse(request, "admin/sources/founding_check.html", context, status=409 if refusal else 200)


def _by_source(
    claims: list[ClaimToCheck], edition: Edition
) -> list[tuple[Source, str, list[tuple[ClaimToCheck, str]]]]:
    """(source, the source written out, its claims each with the public page that shows it)."""
    return [
        (
            group[0].row.source,
            citing.html(group[0].row.source),
            [(one, one.row.address_in(edition.record)) for one in group],
        )
        for _, grouped in groupby(claims, key=lambda claim: claim.row.source_id)
        if (group := list(grouped))
    ]


def _sources(claims: list[ClaimToCheck], view: View) -> list[tuple[str, str, int, int]]:
    """(address, short form, how many are left, how many there are) of each source, in the order of the list."""
    total = Counter(claim.row.source_id for claim in claims)
    left = Counter(claim.row.source_id for claim in claims if claim.check is None)
    sources = {claim.row.source_id: claim.row.source for claim in claims}
    return [
        (view.address(source=source.key, show="all"), citing.plain(source, short=True), left[pk], total[pk])
        for pk, source in sources.items()
    ]
