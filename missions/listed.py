"""Records as lists show them: a few columns read as rows, where whole editions would be most of what a list costs.

Each function takes the primary keys of editions and gives what is shown of those that are published, by key. The
number of queries does not grow with them. What is shown is a plain value: what is equal is written once.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from editorial.paths import path_to
from editorial.standing import About, rows_about
from missions.models import Article, Event, Mission, Participation
from sources.dates import PartialDate


@dataclass(frozen=True, slots=True)
class Named:
    """Something a list names and leads to."""

    name: str
    address: str


@dataclass(frozen=True, slots=True)
class ListedMission:
    """`leads` are the organisations that led it, as the edition's own rows say."""

    address: str
    leads: tuple[Named, ...]
    title: str
    acronym: str
    summary: str
    kind: str | None
    status: str
    start: PartialDate | str
    end: PartialDate | str
    peace_mission: bool

    @property
    def status_in_words(self) -> str:
        return Mission.Status(self.status).label if self.status else ""


@dataclass(frozen=True, slots=True)
class ListedEvent:
    """`missions` are those it belongs to that are public, by the title they have there."""

    address: str
    themes: tuple[str, ...]
    missions: tuple[Named, ...]
    title: str
    summary: str
    date: PartialDate | str
    end_date: PartialDate | str
    kind: str | None
    place: str | None

    @property
    def classed_as(self) -> list[str]:
        """Its kind, its place and its themes."""
        return [name for name in (self.kind, self.place, *self.themes) if name]


@dataclass(frozen=True, slots=True)
class ListedArticle:
    """`perspective` is whose view it sets out, where it sets out one."""

    address: str
    themes: tuple[str, ...]
    title: str
    summary: str
    perspective: str


def listed_missions(keys: Collection[int]) -> dict[int, ListedMission]:
    leads = _by_edition(
        (pk, Named(name, path_to("organisation-detail", key))) for pk, key, name in rows_about(_leads, keys)
    )
    return {
        pk: ListedMission(path_to("mission-detail", slug), leads[pk], *shown)
        for pk, slug, *shown in rows_about(_missions, keys)
    }


def listed_events(keys: Collection[int]) -> dict[int, ListedEvent]:
    themes = _by_edition(rows_about(THEMES[Event], keys))
    missions = _by_edition(
        (event, Named(acronym or title, path_to("mission-detail", slug)))
        for event, slug, title, acronym in rows_about(_missions_of, keys)
    )
    return {
        pk: ListedEvent(path_to("event-detail", slug), themes[pk], missions[pk], *shown)
        for pk, slug, *shown in rows_about(_events, keys)
    }


def listed_articles(keys: Collection[int]) -> dict[int, ListedArticle]:
    themes = _by_edition(rows_about(THEMES[Article], keys))
    return {
        pk: ListedArticle(path_to("article-detail", slug), themes[pk], *shown)
        for pk, slug, *shown in rows_about(_articles, keys)
    }


LISTED: dict[str, Callable[[Collection[int]], Mapping[int, Any]]] = {
    "mission": listed_missions,
    "event": listed_events,
    "article": listed_articles,
}


def _by_edition(rows: Iterable[tuple[Any, ...]]) -> defaultdict[int, tuple[Any, ...]]:
    found: defaultdict[int, tuple[Any, ...]] = defaultdict(tuple)
    for edition, shown in rows:
        found[edition] += (shown,)
    return found


def _missions(keys: list[int]) -> Any:
    published: Any = Mission.objects.published()
    return published.filter(pk__in=keys).values_list(
        "pk", "record__slug", "title", "acronym", "summary", "mission_kind__name", "status", "start", "end", "peace_mission"
    )  # fmt: skip


def _events(keys: list[int]) -> Any:
    published: Any = Event.objects.published()
    return published.filter(pk__in=keys).values_list(
        "pk", "record__slug", "title", "summary", "date", "end_date", "event_kind__name", "place__name"
    )


def _articles(keys: list[int]) -> Any:
    published: Any = Article.objects.published()
    return published.filter(pk__in=keys).values_list("pk", "record__slug", "title", "summary", "perspective")


def _leads(keys: list[int]) -> Any:
    led = Participation.objects.filter(edition__in=keys, role=Participation.Role.LEAD, organisation__isnull=False)
    return led.values_list("edition", "organisation__key", "organisation__name")


def _themes(model: type[Event] | type[Article], keys: list[int]) -> Any:
    edition = str(model._meta.model_name)
    rows = model.themes.through._default_manager.filter(**{f"{edition}__in": keys})
    return rows.order_by("term__rank", "term__name", "term").values_list(edition, "term__name")


def _missions_of(keys: list[int]) -> Any:
    named: Any = Mission.objects.published().filter(record__events_of_mission__in=keys)
    return named.order_by("title", "record").values_list(
        "record__events_of_mission", "record__slug", "title", "acronym"
    )


THEMES: dict[type[Event] | type[Article], About] = {model: partial(_themes, model) for model in (Event, Article)}
