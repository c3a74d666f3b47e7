"""How many people a mission had, through time: a panel for each measure, over one line of years.

Every mark is a figure of the tables beside it, at its own date. A line joins counts on which no sources differ, and
breaks where more than two years lie between them: what was between two figures is not known.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from missions.drawings.measuring import (
    COUNTED,
    MARKS,
    NARROW,
    WIDE,
    AtTwoWidths,
    Mark,
    Tick,
    amounts,
    as_year,
    in_digits,
    kind_of,
    steps_to,
    year_ticks,
)
from missions.facts import Fact

LEAST_DATES = 3  # of a measure that is drawn
NOT_PEOPLE = {"contributing-countries"}
PANEL, PANEL_OF_SEVERAL = 210, 110
HEADING, BETWEEN, YEARS_BELOW = 22, 16, 20
GAP = 2.0  # years which a line joins
NUMBERS = 44  # the width of the numbers of the scale
END = 18
ROOM = 16  # above the highest mark, for its label


@dataclass(frozen=True)
class Label:
    """A number beside its mark."""

    x: float
    y: float
    text: str
    anchor: str


@dataclass(frozen=True)
class Panel:
    """One measure: its heading, the round numbers of its scale, its marks and the line that joins some of them."""

    name: str
    top: int  # of the heading
    floor: float  # where nobody would be
    ticks: list[Tick]
    marks: list[Mark]
    lines: list[str]  # points of polylines
    labels: list[Label]


@dataclass(frozen=True)
class Drawn:
    """The drawing at one width."""

    width: int
    height: int
    years: list[Tick]
    panels: list[Panel]
    here: tuple[float, float] | None  # from where to where the fact in hand is dated


@dataclass(frozen=True)
class Strength(AtTwoWidths[Drawn]):
    """The drawing, and what its caption says."""

    first: int
    last: int
    measures: list[str]
    figures: int
    sources: int
    kinds: list[tuple[str, str]]  # the marks it has: kind, and what it means
    start: int = NUMBERS


@dataclass(frozen=True)
class _Dated:
    year: float
    low: float
    high: float
    kind: str
    words: str


def strength_drawn(series: Iterable[Any], here: Fact | None = None) -> Strength | None:
    """The drawing of these Series, as their tables show them; None where none has enough dates.

    The dates of the fact `here` are marked in it.
    """
    drawn = [
        (one, _dated(one.shown))
        for one in series
        if one.facts[0].figures[0].measure.key not in NOT_PEOPLE and len(one.shown) >= LEAST_DATES
    ]
    drawn = [(one, dated) for one, dated in drawn if len(dated) >= LEAST_DATES]
    if not drawn:
        return None
    years = [row.year for _, dated in drawn for row in dated]
    first, last = math.floor(min(years)), math.floor(max(years)) + 1
    figures = [figure for one, _ in drawn for fact in one.shown for figure in fact.figures if figure.as_of]
    kinds = {row.kind for _, dated in drawn for row in dated}
    return Strength(
        wide=_at_width(drawn, first, last, WIDE, here),
        narrow=_at_width(drawn, first, last, NARROW, here),
        first=first,
        last=last,
        measures=[_in_a_sentence(one.measure) for one, _ in drawn],
        figures=len(figures),
        sources=len({figure.source_id for figure in figures}),
        kinds=[(kind, words) for kind, words in MARKS.items() if kind in kinds],
    )


def _in_a_sentence(name: str) -> str:
    return name if name[:2].isupper() else name[:1].lower() + name[1:]  # UN volunteers


def _dated(facts: Sequence[Fact]) -> list[_Dated]:
    """Their amounts with a date, oldest first, in the middle of the day, month or year that is given."""
    rows = []
    for fact in facts:
        differ = fact.sources_differ
        for value in fact.values:
            for figure in {figure.as_of: figure for figure in value.figures if figure.as_of}.values():
                middle = (as_year(figure.as_of.low) + as_year(figure.as_of.high)) / 2
                rows.append(_Dated(middle, *amounts(figure), kind_of(figure, sources_differ=differ), figure.in_words))
    return sorted(rows, key=lambda row: row.year)


def _at_width(drawn: list[tuple[Any, list[_Dated]]], first: int, last: int, width: int, here: Fact | None) -> Drawn:
    def x(year: float) -> float:
        return round(NUMBERS + (width - NUMBERS - END) * (year - first) / (last - first))

    height = PANEL if len(drawn) == 1 else PANEL_OF_SEVERAL
    panels = []
    top = 0
    for one, dated in drawn:
        panels.append(_panel(one.measure, dated, x, top, height, width))
        top += HEADING + height + BETWEEN
    below = top - BETWEEN + YEARS_BELOW
    dates = [row.year for row in _dated([here])] if here else []
    return Drawn(
        width,
        below,
        year_ticks(first, last, x, width=width),
        panels,
        (x(min(dates)) - 6, x(max(dates)) - x(min(dates)) + 12) if dates else None,
    )


def _panel(name: str, dated: list[_Dated], x: Any, top: int, height: int, width: int) -> Panel:
    numbers = steps_to(max(row.high for row in dated), 4 if height == PANEL else 3)
    floor, room = top + HEADING + height, height - ROOM

    def y(amount: float) -> float:
        return round(floor - room * amount / numbers[-1])

    def mark(row: _Dated) -> Mark:
        at = x(row.year)
        return Mark(at, y(row.high), row.kind, (at, y(row.low)) if row.low < row.high else None)

    return Panel(
        name,
        top,
        floor,
        [Tick(y(number), in_digits(number), "end") for number in numbers],
        [mark(row) for row in dated],
        _lines([row for row in dated if row.kind == COUNTED and row.low == row.high], x, y),
        _labels(dated, x, y, width),
    )


def _lines(counts: list[_Dated], x: Any, y: Any) -> list[str]:
    """Polylines through counts, each as long as no more than GAP lies between two of them."""
    lines: list[list[_Dated]] = [counts[:1]]
    for before, after in pairwise(counts):
        if after.year - before.year > GAP:
            lines.append([])
        lines[-1].append(after)
    return [" ".join(f"{x(row.year)},{y(row.low)}" for row in line) for line in lines if len(line) > 1]


def _labels(dated: list[_Dated], x: Any, y: Any, width: int) -> list[Label]:
    """The highest amount and the last, with their numbers."""
    highest = max(dated, key=lambda row: (row.kind == COUNTED, row.high))
    labels = []
    for row in dict.fromkeys([highest, dated[-1]]):
        at = x(row.year)
        anchor = "end" if at > width - 60 else "start"
        labels.append(Label(at + (4 if anchor == "end" else 7), y(row.high) - 8, row.words, anchor))
    return labels
