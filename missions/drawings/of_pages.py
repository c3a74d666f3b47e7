"""What is drawn on the page of a record, gathered from its rows and those of public missions."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from missions.drawings.areas import Areas, areas
from missions.drawings.contributions import Contributions, contributions_drawn
from missions.drawings.lanes import Held, Lanes, lanes
from missions.drawings.measuring import series_of
from missions.drawings.place_map import PlaceMap, place_map
from missions.drawings.strength import Strength, strength_drawn
from missions.facts import Fact
from missions.models import Article, Participation, Responsibility


@dataclass(frozen=True)
class Drawings:
    """The drawings of a page, and of the lanes what they are drawn from."""

    areas: Areas | None = None
    lanes: Lanes | None = None
    held: list[Held] = field(default_factory=list)  # of an article; a mission lists its own rows
    strength: Strength | None = None
    contributions: Contributions | None = None
    map: PlaceMap | None = None
    series: str = "other"  # whose colour its numbers have


def of_mission(edition: Any, rows: Mapping[str, list[Any]], links: Mapping[int, Any], today: datetime.date) -> Drawings:
    """Its areas, and the tasks it held; `links` are the public records that its rows name."""
    held = [_held(row, edition, links) for row in rows.get("responsibilities", [])]
    return Drawings(areas(rows.get("areas", [])), lanes(held, today=today))


def of_numbers(drawings: Drawings, page: Any, facts: Iterable[Fact], measures: Collection[str]) -> Drawings:
    """The same with how many people there were: the tables of strength of a page, and by country all its `facts`."""
    return replace(
        drawings,
        strength=strength_drawn(page.strength),
        contributions=contributions_drawn(facts, measures),
        series=series_of(
            row.organisation.key
            for row in page.rows.get("participations", [])
            if row.role == Participation.Role.LEAD and row.organisation
        ),
    )


def of_event(edition: Any) -> Drawings:
    """Where it took place."""
    return Drawings(map=place_map(edition.place))


def of_article(edition: Article, missions: Iterable[Any], public_links: Any, today: datetime.date) -> Drawings:
    """Who held which task when, if the article asks for it: two queries, whatever its missions hold.

    `missions` are their published editions; `public_links` gives the public ones among records.
    """
    if edition.drawing != Article.Drawing.HANDOVERS:
        return Drawings()
    by_pk = {mission.pk: mission for mission in missions}
    rows = list(
        Responsibility.objects.filter(edition__in=by_pk)
        .select_related("task")
        .order_by("task__rank", "task__name", "edition__title", "rank", "key")
    )
    links = public_links({row.handed_to_id for row in rows if row.handed_to_id})
    held = [_held(row, by_pk[row.edition_id], links) for row in rows]
    order = {task: place for place, task in enumerate(dict.fromkeys(row.task for row in held))}
    held.sort(key=lambda row: (order[row.task], row.began))
    return Drawings(lanes=lanes(held, today=today, by_task=True), held=held)


def _held(row: Any, mission: Any, links: Mapping[int, Any]) -> Held:
    link = links.get(row.handed_to_id)
    return Held(
        holder=mission.acronym or mission.title,
        task=row.task.name,
        key=row.key,
        start=row.start,
        end=row.end,
        handed_to=(link.acronym or link.title) if link else row.handed_to_text,
        within=(mission.start, mission.end),
        address=f"{mission.record.get_absolute_url()}#responsibility-{row.key}",
        handed_to_address=link.address if link else "",
        note=row.note,
    )
