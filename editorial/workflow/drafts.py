"""Drafts: begun, copied from a public edition, worked on, given up."""

from __future__ import annotations

from typing import TypeVar

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone

from editorial import freezing
from editorial.corrections.settling import let_go_of_edition
from editorial.models import PUBLIC, Edition, Editor, Record, State
from editorial.workflow.flow import (
    OpenEditionExists,
    WorkflowError,
    lock,
    lock_record,
    move,
    refresh,
    require_flow,
    require_permission,
)

AnyEdition = TypeVar("AnyEdition", bound=Edition)


@transaction.atomic
def begin_record(edition: AnyEdition, *, kind: str, slug: str, by: Editor) -> AnyEdition:
    """Make a new record with `edition`, unsaved and of its kind, as its first draft.

    Raises ValidationError when the address is taken, WorkflowError when the editor may not write.
    """
    require_permission(by, "write_edition")
    record = Record(kind=kind, slug=slug)
    record.full_clean()
    try:
        with transaction.atomic():
            record.save()
    except IntegrityError:  # another editor was quicker, since full_clean looked
        raise WorkflowError("There is a record of this kind at this address already.") from None
    edition.record, edition.created_by, edition.state = record, by, State.DRAFT
    edition.save()
    edition.contributors.add(by)
    return edition


@transaction.atomic
def start_edition(record: Record, *, by: Editor, base: Edition | None = None) -> Edition:
    """Copy the live edition, or `base` to go back to an older one, with all rows into the next draft.

    Raises OpenEditionExists when there is one, WorkflowError when there is nothing to copy.
    """
    require_permission(by, "write_edition")
    record = lock_record(record.pk)
    if existing := record.editions.open().first():
        raise OpenEditionExists(existing.typed)
    base = base or record.live
    if base is None or base.record_id != record.pk or base.state not in PUBLIC:
        raise WorkflowError("The next edition starts from a public edition of the same record, and there is none.")
    if base.is_suppressed:
        raise WorkflowError("This edition was removed for legal cause and cannot be started from.")
    try:
        with transaction.atomic():
            return copy(base.typed, by=by)
    except IntegrityError:
        raise OpenEditionExists(record.editions.open().get().typed) from None


def copy(base: AnyEdition, *, by: Editor) -> AnyEdition:
    new = type(base)(record=base.record, based_on_id=base.pk, created_by=by)
    for name in freezing.CONTENT:
        setattr(new, name, getattr(base, name))
    for field in base._meta.local_fields:
        if field is not base._meta.pk:
            setattr(new, field.attname, getattr(base, field.attname))
    new.save()
    for many in base._meta.local_many_to_many:
        getattr(new, many.name).set(getattr(base, many.name).all())
    for name, rows in base.rows_to_copy().items():
        for row in rows:
            row.pk, row.edition_id, row._state.adding = None, new.pk, True
        getattr(new, name).model.objects.bulk_create(rows)
    return new


@transaction.atomic
def note_work(edition: Edition, *, by: Editor) -> None:
    """Remember that an editor saved a change: contributors may not approve, and open forms must know."""
    locked = lock(edition)
    if not locked.is_editable:
        raise WorkflowError(f"This edition is {locked.get_state_display()}: it cannot be changed.")
    locked.contributors.add(by)
    Edition.objects.filter(pk=edition.pk).update(lock_version=F("lock_version") + 1, changed_at=timezone.now())
    edition.refresh_from_db(fields=["lock_version"])


@transaction.atomic
def discard(edition: Edition, *, by: Editor) -> None:
    """Give up an open draft. Reports attached to it wait for the next edition again."""
    locked = lock(edition)
    require_flow(locked, State.DISCARDED)
    if not locked.worked_on_by(by) and locked.created_by_id != by.pk:
        raise WorkflowError("Only somebody who has worked on this draft can discard it.")
    let_go_of_edition(locked, by=by)
    move(locked, State.DISCARDED, by=by)
    refresh(edition)
