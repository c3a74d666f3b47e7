"""The way of an edition, from draft to public: every change of state goes through here.

    begin_record → submit → publish          a first edition
    start_edition → submit → publish         the next one; the one before is superseded
    request_changes, take_back, schedule, unschedule, discard, withdraw, suppress

`FLOW` says which state may follow which; each function says by whose hand and asks for what must be
given with it. All of them take the locks in one order, Record, then Edition, decide on the state as
it is in the database, and write state, log and everything that must follow in one transaction.
Errors are `WorkflowError`s whose text is a sentence for the editor.
"""

from __future__ import annotations

import datetime
import json
import logging
from collections.abc import Iterable
from typing import Any, TypeVar

from django.db import IntegrityError, transaction
from django.db.models import F, Max
from django.utils import timezone

from editorial import freezing, notices, presence
from editorial.differences import amount_changed
from editorial.models import (
    EDITABLE,
    PUBLIC,
    Change,
    Correction,
    Edition,
    Editor,
    FormerAddress,
    Record,
    State,
    Transition,
)
from editorial.signals import public_content_changed

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
logger = logging.getLogger(__name__)

FOUNDING_RECORD = "Founding record"
NO_SECOND_PERSON = "Somebody who has not worked on this text must approve it."

AnyEdition = TypeVar("AnyEdition", bound=Edition)


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


# Beginning and copying


@transaction.atomic
def begin_record(edition: AnyEdition, *, kind: str, slug: str, by: Editor) -> AnyEdition:
    """Make a new record with `edition`, unsaved and of its kind, as its first draft.

    Raises ValidationError when the address is taken, WorkflowError when the editor may not write.
    """
    _require_permission(by, "write_edition")
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
    _require_permission(by, "write_edition")
    record = _lock_record(record.pk)
    if existing := record.editions.open().first():
        raise OpenEditionExists(existing.typed)
    base = base or record.live
    if base is None or base.record_id != record.pk or base.state not in PUBLIC:
        raise WorkflowError("The next edition starts from a public edition of the same record, and there is none.")
    if base.is_suppressed:
        raise WorkflowError("This edition was removed for legal cause and cannot be started from.")
    try:
        with transaction.atomic():
            return _copy(base.typed, by=by)
    except IntegrityError:
        raise OpenEditionExists(record.editions.open().get().typed) from None


def _copy(base: AnyEdition, *, by: Editor) -> AnyEdition:
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


# From draft to public


@transaction.atomic
def submit(edition: Edition, *, by: Editor) -> None:
    """Hand a draft to a second editor. Its text as it stands now is kept with the log.

    Each submission is a version of its own, which nobody approves from the page of the one before.
    """
    locked = lock(edition)
    _require_permission(by, "write_edition")
    _require_flow(locked, State.IN_REVIEW)
    if not locked.worked_on_by(by) and not locked.imported:
        raise WorkflowError("Only somebody who has worked on this text can submit it.")
    _refuse(locked.typed.submission_problems())
    text = freezing.canonical(freezing.content(locked))
    words, evidence = _amount_changed(locked, text)
    _move(
        locked, State.IN_REVIEW, by=by, text=text,
        submitted_at=timezone.now(), submitted_by=by, reviewed_at=None, reviewed_by=None,
        claimed_by=None, claimed_at=None, words_changed=words, evidence_changed=evidence,
        lock_version=locked.lock_version + 1,
    )  # fmt: skip
    _refresh(edition)


@transaction.atomic
def take_back(edition: Edition, *, by: Editor) -> None:
    """Take a submitted text back into work: by the one who submitted it."""
    locked = lock(edition)
    _require_flow(locked, State.DRAFT, State.IN_REVIEW)
    if locked.submitted_by_id != by.pk:
        raise WorkflowError("Only the editor who submitted this text can take it back.")
    _move(locked, State.DRAFT, by=by)
    _refresh(edition)


@transaction.atomic
def request_changes(edition: Edition, *, by: Editor, reason: str) -> None:
    """Send a text back to its authors with a reason."""
    locked = lock(edition)
    _require_flow(locked, State.CHANGES_REQUESTED)
    require_second_person(locked, by)
    reason = _given(reason, "Say what should be changed.")
    _move(locked, State.CHANGES_REQUESTED, by=by, note=reason)
    notices.tell(_authors(locked), f"{by} asks for changes: {reason}", edition=locked)
    _refresh(edition)


@transaction.atomic
def publish(edition: Edition, *, by: Editor, shown: int | None = None) -> None:
    """Put a reviewed edition in place of the one now public.

    `shown` is the `lock_version` of the text the reviewer read; when it has moved, nothing is published.
    """
    locked = lock(edition)
    _require_flow(locked, State.PUBLISHED, State.IN_REVIEW)
    require_second_person(locked, by)
    _require_shown(locked, shown)
    _require_claims_ticked(locked, by)
    _publish(locked, by=by, checker=by)
    notices.tell(_authors(locked), f"{by} published it as edition {locked.number}.", edition=locked)
    _refresh(edition)


@transaction.atomic
def schedule(edition: Edition, *, by: Editor, at: datetime.datetime, shown: int | None = None) -> None:
    """Approve a text now, to become public at a time in the future (Europe/Belgrade)."""
    locked = lock(edition)
    _require_flow(locked, State.SCHEDULED)
    require_second_person(locked, by)
    _require_shown(locked, shown)
    if at <= timezone.now():
        now = timezone.localtime()
        raise WorkflowError(f"Choose a time in the future: it is now {now:%d %B %Y, %H:%M} ({now.tzname()}).")
    _refuse(locked.typed.publication_problems())
    _require_claims_ticked(locked, by)
    _move(
        locked, State.SCHEDULED, by=by, note=f"for {timezone.localtime(at):%d %B %Y, %H:%M}",
        publish_at=at, schedule_error="", reviewed_at=timezone.now(), reviewed_by=by,
    )  # fmt: skip
    _refresh(edition)


@transaction.atomic
def unschedule(edition: Edition, *, by: Editor, reason: str) -> None:
    """Call a scheduled publication off: the text is a draft again and the approval void."""
    locked = lock(edition)
    _require_flow(locked, State.DRAFT, State.SCHEDULED)
    if not (by.has_perm("editorial.review_edition") or locked.worked_on_by(by)):
        raise WorkflowError("Only a reviewer or somebody who worked on this text can call its publication off.")
    _move(
        locked, State.DRAFT, by=by, note=_given(reason, "Say why the publication is called off."),
        publish_at=None, schedule_error="", reviewed_at=None, reviewed_by=None,
    )  # fmt: skip
    _refresh(edition)


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
                _require_unchanged_since_submission(locked)
                if locked.reviewed_by:
                    _require_claims_ticked(locked, locked.reviewed_by)
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
    _require_flow(locked, State.PUBLISHED, State.DRAFT)
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
    _refresh(edition)


@transaction.atomic
def publish_checked(record: Record, *, by: Editor, note: str) -> Edition:
    """Put a founding edition that was compared with its sources in its own place, checked.

    The import counts as the author. The new edition says the same; in its rows stands what was compared
    (`rows_to_copy`). Readers find it in the history, not in the feeds.
    Raises WorkflowError when the edition is no founding one, or somebody is at work on the next.
    """
    _require_permission(by, "review_edition")
    record = _lock_record(record.pk)
    if record.live is None or not record.live.imported or record.live.state != State.PUBLISHED:
        raise WorkflowError("Only a public edition from the founding record is checked in this way.")
    if existing := record.editions.open().first():
        raise OpenEditionExists(existing.typed)
    checked = _copy(record.live.typed, by=by)
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
    _refuse(edition.typed.publication_problems())
    at = at or timezone.now()
    record = edition.record
    earlier = record.editions.once_public().order_by("-number").first()
    if record.live_id:
        previous = record.editions.get(pk=record.live_id)
        _move(previous, State.SUPERSEDED, by=by, superseded_at=at)
    edition.number = (record.editions.aggregate(last=Max("number"))["last"] or 0) + 1
    edition.published_at = at
    edition.checked_by = checker.byline if checker else ""
    edition.written_by = written_by or ", ".join(sorted({editor.byline for editor in _authors(edition)}))
    edition.frozen = freezing.canonical(freezing.document(edition, previous=earlier.sha256 if earlier else ""))
    _move(
        edition, State.PUBLISHED, by=by, note=note,
        number=edition.number, published_at=at, written_by=edition.written_by, checked_by=edition.checked_by,
        frozen=edition.frozen, sha256=freezing.sha256(edition.frozen), imported=edition.imported,
        reviewed_by=checker, reviewed_at=(edition.reviewed_at or timezone.now()) if checker else None,
        schedule_error="",
    )  # fmt: skip
    record.live = edition
    record.save(update_fields=["live"])
    edition.attached_corrections.filter(state=Correction.State.IN_WORK).update(
        state=Correction.State.FIXED, fixed_in=edition, decided_at=at
    )
    _tell(edition, Change.Kind.PUBLISHED, at=at, note=edition.change_note, minor=edition.minor)


def _concerned(edition: Edition) -> Iterable[Editor]:
    """Its authors and the reviewer who approved it."""
    return [*_authors(edition), *([edition.reviewed_by] if edition.reviewed_by else [])]


def _amount_changed(edition: Edition, text: str) -> tuple[int, int]:
    """(words, pieces of evidence) that differ from the public edition; all of them where there is none."""
    old = freezing.public_content(edition.record)
    typed = edition.typed
    return amount_changed(freezing.unprinted(old), freezing.unprinted(json.loads(text)), texts=typed.markdown_fields)


def _authors(edition: Edition) -> Iterable[Editor]:
    authors = {editor.pk: editor for editor in edition.contributors.all()}
    if edition.submitted_by:
        authors[edition.submitted_by.pk] = edition.submitted_by
    return authors.values()


# Leaving the public


@transaction.atomic
def withdraw(edition: Edition, *, by: Editor, reason: str, replacement: Record | None = None) -> None:
    """Withdraw a live edition found wrong: the page stays, with the public reason; lists drop it."""
    locked = lock(edition)
    _require_permission(by, "manage_edition")
    _require_flow(locked, State.WITHDRAWN)
    reason = _given(reason, "Give the reason: readers will see it.")
    if replacement and replacement.pk == locked.record_id:
        raise WorkflowError("A record cannot replace itself.")
    _move(
        locked, State.WITHDRAWN, by=by, note=reason,
        withdrawn_at=timezone.now(), withdrawn_by=by, withdrawn_reason=reason, replacement=replacement,
    )  # fmt: skip
    _tell(locked, Change.Kind.WITHDRAWN, note=reason)
    notices.tell(notices.others_who_may_review(by), f"{by} withdrew it: {reason}", edition=locked)
    _refresh(edition)


@transaction.atomic
def suppress(edition: Edition, *, by: Editor, reason: str) -> None:
    """Remove the text of a public edition for legal cause: its address answers 410 with the reason.

    The row, its hash and the chain of hashes stay.
    """
    locked = lock(edition)
    _require_permission(by, "manage_edition")
    if locked.state not in PUBLIC or locked.is_suppressed:
        raise WorkflowError("Only a public edition can be removed for legal cause, and only once.")
    reason = _given(reason, "Give the legal cause: readers will see it.")
    locked.suppressed_at, locked.suppressed_by, locked.suppressed_reason = (
        timezone.now(),
        by,
        reason,
    )
    locked.rendered = ""
    locked.save(update_fields=["suppressed_at", "suppressed_by", "suppressed_reason", "rendered"])
    Transition.objects.create(
        edition=locked,
        at=timezone.now(),
        by=by,
        from_state=locked.state,
        to_state=locked.state,
        note=f"suppressed: {reason}",
    )
    _tell(locked, Change.Kind.SUPPRESSED, note=reason)
    _refresh(edition)


@transaction.atomic
def discard(edition: Edition, *, by: Editor) -> None:
    """Give up an open draft. Reports attached to it wait for the next edition again."""
    locked = lock(edition)
    _require_flow(locked, State.DISCARDED)
    if not locked.worked_on_by(by) and locked.created_by_id != by.pk:
        raise WorkflowError("Only somebody who has worked on this draft can discard it.")
    locked.attached_corrections.filter(state=Correction.State.IN_WORK).update(
        state=Correction.State.CONFIRMED, attached_to=None
    )
    _move(locked, State.DISCARDED, by=by)
    _refresh(edition)


@transaction.atomic
def rename(record: Record, slug: str, *, by: Editor) -> None:
    """Give a record another address. The old one of a public record leads to the new for ever."""
    _require_permission(by, "manage_edition")
    record = _lock_record(record.pk)
    if slug == record.slug:
        return
    record.former_addresses.filter(slug=slug).delete()  # its own former address may come back
    old, record.slug = record.slug, slug
    renamed = Record(kind=record.kind, slug=slug)
    renamed.full_clean()
    record.save(update_fields=["slug"])
    if record.live:
        FormerAddress.objects.create(record=record, slug=old)
        _tell(record.live, Change.Kind.RENAMED, note=f"Formerly at “{old}”.")


# What all of them share


def _lock_record(pk: int) -> Record:
    """The record as the database has it now; one writer at a time.

    Others may point at it meanwhile (`no_key`): two records that name each other would block each
    other for ever. Nothing is joined, because what is joined would be as old as the wait was long.
    """
    return Record.objects.select_for_update(no_key=True).get(pk=pk)


def lock(edition: Edition) -> Edition:
    """The edition as the database has it now, with record and edition locked, in this order."""
    record = _lock_record(edition.record_id)
    locked = Edition.objects.select_for_update(no_key=True).get(pk=edition.pk)
    locked.record = record
    return locked


def _move(edition: Edition, to: State, *, by: Editor | None, note: str = "", text: str = "", **facts: Any) -> None:
    _require_flow(edition, to)
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


def _tell(
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


def _refresh(edition: Edition) -> None:
    """Let the caller's object know what happened."""
    edition.refresh_from_db()


def _require_flow(edition: Edition, to: State, *only_from: State) -> None:
    if to not in FLOW[State(edition.state)] or (only_from and edition.state not in only_from):
        raise WorkflowError(
            f"This edition is {edition.get_state_display()}: it cannot become {State(to).label}. "
            "Somebody may have changed it since you opened the page."
        )


def _require_permission(by: Editor, permission: str) -> None:
    if not by.has_perm(f"editorial.{permission}"):
        raise WorkflowError("Your role does not allow this.")


def require_second_person(edition: Edition, by: Editor) -> None:
    _require_permission(by, "review_edition")
    if edition.worked_on_by(by):
        raise WorkflowError(NO_SECOND_PERSON)


def require_reviewer_of(edition: Edition, by: Editor) -> None:
    """Raises WorkflowError unless the edition is in review and this editor may approve it."""
    if edition.state != State.IN_REVIEW:
        raise WorkflowError(f"This edition is {edition.get_state_display()}: it is not in review.")
    require_second_person(edition, by)


def _require_claims_ticked(edition: Edition, checker: Editor) -> None:
    if left := edition.claims_left(by=checker):
        raise WorkflowError(
            f"Claims without a source that nobody has ticked: {len(left)}. "
            f"The first is “{left[0].sentence}” Tick each on the review page with its ground."
        )


def _require_shown(edition: Edition, shown: int | None) -> None:
    if shown is not None and shown != edition.lock_version:
        raise WorkflowError("The text has changed since you opened it for review: please read it again.")
    _require_unchanged_since_submission(edition)


def _require_unchanged_since_submission(edition: Edition) -> None:
    submitted = edition.transitions.filter(to_state=State.IN_REVIEW).last()
    now = freezing.canonical(freezing.content(edition))
    if submitted is None or not freezing.same_words(submitted.text, now):
        raise WorkflowError("The text is not the one that was submitted: take it back and submit it again.")


def _refuse(problems: list[str]) -> None:
    if problems:
        raise WorkflowError(*problems)


def _given(text: str, otherwise: str) -> str:
    if not text.strip():
        raise WorkflowError(otherwise)
    return text.strip()
