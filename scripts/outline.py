"""Make missions/drawings/outline.json: the outline of Kosovo for small maps, from Natural Earth (public domain).

Run once; the result is committed. Not part of any set-up:

    npm pack world-atlas@2.0.2 && tar xzf world-atlas-2.0.2.tgz && python scripts/outline.py package/countries-10m.json

The lines are those of the source and imply no view on status. They are made simpler than they are: for finding one's
way, and not for measuring.
"""

from __future__ import annotations

import json
import math
import sys
from pathlib import Path

OUT = Path(__file__).resolve().parent.parent / "missions" / "drawings" / "outline.json"
WITHIN = 0.006  # degrees by which the simpler line may leave the other
Point = tuple[float, float]


def outline(atlas: dict) -> list[Point]:
    """The ring of the area called Kosovo, as longitude and latitude."""
    scale, move = atlas["transform"]["scale"], atlas["transform"]["translate"]
    areas = atlas["objects"]["countries"]["geometries"]
    (arcs,) = next(area["arcs"] for area in areas if area["properties"]["name"] == "Kosovo")
    ring: list[Point] = []
    for number in arcs:  # a negative number is the arc ~number backwards
        x = y = 0
        line = []
        for dx, dy in atlas["arcs"][number if number >= 0 else ~number]:
            x, y = x + dx, y + dy
            line.append((x * scale[0] + move[0], y * scale[1] + move[1]))
        ring += (line if number >= 0 else line[::-1])[1:]
    return ring


def simpler(line: list[Point]) -> list[Point]:
    """The line by Douglas and Peucker."""
    (x1, y1), (x2, y2) = line[0], line[-1]
    length = math.hypot(x2 - x1, y2 - y1) or 1e-9
    away = [abs((x2 - x1) * (y1 - y) - (x1 - x) * (y2 - y1)) / length for x, y in line]
    furthest = max(range(len(line)), key=away.__getitem__)
    if away[furthest] <= WITHIN:
        return [line[0], line[-1]]
    return simpler(line[: furthest + 1])[:-1] + simpler(line[furthest:])


if __name__ == "__main__":
    ring = outline(json.loads(Path(sys.argv[1]).read_text()))
    half = len(ring) // 2
    points = simpler(ring[: half + 1])[:-1] + simpler([*ring[half:], ring[0]])[:-1]
    rounded = [[round(x, 3), round(y, 3)] for x, y in points]
    about = (
        "Outline of Kosovo from Natural Earth 1:10m (public domain), by way of world-atlas 2.0.2, made simpler by"
        " scripts/outline.py. Longitude and latitude. Its lines imply no view on status."
    )
    OUT.write_text(json.dumps({"about": about, "points": rounded}) + "\n")
    print(len(ring), "points made", len(points))
