"""The buttons of the editors' site that move something: one table of them, one view for all.

Each asks on a page of its own what must be given with it, and calls one function of the workflow.
Whether it may be done is the workflow's to say: `possible` only decides which buttons are shown.
"""

from __future__ import annotations

import enum
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar, NamedTuple

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.html import format_html

from editorial import amendments, previews, workflow
from editorial.admin.access import edition_address, editor, not_there
from editorial.admin.forms import SLUG_ERRORS, Autocomplete, is_id
from editorial.claims import Caution
from editorial.models import (
    EDITABLE,
    OPEN,
    PUBLIC,
    Amendment,
    Edition,
    Editor,
    Record,
    State,
)
from editorial.models.editions import LIVE

# How the log says that something was tried in vain, after its name; it is looked for there.
REFUSED = ": refused."


class ActionForm(forms.Form):
    """What is asked before something is done; `obj` is what it is done to, `asked` what the link said."""

    def __init__(self, *args: Any, obj: Any, asked: Mapping[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.obj = obj
        self.asked = asked
        for name, value in self.values_at_first().items():
            self.fields[name].initial = value

    def values_at_first(self) -> dict[str, Any]:
        return {}


class ReasonForm(ActionForm):
    reason = forms.CharField(widget=forms.Textarea(attrs={"rows": 4, "cols": 80}))


class PublicReasonForm(ActionForm):
    reason = forms.CharField(
        widget=forms.Textarea(attrs={"rows": 4, "cols": 80}),
        help_text="Readers see it. Say plainly what is the matter.",
    )


class ShownForm(ActionForm):
    """Remembers which version of the text the reviewer had before them."""

    shown = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def clean_shown(self) -> int:
        """The version; one that never was where the page was not opened at all."""
        shown = self.cleaned_data["shown"]
        return -1 if shown is None else shown

    def values_at_first(self) -> dict[str, Any]:
        """The one on the review page, where the reviewer comes from there."""
        shown = self.asked.get("shown", "")
        return {"shown": int(shown) if is_id(shown) else self.obj.lock_version}


class ScheduleForm(ShownForm):
    at = forms.DateTimeField(
        label="Publish at",
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        help_text="In the time of Pristina and Belgrade (Europe/Belgrade).",
    )


class WithdrawForm(PublicReasonForm):
    replacement = forms.ModelChoiceField(
        Record.objects.filter(live__state=State.PUBLISHED),
        required=False,
        widget=Autocomplete(Edition._meta.get_field("replacement"), admin.site),
        help_text="The record that readers should turn to instead, if there is one.",
    )


class ShareForm(ActionForm):
    days = forms.TypedChoiceField(
        label="For how long",
        coerce=int,
        choices=[(days, f"{days} day{'s' if days > 1 else ''}") for days in previews.DAYS],
        initial=7,
        help_text="The link stops working earlier if the edition is submitted, sent back, published or discarded.",
    )


class RenameForm(ActionForm):
    slug = forms.SlugField(
        label="New address",
        max_length=100,
        help_text="The last part of the address. The old one of a public record leads to it for ever.",
        error_messages=SLUG_ERRORS,
    )

    def values_at_first(self) -> dict[str, Any]:
        return {"slug": record_of(self.obj).slug}


def record_of(obj: Edition | Record) -> Record:
    return obj if isinstance(obj, Record) else obj.record


@dataclass
class Situation:
    """Something, and the editor who looks at it: what the buttons depend on, each asked once."""

    obj: Any
    editor: Editor

    def may(self, permission: str) -> bool:
        return self.editor.has_perm(f"editorial.{permission}")

    def is_in(self, *states: str) -> bool:
        return self.obj.state in states

    @cached_property
    def worked_on(self) -> bool:
        return self.obj.worked_on_by(self.editor)

    @cached_property
    def may_review(self) -> bool:
        return self.is_in(State.IN_REVIEW) and self.may("review_edition") and not self.worked_on

    @cached_property
    def may_start(self) -> bool:
        return (
            self.may("write_edition")
            and self.is_in(*PUBLIC)
            and not self.obj.is_suppressed
            and not self.obj.record.editions.open().exists()
        )

    @property
    def is_live(self) -> bool:
        return self.is_in(*LIVE)


class Rank(enum.Enum):
    """How a button stands among the others."""

    NEXT = "the next step"
    USUAL = "usual"
    RARE = "rare, or not to be undone: folded away"


class Button(NamedTuple):
    """A button as the page shows it."""

    address: str
    label: str
    rank: Rank = Rank.NEXT


@dataclass(frozen=True)
class Buttons:
    """The buttons of a page as they are shown: one that leads on, the usual ones, the rare ones."""

    leading: list[Button]
    usual: list[Button]
    rare: list[Button]


def arranged(buttons: Iterable[tuple[str, str] | Button]) -> Buttons:
    """The first button of the rank `NEXT` leads; pairs of address and label have that rank."""
    every = [Button(*button) for button in buttons]
    leading = [button for button in every if button.rank == Rank.NEXT][:1]
    usual = [button for button in every if button.rank != Rank.RARE and button not in leading]
    return Buttons(leading, usual, [button for button in every if button.rank == Rank.RARE])


@dataclass(frozen=True)
class Action:
    """One button: its name in addresses, its label, what will happen, and what does it."""

    name: str
    label: str
    explanation: str
    done: str
    # (obj, by=…, **what the form asked): returns where to go on, a text to show, or None
    run: Callable[..., Any]
    possible: Callable[[Situation], bool]
    form: type[ActionForm] = ActionForm
    problems: Callable[[Any], list[str]] = lambda obj: []
    warnings: Callable[[Any], list[Caution]] = lambda obj: []
    rank: Rank = Rank.USUAL


def _start(edition: Edition, *, by: Editor) -> Edition:
    return workflow.start_edition(edition.record, by=by)


def _restore(edition: Edition, *, by: Editor) -> Edition:
    return workflow.start_edition(edition.record, by=by, base=edition)


def _share(edition: Edition, *, by: Editor, days: int) -> str:
    address, until = previews.share(edition, by=by, days=days)
    return format_html(
        "Whoever has this link can read the text as it is saved, until {}. Copy it now: it is not shown again. "
        '<a class="preview-link" href="{}">{}</a>',
        f"{timezone.localtime(until):%-d %B %Y, %H:%M}", address, f"{settings.SITE_URL}{address}",
    )  # fmt: skip


def _rename(obj: Edition | Record, *, by: Editor, slug: str) -> None:
    workflow.rename(record_of(obj), slug, by=by)


RENAME = Action(
    "rename",
    "Rename the address",
    "The record gets another address. Where it is public, the old one leads readers there for ever.",
    "The record has its new address.",
    _rename,
    lambda it: it.may("manage_edition"),
    RenameForm,
    rank=Rank.RARE,
)

EDITION_ACTIONS = [
    Action(
        "submit",
        "Submit for review",
        "A second editor will read the text as it stands now. Until it is sent back or taken back nobody can change it.",
        "Submitted: a second editor can read it now.",
        workflow.submit,
        lambda it: it.is_in(*EDITABLE) and it.may("write_edition") and (it.worked_on or it.obj.imported),
        problems=lambda edition: edition.submission_problems(),
        warnings=lambda edition: edition.submission_warnings(),
        rank=Rank.NEXT,
    ),
    Action(
        "take-back",
        "Take back",
        "The text is a draft again, and you can change it.",
        "Taken back: it is a draft again.",
        workflow.take_back,
        lambda it: it.is_in(State.IN_REVIEW) and it.obj.submitted_by_id == it.editor.pk,
    ),
    Action(
        "request-changes",
        "Request changes",
        "The text goes back to its authors with your reason.",
        "Sent back to its authors.",
        workflow.request_changes,
        lambda it: it.may_review,
        ReasonForm,
    ),
    Action(
        "publish",
        "Publish",
        "The text becomes public now, in place of the edition public so far, with your name as its checker. It can never be changed after that: changes go into the next edition.",
        "Published.",
        workflow.publish,
        lambda it: it.may_review,
        ShownForm,
        problems=lambda edition: edition.publication_problems(),
        warnings=lambda edition: edition.publication_warnings(),
        rank=Rank.NEXT,
    ),
    Action(
        "schedule",
        "Schedule",
        "You approve the text now, and it becomes public at the time you choose. Until then nobody can change it.",
        "Approved and scheduled.",
        workflow.schedule,
        lambda it: it.may_review,
        ScheduleForm,
        problems=lambda edition: edition.publication_problems(),
        warnings=lambda edition: edition.publication_warnings(),
    ),
    Action(
        "unschedule",
        "Call the publication off",
        "The text is a draft again and the approval void: it must be submitted and approved anew.",
        "Called off: it is a draft again.",
        workflow.unschedule,
        lambda it: it.is_in(State.SCHEDULED) and (it.may("review_edition") or it.worked_on),
        ReasonForm,
    ),
    Action(
        "start",
        "Start the next edition",
        "A draft is made with the text and all the rows of the edition now public, which stays public until the next one is published.",
        "The next edition is open: this is its draft.",
        _start,
        lambda it: it.is_live and it.may_start,
        rank=Rank.NEXT,
    ),
    Action(
        "restore",
        "Start the next edition from this one",
        "A draft is made with the text and all the rows of this older edition. It goes through review like any other; the editions between stay as they are.",
        "The next edition is open, with the text of the older one.",
        _restore,
        lambda it: it.is_in(State.SUPERSEDED) and it.may_start,
    ),
    Action(
        "share",
        "Share a preview",
        "You get a link with which people outside, such as an expert, can read this text without logging in, as it is saved when they open it. "
        "They see that it is not published. Whoever has the link can pass it on.",
        "The link is made.",
        _share,
        lambda it: it.is_in(*OPEN) and it.may("write_edition"),
        ShareForm,
        rank=Rank.RARE,
    ),
    Action(
        "discard",
        "Discard",
        "The draft is given up and can no longer be changed. Reports that were to be answered by it wait for the next edition again.",
        "Discarded.",
        workflow.discard,
        lambda it: it.is_in(*EDITABLE) and (it.worked_on or it.obj.created_by_id == it.editor.pk),
        rank=Rank.RARE,
    ),
    Action(
        "withdraw",
        "Withdraw",
        "The page keeps its address and shows your reason above everything else; lists and search drop it.",
        "Withdrawn.",
        workflow.withdraw,
        lambda it: it.is_in(State.PUBLISHED) and it.may("manage_edition"),
        WithdrawForm,
        rank=Rank.RARE,
    ),
    Action(
        "suppress",
        "Remove for legal cause",
        "The text is hidden for good: its address answers that it was removed, with your reason. For legal cause only.",
        "Removed.",
        workflow.suppress,
        lambda it: it.is_in(*PUBLIC) and not it.obj.is_suppressed and it.may("manage_edition"),
        PublicReasonForm,
        rank=Rank.RARE,
    ),
    RENAME,
]

AMENDMENT_ACTIONS = [
    Action(
        "confirm",
        "Confirm",
        "The change is in force at once and stands in the public log, with its reason.",
        "Confirmed: the change is in force.",
        amendments.confirm,
        lambda it: (
            it.is_in(Amendment.State.PROPOSED) and it.may("review_edition") and it.obj.proposed_by_id != it.editor.pk
        ),
        rank=Rank.NEXT,
    ),
    Action(
        "decline",
        "Decline",
        "The change is not made. Declining a proposal of your own takes it back.",
        "Declined: nothing was changed.",
        amendments.decline,
        lambda it: (
            it.is_in(Amendment.State.PROPOSED) and (it.may("review_edition") or it.obj.proposed_by_id == it.editor.pk)
        ),
    ),
]


class WithActions(admin.ModelAdmin):
    """An admin class with buttons from the table: each leads to a page that asks, and then does it."""

    workflow_actions: ClassVar[Sequence[Action]] = ()

    def get_urls(self) -> list[Any]:
        name = f"{self.opts.app_label}_{self.opts.model_name}_do"
        view = self.admin_site.admin_view(self.action_view)
        return [path("<path:object_id>/do/<slug:action>/", view, name=name), *super().get_urls()]

    def action_address(self, obj: Any, action: Action) -> str:
        name = f"admin:{self.opts.app_label}_{self.opts.model_name}_do"
        return reverse(name, args=[obj.pk, action.name])

    def buttons(self, request: HttpRequest, obj: Any) -> list[Button]:
        """What this editor can do now."""
        situation = Situation(obj, editor(request))
        return [
            Button(self.action_address(obj, action), action.label, action.rank)
            for action in self.workflow_actions
            if action.possible(situation)
        ]

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        response = super().change_view(request, object_id, form_url, extra_context)
        context = getattr(response, "context_data", None)
        if context and context.get("original"):
            context["buttons"] = arranged(self.buttons(request, context["original"]))
        return response

    def action_view(self, request: HttpRequest, object_id: str, action: str) -> HttpResponse:
        """Ask, and on POST do it. A refusal is shown in the workflow's words, with what was typed."""
        chosen = next((one for one in self.workflow_actions if one.name == action), None)
        if chosen is None:
            raise Http404
        number = unquote(object_id)
        obj = admin.ModelAdmin.get_object(self, request, number) if is_id(number) else None
        if obj is None:
            return not_there(request, str(self.opts.verbose_name))
        if not self.has_view_permission(request, obj):
            raise PermissionDenied
        form = chosen.form(request.POST if request.method == "POST" else None, obj=obj, asked=request.GET)
        status = 200
        if request.method == "POST" and form.is_valid():
            try:
                next_one = chosen.run(obj, by=request.user, **form.cleaned_data)
            except workflow.OpenEditionExists as error:
                messages.warning(request, str(error))
                return HttpResponseRedirect(edition_address(error.edition))
            except (workflow.WorkflowError, ValidationError) as error:
                reasons = getattr(error, "messages", [str(error)])
                form.add_error(None, reasons)
                self.log_change(request, obj, f"{chosen.label}{REFUSED} {' '.join(reasons)}")
                status = 409
            else:
                messages.success(request, next_one if isinstance(next_one, str) else chosen.done)
                self.log_change(request, obj, f"{chosen.label}.")
                return HttpResponseRedirect(self._after(obj, next_one))
        context = {
            **self.admin_site.each_context(request),
            "title": chosen.label,
            "subtitle": str(obj),
            "action": chosen,
            "form": form,
            "media": self.media + form.media,
            "object": obj,
            "problems": chosen.problems(getattr(obj, "typed", obj)) if status == 200 else [],
            "warnings": chosen.warnings(getattr(obj, "typed", obj)),
            "back": reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_change", args=[obj.pk]),
            "opts": self.opts,
        }
        return TemplateResponse(request, "admin/editorial/action.html", context, status=status)

    def _after(self, obj: Any, next_one: Any) -> str:
        if isinstance(next_one, Edition):
            return edition_address(next_one)
        name = f"admin:{self.opts.app_label}_{self.opts.model_name}"
        if type(obj)._default_manager.filter(pk=obj.pk).exists():
            return reverse(f"{name}_change", args=[obj.pk])
        return reverse(f"{name}_changelist")
