"""Which state of an edition may follow which, and what every change of state shares.

All changes take the locks in one order, Record, then Edition, decide on the state as it is in the
database, and write state, log and everything that must follow in one transaction.
"""

from __future__ import annotations

import datetime
from typing import Any

from django.utils import timezone

from editorial import presence
from editorial.models import EDITABLE, Change, Edition, Editor, Record, State, Transition
from editorial.signals import public_content_changed

NO_SECOND_PERSON = "Somebody who has not worked on this text must approve it."


FLOW: dict[State, set[State]] = {
    State.DRAFT: {
        State.IN_REVIEW,
        State.DISCARDED,
        State.PUBLISHED,
    },  # published: the founding record only
    State.IN_REVIEW: {State.DRAFT, State.CHANGES_REQUESTED, State.SCHEDULED, State.PUBLISHED},
    State.CHANGES_REQUESTED: {State.IN_REVIEW, State.DISCARDED},
    State.SCHEDULED: {State.DRAFT, State.PUBLISHED},
    State.PUBLISHED: {State.SUPERSEDED, State.WITHDRAWN},
    State.WITHDRAWN: {State.SUPERSEDED},
    State.SUPERSEDED: set(),
    State.DISCARDED: set(),
}


class WorkflowError(Exception):
    """A change of state that is not possible; `messages` say why, to the editor, a sentence or two each."""

    def __init__(self, *messages: str) -> None:
        super().__init__(*messages)
        self.messages = list(messages)

    def __str__(self) -> str:
        return " ".join(self.messages)


class OpenEditionExists(WorkflowError):
    """The record has an open edition already: `edition` is it."""

    def __init__(self, edition: Edition) -> None:
        self.edition = edition
        super().__init__(f"Another edition of “{edition}” is open already ({edition.get_state_display()}).")


def lock_record(pk: int) -> Record:
    """The record as the database has it now; one writer at a time.

    Others may point at it meanwhile (`no_key`): two records that name each other would block each
    other for ever. Nothing is joined, because what is joined would be as old as the wait was long.
    """
    return Record.objects.select_for_update(no_key=True).get(pk=pk)


def lock(edition: Edition) -> Edition:
    """The edition as the database has it now, with record and edition locked, in this order."""
    record = lock_record(edition.record_id)
    locked = Edition.objects.select_for_update(no_key=True).get(pk=edition.pk)
    locked.record = record
    locked.loads_rows_once = True
    return locked


def move(edition: Edition, to: State, *, by: Editor | None, note: str = "", text: str = "", **facts: Any) -> None:
    require_flow(edition, to)
    before = edition.state
    edition.state = to
    for name, value in facts.items():
        setattr(edition, name, value)
    edition.save(update_fields=["state", "changed_at", *facts])
    if before in EDITABLE and to not in EDITABLE:
        presence.note_all_closed(edition)
    Transition.objects.create(
        edition=edition,
        at=timezone.now(),
        by=by,
        from_state=before,
        to_state=to,
        note=note,
        text=text,
    )


def tell(
    edition: Edition,
    kind: Change.Kind,
    *,
    at: datetime.datetime | None = None,
    note: str = "",
    minor: bool = False,
) -> None:
    """Everything that follows on a change of what is public; the serial comes last."""
    typed = edition.typed
    typed.refresh_from_db()  # it was read before the state moved
    public_content_changed.send(type(typed), edition=typed)
    Change.objects.create(
        at=at or timezone.now(), kind=kind, record=edition.record, edition=edition, note=note, minor=minor,
        address=edition.get_absolute_url(), label=edition.title,
    )  # fmt: skip


def refresh(edition: Edition) -> None:
    """Let the caller's object know what happened."""
    edition.refresh_from_db()


def require_flow(edition: Edition, to: State, *only_from: State) -> None:
    if to not in FLOW[State(edition.state)] or (only_from and edition.state not in only_from):
        raise WorkflowError(
            f"This edition is {edition.get_state_display()}: it cannot become {State(to).label}. "
            "Somebody may have changed it since you opened the page."
        )


def require_permission(by: Editor, permission: str) -> None:
    if not by.has_perm(f"editorial.{permission}"):
        raise WorkflowError("Your role does not allow this.")


def require_second_person(edition: Edition, by: Editor) -> None:
    require_permission(by, "review_edition")
    if edition.worked_on_by(by):
        raise WorkflowError(NO_SECOND_PERSON)


def require_reviewer_of(edition: Edition, by: Editor) -> None:
    """Raises WorkflowError unless the edition is in review and this editor may approve it."""
    if edition.state != State.IN_REVIEW:
        raise WorkflowError(f"This edition is {edition.get_state_display()}: it is not in review.")
    require_second_person(edition, by)


def refuse(problems: list[str]) -> None:
    if problems:
        raise WorkflowError(*problems)


def given(text: str, otherwise: str) -> str:
    if not text.strip():
        raise WorkflowError(otherwise)
    return text.strip()
