"""Changes to reference data in public use: proposed by one editor, in force once another confirms.

Values in an amendment are plain: text, numbers, lists, and the `key` of what a foreign key points at.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.db import transaction
from django.utils import timezone

from editorial.corrections.settling import let_go_of_amendment, settle_by_amendment
from editorial.freezing import plain_number
from editorial.models import Amendment, Change, Editor, ReferenceData
from editorial.search import index
from editorial.workflow import WorkflowError, require_permission

WAITS_ALREADY = "A change to this waits for a second editor already."


def waiting_for(thing: ReferenceData) -> Amendment | None:
    """The proposed change to it that waits for a second editor."""
    content_type = ContentType.objects.get_for_model(thing)
    return Amendment.objects.open().filter(content_type=content_type, object_id=thing.pk).first()


def plain_value(thing: ReferenceData, name: str) -> Any:
    """The value of a field as an amendment and the public log show it."""
    value = getattr(thing, name)
    if isinstance(value, ReferenceData):
        return value.frozen_key
    if isinstance(value, Decimal):
        return plain_number(value)
    return value if value is None or isinstance(value, int | float | bool | list | dict) else str(value)


@transaction.atomic
def propose(thing: ReferenceData, changed: ReferenceData, *, by: Editor, reason: str) -> Amendment:
    """Propose that `thing` take the values of `changed`, an unsaved copy that is valid.

    Raises WorkflowError when nothing differs, no reason is given or a proposal waits already.
    """
    require_permission(by, "write_edition")
    if not reason.strip():
        raise WorkflowError("Readers see this entry: give the reason for the change.")
    current = type(thing)._default_manager.select_for_update(of=("self",), no_key=True).get(pk=thing.pk)
    fields = [f.name for f in thing._meta.local_concrete_fields if f.name not in ("id", "key")]
    new = {name: plain_value(changed, name) for name in fields}
    old = {name: plain_value(current, name) for name in fields}
    differing = [name for name in fields if new[name] != old[name]]
    if not differing:
        raise WorkflowError("Nothing has changed.")
    if waiting_for(thing):
        raise WorkflowError(WAITS_ALREADY)
    return Amendment.objects.create(
        content_type=ContentType.objects.get_for_model(thing), object_id=thing.pk, reason=reason.strip(), proposed_by=by,
        old_values={name: old[name] for name in differing}, new_values={name: new[name] for name in differing},
    )  # fmt: skip


@transaction.atomic
def confirm(amendment: Amendment, *, by: Editor) -> None:
    """Put a proposed change in force and in the public log. Raises WorkflowError when it cannot be."""
    locked = _lock(amendment, by)
    target: Any = locked.target
    if target is None:
        raise WorkflowError("What this would change is no longer there: decline it.")
    thing = type(target)._default_manager.select_for_update(of=("self",), no_key=True).get(pk=target.pk)
    stale = [name for name, value in locked.old_values.items() if plain_value(thing, name) != value]
    if stale:
        raise WorkflowError(f"Changed since it was proposed: {', '.join(stale)}. Decline it and propose again.")
    for name, value in locked.new_values.items():
        field = thing._meta.get_field(name)
        target = _named(field.related_model, value) if field.is_relation and value else None
        setattr(thing, name, target if field.is_relation else value)
    try:
        thing.full_clean()
    except ValidationError as error:
        raise WorkflowError(" ".join(error.messages)) from error
    was_public = thing.in_public_use()  # what is merged into another no longer is, once it is saved
    thing.save()
    _decide(locked, Amendment.State.CONFIRMED, by)
    if was_public:
        index.follow_thing(thing)
        change = Change.objects.create(
            at=timezone.now(), kind=Change.Kind.AMENDED, amendment=locked, note=locked.reason,
            address=thing.get_absolute_url(), label=str(thing)[:300],
        )  # fmt: skip
        settle_by_amendment(change, by=by)
    else:
        let_go_of_amendment(locked, by=by, why="The change is made, of something that is in no public use.")
    amendment.refresh_from_db()


@transaction.atomic
def decline(amendment: Amendment, *, by: Editor) -> None:
    """Refuse a proposed change; the proposer may do so too, which takes it back."""
    locked = Amendment.objects.select_for_update().get(pk=amendment.pk)
    if locked.state != Amendment.State.PROPOSED:
        raise WorkflowError("This change has been decided already.")
    if locked.proposed_by_id == by.pk:
        let_go_of_amendment(locked, by=by, why="The proposed change was taken back.")
        locked.delete()
        return
    _decide(_lock(amendment, by), Amendment.State.DECLINED, by)
    let_go_of_amendment(locked, by=by, why="The proposed change was declined.")
    amendment.refresh_from_db()


def _named(model: Any, key: str) -> Any:
    try:
        return model.by_frozen_key(key)
    except ObjectDoesNotExist:
        raise WorkflowError(f"“{key}” is no longer there: decline this and propose again.") from None


def _lock(amendment: Amendment, by: Editor) -> Amendment:
    locked = Amendment.objects.select_for_update().get(pk=amendment.pk)
    if locked.state != Amendment.State.PROPOSED:
        raise WorkflowError("This change has been decided already.")
    require_permission(by, "review_edition")
    if locked.proposed_by_id == by.pk:
        raise WorkflowError("Somebody other than the one who proposed it must confirm a change.")
    return locked


def _decide(amendment: Amendment, state: Amendment.State, by: Editor) -> None:
    amendment.state, amendment.decided_by, amendment.decided_at = state, by, timezone.now()
    amendment.save(update_fields=["state", "decided_by", "decided_at"])
