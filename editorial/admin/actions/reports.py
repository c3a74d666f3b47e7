"""The table of the buttons of readers' reports."""

from __future__ import annotations

from editorial.admin.actions.buttons import Action, Rank, Situation
from editorial.admin.actions.report_forms import (
    AskForm,
    AttachForm,
    AttachToAmendmentForm,
    CloseForm,
    ConfirmForm,
    DecisionForm,
    DeclineForm,
    DetachForm,
    ReleaseForm,
    ReopenForm,
    SameAsForm,
)
from editorial.corrections import answering, deciding
from editorial.corrections.moves import FLOW
from editorial.models import Amendment, Correction, Edition, Editor

State = Correction.State


def _can_become(it: Situation, to: State) -> bool:
    return it.may("change_correction") and not it.obj.is_spam and to in FLOW[State(it.obj.state)]


def _can_be_answered(it: Situation) -> bool:
    return it.may("write_edition") and not it.obj.is_spam and it.is_in(State.CONFIRMED)


def _can_be_released(it: Situation) -> bool:
    is_allowed = it.obj.may_quote or (it.obj.may_name and it.obj.name)
    return bool(it.may("change_correction") and it.obj.is_decided and is_allowed)


def _take(report: Correction, *, by: Editor) -> None:
    deciding.describe(report, by=by, assignee=by)


def _release(report: Correction, *, by: Editor, words: bool = False, name: bool = False) -> None:
    deciding.release(report, by=by, words=words, name=name)


def _attach_to_amendment(report: Correction, *, by: Editor, amendment: Amendment) -> None:
    answering.attach_to_amendment(report, by=by, amendment=amendment)


def _start(report: Correction, *, by: Editor) -> Edition:
    return answering.start(report, by=by)


CORRECTION_ACTIONS = [
    Action(
        "confirm",
        "Confirm",
        "You find it right. Readers are told at the figure or passage that it is being corrected, and the reader gets a mail where there is an address.",
        "Confirmed: readers are told that it is being corrected.",
        deciding.confirm,
        lambda it: _can_become(it, State.CONFIRMED) and not it.is_in(State.IN_WORK),
        ConfirmForm,
        rank=Rank.NEXT,
    ),
    Action(
        "start",
        "Start the next edition",
        "The draft of the next edition is made, or the open edition used that there is. The report is attached to it and stands beside its form; publishing that edition answers the report.",
        "The report is attached: this is the edition that is to answer it.",
        _start,
        lambda it: _can_be_answered(it) and it.obj.record_id is not None,
        rank=Rank.NEXT,
    ),
    Action(
        "seen",
        "I have read it",
        "You have read what the reader wrote again, and it asks for nothing. The report leaves the box “To decide”.",
        "Noted as read.",
        deciding.seen,
        lambda it: it.may("change_correction") and it.obj.reader_wrote_at is not None,
        DecisionForm,
        rank=Rank.NEXT,
    ),
    Action(
        "take",
        "Take it",
        "The others see that you look after this report.",
        "The report is yours.",
        _take,
        lambda it: it.may("change_correction") and not it.obj.is_settled and it.obj.assignee_id != it.editor.pk,
    ),
    Action(
        "decline",
        "Decline",
        "You find it not right. The report stays listed in public with your reason, and the reader gets a mail where there is an address.",
        "Declined, with the reason in public.",
        deciding.decline,
        lambda it: _can_become(it, State.DECLINED),
        DeclineForm,
    ),
    Action(
        "ask",
        "Ask the reader",
        "The reader finds the question on the private page, and gets a mail where there is an address. The report waits until the reader writes, or you decide.",
        "Asked: the report waits for the reader.",
        deciding.ask,
        lambda it: _can_become(it, State.NEEDS_INFORMATION),
        AskForm,
    ),
    Action(
        "same-as",
        "Same as another report",
        "Another report says the same. Readers are led from this one to that, and what becomes of that one is told to both.",
        "Linked to the report that says the same.",
        deciding.same_as,
        lambda it: _can_become(it, State.DUPLICATE),
        SameAsForm,
    ),
    Action(
        "close",
        "Close",
        "Nothing is to be corrected: it is a comment, or the question to the reader was never answered. To find a report wrong, decline it.",
        "Closed.",
        deciding.close,
        lambda it: _can_become(it, State.CLOSED),
        CloseForm,
    ),
    Action(
        "reopen",
        "Reopen",
        "The report is new again, and its answer so far is taken from the public report; it stays in the report's file.",
        "Open again: it is to be decided.",
        deciding.reopen,
        lambda it: _can_become(it, State.NEW),
        ReopenForm,
    ),
    Action(
        "attach",
        "Attach to an open edition",
        "An edition that is open already is to answer the report, this record's or another's.",
        "Attached.",
        answering.attach,
        lambda it: _can_be_answered(it) and Edition.objects.open().exists(),
        AttachForm,
    ),
    Action(
        "attach-to-change",
        "Attach to a proposed change",
        "A change proposed to a source, organisation, place or term is to answer the report.",
        "Attached.",
        _attach_to_amendment,
        lambda it: _can_be_answered(it) and Amendment.objects.open().exists(),
        AttachToAmendmentForm,
    ),
    Action(
        "detach",
        "Detach",
        "What is now in work will not answer the report: it is confirmed, and waits for something that does.",
        "Detached: the report is confirmed and waits.",
        answering.detach,
        lambda it: it.may("write_edition") and it.is_in(State.IN_WORK),
        DetachForm,
    ),
    Action(
        "release",
        "Publish words or name",
        "What the reader sent is for editors alone. Of what the reader has allowed, you choose what the public report shows; taking a tick away hides it again.",
        "Done: the public report shows what you ticked.",
        _release,
        _can_be_released,
        ReleaseForm,
        rank=Rank.RARE,
    ),
    Action(
        "spam",
        "Spam",
        "The report goes into the box of suspected spam, and the public list drops it. Nothing is deleted, and nobody is written to.",
        "Put among suspected spam.",
        deciding.mark_spam,
        lambda it: it.may("change_correction") and not it.obj.is_spam and not it.obj.is_decided,
        rank=Rank.RARE,
    ),
    Action(
        "not-spam",
        "Not spam",
        "The report is listed and dealt with like any other.",
        "Taken out of suspected spam.",
        deciding.not_spam,
        lambda it: it.may("change_correction") and it.obj.is_spam,
        rank=Rank.NEXT,
    ),
]
