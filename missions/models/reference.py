"""Reference data: organisations, places and the vocabularies."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any, Self

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from simple_history.models import HistoricalRecords

from editorial.models import Edition, ReferenceData
from editorial.models.naming import named_in
from editorial.searched import Searched, joined
from missions.place_names import SAME_PLACE
from sources.dates import PartialDateField


class UsedInPublic(models.QuerySet[Any]):
    def in_public_use(self) -> Self:
        """Those that a public edition uses, itself or in a row."""
        return self.filter(_used_in_public(self.model))  # type: ignore[arg-type]  # models can be hashed


@cache
def _used_in_public(model: type[models.Model]) -> Q:
    """Of things of a kind: whether a public edition uses it. Put together once: that takes longer than to ask it."""
    # One look-up for each thing, which ends at the first use: never a list of all editions.
    used = Q()
    for way in named_in(model):
        rows, edition, name = way.rows, way.edition, way.field
        field: Any = way.model._meta.get_field(name)
        if field.many_to_many:
            rows = field.remote_field.through._default_manager
            edition, name = field.m2m_field_name(), field.m2m_reverse_field_name()
        public = Edition.objects.public().filter(pk=OuterRef(edition))
        used |= Q(Exists(rows.filter(Exists(public), **{name: OuterRef("pk")})))
    return used


class Named(models.Model):
    """Names in four forms. Gaps stay gaps: no form is ever invented."""

    name_sq = models.CharField(max_length=250, blank=True, verbose_name="name in Albanian")
    name_sr_latn = models.CharField(max_length=250, blank=True, verbose_name="name in Serbian, Latin script")
    name_sr_cyrl = models.CharField(max_length=250, blank=True, verbose_name="name in Serbian, Cyrillic script")

    class Meta:
        abstract = True

    @property
    def other_forms(self) -> list[tuple[str, str, str]]:
        """(language tag, language, form) of the forms known; Albanian before Serbian, by the alphabet."""
        forms = [
            ("sq", "Albanian", self.name_sq),
            ("sr-Latn", "Serbian", self.name_sr_latn),
            ("sr-Cyrl", "Serbian", self.name_sr_cyrl),
        ]
        return [form for form in forms if form[2]]

    @property
    def known_names(self) -> list[str]:
        """The same without their languages."""
        return [name for _, _, name in self.other_forms]


class Organisation(ReferenceData, Named):
    """A body that took part: an organisation, a state, an organ, a court."""

    name = models.CharField(max_length=250, help_text="In English.")
    acronym = models.CharField(max_length=40, blank=True)
    kind = models.CharField(max_length=60, help_text="What it is: alliance, organ, agency, state.")
    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="parts")
    website = models.URLField(max_length=500, blank=True)
    founded = PartialDateField(blank=True)
    dissolved = PartialDateField(blank=True)
    note = models.TextField(blank=True, help_text="Public.")

    is_searched = named_in_records = True

    history = HistoricalRecords()
    objects = UsedInPublic.as_manager()

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("organisation-detail", args=[self.key])

    def to_search(self) -> Searched:
        """By its names, before events of that name."""
        return Searched(
            title=self.name,
            other_names=(self.acronym, *self.known_names),
            text=self.note,
            detail=", ".join(filter(None, [self.acronym, self.kind])),
            priority=1,
        )


class Place(ReferenceData, Named):
    """Where something happened."""

    name = models.CharField(max_length=250, help_text="In English use; both local forms where there is none.")
    kind = models.CharField(max_length=60, blank=True, help_text="town, village, crossing point, territory …")
    municipality = models.CharField(max_length=120, blank=True)
    country = models.CharField(max_length=120, blank=True, help_text="For places outside Kosovo.")
    latitude = models.DecimalField(
        max_digits=7,
        decimal_places=4,
        null=True,
        blank=True,
        validators=[MinValueValidator(-90), MaxValueValidator(90)],
    )
    longitude = models.DecimalField(
        max_digits=7,
        decimal_places=4,
        null=True,
        blank=True,
        validators=[MinValueValidator(-180), MaxValueValidator(180)],
    )
    note = models.TextField(blank=True, help_text="Public.")

    is_searched = named_in_records = True

    history = HistoricalRecords()
    objects = UsedInPublic.as_manager()

    class Meta:
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                condition=Q(latitude=None, longitude=None) | Q(latitude__isnull=False, longitude__isnull=False),
                name="place_has_both_coordinates_or_none",
            )
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """A place has no page of its own: what happened there."""
        return reverse("event-list") + f"?place={self.key}"

    def to_search(self) -> Searched:
        """By its names."""
        return Searched(
            title=self.name,
            other_names=tuple(self.known_names),
            text=joined(self.municipality, self.country, self.note),
            detail=", ".join(filter(None, [self.kind.replace("-", " "), self.country])),
            priority=4,
        )

    @classmethod
    def same_names(cls) -> Sequence[Sequence[str]]:
        return SAME_PLACE


class Vocabulary(models.TextChoices):
    MISSION_KIND = "mission-kind", "kind of mission"
    EVENT_KIND = "event-kind", "kind of event"
    CONFLICT_TYPE = "conflict-type", "type of conflict"
    INITIATIVE_TYPE = "initiative-type", "type of initiative"
    REGIONAL_GROUP = "regional-group", "UN regional group"
    THEME = "theme", "theme"
    TASK = "task", "task"
    BASIS = "basis", "basis of a figure"
    MEASURE = "measure", "measure"


class Term(ReferenceData):
    """A word of a vocabulary, with its definition in our words."""

    key = models.SlugField(max_length=100, help_text="A short lasting name, unique in its vocabulary.")
    vocabulary = models.CharField(max_length=20, choices=Vocabulary)
    name = models.CharField(max_length=120)
    definition = models.TextField(blank=True, help_text="In our own words.")
    as_in_source = models.CharField(
        max_length=200, blank=True, help_text="The exact label, where it is the source site's."
    )
    source = models.ForeignKey(
        "sources.Source",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="terms",
        help_text="Where the label is from.",
    )
    rank = models.PositiveIntegerField(default=0, help_text="Its place in lists, lowest first.")
    note = models.TextField(blank=True, help_text="Public.")

    named_in_records = True

    history = HistoricalRecords()
    objects = UsedInPublic.as_manager()

    class Meta:
        ordering = ["vocabulary", "rank", "name"]
        constraints = [models.UniqueConstraint(fields=["vocabulary", "key"], name="term_key_once_per_vocabulary")]

    def __str__(self) -> str:
        return self.name

    @property
    def frozen_key(self) -> str:
        return f"{self.vocabulary}/{self.key}"

    @classmethod
    def by_frozen_key(cls, text: str) -> Term:
        vocabulary, _, key = text.partition("/")
        return cls.objects.get(vocabulary=vocabulary, key=key)

    def get_absolute_url(self) -> str:
        return reverse("definitions") + f"#{self.vocabulary}-{self.key}"
