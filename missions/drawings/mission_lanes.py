"""Missions as lanes on one line of years: each with a bar from its beginning to its end, or to the day of the page.

Places are in hundredths of the width, so that the bars stand beside the names as text in a list of any width.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from missions.drawings.measuring import as_year, series_of

FIRST = 1989  # where the record begins
LEAST = 0.6  # of the width of a bar
NOT_KNOWN = 2  # of one whose end is not known
EVERY = 5  # years between two marks


@dataclass(frozen=True)
class Lane:
    """A mission and its bar: where it begins and how long it is, and whose colour it has; no bar without a start.

    `led_by` are the organisations that led it, as far as its own acronym does not say them.
    """

    mission: Any
    led_by: str
    at: float | None
    length: float
    series: str
    is_known: bool  # it has its end, or runs


@dataclass(frozen=True)
class Year:
    """A mark of the line."""

    at: float
    year: int


@dataclass(frozen=True)
class MissionLanes:
    """All lanes over one line of years."""

    first: int
    last: int
    years: list[Year]
    lanes: list[Lane]


def mission_lanes(missions: Iterable[Any], *, today: datetime.date) -> MissionLanes:
    """The lanes of these missions in their order; each is loaded with `leads`, the rows of those that led it."""
    missions = list(missions)
    first = min([FIRST, *(mission.start.year for mission in missions if mission.start)])
    now = as_year(today)

    def at(year: float) -> float:
        return round(100 * (year - first) / (now - first), 2)

    def lane(mission: Any) -> Lane:
        leads = [row.organisation for row in mission.leads]
        series = series_of(lead.key for lead in leads)
        led_by = ", ".join(name for lead in leads if (name := lead.acronym or lead.name) != mission.acronym)
        if not mission.start:
            return Lane(mission, led_by, None, 0, series, is_known=False)
        runs = not mission.end and mission.status == mission.Status.RUNNING
        begin = at(min(as_year(mission.start.low), now))
        end = at(now if runs else min(as_year((mission.end or mission.start).high), now))
        is_known = runs or bool(mission.end)
        length = max(end - begin, LEAST if is_known else NOT_KNOWN)
        return Lane(mission, led_by, begin, round(length, 2), series, is_known)

    marks = [Year(at(year), year) for year in range(first, today.year + 1) if year % EVERY == 0]
    return MissionLanes(first, today.year, marks, [lane(mission) for mission in missions])
