"""Events: what happened, when and where, and to which missions it belongs."""

from __future__ import annotations

from dataclasses import replace
from typing import ClassVar

from django.db import models

from editorial.models import Record, Row
from editorial.searched import Searched, joined
from missions.models.figure import Figure
from missions.models.reference import Place, Term
from missions.models.rows import Disagreement, Illustration, Statement
from missions.models.worded import WordedEdition
from sources.dates import PartialDateField
from sources.models import Citation


class Event(WordedEdition):
    """Something that happened on a date or between two."""

    date = PartialDateField(blank=True)
    end_date = PartialDateField(blank=True, help_text="The last day, where it lasted longer.")
    event_kind = models.ForeignKey(
        Term,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="events_of_kind",
        limit_choices_to={"vocabulary": "event-kind"},
        verbose_name="kind of event",
    )
    themes = models.ManyToManyField(
        Term, blank=True, related_name="events_on", limit_choices_to={"vocabulary": "theme"}
    )
    place = models.ForeignKey(Place, null=True, blank=True, on_delete=models.PROTECT, related_name="events")
    missions = models.ManyToManyField(
        Record, blank=True, related_name="events_of_mission", limit_choices_to={"kind": "mission"}
    )
    actors = models.TextField(
        blank=True,
        help_text="People and bodies to name, one a line. No private persons who were victims or witnesses.",
    )

    class Meta:
        indexes = [models.Index(fields=["date"])]

    row_models: ClassVar[tuple[type[Row], ...]] = (
        Figure,
        Statement,
        Disagreement,
        Illustration,
        Citation,
    )

    @property
    def actor_list(self) -> list[str]:
        return self.actors.splitlines()

    def submission_problems(self) -> list[str]:
        problems = super().submission_problems()
        if not self.date:
            problems.append("Date: it is missing.")
        if not self.event_kind_id:
            problems.append("Kind of event: choose one.")
        if self.date and self.end_date and self.end_date.high < self.date.low:
            problems.append("End date: it ends before it begins.")
        return problems

    def to_search(self, rows: dict[str, list[Row]]) -> Searched:
        """Also by who acted and by all the names of its place."""
        found, place = super().to_search(rows), self.place
        where = ", ".join(dict.fromkeys([place.name, *place.known_names, place.municipality])) if place else ""
        date, end = self.date, self.end_date or self.date
        when = date.written_out if date == end else f"{date.written_out} to {end.written_out}"
        return replace(
            found,
            text=joined(found.text, ", ".join(self.actor_list), where),
            detail=", ".join(filter(None, [when, place.name if place else ""])),
            themes=tuple(theme.key for theme in self.themes.all()),
            years=(date.year, end.year),
            priority=2,
        )
