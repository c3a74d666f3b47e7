"""The library: a Source is a document, once."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING, Any, Self

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Exists, OuterRef, Q
from simple_history.models import HistoricalRecords

from editorial.models import ReferenceData
from editorial.paths import path_to
from editorial.searched import Searched, joined
from sources import citing
from sources.dates import PartialDateField

if TYPE_CHECKING:
    from sources.models.evidence import Evidence


class SourceQuerySet(models.QuerySet["Source"]):
    def in_public_use(self) -> Self:
        """Sources that a public edition cites: the public library."""
        return self.filter(_used_in_public())

    def with_words(self, text: str, *more: str) -> Self:
        """Those in which each word stands: in title, authors, key and the like, or in `more` fields."""
        found = self
        for word in text.split()[:10]:
            # JSON in SQLite has letters beyond ASCII as \u escapes.
            here = Q(authors__icontains=word) | Q(authors__icontains=json.dumps(word)[1:-1])
            for name in ("title", "container", "publisher", "symbol", "key", *more):
                here |= Q(**{f"{name}__icontains": word})
            found = found.filter(here)
        return found


@cache
def _used_in_public() -> Q:
    """Of sources: whether a public edition cites it. Put together once: that takes longer than to ask it."""
    used = Q()
    for model in evidence_models():
        rows: Any = model._default_manager.filter(source=OuterRef("pk"))
        used |= Q(Exists(rows.of_public()))
    return used


def evidence_models() -> list[type[Evidence]]:
    """Every kind of row that names a source: citations, and figures of the app above."""
    from sources.models.evidence import Evidence  # it is about sources

    every = (relation.related_model for relation in Source._meta.related_objects)
    return [model for model in every if issubclass(model, Evidence)]


def cited_by(**rows: Any) -> Q:
    """Sources that rows of this sort cite."""
    cited = Q()
    for model in evidence_models():
        cited |= Q(Exists(model._default_manager.filter(source=OuterRef("pk"), **rows)))
    return cited


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
    merged_into = models.ForeignKey(
        "self",
        null=True,
        blank=True,
        editable=False,
        on_delete=models.PROTECT,
        related_name="merged_from",
        help_text="The same document under another key: its citations went there, and its address leads there.",
    )

    is_searched = True

    history = HistoricalRecords()
    objects = SourceQuerySet.as_manager()

    # As it was read from the database; a new one was nothing yet.
    status_read: str | None = None
    merged_into_read: int | None = None

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
        return path_to("source-detail", self.key)

    @classmethod
    def from_db(cls, *args: Any, **kwargs: Any) -> Self:
        source = super().from_db(*args, **kwargs)
        source.status_read = source.__dict__.get("status")  # not there where the query left it out
        source.merged_into_read = source.__dict__.get("merged_into_id")
        return source

    @transaction.atomic
    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save it, and what follows when it was merged into another or is not what it was for those who cite it."""
        from sources import merging, rechecks  # they are about sources

        super().save(*args, **kwargs)
        if self.merged_into and self.merged_into_id != self.merged_into_read:
            merging.follow(self, self.merged_into)
        if self.status_read is not None and self.status != self.status_read:
            rechecks.follow(self)
        self.status_read, self.merged_into_read = self.status, self.merged_into_id

    def plain_authors(self) -> list[dict[str, str]]:
        """Its authors as plain data, the parts of a name always in the same order: PostgreSQL keeps them in one of its own."""
        return [dict(sorted(author.items())) for author in self.authors]

    def to_search(self) -> Searched:
        """By title, symbol and authors; among what is found equally well after what the record itself says."""
        authors = [" ".join(filter(None, [a.get("given"), a.get("family"), a.get("literal")])) for a in self.authors]
        bare_symbol = self.symbol.partition(" (")[0]
        date = self.issued.written_out if self.issued else ""
        return Searched(
            title=self.title,
            other_names=(self.symbol, bare_symbol),
            makers=tuple(authors),
            text=joined(self.container, self.publisher, self.doi, self.isbn, self.note),
            detail=", ".join(filter(None, [self.get_type_display(), self.container or self.publisher, date])),
            years=(self.issued.year, self.issued.year) if self.issued else None,
            priority=9,
            found_late=True,
        )

    @classmethod
    def former_keys(cls) -> dict[str, str]:
        merged = cls.objects.filter(merged_into__isnull=False)
        return dict(merged.values_list("key", "merged_into__key").order_by())

    def only_holds_up(self, changes: Mapping[str, Any]) -> bool:
        """A source found retracted or out of reach is said to be so at once."""
        return set(changes) == {"status"} and changes["status"] != self.Status.AVAILABLE

    def clean(self) -> None:
        """Raises ValidationError when an author is neither a person nor a body, or it cannot be merged so."""
        if self.merged_into and self.merged_into_id != self.merged_into_read:
            from sources import merging

            merging.require_possible(self, self.merged_into)
        if not isinstance(self.authors, list):
            raise ValidationError({"authors": "Authors are a list."})
        for author in self.authors:
            person = isinstance(author, dict) and set(author) <= {"family", "given"} and author.get("family")
            body = isinstance(author, dict) and set(author) == {"literal"} and author["literal"]
            if not (person or body):
                raise ValidationError({"authors": f"“{author}” is neither a person (family, given) nor a body."})
