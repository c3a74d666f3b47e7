"""What is to answer a confirmed report: the open edition of a record, or a proposed change to reference data."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.db import transaction

from editorial import workflow
from editorial.corrections.deciding import require_no_address
from editorial.corrections.moves import FLOW, lock, move
from editorial.corrections.settling import detach as take_off
from editorial.models import Amendment, Correction, CorrectionEntry, Edition, Editor
from editorial.models import State as EditionState
from editorial.workflow import WorkflowError, require_permission

State = Correction.State


@transaction.atomic
def start(correction: Correction, *, by: Editor) -> Edition:
    """Make, or open, the next edition of the record a confirmed report is about, to answer it.

    Raises WorkflowError when the report is not confirmed, or about no record.
    """
    if correction.record is None:
        raise WorkflowError("This report is about no mission, event or article: propose a change to its subject.")
    try:
        edition = workflow.start_edition(correction.record, by=by)
    except workflow.OpenEditionExists as exists:
        edition = exists.edition
    attach(correction, by=by, edition=edition)
    return edition


@transaction.atomic
def attach(correction: Correction, *, by: Editor, edition: Edition) -> None:
    """Say that an open edition is to answer a confirmed report. Raises WorkflowError."""
    require_permission(by, "write_edition")
    edition = workflow.lock(edition)
    if not edition.is_open:
        raise WorkflowError(f"This edition is {edition.get_state_display()}: only an open one can answer a report.")
    locked = _lock_to_answer(correction)
    if locked.attached_to_id != edition.pk:
        text = f"To be answered by the open edition of “{edition}”."
        _put_in_work(locked, by=by, text=text, attached_to=edition, amendment=None)
    correction.refresh_from_db()


@transaction.atomic
def attach_to_amendment(correction: Correction, *, by: Editor, amendment: Amendment) -> None:
    """Say that a proposed change to reference data is to answer a confirmed report. Raises WorkflowError."""
    require_permission(by, "write_edition")
    amendment = Amendment.objects.select_for_update(no_key=True).get(pk=amendment.pk)
    if amendment.state != Amendment.State.PROPOSED:
        raise WorkflowError("This change has been decided already: only a proposed one can answer a report.")
    locked = _lock_to_answer(correction)
    if locked.amendment_id != amendment.pk:
        text = f"To be answered by a proposed change: {amendment}."
        _put_in_work(locked, by=by, text=text, attached_to=None, amendment=amendment)
    correction.refresh_from_db()


@transaction.atomic
def detach(correction: Correction, *, by: Editor, reason: str = "") -> None:
    """Take a report off what was to answer it: it is confirmed, and waits. Raises WorkflowError."""
    require_permission(by, "write_edition")
    locked = lock(correction)
    if locked.state != State.IN_WORK:
        raise WorkflowError(f"This report is not in work: it is {locked.get_state_display()}.")
    require_no_address(locked, reason)
    take_off(locked, by=by, why=reason.strip() or "Taken off what was to answer it.")
    correction.refresh_from_db()


@transaction.atomic
def keep_answered(edition: Edition, numbers: Collection[int], *, by: Editor) -> None:
    """Let an open edition answer exactly these reports, as ticked on the review page.

    Those attached and not ticked wait for the next edition again; confirmed ones of the same record that
    are ticked are attached. While a second editor reads the text it is for them to say. Raises WorkflowError.
    """
    require_permission(by, "write_edition")
    edition = workflow.lock(edition)
    if not edition.is_open:
        raise WorkflowError(f"This edition is {edition.get_state_display()}: only an open one can answer a report.")
    if edition.state == EditionState.IN_REVIEW:
        workflow.require_reviewer_of(edition, by)
    for report in edition.attached_corrections.filter(state=State.IN_WORK).exclude(pk__in=numbers):
        detach(report, by=by, reason=f"Not answered by edition under review of “{edition}”.")
    for report in edition.record.corrections.filter(state=State.CONFIRMED, pk__in=numbers):
        attach(report, by=by, edition=edition)


def _lock_to_answer(correction: Correction) -> Correction:
    locked = lock(correction)
    if State.IN_WORK not in FLOW[State(locked.state)]:
        raise WorkflowError(f"Only a confirmed report can be answered: this one is {locked.get_state_display()}.")
    return locked


def _put_in_work(report: Correction, *, by: Editor, text: str, **where: Any) -> None:
    move(report, State.IN_WORK, by=by, kind=CorrectionEntry.Kind.DONE, text=text, **where)
