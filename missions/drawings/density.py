"""How many events of the record lie in each year: what was recorded, and not how much happened."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from missions.drawings.measuring import NARROW, WIDE, AtTwoWidths, Tick, year_ticks

HEIGHT, YEARS_BELOW, BETWEEN = 56, 18, 2
LEAST_YEARS = 3


@dataclass(frozen=True)
class Bar:
    """A year with its number of events."""

    year: int
    number: int
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True)
class Drawn:
    """The drawing at one width."""

    width: int
    height: int
    floor: int
    bars: tuple[Bar, ...]
    years: tuple[Tick, ...]


@dataclass(frozen=True)
class Density(AtTwoWidths[Drawn]):
    """The drawing, and the year with the most events."""

    first: int
    last: int
    fullest: int
    most: int


@lru_cache(maxsize=8)
def density(years: tuple[tuple[int, int], ...]) -> Density | None:
    """The drawing of how many events each year has; None where few years have any, or they were not counted."""
    counted = {year: number for year, number in years if number}
    if len(counted) < LEAST_YEARS:
        return None
    fullest = max(counted, key=lambda year: (counted[year], -year))
    first, last, most = min(counted), max(counted), counted[fullest]
    wide, narrow = (_at_width(counted, first, last, most, width) for width in (WIDE, NARROW))
    return Density(wide, narrow, first, last, fullest, most)


def _at_width(counted: Mapping[int, int], first: int, last: int, most: int, width: int) -> Drawn:
    step = width / (last - first + 1)
    bars = []
    for year, number in counted.items():
        tall = round(HEIGHT * number / most, 1)
        x, y, width_of_bar = (year - first) * step, HEIGHT - tall, step - BETWEEN
        bars.append(Bar(year, number, round(x, 1), round(y, 1), round(width_of_bar, 1), tall))

    def middle(year: float) -> float:
        return round((year - first + 0.5) * step, 1)

    ticks = year_ticks(first, last, middle, width=width)
    return Drawn(width, HEIGHT + YEARS_BELOW, HEIGHT, tuple(bars), tuple(ticks))
