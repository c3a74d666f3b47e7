"""Figures: quantities as one source gives them."""

from __future__ import annotations

from decimal import Decimal

from django.core.validators import RegexValidator
from django.db import models
from django.urls import reverse

from editorial.models import Record
from missions.countries import country_name
from missions.models.reference import Term
from sources.dates import PartialDateField
from sources.models import Evidence


class Figure(Evidence):
    """A quantity as one source gives it.

    Rows of one `fact` answer the same question: from different sources with different values they
    disagree. Different dates of one series are change over time.
    """

    fact = models.SlugField(
        max_length=100,
        help_text="Shared by the rows that answer the same question, such as strength-on-entry-1999.",
    )
    measure = models.ForeignKey(
        Term,
        on_delete=models.PROTECT,
        related_name="figures_measuring",
        limit_choices_to={"vocabulary": "measure"},
    )
    value = models.DecimalField(max_digits=20, decimal_places=4, null=True, blank=True)
    low = models.DecimalField(
        max_digits=20,
        decimal_places=4,
        null=True,
        blank=True,
        help_text="The lower end of a range; alone: “more than”.",
    )
    high = models.DecimalField(
        max_digits=20,
        decimal_places=4,
        null=True,
        blank=True,
        help_text="The upper end of a range; alone: “less than”.",
    )
    unit = models.CharField(max_length=40, blank=True, help_text="persons, countries, EUR, per cent …")
    qualifier = models.CharField(max_length=40, blank=True, help_text="As the source has it: about, up to, more than.")
    basis = models.ForeignKey(
        Term,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="figures_based_on",
        limit_choices_to={"vocabulary": "basis"},
        help_text="Deployed, planned, authorised, reported …",
    )
    basis_note = models.CharField(
        max_length=200, blank=True, help_text="The basis more exactly, such as the budget year."
    )
    counted_by = models.CharField(max_length=200, blank=True, help_text="Who counted.")
    counted_whom = models.CharField(max_length=200, blank=True, help_text="Whom they counted.")
    group = models.CharField(max_length=200, blank=True, help_text="The part of the whole it is about.")
    country = models.CharField(
        max_length=2,
        blank=True,
        validators=[RegexValidator(r"\A[A-Z]{2}\Z", "Use the two letters of ISO 3166, such as IT.")],
        help_text="ISO 3166 code, for the part of one country.",
    )
    as_of = PartialDateField(
        blank=True,
        verbose_name="as of",
        help_text="The date the figure is for, not that of the page.",
    )
    as_of_note = models.CharField(max_length=200, blank=True, help_text="What is uncertain about the date.")
    part_of = models.CharField(
        max_length=100,
        blank=True,
        help_text="The fact or the key of the figure of which this is a part, not a rival.",
    )

    class Meta(Evidence.Meta):
        ordering = ["as_of", "rank", "key"]
        indexes = [models.Index(fields=["edition", "fact"])]

    def problems(self) -> list[str]:
        problems = super().problems()
        if self.value is None and self.low is None and self.high is None:
            problems.append("it has neither a value nor a range.")
        if self.value is not None and (self.low is not None or self.high is not None):
            problems.append("it has both a value and a range.")
        if self.low is not None and self.high is not None and self.low > self.high:
            problems.append("its range ends below its beginning.")
        return problems

    @property
    def in_words(self) -> str:
        """The number as the source has it: "about 4,600", "50,000 to 60,000", "more than 19"."""
        if self.value is not None:
            return f"{self.qualifier} {plain_number(self.value)}".strip()
        if self.low is not None and self.high is not None:
            return f"{self.qualifier} {plain_number(self.low)} to {plain_number(self.high)}".strip()
        if self.low is not None:
            return f"{self.qualifier or 'more than'} {plain_number(self.low)}"
        if self.high is not None:
            return f"{self.qualifier or 'less than'} {plain_number(self.high)}"
        return ""

    @property
    def counts_people(self) -> bool:
        """Whether readers must be told who counted whom, or that it is not said."""
        return self.unit in ("persons", "deaths", "")

    @property
    def what_it_gives(self) -> str:
        """The number in a few words: "military personnel: about 4,600 persons, March 2025"."""
        about = ", ".join(part for part in (self.measure.name, self.group, country_name(self.country)) if part)
        amount = " ".join(part for part in (self.in_words, self.unit) if part)
        return f"{about}: {amount}" + (f", {self.as_of.written_out}" if self.as_of else "")

    def address_in(self, record: Record) -> str:
        """The page of the fact it belongs to."""
        return reverse(f"{record.kind}-fact", args=[record.slug, self.fact])

    @property
    def amount(self) -> tuple[str, str, str]:
        """What is compared when sources are: two rows of a fact with different amounts disagree."""
        return (str(self.value), str(self.low), str(self.high))


def plain_number(value: Decimal) -> str:
    """A number with its thousands set off and no digits it does not need: 50,000, 42.8."""
    text = f"{Decimal(value):,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
