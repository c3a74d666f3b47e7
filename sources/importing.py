"""Bringing references into the library: compare them with what is there, show what would follow, then save.

`plan` (of `comparing`) reads a text and says of each entry whether it is new, in the library as it is, in it
with other values, or perhaps in it. `carry_out` saves what an editor decided on a plan: new sources as
they are; changed values only those chosen, and those of a source that readers see as a proposal, which
a second editor confirms. Nothing is ever merged by itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from simple_history.utils import bulk_create_with_history

from editorial import amendments
from editorial.models import Amendment, Editor
from editorial.workflow import WorkflowError
from sources.comparing import (
    CHANGED,
    LEAVE,
    NEW,
    SUSPECTED,
    UNCHANGED,
    Candidate,
    Difference,
    Line,
    Plan,
    in_a_sentence,
    plan,
)
from sources.models import Source

__all__ = [
    "CHANGED", "LEAVE", "NEW", "SUSPECTED", "UNCHANGED", "Candidate", "Decision", "Difference", "Line", "Plan",
    "Report", "carry_out", "plan",
]  # fmt: skip


@dataclass(frozen=True)
class Decision:
    """What is to be done with an entry: NEW, LEAVE, or the number of the source it is; the fields to take over."""

    choice: str
    fields: frozenset[str] = frozenset()


@dataclass
class Report:
    """What an import did."""

    created: list[Source] = field(default_factory=list)
    changed: list[Source] = field(default_factory=list)
    proposed: list[Amendment] = field(default_factory=list)


@transaction.atomic
def carry_out(planned: Plan, decisions: Mapping[int, Decision], *, by: Editor | None, reason: str = "") -> Report:
    """Save what was decided, by the number of the line; what is not decided follows the line's default.

    Raises WorkflowError, and then nothing is saved.
    """
    report = Report()
    new = []
    for line in planned.lines:
        decision = decisions.get(line.number) or Decision(line.default)
        if line.outcome in (NEW, SUSPECTED) and decision.choice == NEW:
            new.append(line)
        elif line.outcome in (CHANGED, SUSPECTED) and decision.fields:
            candidate = next((it for it in line.candidates if str(it.source.pk) == decision.choice), None)
            if candidate:
                _take_over(line, candidate, decision.fields, report, by=by, reason=reason)
    _create(new, report, by=by)
    return report


def _create(lines: list[Line], report: Report, *, by: Editor | None) -> None:
    sources = [line.source for line in lines]
    try:
        with transaction.atomic():
            report.created = bulk_create_with_history(sources, Source, batch_size=500, default_user=by)
    except IntegrityError:
        raise WorkflowError("The library has changed meanwhile: look through the import once more.") from None
    origins = {line.source.key: line.values["origin"] for line in lines if "origin" in line.values}
    if origins:
        named = Source.objects.in_bulk(set(origins.values()), field_name="key")
        for source in report.created:
            if origin := named.get(origins.get(source.key, "")):
                source.origin = origin.merged_into or origin
                source.save()


def _take_over(
    line: Line, candidate: Candidate, fields: frozenset[str], report: Report, *, by: Editor | None, reason: str
) -> None:
    source = Source.objects.select_for_update(of=("self",), no_key=True).get(pk=candidate.source.pk)
    changed = Source.objects.get(pk=source.pk)
    for name in sorted(fields & {difference.field for difference in candidate.differences}):
        value = line.values[name]
        if name == "origin":
            changed.origin = Source.objects.filter(key=value).first()
        else:
            setattr(changed, name, value)
    try:
        changed.full_clean()
    except ValidationError as error:
        raise WorkflowError(f"{source.key}: {in_a_sentence(error, line.values)}") from None
    if not source.changes_by_amendment():
        changed.save()
        report.changed.append(changed)
        return
    if by is None:
        raise WorkflowError(f"{source.key}: readers or a reviewer see it, so an editor must propose the change.")
    try:
        report.proposed.append(amendments.propose(source, changed, by=by, reason=reason))
    except WorkflowError as error:
        raise WorkflowError(f"{source.key}: {error}") from None
