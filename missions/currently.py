"""How many people a mission has now, or had: the figures its infobox shows.

A running mission shows its latest counts of military, police and civilian personnel, which are
"last known" when they are older than two years; where no later one, or none at all, was found, it
says so. A closed one shows its strength on entry, or the highest count there is. Parts (of a country,
a group or a total) and numbers that were planned, authorised or promised are no counts and stay out.
Sources that differ on a fact are all shown.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from editorial.models import Edition
from missions.facts import Fact, facts_of
from missions.models import Figure, Mission

ALL = "All personnel"
# The measures that count each kind of personnel; the sum of all comes last.
HEADINGS: dict[str, tuple[str, ...]] = {
    "Military": ("military-personnel", "military-liaison-officers"),
    "Police": ("police",),
    "Civilian": (
        "civilian-personnel",
        "international-civilian-personnel",
        "local-civilian-personnel",
    ),
    ALL: ("total-personnel",),
}
MEASURES = [measure for measures in HEADINGS.values() for measure in measures]
NO_COUNTS = {
    "planned", "authorised", "ceiling", "budgeted", "proposed", "recommended", "requested",
    "announced", "committed", "expected",
}  # fmt: skip
CURRENT_MONTHS = 24


@dataclass(frozen=True)
class CurrentFigure:
    """A figure of the infobox: under which heading it stands and what must be said of it."""

    figure: Figure
    heading: str
    label: str  # empty for a current count; else "last known", "on entry" or "highest in this record"
    sources_differ: bool


def is_counted_now(edition: Edition) -> bool:
    """Whether its present size is looked for: that of a mission which still runs."""
    return isinstance(edition, Mission) and edition.status == Mission.Status.RUNNING


def what_was_not_found(edition: Edition, shown: Sequence[CurrentFigure]) -> str:
    """Of a running mission without a count of the last two years: that we found none, and after when.

    `shown` is what `infobox_figures` gives. Empty where there is a current count, or none is looked for.
    """
    if not is_counted_now(edition) or any(not row.label for row in shown):
        return ""
    newest = max((row.figure.as_of for row in shown), key=lambda date: date.high, default=None)
    after = f" after {newest.written_out}" if newest else ""
    return f"No figure{after} for all its personnel in place was found in the sources searched."


def infobox_figures(edition: Edition, figures: Iterable[Figure], today: datetime.date) -> list[CurrentFigure]:
    """The figures shown in the infobox of a record. Only missions have them.

    `figures` are loaded with measure and basis. The date changes labels only, never the choice.
    """
    if not isinstance(edition, Mission):
        return []
    if edition.status == Mission.Status.CLOSED:
        return key_figures(figures)
    return current_figures(figures, today)


def current_figures(figures: Iterable[Figure], today: datetime.date) -> list[CurrentFigure]:
    """The latest count of each measure, with all rows of its fact where the sources differ.

    What a later count of the same heading has overtaken by two years is left out, and so is a sum of
    all personnel that is older than the counts of its parts.
    """
    shown: list[CurrentFigure] = []
    newest = datetime.date.min
    for heading, facts in _counts(figure for figure in figures if figure.as_of).items():
        latest = {fact.figures[0].measure.key: fact for fact in facts}  # oldest first: the last wins
        newest_here = max(_date(fact) for fact in latest.values())
        if heading == ALL and newest_here < newest:
            continue
        newest = max(newest, newest_here)
        for fact in latest.values():
            if _date(fact) >= months_before(newest_here, CURRENT_MONTHS):
                old = _date(fact) < months_before(today, CURRENT_MONTHS)
                shown += _rows(fact, heading, "last known" if old else "")
    return shown


def key_figures(figures: Iterable[Figure]) -> list[CurrentFigure]:
    """Of a mission that is over: its strength on entry, or the highest count under each heading."""
    shown: list[CurrentFigure] = []
    for heading, facts in _counts(figures).items():
        if entry := [fact for fact in facts if fact.slug.startswith("strength-on-entry")]:
            shown += [row for fact in entry for row in _rows(fact, heading, "on entry")]
        else:
            shown += _rows(max(facts, key=_size), heading, "highest in this record")
    return shown


def _counts(figures: Iterable[Figure]) -> dict[str, list[Fact]]:
    """Facts that count a whole personnel, by heading, oldest first.

    All civilians are a whole of their kind, though a part of the sum of all personnel.
    """
    figures = list(figures)
    sums = {figure.fact for figure in figures if figure.measure.key in HEADINGS[ALL]}
    counts = [
        figure
        for figure in figures
        if not (figure.country or figure.group)
        and (not figure.part_of or figure.part_of in sums)
        and not (figure.basis and figure.basis.key in NO_COUNTS)
    ]
    by_heading = {}
    for heading, measures in HEADINGS.items():
        if facts := facts_of(figure for figure in counts if figure.measure.key in measures):
            by_heading[heading] = sorted(facts, key=_date)
    return by_heading


def _rows(fact: Fact, heading: str, label: str) -> list[CurrentFigure]:
    rows = fact.figures if fact.sources_differ else fact.figures[-1:]
    return [CurrentFigure(row, heading, label, fact.sources_differ) for row in rows]


def _date(fact: Fact) -> datetime.date:
    """The date of its latest row; the earliest of all where none is known."""
    return max(figure.as_of.low if figure.as_of else datetime.date.min for figure in fact.figures)


def _size(fact: Fact) -> Decimal:
    amounts = [(figure.value, figure.high, figure.low) for figure in fact.figures]
    return max((amount for row in amounts for amount in row if amount is not None), default=Decimal())


def months_before(day: datetime.date, months: int) -> datetime.date:
    """The first day of the month so long before."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return datetime.date(max(year, 1), month + 1, 1)
