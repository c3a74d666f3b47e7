"""What happens between submission and approval: who reads a text, the ticks at its claims, notes on passages.

A tick says that a sentence without a marker may stand so, and why. It is the reviewer's own, is bound to
the words of the sentence, and lasts: a sentence that was ticked when the public edition was approved
is not asked about again. Errors are `WorkflowError`s whose text is a sentence for the editor.
"""

from __future__ import annotations

import json
from typing import Any

from django.db import transaction
from django.utils import timezone

from editorial import freezing, workflow
from editorial.claims import Claim
from editorial.models import ClaimCheck, Edition, Editor, ReviewNote, State, Transition


@transaction.atomic
def tick(edition: Edition, claim: Claim, *, ground: str, by: Editor) -> ClaimCheck:
    """Say on which ground a claim without a marker may stand; again to say it otherwise."""
    locked = workflow.lock(edition)
    workflow.require_reviewer_of(locked, by)
    return _tick(locked, _claims(locked), claim.digest, ground, by)


@transaction.atomic
def keep_ticks(edition: Edition, grounds: dict[str, str], *, by: Editor) -> None:
    """Set the grounds, by the digests of the claims, all at once; an empty one takes a tick of one's own back."""
    locked = workflow.lock(edition)
    workflow.require_reviewer_of(locked, by)
    claims = _claims(locked)
    for digest, ground in grounds.items():
        if ground:
            _tick(locked, claims, digest, ground, by)
    emptied = [digest for digest, ground in grounds.items() if not ground]
    ClaimCheck.objects.filter(edition=locked, digest__in=emptied, by=by).delete()


def _claims(edition: Edition) -> dict[str, Claim]:
    return {claim.digest: claim for claim in edition.typed.uncited_claims()}


def _tick(edition: Edition, claims: dict[str, Claim], digest: str, ground: str, by: Editor) -> ClaimCheck:
    if ground not in ClaimCheck.Ground.values:
        raise workflow.WorkflowError("Choose the ground on which the sentence may stand without a source.")
    if digest not in claims:
        raise workflow.WorkflowError("This sentence is no longer in the text: please read it again.")
    claim = claims[digest]
    check, _ = ClaimCheck.objects.update_or_create(
        edition=edition, digest=digest, by=by,
        defaults={"field": claim.field, "sentence": claim.sentence, "ground": ground},
    )  # fmt: skip
    return check


@transaction.atomic
def claim_review(edition: Edition, *, by: Editor) -> None:
    """Say that one is reading a submitted text. Others see it, and may still act."""
    locked = workflow.lock(edition)
    workflow.require_reviewer_of(locked, by)
    _set_claimed(locked, by)
    edition.refresh_from_db()


@transaction.atomic
def release_review(edition: Edition, *, by: Editor) -> None:
    """Say that one is not reading it after all."""
    locked = workflow.lock(edition)
    workflow.require_reviewer_of(locked, by)
    if locked.claimed_by_id != by.pk:
        raise workflow.WorkflowError("You are not down as reading this text: perhaps somebody else is by now.")
    _set_claimed(locked, None)
    edition.refresh_from_db()


def _set_claimed(edition: Edition, by: Editor | None) -> None:
    edition.claimed_by, edition.claimed_at = by, timezone.now() if by else None
    edition.save(update_fields=["claimed_by", "claimed_at"])


@transaction.atomic
def add_note(edition: Edition, *, passage: str, text: str, by: Editor) -> ReviewNote:
    """Leave a note on a passage of a submitted text; its authors get it when the text is sent back."""
    locked = workflow.lock(edition)
    workflow.require_reviewer_of(locked, by)
    if not text.strip():
        raise workflow.WorkflowError("Say what should be looked at or changed.")
    return ReviewNote.objects.create(edition=locked, passage=passage.strip(), text=text.strip(), by=by)


@transaction.atomic
def remove_note(note: ReviewNote, *, by: Editor) -> None:
    """Take back a note of one's own while the text is still in review."""
    locked = workflow.lock(note.edition)
    workflow.require_reviewer_of(locked, by)
    if note.by_id != by.pk:
        raise workflow.WorkflowError("This is another reviewer's note.")
    note.delete()


@transaction.atomic
def resolve_note(note: ReviewNote, *, by: Editor, resolved: bool = True) -> None:
    """Mark a note as dealt with, or as not yet; by those who may write, while the text is theirs."""
    locked = workflow.lock(note.edition)
    workflow.require_permission(by, "write_edition")
    if not locked.is_editable:
        raise workflow.WorkflowError(f"This edition is {locked.get_state_display()}: its notes stay as they are.")
    note.resolved_by, note.resolved_at = (by, timezone.now()) if resolved else (None, None)
    note.save(update_fields=["resolved_by", "resolved_at"])


# What there is to compare


def last_sent_back(edition: Edition, *, by: Editor) -> Transition | None:
    """When, and with which reason, this editor last asked for changes; None when they never did."""
    moves = edition.transitions.filter(to_state=State.CHANGES_REQUESTED, by=by)
    return moves.select_related("by").defer("text").last()


def content_sent_back(edition: Edition, sent_back: Transition) -> dict[str, Any]:
    """What the edition said when it was sent back."""
    read = edition.transitions.filter(to_state=State.IN_REVIEW, pk__lt=sent_back.pk).latest("pk")
    content: dict[str, Any] = json.loads(read.text)
    return content


def content_now(edition: Edition) -> dict[str, Any]:
    """What the edition says, in the shape of frozen text."""
    content: dict[str, Any] = json.loads(freezing.canonical(freezing.content(edition)))
    return content
