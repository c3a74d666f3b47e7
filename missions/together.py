"""How many people several missions had: their counts, and one drawing of them over one line of years."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from typing import Any

from missions.drawings.measuring import series_of
from missions.drawings.strength import LEAST_DATES, Drawn, Panel, Strength, strength_drawn
from missions.facts import Fact, facts_of
from missions.models import Figure
from missions.pages import STRENGTH, Series, fact_address, strength


@dataclass(frozen=True)
class Line:
    """The people of one mission by one measure, through time."""

    mission: Any
    series: Series

    @property
    def name(self) -> str:
        return f"{self.mission.acronym or self.mission.title}, {self.series.measure}"

    @property
    def colour(self) -> str:
        return series_of(row.organisation.key for row in self.mission.leads)

    @property
    def rows(self) -> list[tuple[Fact, str]]:
        """What is drawn of it: each fact with the address of its page, where its sources stand."""
        return [(fact, fact_address(self.mission.record, fact.slug)) for fact in self.series.shown]


@dataclass(frozen=True)
class Together:
    """The drawing, and the lines that it has."""

    drawn: Strength
    lines: list[Line]

    @property
    def widths(self) -> list[tuple[str, Drawn, list[tuple[Panel, str]]]]:
        """Both widths of the drawing, their panels each with whose colour it has."""
        colours = [line.colour for line in self.lines]
        return [(name, at, list(zip(at.panels, colours, strict=True))) for name, at in self.drawn.widths]


def counts_of(missions: Iterable[Any], measures: Collection[str] = STRENGTH) -> dict[int, dict[str, Series]]:
    """The counts of all the people of these published missions, by their keys and then by measure. One query."""
    figures = (
        Figure.objects.filter(
            edition__in=[mission.pk for mission in missions], measure__key__in=measures, country="", group=""
        )
        .exclude(as_of="")
        .select_related("measure", "basis")
    )
    by_mission: dict[int, list[Figure]] = defaultdict(list)
    for figure in figures:
        by_mission[figure.edition_id].append(figure)
    return {
        mission: {series.facts[0].figures[0].measure.key: series for series in strength(facts_of(rows))}
        for mission, rows in by_mission.items()
    }


def together(lines: Iterable[Line]) -> Together | None:
    """Their drawing, of those that have enough dates; None where none has."""
    enough = [line for line in lines if len(line.series.shown) >= LEAST_DATES]
    drawn = strength_drawn(replace(line.series, measure=line.name) for line in enough)
    return Together(drawn, enough) if drawn else None
