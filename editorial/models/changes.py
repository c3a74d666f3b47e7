from __future__ import annotations

from typing import Any, ClassVar, Self

from django.db import connection, models

from editorial.models.corrections import PRIVATE
from editorial.models.editions import heavy
from editorial.models.log import LogEntry, LogQuerySet


class PublicSerial(models.Model):
    """One row: the number of the last change the public can see. Every cache key holds it."""

    value = models.PositiveBigIntegerField(default=0)

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(pk=1), name="only_one_serial")]

    def __str__(self) -> str:
        return str(self.value)

    @classmethod
    def now(cls) -> int:
        """The serial of what is public now; 0 before the first publication."""
        return cls.objects.values_list("value", flat=True).first() or 0

    @classmethod
    def hold(cls) -> None:
        """Let nobody else take a serial, and see all that those before have done, until the transaction ends."""
        cls.objects.select_for_update(no_key=True).filter(pk=1).first()

    @classmethod
    def move(cls) -> int:
        """Take the next serial; call it last in the transaction.

        The row stays locked until the transaction ends, so serials become visible in their order.
        """
        with connection.cursor() as cursor:
            table = connection.ops.quote_name(cls._meta.db_table)
            cursor.execute(f"UPDATE {table} SET value = value + 1 WHERE id = 1 RETURNING value")  # noqa: S608
            return cursor.fetchone()[0]


class ChangeQuerySet(LogQuerySet):
    def to_show(self) -> Self:
        """With what readers see of each; no long texts, and nothing of what readers sent."""
        private = [f"correction__{name}" for name in PRIVATE]
        return self.select_related("record", "edition", "correction").defer(*heavy("edition"), *private)


class Change(LogEntry):
    """The public log: one line for each thing that became public, changed or went."""

    class Kind(models.TextChoices):
        PUBLISHED = "published", "published"
        WITHDRAWN = "withdrawn", "withdrawn"
        SUPPRESSED = "suppressed", "removed for legal cause"
        RENAMED = "renamed", "address changed"
        AMENDED = "amended", "reference data amended"
        ANSWERED = "answered", "report answered"

    serial = models.PositiveBigIntegerField(primary_key=True, editable=False)
    at = models.DateTimeField(db_index=True, help_text="When it became public.")
    kind = models.CharField(max_length=16, choices=Kind)
    record = models.ForeignKey("editorial.Record", null=True, on_delete=models.PROTECT, related_name="changes")
    edition = models.ForeignKey("editorial.Edition", null=True, on_delete=models.PROTECT, related_name="changes")
    amendment = models.ForeignKey("editorial.Amendment", null=True, on_delete=models.PROTECT, related_name="changes")
    correction = models.ForeignKey("editorial.Correction", null=True, on_delete=models.PROTECT, related_name="changes")
    address = models.CharField(max_length=300, help_text="Where the thing changed can be seen.")
    label = models.CharField(max_length=300, help_text="What it is called, as of this change.")
    note = models.TextField(blank=True, help_text="The change note or the public reason.")
    minor = models.BooleanField(default=False, help_text="Not shown in feeds.")

    objects: ClassVar[models.Manager[Any]] = ChangeQuerySet.as_manager()

    class Meta:
        ordering = ["-serial"]

    def __str__(self) -> str:
        return f"{self.serial}: {self.label} {self.kind}"

    @property
    def shown_label(self) -> str:
        """The label for readers: the title of an edition removed for legal cause went with its text."""
        if self.correction:
            return f"{self.correction}: {self.correction.subject_label or self.record}"
        return str(self.record) if self._is_of_suppressed else self.label

    @property
    def shown_note(self) -> str:
        """The note for readers; an edition's own went with its text."""
        return "" if self._is_of_suppressed and self.kind == self.Kind.PUBLISHED else self.note

    @property
    def _is_of_suppressed(self) -> bool:
        return self.edition is not None and self.edition.is_suppressed

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Add the line under the next serial."""
        if self._state.adding:
            self.serial = PublicSerial.move()
        super().save(*args, **kwargs)


def begin_the_serial(sender: Any, **kwargs: Any) -> None:
    """After each migration: the one row of the serial stands."""
    PublicSerial.objects.using(kwargs["using"]).get_or_create(pk=1)
