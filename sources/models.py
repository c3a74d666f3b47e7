"""Where facts come from: the library of sources, and citations, which tie a claim to a place in one.

A Source is a document, once. A Citation is a row of an edition: its key is the marker `[^key]` in the
edition's Markdown. `CitedEdition` is what every kind of record extends: an edition that may not be
published while a marker, a row or a figure lacks its evidence.
"""

from __future__ import annotations

from typing import Any, ClassVar, Self

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from simple_history.models import HistoricalRecords

from editorial.models import Edition, Record, ReferenceData, Row, label_of
from sources import citing
from sources.dates import PartialDateField
from sources.markers import markers_in


class SourceQuerySet(models.QuerySet["Source"]):
    def in_public_use(self) -> Self:
        """Sources that a public edition cites: the public library."""
        used = Q()
        for model in evidence_models():
            rows: Any = model._default_manager.filter(source=OuterRef("pk"))
            used |= Q(Exists(rows.of_public()))
        return self.filter(used)


def evidence_models() -> list[type[models.Model]]:
    """Every kind of row that names a source: citations, and figures of the app above."""
    return [
        relation.related_model
        for relation in Source._meta.related_objects
        if relation.field.name == "source" and issubclass(relation.related_model, Row)
    ]


class Source(ReferenceData):
    """A document that claims rest on. Cited sources cannot be deleted."""

    class Type(models.TextChoices):
        BOOK = "book", "book"
        CHAPTER = "chapter", "chapter of a book"
        REPORT = "report", "report"
        JOURNAL = "article-journal", "journal article"
        NEWSPAPER = "article-newspaper", "news article"
        ARTICLE = "article", "press release or other article"
        WEBPAGE = "webpage", "web page"
        BLOG = "post-weblog", "blog post"
        LEGISLATION = "legislation", "resolution, decision or regulation"
        TREATY = "treaty", "agreement or treaty"
        CASE = "legal_case", "judgment"
        SPEECH = "speech", "speech or statement"
        THESIS = "thesis", "thesis"
        DATASET = "dataset", "dataset"

    class Standing(models.TextChoices):
        PRIMARY = "primary", "primary"
        OFFICIAL = "official", "official"
        SCHOLARLY = "scholarly", "scholarly"
        NEWS = "news", "news"
        NGO = "ngo", "non-governmental organisation"
        TERTIARY = "tertiary", "tertiary"

    class Stake(models.TextChoices):
        PARTY = "party", "party to the conflict"
        PARTICIPANT = "participant", "took part in what it describes"
        FUNDER = "funder", "paid for what it describes"
        ADVOCATE = "advocate", "argues for a side or a cause"
        INDEPENDENT = "independent", "independent"
        UNSIGNED = "unsigned", "unsigned: nobody says who wrote it"

    class Status(models.TextChoices):
        AVAILABLE = "available", "available"
        UNREACHABLE = "unreachable", "out of reach"
        RETRACTED = "retracted", "retracted"

    type = models.CharField(max_length=24, choices=Type, help_text="What kind of document it is (CSL type).")
    title = models.CharField(
        max_length=500,
        help_text="As printed. In [square brackets] where it describes a document whose title was not seen.",
    )
    authors = models.JSONField(
        default=list,
        blank=True,
        help_text="Authors in order: people as family and given name, bodies by name.",
    )
    container = models.CharField(
        max_length=300, blank=True, help_text="The journal, newspaper, site or book it is part of."
    )
    publisher = models.CharField(max_length=300, blank=True)
    publisher_place = models.CharField(max_length=120, blank=True, verbose_name="place of publication")
    issued = PartialDateField(blank=True, verbose_name="date", help_text="When it was published: as much as is known.")
    url = models.URLField(
        max_length=1000,
        blank=True,
        verbose_name="address",
        help_text="The publication's own address.",
    )
    archived_url = models.URLField(max_length=1000, blank=True, verbose_name="archived copy")
    consulted_at = models.CharField(
        max_length=1000,
        blank=True,
        help_text="Where the copy actually read was, when that is not the address above.",
    )
    symbol = models.CharField(max_length=120, blank=True, help_text="Document symbol, such as S/RES/1244 (1999).")
    doi = models.CharField(max_length=200, blank=True, verbose_name="DOI")
    isbn = models.CharField(max_length=20, blank=True, verbose_name="ISBN")
    language = models.CharField(
        max_length=12, blank=True, help_text="Language of the text, as a code: en, sq, sr-Latn."
    )
    standing = models.CharField(
        max_length=12,
        choices=Standing,
        help_text="How near it is to what it tells. Tertiary sources are leads, never the sole support for deaths or blame.",
    )
    stake = models.CharField(
        max_length=12,
        choices=Stake,
        blank=True,
        help_text="What its author has to do with the matter.",
    )
    stake_reason = models.CharField(max_length=300, blank=True, help_text="Why the stake is seen so. Readers see it.")
    origin = models.ForeignKey(
        "self",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="drawn_on_by",
        help_text="The source it draws on, where that is established.",
    )
    status = models.CharField(
        max_length=12,
        choices=Status,
        default=Status.AVAILABLE,
        help_text="Out of reach: reviewers are warned. Retracted: editions citing it cannot be published.",
    )
    note = models.TextField(blank=True, help_text="What readers should know about it. Public.")

    history = HistoricalRecords()
    objects = SourceQuerySet.as_manager()

    class Meta:
        ordering = ["title", "key"]
        constraints = [
            models.CheckConstraint(
                condition=Q(stake="") | ~Q(stake_reason=""),
                name="stake_has_a_reason",
                violation_error_message="Say why the stake is seen so.",
            )
        ]

    def __str__(self) -> str:
        return citing.plain(self, short=True)

    def get_absolute_url(self) -> str:
        return reverse("source-detail", args=[self.key])

    def clean(self) -> None:
        """Raises ValidationError when an author is neither a person nor a body."""
        if not isinstance(self.authors, list):
            raise ValidationError({"authors": "Authors are a list."})
        for author in self.authors:
            person = isinstance(author, dict) and set(author) <= {"family", "given"} and author.get("family")
            body = isinstance(author, dict) and set(author) == {"literal"} and author["literal"]
            if not (person or body):
                raise ValidationError({"authors": f"“{author}” is neither a person (family, given) nor a body."})


class Evidence(Row):
    """A row that names its source, the place in it and its words, and says who has compared them."""

    class Checked(models.TextChoices):
        NOT_OPENED = "not-opened", "not opened"
        READ = "read", "read in a copy when compiled"
        COMPARED = "compared", "compared with the source"

    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="%(class)ss")
    locator = models.CharField(
        max_length=200,
        blank=True,
        help_text="The place in the source: p. 12, para. 9, table 2. Missing ones are shown as missing.",
    )
    quote = models.TextField(blank=True, help_text="The exact words of the source, in its language. Short.")
    note = models.TextField(blank=True, help_text="What readers should know about this evidence.")
    checked = models.CharField(
        max_length=12,
        choices=Checked,
        default=Checked.NOT_OPENED,
        help_text="Only “compared” counts as checked.",
    )
    checked_by = models.CharField(max_length=120, blank=True, help_text="Who compared it with the source.")
    checked_on = models.DateField(null=True, blank=True, help_text="When it was compared with the source.")

    class Meta(Row.Meta):
        abstract = True
        constraints = [
            *Row.Meta.constraints,
            models.CheckConstraint(
                condition=Q(checked="compared", checked_on__isnull=False) & ~Q(checked_by="")
                | ~Q(checked="compared") & Q(checked_by="", checked_on=None),
                name="%(class)s_compared_by_and_when",
                violation_error_message="A comparison with the source has a name and a date; nothing else has.",
            ),
        ]

    @property
    def what_it_gives(self) -> str:
        """What is taken from the source where that is no text but, say, a number; for readers."""
        return ""

    def address_in(self, record: Record) -> str:
        """The page of its record that shows it."""
        return record.get_absolute_url()

    def checked_in_words(self) -> str:
        """As readers see it."""
        if self.checked == self.Checked.COMPARED and self.checked_on:
            return f"compared with the source by {self.checked_by} on {self.checked_on:%-d %B %Y}"
        return self.get_checked_display()

    def problems(self) -> list[str]:
        problems = super().problems()
        if self.source.status == Source.Status.RETRACTED:
            problems.append(f"its source, “{self.source}”, is retracted.")
        return problems


class Citation(Evidence):
    """A source that an edition cites: the marker `[^key]` in its text opens to it."""

    accessed = models.DateField(null=True, blank=True, help_text="When the page was read.")
    supports = models.CharField(
        max_length=300,
        blank=True,
        help_text="The fields it proves, such as start or headquarters, divided by spaces: the infobox shows a note there.",
    )

    class Meta(Evidence.Meta):
        pass

    @property
    def supported_fields(self) -> list[str]:
        return self.supports.split()

    def frozen_extra(self) -> dict[str, Any]:
        return {"as_printed": citing.plain(self.source)}

    def problems(self) -> list[str]:
        known = {field.name for field in self.edition.typed._meta.get_fields()}
        unknown = [name for name in self.supported_fields if name not in known]
        return super().problems() + ([f"“{' '.join(unknown)}” is no field of this record."] if unknown else [])


class CitedRow(Row):
    """A row that rests on citations of its own edition, named by their keys."""

    cites = models.CharField(
        max_length=500,
        blank=True,
        verbose_name="citations",
        help_text="Keys of this edition's citations that prove it, divided by spaces.",
    )

    class Meta(Row.Meta):
        abstract = True

    @property
    def cited_keys(self) -> list[str]:
        return self.cites.split()

    def all_cited_keys(self) -> list[str]:
        """The keys it names anywhere, for the check that each resolves."""
        return self.cited_keys


class CitedEdition(Edition):
    """An edition with citations. It may not be public while a marker or a row lacks its evidence."""

    edition = models.OneToOneField(
        Edition,
        parent_link=True,
        primary_key=True,
        on_delete=models.CASCADE,
        related_name="as_%(class)s",
    )

    row_models: ClassVar[tuple[type[Row], ...]] = (Citation,)

    class Meta:
        abstract = True

    def submission_problems(self) -> list[str]:
        problems = super().submission_problems()
        rows = self.rows()
        keys = {row.key for row in rows["citations"]}
        for name in self.markdown_fields:
            for marker in dict.fromkeys(markers_in(getattr(self, name))):
                if marker not in keys:
                    label = label_of(self, name).capitalize()
                    problems.append(f"{label}: the marker [^{marker}] leads to no citation.")
        for name, group in rows.items():
            for row in group:
                if isinstance(row, CitedRow):
                    problems += [
                        f"{name.capitalize()}, {row.key}: there is no citation “{key}”."
                        for key in row.all_cited_keys()
                        if key not in keys
                    ]
        if not keys:
            problems.append("Nothing is cited: a record without a source cannot be public.")
        return problems

    def publication_warnings(self) -> list[str]:
        warnings = super().publication_warnings()
        for citation in self.citations.select_related("source"):
            if citation.source.status == Source.Status.UNREACHABLE:
                warnings.append(f"Citation {citation.key}: its source is out of reach.")
            if not citation.locator:
                warnings.append(f"Citation {citation.key}: no place in the source is given.")
        return warnings
