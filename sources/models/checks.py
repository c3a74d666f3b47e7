"""Work that sources cause: live editions to look at again, and founding editions to compare with them."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import Q

from editorial.models import Edition, Record
from sources.models.library import Source


class RecheckQuerySet(models.QuerySet["Recheck"]):
    def waiting(self) -> Self:
        """Those nobody has dealt with."""
        return self.filter(done_at=None)


class Recheck(models.Model):
    """A record whose public edition cites a source that went out of reach or was retracted."""

    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="rechecks")
    record = models.ForeignKey(Record, on_delete=models.PROTECT, related_name="rechecks")
    status = models.CharField(max_length=12, choices=Source.Status, help_text="What the source became.")
    raised_at = models.DateTimeField(auto_now_add=True)
    done_at = models.DateTimeField(null=True, editable=False)
    done_by = models.ForeignKey(
        "editorial.Editor", null=True, editable=False, on_delete=models.PROTECT, related_name="+"
    )
    outcome = models.TextField(
        blank=True, help_text="What was found or done, such as another source for the same claim."
    )

    objects = RecheckQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["source", "record"], condition=Q(done_at=None), name="one_open_recheck_a_source_and_record"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.record}: {self.source} is {self.get_status_display()}"


class EvidenceCheckQuerySet(models.QuerySet["EvidenceCheck"]):
    def held(self, edition: Edition) -> Self:
        """The comparisons of an edition that found the source to say so, with who made them."""
        return self.filter(edition=edition, outcome=EvidenceCheck.Outcome.HOLDS).select_related("by")


class EvidenceCheck(models.Model):
    """One citation or figure of a founding edition, compared with its source by a second editor."""

    class Outcome(models.TextChoices):
        HOLDS = "holds", "compared: the source says so"
        NOT_OPENED = "not-opened", "the source could not be opened"
        DIFFERS = "differs", "compared: the source says otherwise"

    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="evidence_checks")
    rows = models.CharField(max_length=40, help_text="The kind of row: citations or figures.")
    key = models.CharField(max_length=100, help_text="The key of the row.")
    outcome = models.CharField(max_length=12, choices=Outcome)
    note = models.TextField(blank=True, help_text="What was found; needed where the source says otherwise.")
    by = models.ForeignKey("editorial.Editor", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    objects = EvidenceCheckQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["edition", "rows", "key"], name="one_check_a_row"),
            models.CheckConstraint(condition=~Q(outcome="differs") | ~Q(note=""), name="a_difference_is_described"),
        ]

    def __str__(self) -> str:
        return f"{self.rows} {self.key}: {self.get_outcome_display()}"
