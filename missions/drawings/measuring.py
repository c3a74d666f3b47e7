"""What drawings of numbers share: how a figure is marked, and the round numbers and years of an axis."""

from __future__ import annotations

import datetime
import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Generic, TypeVar

from missions.currently import NO_COUNTS
from missions.facts import Fact
from missions.models import Figure
from missions.models.figure import plain_number

NARROW, WIDE = 320, 608  # as a telephone and as the text beside the margin
COUNTED, RIVAL, PLANNED = "counted", "rival", "planned"
MARKS = {
    COUNTED: "given by the sources",
    RIVAL: "sources disagree",
    PLANNED: "planned, authorised or expected",
}
YEARS = (1, 2, 5, 10, 20)
SERIES = ("un", "nato", "eu", "osce")  # organisations with a colour of their own

DrawnT = TypeVar("DrawnT")


@dataclass(frozen=True)
class AtTwoWidths(Generic[DrawnT]):
    """A drawing at both widths, of which the style sheet shows one."""

    wide: DrawnT
    narrow: DrawnT

    @property
    def widths(self) -> list[tuple[str, DrawnT]]:
        return [("wide", self.wide), ("narrow", self.narrow)]


@dataclass(frozen=True)
class Tick:
    """A number or year of an axis."""

    at: float
    text: str
    anchor: str = "middle"


@dataclass(frozen=True)
class Mark:
    """A figure: a dot or square at one amount, or a bar to another place for a range."""

    x: float
    y: float
    kind: str
    to: tuple[float, float] | None = None

    @property
    def box(self) -> tuple[int, ...] | None:
        """Corner, width and height of its square or bar; None for a dot."""
        if self.to is None and self.kind != PLANNED:
            return None
        x, y = self.to or (self.x, self.y)
        left, top = min(x, self.x), min(y, self.y)
        across, down = abs(x - self.x), abs(y - self.y)
        grown = (
            (left, top - 3, across, 6) if across else (left - 3, top, 6, down) if down else (left - 3, top - 3, 6, 6)
        )
        return tuple(round(number) for number in grown)


def kind_of(figure: Figure, *, sources_differ: bool) -> str:
    """How a figure is marked: a number that was planned is no count, whoever disputes it."""
    if figure.basis is not None and figure.basis.key in NO_COUNTS:
        return PLANNED
    return RIVAL if sources_differ else COUNTED


def rank_of(figure: Figure, fact: Fact) -> tuple[bool, bool, float]:
    """By what the highest figure is found: dated numbers go first, and of them counts that no source disputes."""
    return bool(figure.as_of), kind_of(figure, sources_differ=fact.sources_differ) == COUNTED, amounts(figure)[1]


def series_of(leads: Iterable[str]) -> str:
    """The colour of a mission by the keys of the organisations that led it: one of SERIES, or "other"."""
    return next((key for key in leads if key in SERIES), "other")


def amounts(figure: Figure) -> tuple[float, float]:
    """The least and the most that a figure gives; equal where it gives one number."""
    given = [float(amount) for amount in (figure.value, figure.low, figure.high) if amount is not None]
    return (min(given), max(given)) if given else (0.0, 0.0)


def round_step(most: float, marks: int) -> float:
    """The least round number of which `marks` reach `most`."""
    rough = max(most, 1) / marks
    power: float = 10.0 ** math.floor(math.log10(rough))
    return next(step * power for step in (1, 2, 2.5, 5, 10) if step * power >= rough * 0.9999)


def steps_to(most: float, marks: int) -> list[float]:
    """Round numbers from 0 to the first that is not less than `most`."""
    step = round_step(most, marks)
    return [n * step for n in range(math.ceil(most / step - 1e-9) + 1)]


def in_digits(number: float) -> str:
    return plain_number(Decimal(str(number)))


def as_year(day: datetime.date, *, end_of_day: bool = False) -> float:
    return day.year + (day.timetuple().tm_yday - (0 if end_of_day else 1)) / 366


def round_years(first: int, last: int, most: int) -> list[int]:
    """The years to mark on a line that goes from `first` to `last`, at most about `most` of them."""
    step = next((step for step in YEARS if (last - first) / step <= most), YEARS[-1])
    return [year for year in range(first, last + 1) if year % step == 0]


def year_ticks(first: int, last: int, x: Callable[[float], float], *, width: int) -> list[Tick]:
    """The years of a line that goes from `first` to `last`, as many as the width has room for."""
    ticks = []
    for year in round_years(first, last, 15 if width == WIDE else 6):
        at = x(year)
        ticks.append(Tick(at, str(year), "start" if at < 14 else "end" if at > width - 14 else "middle"))
    return ticks
