"""Publication: by a second editor, at the time that was set, and by the two doors of the founding record."""

from __future__ import annotations

import datetime
import logging
from collections.abc import Iterable

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from editorial import freezing, notices
from editorial.corrections.settling import settle_by_edition
from editorial.models import Change, Edition, Editor, Record, State
from editorial.workflow.drafts import copy
from editorial.workflow.flow import (
    OpenEditionExists,
    WorkflowError,
    lock,
    lock_record,
    move,
    refresh,
    refuse,
    require_flow,
    require_permission,
    require_second_person,
    tell,
)
from editorial.workflow.review import authors, require_claims_ticked, require_shown, require_unchanged_since_submission

FOUNDING_RECORD = "Founding record"

logger = logging.getLogger(__name__)


@transaction.atomic
def publish(edition: Edition, *, by: Editor, shown: int | None = None) -> None:
    """Put a reviewed edition in place of the one now public.

    `shown` is the `lock_version` of the text the reviewer read; when it has moved, nothing is published.
    """
    locked = lock(edition)
    require_flow(locked, State.PUBLISHED, State.IN_REVIEW)
    require_second_person(locked, by)
    require_shown(locked, shown)
    require_claims_ticked(locked, by)
    _publish(locked, by=by, checker=by)
    notices.tell(authors(locked), f"{by} published it as edition {locked.number}.", edition=locked)
    refresh(edition)


def publish_due(now: datetime.datetime | None = None) -> tuple[list[Edition], list[Edition]]:
    """Publish every scheduled edition whose time has come, each in a transaction of its own.

    Returns the editions published and those that could not be, which keep the reason in
    `schedule_error`. Missed times are published with the actual time. Running it twice, or on two
    machines at once, publishes nothing twice.
    """
    done, failed = [], []
    for edition in Edition.objects.filter(state=State.SCHEDULED, publish_at__lte=now or timezone.now()).light():
        try:
            with transaction.atomic():
                locked = lock(edition)
                if locked.state != State.SCHEDULED:
                    continue
                require_unchanged_since_submission(locked)
                if locked.reviewed_by:
                    require_claims_ticked(locked, locked.reviewed_by)
                due = timezone.localtime(locked.publish_at)
                note = f"scheduled publication, due {due:%-d %B %Y, %H:%M}"
                _publish(locked, by=None, checker=locked.reviewed_by, note=note)
                notices.tell(_concerned(locked), "It was published as scheduled.", edition=locked)
            done.append(locked)
        except Exception as error:  # one that fails, for whatever cause, must not hold up the others
            if not isinstance(error, WorkflowError):
                logger.exception("Publishing %s failed", edition.pk)
            if str(error) != edition.schedule_error:
                Edition._base_manager.filter(pk=edition.pk).update(schedule_error=str(error))
                notices.tell(_concerned(edition), f"It was due and could not be published: {error}", edition=edition)
            failed.append(edition)
    return done, failed


@transaction.atomic
def publish_imported(edition: Edition, *, at: datetime.datetime) -> None:
    """The door of the founding record alone: publish a draft as imported, at the time its file gives.

    It says so to readers until an edition that a second editor has checked takes its place.
    """
    locked = lock(edition)
    require_flow(locked, State.PUBLISHED, State.DRAFT)
    if locked.contributors.exists() or locked.record.editions.once_public().filter(imported=False).exists():
        raise WorkflowError("This record has been worked on in the site: the founding record no longer changes it.")
    locked.imported = True
    _publish(
        locked,
        by=None,
        checker=None,
        at=at,
        note="from the founding record",
        written_by=FOUNDING_RECORD,
    )
    refresh(edition)


@transaction.atomic
def publish_checked(record: Record, *, by: Editor, note: str) -> Edition:
    """Put a founding edition that was compared with its sources in its own place, checked.

    The import counts as the author. The new edition says the same; in its rows stands what was compared
    (`rows_to_copy`). Readers find it in the history, not in the feeds.
    Raises WorkflowError when the edition is no founding one, or somebody is at work on the next.
    """
    require_permission(by, "review_edition")
    record = lock_record(record.pk)
    if record.live is None or not record.live.imported or record.live.state != State.PUBLISHED:
        raise WorkflowError("Only a public edition from the founding record is checked in this way.")
    if existing := record.editions.open().first():
        raise OpenEditionExists(existing.typed)
    checked = copy(record.live.typed, by=by)
    checked.minor, checked.change_note = True, note
    checked.save()
    locked = lock(checked)
    _publish(locked, by=by, checker=by, note=note, written_by=FOUNDING_RECORD)
    return locked


def _publish(
    edition: Edition,
    *,
    by: Editor | None,
    checker: Editor | None,
    note: str = "",
    at: datetime.datetime | None = None,
    written_by: str = "",
) -> None:
    refuse(edition.typed.publication_problems())
    at = at or timezone.now()
    record = edition.record
    earlier = record.editions.once_public().order_by("-number").first()
    if record.live_id:
        previous = record.editions.get(pk=record.live_id)
        move(previous, State.SUPERSEDED, by=by, superseded_at=at)
    edition.number = (record.editions.aggregate(last=Max("number"))["last"] or 0) + 1
    edition.published_at = at
    edition.checked_by = checker.byline if checker else ""
    edition.written_by = written_by or ", ".join(sorted({editor.byline for editor in authors(edition)}))
    edition.frozen = freezing.canonical(freezing.document(edition, previous=earlier.sha256 if earlier else ""))
    move(
        edition, State.PUBLISHED, by=by, note=note,
        number=edition.number, published_at=at, written_by=edition.written_by, checked_by=edition.checked_by,
        frozen=edition.frozen, sha256=freezing.sha256(edition.frozen), imported=edition.imported,
        reviewed_by=checker, reviewed_at=(edition.reviewed_at or timezone.now()) if checker else None,
        schedule_error="",
    )  # fmt: skip
    record.live = edition
    record.save(update_fields=["live"])
    tell(edition, Change.Kind.PUBLISHED, at=at, note=edition.change_note, minor=edition.minor)
    settle_by_edition(edition, at=at, by=by)


def _concerned(edition: Edition) -> Iterable[Editor]:
    """Its authors and the reviewer who approved it."""
    return [*authors(edition), *([edition.reviewed_by] if edition.reviewed_by else [])]
