"""The review page: what a second editor reads before deciding, and the steps that are taken there.

Each step is a POST to an address of its own and one call of `editorial.reviewing`, which says whether
it may be taken. What was typed into a step that was refused stands on the page again.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect, QueryDict
from django.template.response import TemplateResponse
from django.urls import path

from editorial import reviewing, workflow
from editorial.admin.access import edition_address, editor, not_there
from editorial.admin.actions import REFUSED, Button, Rank, Situation, WithActions
from editorial.admin.forms import LongText, is_id
from editorial.admin.review_page import review_page
from editorial.corrections import answering
from editorial.models import ClaimCheck, Edition, Editor, ReviewNote, State

GROUND = "ground-"  # before the digest of a claim, in the names of the checklist's fields
_DIGEST = re.compile(r"[0-9a-f]{64}")
APPROVING = {"publish": "Approve and publish", "schedule": "Approve and schedule"}


class NoteForm(forms.Form):
    """A note on a passage of the text."""

    passage = LongText(
        label="Passage",
        required=False,
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 2, "cols": 80}),
        help_text="The words it is about, copied from the text. Empty for the whole text.",
    )
    text = LongText(
        label="Note",
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 3, "cols": 80}),
        help_text="What should be looked at or changed. The authors read it when you send the text back.",
    )


def chosen_grounds(post: QueryDict) -> dict[str, str]:
    """The grounds chosen in the checklist, by the digests of the claims."""
    names = {name: name.removeprefix(GROUND) for name in post if name.startswith(GROUND)}
    return {digest: post.get(name, "") for name, digest in names.items() if _DIGEST.fullmatch(digest)}


def _add_note(edition: Edition, post: QueryDict, by: Editor) -> None:
    form = NoteForm(post)
    if not form.is_valid():
        raise ValidationError(
            [f"{form.fields[name].label}: {error}" for name in form.errors for error in form[name].errors]
        )
    reviewing.add_note(edition, **form.cleaned_data, by=by)


def _note(edition: Edition, post: QueryDict) -> ReviewNote:
    number = post.get("note", "")
    note = edition.review_notes.filter(pk=number).first() if is_id(number) else None
    if note is None:
        raise workflow.WorkflowError("This note is no longer there.")
    return note


def _keep_answered(edition: Edition, post: QueryDict, by: Editor) -> None:
    """Those attached since the page was opened stay attached: the ticks say nothing of them."""
    ticked, on_page = ({int(one) for one in post.getlist(name) if is_id(one)} for name in ("answers", "on_page"))
    unseen = edition.attached_corrections.to_put_right().exclude(pk__in=on_page).values_list("pk", flat=True)
    answering.keep_answered(edition, ticked | {*unseen}, by=by)


@dataclass(frozen=True)
class Step:
    """One step on the page: its name in the log, what is said when it is taken, and what takes it."""

    label: str
    done: str
    run: Callable[[Edition, QueryDict, Editor], Any]
    anchor: str = ""
    back: str = "review"  # the page that shows it


STEPS: dict[str, Step] = {
    "claim": Step(
        "Reading it",
        "Others see that you are reading it.",
        lambda edition, post, by: reviewing.claim_review(edition, by=by),
    ),
    "release": Step(
        "Not reading it",
        "Others see that you are not reading it.",
        lambda edition, post, by: reviewing.release_review(edition, by=by),
    ),
    "ticks": Step(
        "Ticking claims",
        "Your ticks are kept.",
        lambda edition, post, by: reviewing.keep_ticks(edition, chosen_grounds(post), by=by),
        "claims",
    ),
    "answers": Step(
        "Choosing the reports it answers",
        "Your choice is kept: publishing answers the reports that are ticked.",
        _keep_answered,
        "reports",
    ),
    "add-note": Step("Adding a note", "The note is added.", _add_note, "notes"),
    "remove-note": Step(
        "Removing a note",
        "The note is removed.",
        lambda edition, post, by: reviewing.remove_note(_note(edition, post), by=by),
        "notes",
    ),
    "resolve-note": Step(
        "Resolving a note",
        "The note is marked as resolved.",
        lambda edition, post, by: reviewing.resolve_note(_note(edition, post), by=by),
        "review-notes",
        "change",
    ),
    "reopen-note": Step(
        "Reopening a note",
        "The note is marked as not resolved.",
        lambda edition, post, by: reviewing.resolve_note(_note(edition, post), by=by, resolved=False),
        "review-notes",
        "change",
    ),
}


class WithReview(WithActions):
    """For the admin class of editions: the review page of each, and its steps."""

    # Templates of further parts of the page, after the difference; each is given the edition.
    review_parts: ClassVar[tuple[str, ...]] = ()

    class Media:
        css = {"all": ["admin/review.css"]}
        js = ["admin/review.js"]

    def get_urls(self) -> list[Any]:
        name = f"{self.opts.app_label}_{self.opts.model_name}_review"
        wrap = self.admin_site.admin_view
        return [
            path("<path:object_id>/review/", wrap(self.review), name=name),
            path("<path:object_id>/review/<slug:step>/", wrap(self.review_step), name=f"{name}_step"),
            *super().get_urls(),
        ]

    def buttons(self, request: HttpRequest, obj: Any) -> list[Button]:
        """The others, after the one that leads here: first of all for somebody who may review it."""
        address = edition_address(obj, "review")
        if Situation(obj, editor(request)).may_review:
            first = Button(address, "Review", Rank.NEXT)
        elif obj.is_open:
            first = Button(address, "What changed", Rank.USUAL)
        else:
            first = Button(address, "How it was reviewed", Rank.RARE)
        return [first, *super().buttons(request, obj)]

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """Gives the authors the reviewers' notes beside their form."""
        edition = kwargs["obj"]
        if edition is not None and edition.is_editable:
            context["review_notes"] = edition.review_notes.select_related("by", "resolved_by")
            if self.has_change_permission(request, edition):
                names = ("resolve", "reopen")
                context["note_steps"] = {
                    name: edition_address(edition, "review_step", f"{name}-note") for name in names
                }
        return super().render_change_form(request, context, *args, **kwargs)

    def review(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """The page, to read."""
        edition = self._edition(request, object_id)
        if edition is None:
            return not_there(request, str(self.opts.verbose_name))
        if request.method not in ("GET", "HEAD"):
            return HttpResponseNotAllowed(["GET", "HEAD"])
        return self._page(request, edition, NoteForm())

    def review_step(self, request: HttpRequest, object_id: str, step: str) -> HttpResponse:
        """Take a step and come back. A refusal stands on the page in words, with what was typed."""
        if step not in STEPS:
            raise Http404
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        edition = self._edition(request, object_id)
        if edition is None:
            return not_there(request, str(self.opts.verbose_name))
        taken = STEPS[step]
        try:
            taken.run(edition, request.POST, editor(request))
        except (workflow.WorkflowError, ValidationError) as error:
            refusals = getattr(error, "messages", [str(error)])
            self.log_change(request, edition, f"{taken.label}{REFUSED} {' '.join(refusals)}")
            for refusal in refusals:
                messages.error(request, refusal)
            edition.refresh_from_db()
            typed = NoteForm(request.POST) if step == "add-note" else NoteForm()
            return self._page(request, edition, typed, status=409)
        if request.headers.get("X-Requested-With"):  # a script, which shows it itself
            return HttpResponse(status=204)
        messages.success(request, taken.done)
        anchor = f"#{taken.anchor}" if taken.anchor else ""
        return HttpResponseRedirect(edition_address(edition, taken.back) + anchor)

    def _edition(self, request: HttpRequest, object_id: str) -> Any:
        """Raises PermissionDenied for those who may not see editions."""
        number = unquote(object_id)
        edition = admin.ModelAdmin.get_object(self, request, number) if is_id(number) else None
        if not self.has_view_permission(request, edition):
            raise PermissionDenied
        return edition

    def _page(self, request: HttpRequest, edition: Any, note_form: NoteForm, status: int = 200) -> HttpResponse:
        situation = Situation(edition, editor(request))
        page = review_page(edition, by=situation.editor, chosen=chosen_grounds(request.POST))
        deciding = [action for action in self.workflow_actions if action.possible(situation)]
        context = {
            **self.admin_site.each_context(request),
            "title": f"Review of “{edition}”" if edition.is_open else f"How “{edition}” was reviewed",
            "edition": edition,
            "page": page,
            "situation": situation,
            "contributors": edition.contributors.all(),
            "grounds": ClaimCheck.Ground.choices,
            "ground_before": GROUND,
            "note_form": note_form,
            "parts": self.review_parts,
            "pictures_at": ("editors-picture",),
            "steps": {name.replace("-", "_"): edition_address(edition, "review_step", name) for name in STEPS},
            "approving": [
                (f"{self.action_address(edition, action)}?shown={edition.lock_version}", APPROVING[action.name])
                for action in deciding
                if action.name in APPROVING
            ],
            "deciding": [
                (self.action_address(edition, action), action.label)
                for action in deciding
                if action.name == "request-changes"
            ],
            "links": self.own_links(edition),
            "edition_address": edition_address(edition),
            "may_choose": situation.may_review or (edition.state != State.IN_REVIEW and situation.may("write_edition")),
            "opts": self.opts,
        }
        return TemplateResponse(request, "admin/editorial/review.html", context, status=status)

    def own_links(self, obj: Edition) -> list[tuple[str, str]]:
        """(address, label) of further pages about it; the kinds say which."""
        return []
