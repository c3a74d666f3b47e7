"""Editions to look at again because a source they cite is not what it was.

When a source goes out of reach or is retracted, each record whose published edition cites it waits for
somebody to look; until it is dealt with, the source is available again, or no published edition of the
record cites it any more. Errors are `WorkflowError`s whose text is a sentence for the editor.
"""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from editorial.models import Edition, Editor, Record
from editorial.workflow import WorkflowError, require_permission
from sources.models import Recheck, Source, evidence_models

AVAILABLE_AGAIN = "The source is available again."
NO_LONGER_CITED = "The record no longer cites it in public."


def citing_records(source: Source) -> Any:
    """The records whose published edition cites a source."""
    return Record.objects.filter(Exists(_published_citing(source.pk).filter(record=OuterRef("pk"))))


def _published_citing(source: Any) -> Any:
    """The published editions that cite a source, which may be that of an outer query."""
    cites = Q()
    for model in evidence_models():
        cites |= Q(Exists(model._default_manager.filter(source=source, edition=OuterRef("pk"))))
    return Edition.objects.published().filter(cites)


def follow(source: Source) -> None:
    """What follows when the status of a source has changed."""
    waiting = Recheck.objects.waiting().filter(source=source)
    if source.status == Source.Status.AVAILABLE:
        waiting.update(done_at=timezone.now(), outcome=AVAILABLE_AGAIN)
        return
    waiting.update(status=source.status)
    there = set(waiting.values_list("record", flat=True))
    Recheck.objects.bulk_create(
        Recheck(source=source, record=record, status=source.status)
        for record in citing_records(source)
        if record.pk not in there
    )


def close_what_is_over(sender: Any, *, edition: Edition, **_: Any) -> None:
    """Receiver of `public_content_changed`: what the record cites no more in public need not be looked at."""
    still = _published_citing(OuterRef(OuterRef("source"))).filter(record=OuterRef("record"))
    over = Recheck.objects.waiting().filter(record=edition.record_id).exclude(Exists(still))
    over.update(done_at=timezone.now(), outcome=NO_LONGER_CITED)


@transaction.atomic
def settle(recheck: Recheck, *, by: Editor, outcome: str) -> None:
    """Say what was found or done. Raises WorkflowError when nothing is said, or somebody else did already."""
    require_permission(by, "write_edition")
    if not outcome.strip():
        raise WorkflowError("Say what you found or did: others will rely on it.")
    locked = Recheck.objects.select_for_update(of=("self",)).get(pk=recheck.pk)
    if locked.done_at:
        raise WorkflowError(f"This was dealt with already: {locked.outcome}")
    locked.done_at, locked.done_by, locked.outcome = timezone.now(), by, outcome.strip()
    locked.save(update_fields=["done_at", "done_by", "outcome"])
    recheck.refresh_from_db()
