"""What is done to a record in public: withdrawn, removed for legal cause, renamed."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from editorial import notices
from editorial.models import PUBLIC, Change, Edition, Editor, FormerAddress, Record, State, Transition
from editorial.workflow.flow import (
    WorkflowError,
    given,
    lock,
    lock_record,
    move,
    refresh,
    require_flow,
    require_permission,
    tell,
)


@transaction.atomic
def withdraw(edition: Edition, *, by: Editor, reason: str, replacement: Record | None = None) -> None:
    """Withdraw a live edition found wrong: the page stays, with the public reason; lists drop it."""
    locked = lock(edition)
    require_permission(by, "manage_edition")
    require_flow(locked, State.WITHDRAWN)
    reason = given(reason, "Give the reason: readers will see it.")
    if replacement and replacement.pk == locked.record_id:
        raise WorkflowError("A record cannot replace itself.")
    move(
        locked, State.WITHDRAWN, by=by, note=reason,
        withdrawn_at=timezone.now(), withdrawn_by=by, withdrawn_reason=reason, replacement=replacement,
    )  # fmt: skip
    tell(locked, Change.Kind.WITHDRAWN, note=reason)
    notices.tell(notices.others_who_may_review(by), f"{by} withdrew it: {reason}", edition=locked)
    refresh(edition)


@transaction.atomic
def suppress(edition: Edition, *, by: Editor, reason: str) -> None:
    """Remove the text of a public edition for legal cause: its address answers 410 with the reason.

    The row, its hash and the chain of hashes stay.
    """
    locked = lock(edition)
    require_permission(by, "manage_edition")
    if locked.state not in PUBLIC or locked.is_suppressed:
        raise WorkflowError("Only a public edition can be removed for legal cause, and only once.")
    reason = given(reason, "Give the legal cause: readers will see it.")
    locked.suppressed_at, locked.suppressed_by, locked.suppressed_reason = (
        timezone.now(),
        by,
        reason,
    )
    locked.rendered = ""
    locked.save(update_fields=["suppressed_at", "suppressed_by", "suppressed_reason", "rendered"])
    locked.record.corrections.filter(subject_label=locked.title).update(subject_label="")  # reports go by its address
    Transition.objects.create(
        edition=locked,
        at=timezone.now(),
        by=by,
        from_state=locked.state,
        to_state=locked.state,
        note=f"suppressed: {reason}",
    )
    tell(locked, Change.Kind.SUPPRESSED, note=reason)
    refresh(edition)


@transaction.atomic
def rename(record: Record, slug: str, *, by: Editor) -> None:
    """Give a record another address. The old one of a public record leads to the new for ever."""
    require_permission(by, "manage_edition")
    record = lock_record(record.pk)
    if slug == record.slug:
        return
    record.former_addresses.filter(slug=slug).delete()  # its own former address may come back
    old, record.slug = record.slug, slug
    renamed = Record(kind=record.kind, slug=slug)
    renamed.full_clean()
    record.save(update_fields=["slug"])
    if record.live:
        FormerAddress.objects.create(record=record, slug=old)
        tell(record.live, Change.Kind.RENAMED, note=f"Formerly at “{old}”.")
