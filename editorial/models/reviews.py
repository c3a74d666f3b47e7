"""What editors leave on an open edition for each other: ticks, notes, who has it open, notices."""

from __future__ import annotations

from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import Q

from editorial.models.editions import Edition, EditionQuerySet, State


class InReview(models.Manager.from_queryset(EditionQuerySet)):  # type: ignore[misc]
    def get_queryset(self) -> Any:
        return super().get_queryset().filter(state=State.IN_REVIEW)


class ReviewQueue(Edition):
    """Texts that wait for a second editor, of every kind; the one that has waited longest comes first."""

    objects: ClassVar[Any] = InReview()

    class Meta:
        proxy = True
        ordering = ["submitted_at", "pk"]
        default_permissions = ()
        verbose_name = "text in review"
        verbose_name_plural = "texts in review"


class ClaimCheck(models.Model):
    """A reviewer's tick at a claim without a marker, with the ground on which it may stand so.

    It is bound to the words of the sentence: when they change the tick no longer counts.
    """

    class Ground(models.TextChoices):
        CITED_NEARBY = "cited-nearby", "cited elsewhere in this text"
        COMMON_KNOWLEDGE = "common-knowledge", "common knowledge, disputed by nobody"
        NO_CLAIM = "no-claim", "not a claim that needs a source"

    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="claim_checks")
    field = models.CharField(max_length=40, help_text="The text it stands in, such as body.")
    sentence = models.TextField()
    digest = models.CharField(max_length=64, editable=False, help_text="SHA-256 of field and sentence.")
    ground = models.CharField(max_length=20, choices=Ground)
    by = models.ForeignKey("editorial.Editor", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["edition", "digest", "by"], name="one_tick_a_claim_and_editor")]

    def __str__(self) -> str:
        return f"{self.sentence}: {self.get_ground_display()}"


class ReviewNote(models.Model):
    """What a reviewer says of a passage; the authors mark it resolved."""

    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="review_notes")
    passage = models.TextField(
        blank=True, help_text="The words it is about, copied from the text; empty for the whole."
    )
    text = models.TextField(help_text="What should be looked at or changed.")
    by = models.ForeignKey("editorial.Editor", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    resolved_by = models.ForeignKey("editorial.Editor", null=True, on_delete=models.PROTECT, related_name="+")
    resolved_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(resolved_by=None, resolved_at=None)
                | Q(resolved_by__isnull=False, resolved_at__isnull=False),
                name="note_resolved_by_and_when",
            )
        ]

    def __str__(self) -> str:
        return self.text


class OpenForm(models.Model):
    """Who has the form of an open edition before them, since when; gone once it is saved."""

    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="open_forms")
    editor = models.ForeignKey("editorial.Editor", on_delete=models.CASCADE, related_name="+")
    since = models.DateTimeField()

    class Meta:
        ordering = ["since"]
        constraints = [models.UniqueConstraint(fields=["edition", "editor"], name="one_open_form_an_editor")]

    def __str__(self) -> str:
        return f"{self.editor}: {self.edition}"


class NoticeQuerySet(models.QuerySet["Notice"]):
    def waiting_for(self, editor: Any) -> Self:
        """What the editor was told and has not put away."""
        return self.filter(to=editor, seen_at=None)


class Notice(models.Model):
    """Something one editor is told on the first page of the editors' site until they put it away."""

    to = models.ForeignKey("editorial.Editor", on_delete=models.CASCADE, related_name="notices")
    edition = models.ForeignKey(Edition, null=True, on_delete=models.CASCADE, related_name="notices")
    text = models.TextField()
    at = models.DateTimeField(auto_now_add=True)
    seen_at = models.DateTimeField(null=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        indexes = [models.Index(fields=["to"], condition=Q(seen_at=None), name="notice_waiting")]

    def __str__(self) -> str:
        return self.text


class IntegrityCheck(models.Model):
    """When the whole record was last compared with what had been published, and what was found."""

    at = models.DateTimeField(auto_now_add=True, db_index=True)
    editions = models.PositiveIntegerField(help_text="How many were compared.")
    faults = models.JSONField(default=list, help_text="Sentences; empty when all is as it was published.")

    class Meta:
        ordering = ["-pk"]
        get_latest_by = "pk"

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M}: {len(self.faults)} faults"
