"""Articles: longer texts that draw missions and events together."""

from __future__ import annotations

from dataclasses import replace
from typing import ClassVar

from django.db import models

from editorial.models import Record, Row
from editorial.searched import Searched
from missions.models.figure import Figure
from missions.models.reference import Term
from missions.models.rows import Disagreement, Illustration, Statement
from missions.models.worded import WordedEdition
from sources.models import Citation


class Article(WordedEdition):
    """A text on a question that runs through many missions and events."""

    themes = models.ManyToManyField(
        Term, blank=True, related_name="articles_on", limit_choices_to={"vocabulary": "theme"}
    )
    missions = models.ManyToManyField(
        Record, blank=True, related_name="articles_on_mission", limit_choices_to={"kind": "mission"}
    )
    events = models.ManyToManyField(
        Record, blank=True, related_name="articles_on_event", limit_choices_to={"kind": "event"}
    )
    perspective = models.CharField(
        max_length=120,
        blank=True,
        help_text="Whose view it sets out, where it sets out the view of one side.",
    )

    class Drawing(models.TextChoices):
        HANDOVERS = "handovers", "who held which task when, from the rows of its missions"

    drawing = models.CharField(
        max_length=20,
        choices=Drawing,
        blank=True,
        help_text="A drawing that the site makes of the records, and shows after the text.",
    )

    row_models: ClassVar[tuple[type[Row], ...]] = (
        Figure,
        Statement,
        Disagreement,
        Illustration,
        Citation,
    )

    def to_search(self, rows: dict[str, list[Row]]) -> Searched:
        """With its themes."""
        found = super().to_search(rows)
        view = f"Sets out the view of {self.perspective}" if self.perspective else ""
        return replace(found, detail=view, themes=tuple(theme.key for theme in self.themes.all()), priority=3)
