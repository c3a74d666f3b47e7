"""Where an event took place, as a dot in an outline of Kosovo: a small map for places with coordinates inside it."""

from __future__ import annotations

import functools
import json
import math
from dataclasses import dataclass
from pathlib import Path

from missions.models import Place

WIDTH = 260
MARGIN = 8
OUTLINE = Path(__file__).with_name("outline.json")


@dataclass(frozen=True)
class PlaceMap:
    """The outline, and where the place and its name stand."""

    place: Place
    outline: str
    x: float
    y: float
    anchor: str
    width: int
    height: int

    @property
    def label_x(self) -> float:
        return self.x + (9 if self.anchor == "start" else -9)


@functools.cache
def _projected() -> tuple[list[tuple[float, float]], float, float, float, float]:
    """The points of the outline on the drawing, and what projects others: west, north, and the two scales."""
    points = json.loads(OUTLINE.read_text())["points"]
    west, east = min(x for x, _ in points), max(x for x, _ in points)
    south, north = min(y for _, y in points), max(y for _, y in points)
    across = (WIDTH - 2 * MARGIN) / (east - west)
    down = across / math.cos(math.radians((south + north) / 2))  # a degree of latitude is the longer one
    return (
        [(MARGIN + (x - west) * across, MARGIN + (north - y) * down) for x, y in points], west, north, across, down,
    )  # fmt: skip


def place_map(place: Place | None) -> PlaceMap | None:
    """The map of a place; None where its coordinates are not known or lie outside the outline."""
    if place is None or place.latitude is None or place.longitude is None:
        return None
    points, west, north, across, down = _projected()
    x = MARGIN + (float(place.longitude) - west) * across
    y = MARGIN + (north - float(place.latitude)) * down
    if not _inside(points, x, y):
        return None
    height = math.ceil(max(y for _, y in points) + MARGIN)
    line = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    return PlaceMap(place, line, round(x, 1), round(y, 1), "start" if x < WIDTH / 2 else "end", WIDTH, height)


def _inside(points: list[tuple[float, float]], x: float, y: float) -> bool:
    """Whether a point lies inside a ring: a line from it to the side crosses the ring an odd number of times."""
    inside = False
    for (x1, y1), (x2, y2) in zip(points, [*points[1:], points[0]], strict=True):
        if (y1 > y) != (y2 > y) and x < (x2 - x1) * (y - y1) / (y2 - y1) + x1:
            inside = not inside
    return inside
