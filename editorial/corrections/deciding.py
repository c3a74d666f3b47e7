"""What editors decide on a report, and what they note beside it. Errors are sentences for the editor."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from editorial.corrections.moves import FLOW, lock, move, tell_public
from editorial.models import Correction, CorrectionEntry, Editor, PublicSerial
from editorial.workflow import WorkflowError, require_permission

State = Correction.State
SEEN_BY_READERS = {"category", "figure", "citation"}


@transaction.atomic
def confirm(correction: Correction, *, by: Editor, answer: str = "") -> None:
    """Find a report right: readers are told at the fact that it is being corrected."""
    _decide(correction, State.CONFIRMED, by=by, public_answer=answer.strip())


@transaction.atomic
def decline(correction: Correction, *, by: Editor, answer: str) -> None:
    """Find a report not right, with a reason that everybody can read."""
    _decide(correction, State.DECLINED, by=by, public_answer=_given(answer, "Say why it is declined: readers see it."))


@transaction.atomic
def close(correction: Correction, *, by: Editor, answer: str = "") -> None:
    """End a report that asks for nothing to be corrected: a comment, or one whose question was never answered."""
    _decide(correction, State.CLOSED, by=by, public_answer=answer.strip())


@transaction.atomic
def same_as(correction: Correction, *, by: Editor, original: Correction, answer: str = "") -> None:
    """Say that another report says the same. Of reports that say the same, the first is the one all others name."""
    both = Correction.objects.filter(pk__in=[correction.pk, original.pk]).order_by("pk").select_for_update(no_key=True)
    original = {report.pk: report for report in both}[original.pk]
    original = original.duplicate_of or original
    if original.pk == correction.pk:
        raise WorkflowError("A report is not the same as itself, nor as one that was found to be the same as it.")
    if original.is_spam:
        raise WorkflowError(f"{original} lies among suspected spam: readers could not look it up.")
    _decide(correction, State.DUPLICATE, by=by, duplicate_of=original, public_answer=answer.strip())
    for other in correction.duplicates.select_for_update(no_key=True).order_by("pk"):
        move(other, State.DUPLICATE, by=by, duplicate_of=original)


@transaction.atomic
def ask(correction: Correction, *, by: Editor, question: str) -> None:
    """Ask the reader, who finds the question on the private page."""
    question = _given(question, "Write what you want to know from the reader.")
    locked = _lock(correction, State.NEEDS_INFORMATION, by, question)
    move(locked, State.NEEDS_INFORMATION, by=by, kind=CorrectionEntry.Kind.QUESTION, text=question)
    correction.refresh_from_db()


@transaction.atomic
def reopen(correction: Correction, *, by: Editor, reason: str) -> None:
    """Look at a report again that was declined, closed, or called the same as another."""
    reason = _given(reason, "Say why it is looked at again.")
    locked = _lock(correction, State.NEW, by, reason)
    answer = f"{reason} The answer so far: {locked.public_answer}" if locked.public_answer else reason
    move(locked, State.NEW, by=by, text=answer, duplicate_of=None, public_answer="")
    correction.refresh_from_db()


# Beside the decision


@transaction.atomic
def mark_spam(correction: Correction, *, by: Editor) -> None:
    """Put a report into the box of suspected spam: the public list no longer shows it, nothing is deleted."""
    locked = _lock_open_to(correction, by)
    if locked.is_decided:
        raise WorkflowError(f"This report is {locked.get_state_display()}: it was answered in public and stays listed.")
    _set_spam(locked, True, by)
    correction.refresh_from_db()


@transaction.atomic
def not_spam(correction: Correction, *, by: Editor) -> None:
    """Take a report out of the box of suspected spam: it is dealt with like any other."""
    _set_spam(_lock_open_to(correction, by), False, by)
    correction.refresh_from_db()


@transaction.atomic
def release(correction: Correction, *, by: Editor, words: bool, name: bool) -> None:
    """Publish the reader's words or name, or no longer: only as far as the reader has allowed it."""
    locked = _lock_open_to(correction, by)
    if (words or name) and not locked.is_decided:
        raise WorkflowError("Decide on the report first: until then readers see only that it was received.")
    if words and not locked.may_quote:
        raise WorkflowError("The reader has not allowed that the words are published.")
    if name and not (locked.may_name and locked.name):
        raise WorkflowError("The reader has not allowed that the name is published.")
    locked.words_public, locked.name_public = words, name
    locked.save(update_fields=["words_public", "name_public"])
    shown = " and ".join(what for what, is_shown in (("words", words), ("name", name)) if is_shown) or "nothing"
    _note_done(locked, by, f"Published of what the reader sent: {shown}.")
    tell_public(locked)
    correction.refresh_from_db()


@transaction.atomic
def describe(correction: Correction, *, by: Editor, **facts: Any) -> None:
    """Set what editors say of a report: category, assignee, whether it concerns a living person, which figure or note."""
    locked = _lock_open_to(correction, by)
    changed = {name: value for name, value in facts.items() if getattr(locked, name) != value}
    if not changed:
        return
    for name, value in changed.items():
        setattr(locked, name, value)
    locked.save(update_fields=[*changed])
    said = "; ".join(f"{name.replace('_', ' ')}: {_in_words(locked, name)}" for name in changed)
    _note_done(locked, by, f"Set {said}.")
    if changed.keys() & SEEN_BY_READERS:
        PublicSerial.move()  # they are told at the figure or note
    correction.refresh_from_db()


@transaction.atomic
def note(correction: Correction, *, by: Editor, text: str) -> None:
    """Note something beside a report, for editors only. Never name protected witnesses."""
    text = _given(text, "Write the note.")
    locked = _lock_open_to(correction, by, text)
    CorrectionEntry.objects.create(correction=locked, by=by, kind=CorrectionEntry.Kind.NOTE, text=text)


@transaction.atomic
def seen(correction: Correction, *, by: Editor) -> None:
    """What the reader wrote again was read, and asks for nothing."""
    locked = _lock_open_to(correction, by)
    if locked.reader_wrote_at is None:
        raise WorkflowError("The reader has not written again.")
    locked.reader_wrote_at = None
    locked.save(update_fields=["reader_wrote_at"])
    _note_done(locked, by, "Read what the reader wrote.")
    correction.refresh_from_db()


def require_no_address(correction: Correction, text: str) -> None:
    """Raises WorkflowError where an editor's words, which stay for ever, repeat the reader's address, which is erased."""
    if correction.email and correction.email.casefold() in text.casefold():
        raise WorkflowError(
            "Leave the reader's e-mail address out: it is erased after some time, what you write is not."
        )


def _decide(correction: Correction, to: State, *, by: Editor, **facts: Any) -> None:
    text = facts.get("public_answer", "")
    locked = _lock(correction, to, by, text)
    move(locked, to, by=by, text=text, **facts)
    correction.refresh_from_db()


def _lock(correction: Correction, to: State, by: Editor, text: str) -> Correction:
    locked = _lock_open_to(correction, by, text)
    if locked.state == State.IN_WORK:
        raise WorkflowError("This report is in work: detach it first from what is to answer it.")
    if to not in FLOW[State(locked.state)]:
        raise WorkflowError(
            f"This report is {locked.get_state_display()}: it cannot become {to.label}. "
            "Somebody may have decided on it since you opened the page."
        )
    if locked.is_spam:
        raise WorkflowError("This report lies among suspected spam: take it out first.")
    return locked


def _lock_open_to(correction: Correction, by: Editor, text: str = "") -> Correction:
    require_permission(by, "change_correction")
    locked = lock(correction)
    require_no_address(locked, text)
    return locked


def _set_spam(locked: Correction, is_spam: bool, by: Editor) -> None:
    if locked.is_spam == is_spam:
        raise WorkflowError("Somebody has moved it already.")
    locked.is_spam = is_spam
    locked.save(update_fields=["is_spam"])
    _note_done(locked, by, "Put among suspected spam." if is_spam else "Taken out of suspected spam.")
    PublicSerial.move()  # the public list gains or loses a line


def _note_done(locked: Correction, by: Editor, text: str) -> None:
    CorrectionEntry.objects.create(correction=locked, by=by, kind=CorrectionEntry.Kind.DONE, text=text)


def _in_words(correction: Correction, name: str) -> str:
    value = getattr(correction, name)
    if isinstance(value, bool):
        return "yes" if value else "no"
    shown = getattr(correction, f"get_{name}_display", lambda: value)()
    return str(shown) if shown else "nothing"


def _given(text: str, otherwise: str) -> str:
    if not text.strip():
        raise WorkflowError(otherwise)
    return text.strip()
