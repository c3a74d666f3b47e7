"""Checking a founding edition: each of its citations and figures compared with the source, one by one.

A comparison is saved as it is made, with the name of the reviewer who made it; several may share the
work. Once every row has an outcome and no source says otherwise, `finish` publishes the next edition:
the same text, whose rows say who compared them with the source, and when. Where a source does say
otherwise, the next edition is started as usual and begins with what has been compared so far.
Errors are `WorkflowError`s whose text is a sentence for the editor.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone
from django.utils.text import get_text_list

from editorial import workflow
from editorial.models import Edition, Editor, State
from editorial.workflow import WorkflowError
from sources import citing
from sources.models import Evidence, EvidenceCheck
from sources.uses import Use, uses_of_citations

Outcome = EvidenceCheck.Outcome


@dataclass(frozen=True)
class ClaimToCheck:
    """A citation or figure of the edition, what rests on it, and what a reviewer found."""

    rows: str  # the kind of row: citations or figures
    row: Evidence
    uses: list[Use]
    check: EvidenceCheck | None

    @property
    def name(self) -> str:
        """What tells it from all others on its page."""
        return f"{self.rows}-{self.row.key}"


@dataclass(frozen=True)
class Progress:
    """How many rows there are to compare, and what was found of how many."""

    total: int
    held: int = 0
    not_opened: int = 0
    differ: int = 0

    @property
    def left(self) -> int:
        return self.total - self.held - self.not_opened - self.differ

    def problems(self) -> list[str]:
        """What keeps the check from being finished, as sentences for the editor."""
        problems = []
        if self.left:
            problems.append(f"Citations and figures that nobody has compared yet: {self.left}.")
        if self.differ:
            problems.append(
                f"Citations and figures of which the source says otherwise: {self.differ}. "
                "Start the next edition and correct them there: what holds is entered in it already."
            )
        if not self.left and not self.held:
            problems.append("No source could be opened, so nothing has been compared.")
        return problems


def is_to_be_checked(edition: Edition) -> bool:
    """Whether it is the public edition of its record as the founding record gave it."""
    return edition.imported and edition.state == State.PUBLISHED and not edition.is_suppressed


def claims_to_check(edition: Edition) -> list[ClaimToCheck]:
    """All citations and figures, those of one source together. Its number of queries is always the same."""
    typed = edition.typed
    rows = typed.rows()
    uses = uses_of_citations(typed, rows)
    checks = {(check.rows, check.key): check for check in edition.evidence_checks.select_related("by")}
    claims = [
        ClaimToCheck(kind, row, uses.get(row.key, []) if kind == "citations" else [], checks.get((kind, row.key)))
        for kind, group in rows.items()
        for row in group
        if isinstance(row, Evidence)
    ]
    return sorted(claims, key=lambda claim: (citing.plain(claim.row.source), claim.row.source.key))


def progress(edition: Edition) -> Progress:
    """How far the check of an edition has come."""
    total = sum(model._default_manager.filter(edition=edition).count() for model in _kinds(edition).values())
    return _progress(total, edition.evidence_checks.values_list("outcome", flat=True))


def progress_of(claims: list[ClaimToCheck]) -> Progress:
    """The same of claims that are loaded."""
    return _progress(len(claims), [claim.check.outcome for claim in claims if claim.check])


def _progress(total: int, outcomes: Iterable[str]) -> Progress:
    found = Counter(outcomes)
    return Progress(total, found[Outcome.HOLDS], found[Outcome.NOT_OPENED], found[Outcome.DIFFERS])


def _kinds(edition: Edition) -> dict[str, type[Evidence]]:
    return {model.plural: model for model in edition.typed.row_models if issubclass(model, Evidence)}


@transaction.atomic
def check(edition: Edition, rows: str, key: str, *, outcome: str, note: str = "", by: Editor) -> EvidenceCheck:
    """Say what a comparison of one row with its source came to; again to say it otherwise.

    What somebody else has found stays theirs, unless they could not open the source.
    """
    locked = workflow.lock(edition)
    _require_checker(locked, by)
    model = _kinds(locked).get(rows)
    if model is None or not model._default_manager.filter(edition=locked, key=key).exists():
        raise WorkflowError("This edition has no such citation or figure.")
    if outcome not in Outcome.values:
        raise WorkflowError("Choose what you found.")
    if outcome == Outcome.DIFFERS and not note.strip():
        raise WorkflowError("Write into the note what the source says instead.")
    before = locked.evidence_checks.filter(rows=rows, key=key).select_related("by").first()
    if before and before.by_id != by.pk and before.outcome != Outcome.NOT_OPENED:
        raise WorkflowError(f"{before.by} has compared this already: only they can change what they found.")
    found, _ = EvidenceCheck.objects.update_or_create(
        edition=locked, rows=rows, key=key,
        defaults={"outcome": outcome, "note": note.strip(), "by": by, "at": timezone.now()},
    )  # fmt: skip
    return found


@transaction.atomic
def finish(edition: Edition, *, by: Editor) -> Edition:
    """Publish the next edition: the same text, with what was compared entered in its rows."""
    locked = workflow.lock(edition)
    _require_checker(locked, by)
    so_far = progress(locked)
    if problems := so_far.problems():
        raise WorkflowError(" ".join(problems))
    return workflow.publish_checked(locked.record, by=by, note=_note_for_readers(locked, so_far))


def _note_for_readers(edition: Edition, so_far: Progress) -> str:
    """The change note of the edition that a finished check publishes."""
    names = get_text_list(sorted({held.by.byline for held in EvidenceCheck.objects.held(edition)}), "and")
    compared = f"Compared with its sources by {names}: {so_far.held} of {so_far.total} citations and figures."
    if so_far.not_opened:
        compared += f" Those whose source could not be opened: {so_far.not_opened}."
    return f"{compared} The text is the same."


def _require_checker(edition: Edition, by: Editor) -> None:
    if not is_to_be_checked(edition):
        raise WorkflowError("Only a public edition from the founding record is checked in this way.")
    workflow.require_second_person(edition, by)
