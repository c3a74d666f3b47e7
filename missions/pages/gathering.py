"""What each kind of record shows of others."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from missions import beside
from missions.models import Classification, Mission, Participation
from missions.pages.links import Link

if TYPE_CHECKING:
    from missions.pages.record import RecordPage


@dataclass(frozen=True)
class Gathered:
    """A line of an article's infobox: values of its missions, each with the places that prove it."""

    label: str
    values: list[tuple[str, list[Link]]]


def _gather_mission(page: RecordPage) -> None:
    page.events = list(beside.events_of(page.edition))
    page.articles = list(beside.articles_of(page.edition))
    page.more = list(beside.more_missions(page.edition))


def _gather_event(page: RecordPage) -> None:
    edition = page.edition
    page.themes = list(edition.themes.all())
    page.missions = list(beside.missions_of(edition))
    page.articles = list(beside.articles_of(edition))
    before, after = beside.more_events(edition)
    page.more = [*reversed(before), *after]


def _gather_article(page: RecordPage) -> None:
    edition = page.edition
    page.themes = list(edition.themes.all())
    page.missions = list(beside.missions_of(edition))
    page.events = list(beside.events_of(edition))
    page.gathered = _gathered(page.missions)
    page.more = list(beside.more_articles(edition))


GATHER = {"mission": _gather_mission, "event": _gather_event, "article": _gather_article}


def _gathered(missions: list[Any]) -> list[Gathered]:
    """The infobox of an article: what its missions say, each value with links to where it is proved."""
    values: dict[str, dict[str, list[Link]]] = defaultdict(lambda: defaultdict(list))

    def add(label: str, value: str, mission: Any, anchor: str) -> None:
        title = mission.acronym or mission.title
        address = f"{mission.record.get_absolute_url()}#{anchor}"
        values[label][value].append(Link(title, address))

    for mission in missions:
        if mission.start:
            add("Start year", str(mission.start.year), mission, "start")
        if mission.end:
            add("End year", str(mission.end.year), mission, "end")
        elif mission.status == Mission.Status.RUNNING:
            add("End year", "running", mission, "status")
        else:
            add("End year", "not established", mission, "status")
    by_pk = {mission.pk: mission for mission in missions}
    labels = {
        "regional-group": "UN regional group",
        "conflict-type": "Type of conflict",
        "initiative-type": "Type of initiative",
    }
    in_turn = ("rank", "edition_id", "pk")  # of equal ranks a database would put either first
    for row in Classification.objects.filter(edition__in=by_pk).select_related("term").order_by(*in_turn):
        mission = by_pk[row.edition_id]
        add(labels[row.term.vocabulary], row.term.name, mission, f"classification-{row.key}")
    leads = Participation.objects.filter(edition__in=by_pk, role=Participation.Role.LEAD, organisation__isnull=False)
    for lead in leads.select_related("organisation").order_by(*in_turn):
        anchor, name = f"participation-{lead.key}", str(lead.organisation)
        add("Main implementing organisations", name, by_pk[lead.edition_id], anchor)
    order = ["Start year", "End year", *labels.values(), "Main implementing organisations"]
    return [
        Gathered(
            label,
            sorted(values[label].items()) if label.endswith("year") else list(values[label].items()),
        )
        for label in order
        if label in values
    ]
