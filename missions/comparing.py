"""Two to four missions side by side, from their published editions."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, Prefetch

from editorial.standing import rows_of
from missions.currently import MEASURES
from missions.drawings.mission_lanes import MissionLanes, mission_lanes
from missions.facts import Fact
from missions.models import Instrument, Mission, Participation, Responsibility
from missions.pages import Link, Series, fact_address, public_links
from missions.together import Line, Together, counts_of, together
from sources.models import Citation

LEAST, MOST = 2, 4
OFFERED = 300  # missions in one list


@dataclass(frozen=True)
class Counted:
    """What a mission counted by one measure at the end of a year, and the page with its sources."""

    fact: Fact
    address: str


@dataclass
class Column:
    """A mission: what is set beside the others. Its rows are those of the published edition."""

    mission: Any
    instruments: list[Instrument] = field(default_factory=list)
    responsibilities: list[Responsibility] = field(default_factory=list)
    counts: dict[str, Series] = field(default_factory=dict)
    sources: int = 0

    @property
    def address(self) -> str:
        return str(self.mission.record.get_absolute_url())

    def in_year(self, year: str) -> list[Counted]:
        """The last fact of each measure in a year."""
        last = {
            measure: fact
            for measure, series in self.counts.items()
            for fact in series.shown
            if fact.figures[-1].as_of[:4] == year
        }
        return [Counted(fact, fact_address(self.mission.record, fact.slug)) for fact in last.values()]


@dataclass(frozen=True)
class Comparison:
    """The missions in the order asked for, and what is drawn of them."""

    columns: list[Column]
    links: dict[int, Link]  # public records to which tasks went
    lanes: MissionLanes
    strength: Together | None

    @property
    def years(self) -> list[tuple[str, list[list[Counted]]]]:
        """The years for which at least two of them have a count, each with the counts of all."""
        found: dict[str, set[int]] = defaultdict(set)
        for column in self.columns:
            for series in column.counts.values():
                for fact in series.shown:
                    found[fact.figures[-1].as_of[:4]].add(column.mission.pk)
        shared = sorted(year for year, missions in found.items() if len(missions) >= LEAST)
        return [(year, [column.in_year(year) for column in self.columns]) for year in shared]


def led_by() -> Prefetch[Any]:
    """The organisations that led a mission, as the edition's own rows say."""
    rows = Participation.objects.filter(role=Participation.Role.LEAD, organisation__isnull=False)
    return Prefetch("participations", rows.select_related("organisation"), to_attr="leads")


def offered() -> tuple[tuple[str, str], ...]:
    """The missions that can be compared: slug and title of each that is published."""
    rows = rows_of(_published_missions, OFFERED)
    return tuple((slug, f"{title} ({acronym})" if acronym else title) for slug, title, acronym in rows)


def _published_missions() -> Any:
    missions: Any = Mission.objects.published_in_turn()
    return missions.order_by("start", "pk").values_list("record__slug", "title", "acronym")


def compared(slugs: Sequence[str], *, today: datetime.date) -> Comparison | None:
    """The missions with these slugs; None where fewer than two of them are public. No more than four are looked at."""
    published: Any = Mission.objects.published()
    found = (
        published.light()
        .select_related("record", "mission_kind")
        .prefetch_related(led_by())
        .filter(record__slug__in=slugs[:MOST])
    )
    by_slug = {mission.record.slug: mission for mission in found}
    missions = [by_slug[slug] for slug in slugs[:MOST] if slug in by_slug]
    if len(missions) < LEAST:
        return None
    counts = counts_of(missions, MEASURES)
    sources = dict(
        Citation.objects.filter(edition__in=[mission.pk for mission in missions])
        .order_by()
        .values_list("edition")
        .annotate(number=Count("source", distinct=True))
    )
    instruments = _by_mission(Instrument.objects.order_by("date", "rank", "key"), missions)
    tasks = Responsibility.objects.select_related("task").order_by("start", "rank", "key")
    responsibilities = _by_mission(tasks, missions)
    columns = [
        Column(mission, instruments[mission.pk], responsibilities[mission.pk], counts.get(mission.pk, {}),
               sources.get(mission.pk, 0))
        for mission in missions
    ]  # fmt: skip
    named = {row.handed_to_id for rows in responsibilities.values() for row in rows if row.handed_to_id}
    lines = [Line(column.mission, max(column.counts.values(), key=_size)) for column in columns if column.counts]
    return Comparison(columns, public_links(named), mission_lanes(missions, today=today), together(lines))


def _by_mission(rows: Any, missions: Iterable[Any]) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = defaultdict(list)
    for row in rows.filter(edition__in=[mission.pk for mission in missions]):
        found[row.edition_id].append(row)
    return found


def _size(series: Series) -> tuple[int, str]:
    """The measure of a mission that is drawn: that with the most dates."""
    return len(series.shown), series.measure
