"""Which state of a report may follow which, and all that goes with a move."""

from __future__ import annotations

import datetime
from typing import Any

from django.utils import timezone

from editorial import outbox
from editorial.corrections import letters
from editorial.models import Change, Correction, CorrectionEntry, Editor

State = Correction.State

FLOW: dict[State, set[State]] = {
    State.NEW: {State.CONFIRMED, State.DECLINED, State.DUPLICATE, State.NEEDS_INFORMATION, State.CLOSED},
    State.NEEDS_INFORMATION: {
        State.CONFIRMED,
        State.DECLINED,
        State.DUPLICATE,
        State.NEEDS_INFORMATION,  # another question
        State.CLOSED,
    },
    State.CONFIRMED: {State.IN_WORK, State.DECLINED, State.DUPLICATE},
    State.IN_WORK: {State.CONFIRMED, State.IN_WORK, State.FIXED},  # in work: answered by another edition
    State.FIXED: set(),
    State.DECLINED: {State.NEW},
    State.DUPLICATE: {State.NEW},
    State.CLOSED: {State.NEW},
}


def lock(correction: Correction) -> Correction:
    """The report as the database has it now, held until the transaction ends."""
    return Correction.objects.select_for_update(no_key=True).get(pk=correction.pk)


def move(
    correction: Correction,
    to: State,
    *,
    by: Editor | None,
    text: str = "",
    kind: CorrectionEntry.Kind = CorrectionEntry.Kind.MOVED,
    at: datetime.datetime | None = None,
    **facts: Any,
) -> None:
    """Move a locked report, for whose state this is allowed, and tell whom it concerns.

    `facts` are its other fields that change with it, `text` what its file says of the move. Readers find
    a line in the public log where what they see has changed; who left an address gets a mail.
    """
    at = at or timezone.now()
    seen_before = _seen_by_readers(correction)
    correction.state = to
    for name, value in facts.items():
        setattr(correction, name, value)
    if correction.is_decided and correction.decided_at is None:
        correction.decided_at = at
    correction.settled_at = at if correction.is_settled else None
    correction.reader_wrote_at = None
    correction.save()
    CorrectionEntry.objects.create(correction=correction, at=at, by=by, kind=kind, state=to, text=text)
    if _seen_by_readers(correction) == seen_before:
        tell_reader = to == State.NEEDS_INFORMATION
    else:
        tell_reader = to != State.NEW
        tell_public(correction, at=at)
    if tell_reader and not correction.is_spam:
        post(correction)
        if to == State.FIXED:
            for duplicate in correction.duplicates.select_related("record"):
                post(duplicate)


def tell_public(correction: Correction, *, at: datetime.datetime | None = None) -> None:
    """A line in the public log: something that readers see of a report has changed. The serial moves."""
    Change.objects.create(
        at=at or timezone.now(), kind=Change.Kind.ANSWERED, record=correction.record, correction=correction,
        address=correction.get_absolute_url(), label=f"{correction}: {correction.about}"[:300], note=correction.answer,
        minor=correction.state != State.DECLINED,  # what was corrected stands in the feed by its edition
    )  # fmt: skip


def post(correction: Correction) -> None:
    """Write the mail that tells the reader how the report stands, where there is an address."""
    if correction.email:
        subject, body = letters.written(correction)
        outbox.post(correction.email, subject, body, correction=correction)


def _seen_by_readers(correction: Correction) -> tuple[Any, ...]:
    return (
        correction.state_for_readers,
        correction.answer,
        correction.duplicate_of_id if correction.is_decided else None,
        correction.fixed_in_id,
        correction.fixed_by_id,
    )
