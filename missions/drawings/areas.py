"""The areas of a mission as boxes, each where it lay among the others: a diagram, and no map."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from missions.drawings import WIDTH
from missions.models import Area

COLUMNS, LINES, BETWEEN = 3, 3, 9
BOX = (WIDTH - (COLUMNS - 1) * BETWEEN) // COLUMNS
LETTERS = 17  # of a line in a box
LINE, PADDING = 15, 8
PLACES: dict[str, tuple[int, int]] = {  # column and line of boxes
    Area.Position.NORTH: (1, 0),
    Area.Position.WEST: (0, 1),
    Area.Position.CENTRE: (1, 1),
    Area.Position.EAST: (2, 1),
    Area.Position.SOUTH: (1, 2),
}


@dataclass(frozen=True)
class Box:
    """An area: where it stands, and (y, words, whether it is the name) of its lines."""

    x: int
    y: int
    height: int
    lines: list[tuple[int, str, bool]]
    width: int = BOX

    @property
    def middle(self) -> float:
        return self.x + self.width / 2


@dataclass(frozen=True)
class Areas:
    """The whole drawing."""

    boxes: list[Box]
    height: int
    width: int = WIDTH


def areas(rows: Iterable[Any]) -> Areas | None:
    """The drawing of these areas; None where there are fewer than two."""
    rows = list(rows)
    if len(rows) < 2:
        return None
    boxes: list[Box] = []
    y = 0
    for line in range(LINES):
        cells = {
            column: [_lines(row) for row in rows if PLACES[row.position] == (column, line)] for column in range(COLUMNS)
        }
        height = LINE * max((len(words) for cell in cells.values() for words in cell), default=0) + 2 * PADDING
        for column, cell in cells.items():
            for n, words in enumerate(cell):  # areas of one place stand one below the other
                top = y + n * (height + BETWEEN)
                placed = [(top + PADDING + LINE * (m + 1) - 4, text, name) for m, (text, name) in enumerate(words)]
                boxes.append(Box(column * (BOX + BETWEEN), top, height, placed))
        y += max(len(cell) for cell in cells.values()) * (height + BETWEEN)
    return Areas(boxes, y - BETWEEN)


def _lines(row: Any) -> list[tuple[str, bool]]:
    """(words, whether it is the name) of the lines of a box."""
    words = [(part, True) for part in textwrap.wrap(row.name, LETTERS)]
    if row.led_by:
        words += [(part, False) for part in textwrap.wrap(row.led_by, LETTERS)]
    words += [(part, False) for part in _seat(row.seat)]
    return words


def _seat(names: str) -> list[str]:
    """The names of a place in lines, each of them whole where it can be."""
    if len(names) <= LETTERS:
        return [names] if names else []
    *first, last = names.split("/")
    return [line for name in [*(f"{name}/" for name in first), last] for line in textwrap.wrap(name, LETTERS)]
