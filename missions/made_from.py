"""What a record's page is made from, in short: while this stays the same, so does the page.

The page cache asks after every publication, so that a page need not be made anew because of another's. The answer
may change where the page has not, never the other way round:

- Whatever is published of missions and articles, amended in the library or the reference data, or answered to readers
  counts for every page; so does an event that some row names. It is seldom.
- Any other event counts for its own page, for the events listed beside it, and for the missions and articles that
  list it.
"""

from __future__ import annotations

import threading
from typing import Any

from django.db.models import Count, Exists, F, Max, OuterRef, Q, Subquery
from django.utils import timezone

from editorial.models import Change, Edition
from missions.beside import events_of, more_events
from missions.models import KINDS, Relation, Responsibility


def made_from(kind: str, slug: str, serial: int) -> str | None:
    """A text that stays the same only while the page of a record does; None where no edition is live.

    `serial` is that of what was public at the earliest when this was asked. Two to four queries, however large
    the record and the log.
    """
    live = KINDS[kind].objects.public().filter(record__kind=kind, record__slug=slug, record__live=F("pk"))
    changed = Change.objects.filter(record=OuterRef("record")).order_by("-serial").values("serial")[:1]
    edition: Any = live.select_related("record").light().annotate(changed=Subquery(changed)).first()
    if edition is None:
        return None
    parts: list[object] = [timezone.localdate(), changes_for_all.until(serial), edition.pk, edition.changed]
    parts += _events_beside(edition)
    return " ".join(map(str, parts))


def _events_beside(edition: Any) -> list[object]:
    if edition.record.kind == "event":
        return [pk_and_slug for some in more_events(edition) for pk_and_slug in some.values_list("pk", "record__slug")]
    # One that joins the list has a later change than all that were in it; one that goes takes its changes with it.
    events = events_of(edition).order_by()
    return list(events.aggregate(last=Max("record__changes"), changes=Count("record__changes")).values())


class ChangesForAll:
    """The last change that counts for every page, as this process knows it: only the log's new lines are read."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.forget()

    def forget(self) -> None:
        self._read_until = self._last = 0

    def until(self, serial: int) -> int:
        """Its serial; changes younger than `serial` may count already."""
        with self._lock:
            if serial > self._read_until:
                new = Change.objects.filter(serial__gt=self._read_until).exclude(_of_events_that_nothing_names())
                self._last = new.aggregate(last=Max("serial"))["last"] or self._last
                self._read_until = serial
            return self._last


def _of_events_that_nothing_names() -> Q:
    """In the log: what was done with events that are listed by their missions and articles, and named by no row."""
    kinds = [Change.Kind.PUBLISHED, Change.Kind.WITHDRAWN, Change.Kind.SUPPRESSED, Change.Kind.RENAMED]
    named = (
        Exists(Relation.objects.filter(record=OuterRef("record")))
        | Exists(Responsibility.objects.filter(handed_to=OuterRef("record")))
        | Exists(Edition.objects.filter(replacement=OuterRef("record")))
    )
    return Q(kind__in=kinds, record__kind="event") & ~Q(named)


changes_for_all = ChangesForAll()
