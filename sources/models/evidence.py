"""Rows that rest on sources: citations, and what names them by their keys."""

from __future__ import annotations

import datetime
from typing import Any

from django.db import models
from django.db.models import Q

from editorial.models import Record, Row
from editorial.searched import joined
from sources import citing
from sources.models.library import Source


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

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save it; a form opened before its source was merged into another names that other now."""
        if self.source_id and self.source.merged_into_id:
            self.source_id = self.source.merged_into_id
        super().save(*args, **kwargs)

    def frozen_extra(self) -> dict[str, Any]:
        return {"as_printed": citing.plain(self.source)}

    @property
    def what_it_gives(self) -> str:
        """What is taken from the source where that is no text but, say, a number; for readers."""
        return ""

    @property
    def in_one_line(self) -> str:
        """What is taken from the source, the source, the place in it and its words, as plain text."""
        where = ", ".join(part for part in (citing.plain(self.source), self.locator) if part)
        given = f"{self.what_it_gives} ({where})" if self.what_it_gives else where
        return f"{given}: “{self.quote}”" if self.quote else given

    def to_search(self) -> str:
        return joined(self.what_it_gives, self.quote)

    def address_in(self, record: Record) -> str:
        """The page of its record that shows it."""
        return record.get_absolute_url()

    def enter_comparison(self, *, by: str, on: datetime.date) -> None:
        """Say that it was compared with its source, by whom and when; the caller saves."""
        self.checked, self.checked_by, self.checked_on = self.Checked.COMPARED, by, on

    def forget_comparison(self) -> None:
        """Say that what stands here now was not compared; the caller saves."""
        self.checked, self.checked_by, self.checked_on = self.Checked.NOT_OPENED, "", None

    def checked_in_words(self) -> str:
        """As readers see it."""
        if self.checked == self.Checked.COMPARED and self.checked_on:
            return f"compared with the source by {self.checked_by} on {self.checked_on:%-d %B %Y}"
        return self.get_checked_display()

    def compared_in_words(self) -> str:
        """For readers: whether an editor has compared it with its source and, where not, what was done instead."""
        if self.checked == self.Checked.COMPARED:
            return self.checked_in_words()
        return f"{self.get_checked_display()}; not yet compared by an editor"

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
