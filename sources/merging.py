"""Merging two sources that are one document: everything that names the one names the other from then on.

`merge` does it at once, or where others rely on the source proposes it: then it is done once a second
editor confirms the proposal. Frozen text keeps the key it was published with. The former address leads
to the other source. Errors are `WorkflowError`s, or ValidationErrors of the model, in sentences.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils import timezone

from editorial import amendments, workflow
from editorial.models import PUBLIC, Amendment, Edition, Editor, ReferenceData
from editorial.models.amendments import UNDER_REVIEW
from editorial.workflow import WorkflowError, require_permission
from sources import rechecks
from sources.models import Recheck, Source, evidence_models

# In these states a second editor has read, or is reading, what the edition cites.
READ_BY_OTHERS = [*UNDER_REVIEW, *PUBLIC]


@dataclass(frozen=True)
class Move:
    """An edition whose rows would name the other source, and how many of each kind they are."""

    edition: Edition
    rows: dict[str, int]

    @property
    def in_words(self) -> str:
        return ", ".join(
            f"{count} {name if count > 1 else name.removesuffix('s')}" for name, count in self.rows.items()
        )


def moves(source: Source) -> list[Move]:
    """What would move, edition by edition. One query a kind of row, and one."""
    counts: dict[int, dict[str, int]] = {}
    for model in evidence_models():
        rows: Any = model._default_manager.filter(source=source).order_by()
        for edition, count in rows.values_list("edition").annotate(models.Count("pk")):
            counts.setdefault(edition, {})[model.plural] = count
    editions = Edition.objects.filter(pk__in=counts).light().select_related("record")
    return [Move(edition, counts[edition.pk]) for edition in editions.order_by("title", "-pk")]


def differing_fields(source: Source, into: Source) -> list[tuple[str, Any, Any]]:
    """(field, value of the one, value of the other) wherever two sources differ."""
    names = [f.name for f in Source._meta.local_concrete_fields if f.name not in ("id", "merged_into")]
    pairs = ((name, amendments.plain_value(source, name), amendments.plain_value(into, name)) for name in names)
    return [(name, one, other) for name, one, other in pairs if one != other]


def needs_second_editor(source: Source) -> bool:
    """Whether what somebody else has read, or readers see, cites it, draws on it or has its definition from it."""
    return any(
        model._default_manager.filter(source=source, edition__state__in=READ_BY_OTHERS).exists()
        for model in evidence_models()
    ) or any(thing.changes_by_amendment() for _, thing in _naming(source))


def _naming(source: Source) -> Iterator[tuple[str, ReferenceData]]:
    """(field, thing) of what else names it: what draws on it, was merged into it, has its definition from it."""
    for relation in Source._meta.related_objects:
        model: Any = relation.related_model
        if issubclass(model, ReferenceData):
            name = relation.field.name
            for thing in model._default_manager.filter(**{name: source}):
                yield name, thing


def require_possible(source: Source, into: Source) -> None:
    """Raises ValidationError, with a sentence, when the one cannot be merged into the other."""
    if source.pk == into.pk:
        raise ValidationError("A source cannot be merged into itself: choose another.")
    if into.merged_into_id:
        raise ValidationError(f"“{into}” was itself merged into “{into.merged_into}”: choose that.")
    if source.merged_into_read:
        raise ValidationError("This source was merged into another already.")


@transaction.atomic
def merge(source: Source, into: Source, *, by: Editor, reason: str) -> Amendment | None:
    """Merge a source into another at once, or propose it: the proposal is returned.

    Who merges at once has worked on the drafts that cite the source: they say something else from then on.
    Raises WorkflowError when it is not possible, no reason is given or the role does not allow it.
    """
    require_permission(by, "write_edition")
    if not reason.strip():
        raise WorkflowError("Say why the two are one document.")
    for draft in _drafts_citing(source):  # before the sources, as everything locks them
        workflow.lock(draft)
    # Both, in the order of their numbers: two merges at once do not wait for each other in a circle.
    rows = Source.objects.select_for_update(of=("self",), no_key=True).order_by("pk")
    locked = {row.pk: row for row in rows.filter(pk__in={source.pk, into.pk})}
    changed, target = Source.objects.get(pk=source.pk), locked[into.pk]
    if changed.merged_into:
        raise WorkflowError(f"This source was merged into “{changed.merged_into}” already.")
    changed.merged_into = target
    try:
        require_possible(changed, target)
    except ValidationError as error:
        raise WorkflowError(" ".join(error.messages)) from None
    if needs_second_editor(source):
        return amendments.propose(source, changed, by=by, reason=reason)
    if amendments.waiting_for(source):
        raise WorkflowError("A change to this source waits for a second editor: decide that first.")
    changed._change_reason = f"Merged into {target.key}: {reason.strip()}"[:100]  # type: ignore[attr-defined]
    drafts = _drafts_citing(source)
    changed.save()
    for draft in drafts:
        workflow.note_work(draft, by=by)
    return None


def _drafts_citing(source: Source) -> list[Edition]:
    """Editions that can be changed and cite it, always in the same order."""
    return [
        it.edition for it in sorted(moves(source), key=lambda move: move.edition.record_id) if it.edition.is_editable
    ]


def follow(source: Source, into: Source) -> None:
    """What follows once a source is merged into another: all that named it names the other.

    Raises WorkflowError when the other was itself merged at the same moment.
    """
    into = Source.objects.select_for_update(of=("self",), no_key=True).get(pk=into.pk)
    if into.merged_into_id:
        raise WorkflowError(f"“{into}” was itself merged meanwhile: choose what it was merged into.")
    for model in evidence_models():
        # The one place that changes rows of published editions, past the guard of their own queryset: which
        # document they cite stays the same, two editors have decided that it is, and frozen text is not touched.
        models.QuerySet(model).filter(source=source).update(source=into)
    for name, thing in list(_naming(source)):
        setattr(thing, name, into if thing != into else None)
        thing.save()
    waiting = Recheck.objects.waiting().filter(source=source)
    waiting.update(done_at=timezone.now(), outcome=f"Merged into {into.key}.")
    if into.status != Source.Status.AVAILABLE:
        rechecks.follow(into)


def key_now(key: str) -> str | None:
    """The key of the public source that a former one was merged into, or None."""
    merged = Source.objects.filter(key=key, merged_into__in=Source.objects.in_public_use())
    return merged.values_list("merged_into__key", flat=True).first()
