"""Missions, related operations and bodies, and the rows that only they have."""

from __future__ import annotations

from dataclasses import replace
from typing import ClassVar, Self

from django.db import models
from django.db.models import Q

from editorial.models import EditionQuerySet, Record, Row
from editorial.searched import STILL, Searched, joined
from missions.models.figure import Figure
from missions.models.reference import Named, Organisation, Term
from missions.models.rows import Disagreement, Illustration, Statement
from missions.models.worded import WordedEdition
from sources.dates import PartialDate, PartialDateField, high, low
from sources.models import Citation, CitedRow


class Classification(CitedRow):
    """A term of the source site's vocabularies, and whose judgement it is."""

    class Basis(models.TextChoices):
        SOURCE = "source", "a source's classification"
        OURS = "ours", "our own reading"

    term = models.ForeignKey(
        Term,
        on_delete=models.PROTECT,
        related_name="classifications",
        limit_choices_to={"vocabulary__in": ["conflict-type", "initiative-type", "regional-group"]},
    )
    basis = models.CharField(max_length=8, choices=Basis, help_text="Whose judgement it is.")
    reason = models.CharField(max_length=400, blank=True, help_text="Needed for our own reading. Readers see it.")

    class Meta(CitedRow.Meta):
        pass

    def problems(self) -> list[str]:
        problems = super().problems()
        if self.basis == self.Basis.OURS and not self.reason.strip():
            problems.append("our own reading needs a reason.")
        return problems


class Participation(CitedRow):
    """An organisation that led, contributed or supported."""

    class Role(models.TextChoices):
        LEAD = "lead", "lead"
        CONTRIBUTING = "contributing", "contributing"
        SUPPORTING = "supporting", "supporting"

    organisation = models.ForeignKey(
        Organisation, null=True, blank=True, on_delete=models.PROTECT, related_name="participations"
    )
    role = models.CharField(max_length=12, choices=Role)
    note = models.TextField(blank=True, help_text="What it did; needed where no organisation is named.")

    class Meta(CitedRow.Meta):
        pass

    def to_search(self) -> str:
        organisation = self.organisation
        return joined(organisation.name, organisation.acronym, self.note) if organisation else self.note

    def problems(self) -> list[str]:
        named = self.organisation_id or self.note.strip()
        return super().problems() + ([] if named else ["name an organisation or say in the note who took part."])


class Instrument(CitedRow):
    """A document that establishes, extends, changes or ends the mission: its legal basis."""

    class Effect(models.TextChoices):
        ESTABLISHES = "establishes", "establishes"
        EXTENDS = "extends", "extends"
        CHANGES = "changes", "changes"
        ENDS = "ends", "ends"
        OTHER = "other", "bears on"

    title = models.CharField(max_length=250)
    body = models.CharField(max_length=200, blank=True, help_text="Who adopted or signed it.")
    symbol = models.CharField(max_length=120, blank=True)
    date = PartialDateField(blank=True)
    effect = models.CharField(max_length=12, choices=Effect, help_text="What it does to the mission.")
    note = models.TextField(blank=True)

    class Meta(CitedRow.Meta):
        pass

    def to_search(self) -> str:
        return joined(", ".join(filter(None, [self.title, self.symbol, self.body])), self.note)


class Objective(CitedRow):
    """One thing the mission was to do."""

    text = models.TextField()

    class Meta(CitedRow.Meta):
        pass

    def to_search(self) -> str:
        return self.text


class Phase(CitedRow):
    """A stretch of the mission's life."""

    title = models.CharField(max_length=200)
    start = PartialDateField(blank=True)
    end = PartialDateField(blank=True)
    note = models.TextField(blank=True)

    class Meta(CitedRow.Meta):
        pass

    def to_search(self) -> str:
        return joined(self.title, self.note)


class Area(CitedRow):
    """A part of the territory, and who answered there for the mission."""

    class Position(models.TextChoices):
        NORTH = "north", "north"
        WEST = "west", "west"
        CENTRE = "centre", "centre"
        EAST = "east", "east"
        SOUTH = "south", "south"

    name = models.CharField(max_length=200, help_text="What the source calls it: Multinational Brigade North.")
    position = models.CharField(
        max_length=8,
        choices=Position,
        help_text="Where it lies among the others. The areas are drawn as boxes in this order; it is no map.",
    )
    led_by = models.CharField(max_length=120, blank=True, help_text="The country or body that led it.")
    seat = models.CharField(
        max_length=120,
        blank=True,
        help_text="Where its headquarters were: the Albanian and the Serbian name, with / between them.",
    )
    start = PartialDateField(blank=True)
    end = PartialDateField(blank=True)
    note = models.TextField(blank=True, help_text="Public: what readers should know about it.")

    class Meta(CitedRow.Meta):
        pass

    def to_search(self) -> str:
        return joined(self.name, self.led_by, self.seat, self.note)


class Responsibility(CitedRow):
    """A task the mission held, and to whom it went."""

    plural = "responsibilities"

    edition = models.ForeignKey(
        "editorial.Edition",
        on_delete=models.CASCADE,
        related_name="responsibilities",
        editable=False,
    )
    task = models.ForeignKey(
        Term,
        on_delete=models.PROTECT,
        related_name="responsibilities",
        limit_choices_to={"vocabulary": "task"},
    )
    start = PartialDateField(blank=True)
    end = PartialDateField(blank=True)
    handed_to = models.ForeignKey(
        Record,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="responsibilities_received",
    )
    handed_to_text = models.CharField(
        max_length=200, blank=True, help_text="To whom it went, where that is no record here."
    )
    note = models.TextField(blank=True)

    class Meta(CitedRow.Meta):
        verbose_name_plural = "responsibilities"


class Leader(CitedRow):
    """Who led it, from when to when."""

    person = models.CharField(max_length=200)
    role = models.CharField(max_length=200, help_text="Head of mission, Commander, Special Representative …")
    country = models.CharField(max_length=120, blank=True)
    start = PartialDateField(blank=True)
    end = PartialDateField(blank=True)
    note = models.TextField(blank=True)

    class Meta(CitedRow.Meta):
        pass

    def to_search(self) -> str:
        return joined(f"{self.person}, {self.role}", self.note)


class Relation(CitedRow):
    """How it stands to another record."""

    class Kind(models.TextChoices):
        PREDECESSOR = "predecessor", "follows on"
        SUCCESSOR = "successor", "was followed by"
        PARALLEL = "parallel", "worked beside"
        PART_OF = "part-of", "is part of"
        HAS_PART = "has-part", "has as a part"
        SUPPORTS = "supports", "supports"
        OTHER = "other", "is related to"

    record = models.ForeignKey(Record, on_delete=models.PROTECT, related_name="relations_from")
    kind = models.CharField(max_length=12, choices=Kind)
    note = models.TextField(blank=True)

    class Meta(CitedRow.Meta):
        pass


class MissionQuerySet(EditionQuerySet):
    def active_on(self, moment: PartialDate) -> Self:
        """Missions at work on a day, or at some time in a month or year: begun by its end, and not ended before it.

        An empty end counts while a mission runs.
        """
        return self.alias(start_low=low("start"), end_high=high("end")).filter(
            ~Q(start="")
            & Q(start_low__lte=moment.high.isoformat())
            & (Q(end="", status=Mission.Status.RUNNING) | ~Q(end="") & Q(end_high__gte=moment.low.isoformat()))
        )


class Mission(WordedEdition, Named):
    """A mission, a related operation or a body: who was there, on whose mandate, from when to when."""

    class Status(models.TextChoices):
        RUNNING = "running", "running"
        CLOSED = "closed", "closed"

    acronym = models.CharField(max_length=40, blank=True)
    other_names = models.TextField(blank=True, help_text="Further names, one a line, with the language in brackets.")
    mission_kind = models.ForeignKey(
        Term,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="missions_of_kind",
        limit_choices_to={"vocabulary": "mission-kind"},
        verbose_name="kind of mission",
    )
    status = models.CharField(max_length=8, choices=Status, blank=True, help_text="Running, or closed.")
    start = PartialDateField(blank=True)
    end = PartialDateField(
        blank=True,
        help_text="When it ended. Leave empty while it runs: an expiry of its mandate is no end.",
    )
    mandate_until = PartialDateField(blank=True, help_text="When the present mandate expires, where it has an expiry.")
    headquarters = models.CharField(max_length=250, blank=True)
    mandate = models.TextField(
        blank=True, help_text="What it was to do and by whose decision, in Markdown with markers."
    )
    peace_mission = models.BooleanField(
        default=True,
        help_text="Not set for related operations and bodies: they are marked as such everywhere.",
    )

    objects = MissionQuerySet.as_manager()  # type: ignore[misc]

    class Meta:
        indexes = [models.Index(fields=["start"])]

    row_models: ClassVar[tuple[type[Row], ...]] = (
        Classification,
        Participation,
        Instrument,
        Objective,
        Phase,
        Area,
        Responsibility,
        Leader,
        Relation,
        Figure,
        Statement,
        Disagreement,
        Illustration,
        Citation,
    )
    markdown_fields: ClassVar[tuple[str, ...]] = ("summary", "mandate", "body")

    def submission_problems(self) -> list[str]:
        problems = super().submission_problems()
        if not self.start:
            problems.append("Start: the date is missing.")
        if not self.status:
            problems.append("Status: say whether it is running or closed.")
        if not self.mission_kind_id:
            problems.append("Kind of mission: choose one.")
        if self.start and self.end and self.end.high < self.start.low:
            problems.append("End: it ends before it begins.")
        if self.end and self.status == self.Status.RUNNING:
            problems.append("End: a running mission has no end. The expiry of a mandate goes into its own field.")
        return problems

    def to_search(self, rows: dict[str, list[Row]]) -> Searched:
        """By all its names, before everything else of that name."""
        further = [line.rpartition(" (")[0] or line for line in self.other_names.splitlines()]
        begun, ended = self.start.written_out, self.end.written_out if self.end else ""
        span = f"{begun} to {ended}" if ended else f"since {begun}" if self.status == self.Status.RUNNING else begun
        last = self.end.year if self.end else STILL if self.status == self.Status.RUNNING else self.start.year
        found = super().to_search(rows)
        return replace(
            found,
            text=joined(found.text, self.headquarters),
            other_names=(self.acronym, *self.known_names, *further),
            detail=", ".join(filter(None, [self.acronym, span])),
            years=(self.start.year, last),
            priority=0,
        )
