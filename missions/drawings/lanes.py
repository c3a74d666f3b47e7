"""Who held which task when, as lanes on a line of years.

What the rows do not say is not drawn as known: a bar whose two dates are known is solid, one that lacks a date is
dashed, and goes as far as what held it does, or to the day of the page.
"""

from __future__ import annotations

import datetime
import re
import textwrap
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.text import Truncator, capfirst

from missions.drawings import WIDTH
from missions.drawings.measuring import as_year, round_years
from sources.dates import span_in_words

LETTERS = 50  # of a line of text
LINE, BAR, BETWEEN = 15, 9, 13
LEAST = 4  # of the width of a bar
TOP = 22  # for the years
MOST_MARKS = 8
MOST_WORDS = 8  # of the note of a row
_SIGN = re.compile(r"[,;:.(]")


@dataclass(frozen=True)
class Held:
    """A task that somebody held: the row, in words, and where it is proved."""

    holder: str
    task: str
    key: str
    start: Any  # partial dates, or empty
    end: Any
    handed_to: str
    within: tuple[Any, Any]  # the start and end of the holder
    address: str = ""
    handed_to_address: str = ""
    note: str = ""

    @property
    def is_dated(self) -> bool:
        return bool(self.start or self.end)

    @property
    def when(self) -> str:
        """From when to when, in words."""
        return span_in_words(self.start, self.end)

    @property
    def in_words(self) -> str:
        """From when to when, and to whom it went."""
        return f"{self.when}; handed to {self.handed_to}" if self.handed_to else self.when

    @property
    def began(self) -> str:
        """What it is sorted by: its beginning, else that of its holder."""
        return str(self.start or self.within[0] or self.end)

    @property
    def about(self) -> str:
        """The first words of its note, up to the first sign."""
        return Truncator(_SIGN.split(self.note)[0]).words(MOST_WORDS)


@dataclass(frozen=True)
class Lane:
    """One task of one holder: its heading, what is said of it, and its bar, which may lack a date."""

    heading: list[str]
    lines: list[str]
    y: int
    bar_x: float
    bar_width: float
    is_known: bool  # both its dates are

    @property
    def text(self) -> list[tuple[int, str, bool]]:
        """(y, words, whether it is the heading) of each line."""
        lines = [(words, True) for words in self.heading] + [(words, False) for words in self.lines]
        return [(self.y + LINE * (n + 1) - 4, words, strong) for n, (words, strong) in enumerate(lines)]

    @property
    def bar_y(self) -> int:
        return self.y + LINE * (len(self.heading) + len(self.lines))

    @property
    def height(self) -> int:
        return LINE * (len(self.heading) + len(self.lines)) + BAR + BETWEEN


@dataclass(frozen=True)
class Mark:
    """A year of the line."""

    x: float
    year: int


@dataclass(frozen=True)
class Lanes:
    """The whole drawing."""

    first: int
    last: int
    marks: list[Mark]
    lanes: list[Lane]
    height: int
    bar: int = BAR
    width: int = WIDTH

    @property
    def has_gaps(self) -> bool:
        return not all(lane.is_known for lane in self.lanes)


def lanes(rows: Iterable[Held], *, today: datetime.date, by_task: bool = False) -> Lanes | None:
    """The drawing of these rows; None where fewer than two of them have a date.

    Of one mission each lane is headed by its task; `by_task` heads it by the task and who held it.
    """
    dated = [row for row in rows if row.is_dated]
    if len(dated) < 2:
        return None
    bounds = [_bounds(row, today) for row in dated]
    first = int(min(low for low, _ in bounds))
    last = max(int(max(high for _, high in bounds)) + 1, first + 1)

    def x(year: float) -> float:
        return round(2 + (WIDTH - 4) * (year - first) / (last - first), 1)

    counted = Counter((row.holder, row.task) for row in dated)  # several of one holder are told apart by their notes
    drawn: list[Lane] = []
    y, task = TOP, ""
    for row, (low, high) in zip(dated, bounds, strict=True):
        heading, words = capfirst(row.task), row.in_words
        about = row.about if counted[row.holder, row.task] > 1 else ""
        if by_task:
            words = f"{row.holder}{f' ({about})' if about else ''}: {words}"
            heading = "" if row.task == task else heading
        elif about:
            heading = f"{heading}: {about}"
        lane = Lane(
            textwrap.wrap(heading, LETTERS), textwrap.wrap(words, LETTERS), y, x(low),
            round(max(x(high) - x(low), LEAST), 1), bool(row.start and row.end),
        )  # fmt: skip
        drawn.append(lane)
        y, task = y + lane.height, row.task
    marks = [Mark(x(year), year) for year in round_years(first, last, MOST_MARKS)]
    return Lanes(first, last, marks, drawn, y)


def _bounds(row: Held, today: datetime.date) -> tuple[float, float]:
    """The years between which it is drawn: its own dates, else those of its holder, else the day of the page."""
    begin, end = row.start or row.within[0] or row.end, row.end or row.within[1]
    low = as_year(begin.low)
    high = as_year(end.high if end else today, end_of_day=True)
    return low, max(high, low + 0.05)
