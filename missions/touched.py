"""Which records' pages a change of what is public touches, so that the page cache need not drop the others.

It may name a page that shows nothing of the change, never the other way round:

- An event that is published touches its own page, the missions and articles that list it, and the events beside it.
- All else touches every page: missions, articles, amendments, answers to readers, withdrawals, new addresses, and
  events that some row names. It is seldom.
"""

from __future__ import annotations

import threading
from typing import Any

from django.db.models import Case, Exists, OuterRef, Q, When

from editorial.models import Change, Edition, Record
from editorial.standing import rows_about
from missions.beside import MORE
from missions.models import Article, Event, Relation, Responsibility

Page = tuple[str, str]  # kind and slug of a record: its page, its figures, its facts
READ_AT_ONCE = 20  # after more changes than this, looking them up would take longer than making a page


class Touched:
    """What the log's changes touched, as this process knows it: each line is read once."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.forget()

    def forget(self) -> None:
        self._read_from = self._read_until = -1
        self._every_page = 0
        self._pages: dict[Page, int] = {}

    def between(self, made: int, now: int, page: Page) -> bool:
        """Whether a change after the serial `made` and not after `now` touches the page."""
        with self._lock:
            if self._read_until < 0:
                self._read_from = self._read_until = made
            if now > self._read_until:
                self._read(self._read_until, now)
                self._read_until = now
            if made < self._read_from:
                self._read(made, self._read_from)
                self._read_from = made
            return max(self._every_page, self._pages.get(page, 0)) > made

    def _read(self, after: int, until: int) -> None:
        for number, (serial, event) in enumerate(rows_about(_changes, [after, until])):
            if event is None or number == READ_AT_ONCE:
                self._every_page = max(self._every_page, serial)
            elif serial > self._every_page:
                for page in pages_of_event(event):
                    self._pages[page] = max(serial, self._pages.get(page, 0))


def pages_of_event(event: int) -> set[Page]:
    """The pages of the event with this key, of those that list it, and of the events beside it, now or before."""
    stood = set(rows_about(_stood, [event]))
    missions = {mission for mission, _ in stood if mission}
    pages: set[Any] = set(rows_about(_shown_by, [event, *missions]))
    for mission, date in stood:
        if mission and date:
            pages |= _events_beside(event, mission, date)
    return pages


def _events_beside(event: int, mission: int, date: str) -> set[Any]:
    """The events of a mission on whose pages one of this date can stand: the next before and after, and those between.

    As many on each side as a page shows; an event farther away has so many nearer ones. That holds even when several
    came or went at once: what is in the list of a page now, and was not before, is near it now.
    """
    first = next((before for (before,) in rows_about(_farthest_before, [event, mission, date])), "")
    last = next((after for (after,) in rows_about(_farthest_after, [event, mission, date])), "9999")
    return set(rows_about(_between, [event, mission, first, last]))


def _changes(given: list[Any]) -> Any:
    """Lines of the log, the last first: serial, and the event that was published where no row names it, else nothing."""
    after, until = given
    alone = Case(When(_of_events_listed_alone(), then="record"))
    lines = Change.objects.filter(serial__gt=after, serial__lte=until).annotate(event_alone=alone)
    return lines.order_by("-serial").values_list("serial", "event_alone")[: READ_AT_ONCE + 1]


def _stood(given: list[Any]) -> Any:
    """With which missions and on what dates the editions of an event stood."""
    return Event.objects.filter(record__in=given).values_list("missions", "date")


def _shown_by(given: list[Any]) -> Any:
    """The event, its missions, and the articles that list it."""
    event, *_ = given
    articles = Article.objects.filter(events=event).values("record")
    return Record.objects.filter(Q(pk__in=given) | Q(pk__in=articles)).values_list("kind", "slug")


def _farthest_before(given: list[Any]) -> Any:
    *others, date = given
    return _others(*others).filter(date__lt=date).order_by("-date").values_list("date")[MORE // 2 - 1 : MORE // 2]


def _farthest_after(given: list[Any]) -> Any:
    *others, date = given
    return _others(*others).filter(date__gt=date).order_by("date").values_list("date")[MORE // 2 - 1 : MORE // 2]


def _between(given: list[Any]) -> Any:
    *others, first, last = given
    return _others(*others).filter(date__gte=first, date__lte=last).values_list("record__kind", "record__slug")


def _others(event: Any, mission: Any) -> Any:
    return Event.objects.published().filter(missions=mission).exclude(record=event)


def _of_events_listed_alone() -> Q:
    """In the log: events that were published, and that no row names."""
    named = (
        Exists(Relation.objects.filter(record=OuterRef("record")))
        | Exists(Responsibility.objects.filter(handed_to=OuterRef("record")))
        | Exists(Edition.objects.filter(replacement=OuterRef("record")))
    )
    return Q(kind=Change.Kind.PUBLISHED, record__kind="event") & ~Q(named)


touched = Touched()
