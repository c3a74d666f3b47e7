from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Self

from django.apps import apps
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Exists, F, OuterRef, Q

from editorial.models.editions import State
from editorial.models.naming import named_in
from editorial.searched import Searched

# A second editor reads what these say, or has approved it already.
UNDER_REVIEW = [State.IN_REVIEW, State.SCHEDULED]


class ReferenceData(models.Model):
    """Something many records share, such as a source or a place: `key`, and whether readers see it.

    It appears in public only through a public edition that uses it. From then on, and while a second
    editor reads an edition that uses it, it changes through an Amendment that a second editor confirms;
    before that it is edited freely.
    """

    key = models.SlugField(
        max_length=100,
        unique=True,
        help_text="A short lasting name, such as un1999res1244; addresses and record files use it.",
    )

    class Meta:
        abstract = True

    # Whether readers find it by itself, and whether the records that name it are found by its name.
    is_searched: ClassVar[bool] = False
    named_in_records: ClassVar[bool] = False

    @property
    def frozen_key(self) -> str:
        """How frozen text and record files name it."""
        return self.key

    def to_search(self) -> Searched:
        """What readers find it by: for kinds that are searched."""
        return Searched(title=str(self))

    @classmethod
    def same_names(cls) -> Sequence[Sequence[str]]:
        """Groups of names that are one thing's: search takes one for the other, in any text."""
        return []

    @classmethod
    def by_frozen_key(cls, text: str) -> Self:
        """The one that `frozen_key` names. Raises DoesNotExist."""
        return cls._default_manager.get(key=text)

    @classmethod
    def former_keys(cls) -> dict[str, str]:
        """Keys that older frozen texts name, and the keys that stand for them now: of what was merged."""
        return {}

    def in_public_use(self) -> bool:
        """Whether a public edition uses it."""
        return type(self)._default_manager.in_public_use().filter(pk=self.pk).exists()  # type: ignore[attr-defined]

    @classmethod
    def under_review(cls) -> models.QuerySet[Self]:
        """Those used by an edition that a second editor reads, or has approved for a time to come."""
        used = Q(pk=None)
        for way in named_in(cls):
            rows = way.rows.filter(**{way.field: OuterRef("pk"), f"{way.prefix}state__in": UNDER_REVIEW})
            used |= Q(Exists(rows.order_by()))
        return cls._default_manager.filter(used)

    def is_under_review(self) -> bool:
        """Whether a second editor reads an edition that uses it, or has approved one."""
        return self.under_review().filter(pk=self.pk).exists()

    def changes_by_amendment(self) -> bool:
        """Whether a second editor must confirm a change: readers see it, or will see what was approved with it."""
        return self.in_public_use() or self.is_under_review()

    def only_holds_up(self, changes: Mapping[str, Any]) -> bool:
        """Whether changes, by field, can do no more than hold a publication up: these wait for nobody."""
        return False


def reference_kinds() -> list[type[ReferenceData]]:
    """Every kind of reference data, of this app and of those above."""
    return [model for model in apps.get_models() if issubclass(model, ReferenceData)]


class AmendmentQuerySet(models.QuerySet["Amendment"]):
    def open(self) -> Self:
        """Proposed, and waiting for a second editor."""
        return self.filter(state=Amendment.State.PROPOSED)


class Amendment(models.Model):
    """A proposed change to reference data in public use; in force once a second editor confirms it."""

    class State(models.TextChoices):
        PROPOSED = "proposed", "waits for a second editor"
        CONFIRMED = "confirmed", "in force"
        DECLINED = "declined", "declined"

    content_type = models.ForeignKey(ContentType, on_delete=models.PROTECT, related_name="+")
    object_id = models.PositiveBigIntegerField()
    target = GenericForeignKey()
    old_values = models.JSONField(help_text="The values now in force, by field.")
    new_values = models.JSONField(help_text="The values proposed, by field.")
    reason = models.TextField(help_text="Why the change is needed. Readers see it with the change.")
    state = models.CharField(max_length=16, choices=State, default=State.PROPOSED, editable=False)
    proposed_at = models.DateTimeField(auto_now_add=True)
    proposed_by = models.ForeignKey("editorial.Editor", on_delete=models.PROTECT, related_name="amendments")
    decided_at = models.DateTimeField(null=True, editable=False)
    decided_by = models.ForeignKey(
        "editorial.Editor", null=True, editable=False, on_delete=models.PROTECT, related_name="+"
    )

    objects = AmendmentQuerySet.as_manager()

    class Meta:
        ordering = ["-proposed_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["content_type", "object_id"],
                condition=Q(state="proposed"),
                name="one_open_amendment_per_thing",
                violation_error_message="A change to this waits for a second editor already.",
            ),
            models.CheckConstraint(
                condition=Q(decided_by=None) | ~Q(decided_by=F("proposed_by")),
                name="amendment_four_eyes",
            ),
            models.CheckConstraint(
                condition=Q(state="proposed", decided_by=None, decided_at=None)
                | Q(
                    state__in=["confirmed", "declined"],
                    decided_by__isnull=False,
                    decided_at__isnull=False,
                ),
                name="amendment_decided_by_and_when",
            ),
        ]

    def __str__(self) -> str:
        return f"Change to {self.target}: {', '.join(self.new_values)}"

    def differences(self) -> list[tuple[str, Any, Any]]:
        """(field, value in force, value proposed), for pages and mails."""
        return [(name, self.old_values.get(name), value) for name, value in self.new_values.items()]

    def told(self) -> list[tuple[str, str, str]]:
        """(label, value before, value now) for readers. Of what may not be public only the label is told."""
        model: Any = ContentType.objects.get_for_id(self.content_type_id).model_class()
        lines = []
        for name, old, new in self.differences():
            field = model._meta.get_field(name)
            labels = {value: str(label) for value, label in field.flatchoices or ()}
            was, now = (_told(value) if not field.is_relation else "" for value in (old, new))
            lines.append((str(field.verbose_name), labels.get(was, was), labels.get(now, now)))
        return lines


def _told(value: Any) -> str:
    """A plain value as one line; of names, the given one first."""
    if isinstance(value, dict):
        return " ".join(str(value[name]) for name in sorted(value, reverse=True))
    if isinstance(value, list):
        return "; ".join(_told(item) for item in value)
    return "" if value is None else str(value)
