"""The table of the buttons: of editions and of amendments."""

from __future__ import annotations

from django.conf import settings
from django.utils import timezone
from django.utils.html import format_html

from editorial import amendments, previews, workflow
from editorial.admin.actions.buttons import Action, Rank
from editorial.admin.actions.forms import (
    PublicReasonForm,
    ReasonForm,
    RenameForm,
    ScheduleForm,
    ShareForm,
    ShownForm,
    WithdrawForm,
    record_of,
)
from editorial.models import EDITABLE, OPEN, PUBLIC, Amendment, Edition, Editor, Record, State


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
