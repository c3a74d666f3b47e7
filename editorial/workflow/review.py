"""Between draft and public: submitted, taken back, sent back, approved for a time to come."""

from __future__ import annotations

import datetime
import json
from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone

from editorial import freezing, notices
from editorial.differences import amount_changed
from editorial.models import Edition, Editor, State
from editorial.workflow.flow import (
    WorkflowError,
    given,
    lock,
    move,
    refresh,
    refuse,
    require_flow,
    require_permission,
    require_second_person,
)


@transaction.atomic
def submit(edition: Edition, *, by: Editor) -> None:
    """Hand a draft to a second editor. Its text as it stands now is kept with the log.

    Each submission is a version of its own, which nobody approves from the page of the one before.
    """
    locked = lock(edition)
    require_permission(by, "write_edition")
    require_flow(locked, State.IN_REVIEW)
    if not locked.worked_on_by(by) and not locked.imported:
        raise WorkflowError("Only somebody who has worked on this text can submit it.")
    refuse(locked.typed.submission_problems())
    text = freezing.canonical(freezing.content(locked))
    words, evidence = _amount_changed(locked, text)
    move(
        locked, State.IN_REVIEW, by=by, text=text,
        submitted_at=timezone.now(), submitted_by=by, reviewed_at=None, reviewed_by=None,
        claimed_by=None, claimed_at=None, words_changed=words, evidence_changed=evidence,
        lock_version=locked.lock_version + 1,
    )  # fmt: skip
    refresh(edition)


@transaction.atomic
def take_back(edition: Edition, *, by: Editor) -> None:
    """Take a submitted text back into work: by the one who submitted it."""
    locked = lock(edition)
    require_flow(locked, State.DRAFT, State.IN_REVIEW)
    if locked.submitted_by_id != by.pk:
        raise WorkflowError("Only the editor who submitted this text can take it back.")
    move(locked, State.DRAFT, by=by)
    refresh(edition)


@transaction.atomic
def request_changes(edition: Edition, *, by: Editor, reason: str) -> None:
    """Send a text back to its authors with a reason."""
    locked = lock(edition)
    require_flow(locked, State.CHANGES_REQUESTED)
    require_second_person(locked, by)
    reason = given(reason, "Say what should be changed.")
    move(locked, State.CHANGES_REQUESTED, by=by, note=reason)
    notices.tell(authors(locked), f"{by} asks for changes: {reason}", edition=locked)
    refresh(edition)


@transaction.atomic
def schedule(edition: Edition, *, by: Editor, at: datetime.datetime, shown: int | None = None) -> None:
    """Approve a text now, to become public at a time in the future (Europe/Belgrade)."""
    locked = lock(edition)
    require_flow(locked, State.SCHEDULED)
    require_second_person(locked, by)
    require_shown(locked, shown)
    if at <= timezone.now():
        now = timezone.localtime()
        raise WorkflowError(f"Choose a time in the future: it is now {now:%d %B %Y, %H:%M} ({now.tzname()}).")
    refuse(locked.typed.publication_problems())
    require_claims_ticked(locked, by)
    move(
        locked, State.SCHEDULED, by=by, note=f"for {timezone.localtime(at):%d %B %Y, %H:%M}",
        publish_at=at, schedule_error="", reviewed_at=timezone.now(), reviewed_by=by,
    )  # fmt: skip
    refresh(edition)


@transaction.atomic
def unschedule(edition: Edition, *, by: Editor, reason: str) -> None:
    """Call a scheduled publication off: the text is a draft again and the approval void."""
    locked = lock(edition)
    require_flow(locked, State.DRAFT, State.SCHEDULED)
    if not (by.has_perm("editorial.review_edition") or locked.worked_on_by(by)):
        raise WorkflowError("Only a reviewer or somebody who worked on this text can call its publication off.")
    move(
        locked, State.DRAFT, by=by, note=given(reason, "Say why the publication is called off."),
        publish_at=None, schedule_error="", reviewed_at=None, reviewed_by=None,
    )  # fmt: skip
    refresh(edition)


def authors(edition: Edition) -> Iterable[Editor]:
    authors = {editor.pk: editor for editor in edition.contributors.all()}
    if edition.submitted_by:
        authors[edition.submitted_by.pk] = edition.submitted_by
    return authors.values()


def require_claims_ticked(edition: Edition, checker: Editor) -> None:
    if left := edition.claims_left(by=checker):
        raise WorkflowError(
            f"Claims without a source that nobody has ticked: {len(left)}. "
            f"The first is “{left[0].sentence}” Tick each on the review page with its ground."
        )


def require_shown(edition: Edition, shown: int | None) -> None:
    if shown is not None and shown != edition.lock_version:
        raise WorkflowError("The text has changed since you opened it for review: please read it again.")
    require_unchanged_since_submission(edition)


def require_unchanged_since_submission(edition: Edition) -> None:
    submitted = edition.transitions.filter(to_state=State.IN_REVIEW).last()
    now = freezing.canonical(freezing.content(edition))
    if submitted is None or not freezing.same_words(submitted.text, now):
        raise WorkflowError("The text is not the one that was submitted: take it back and submit it again.")


def _amount_changed(edition: Edition, text: str) -> tuple[int, int]:
    """(words, pieces of evidence) that differ from the public edition; all of them where there is none."""
    old = freezing.public_content(edition.record)
    typed = edition.typed
    return amount_changed(freezing.unprinted(old), freezing.unprinted(json.loads(text)), texts=typed.markdown_fields)
