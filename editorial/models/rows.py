"""Rows of editions: citations, figures and what else an edition holds in numbers."""

from __future__ import annotations

from typing import Any, ClassVar, Self

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Exists, OuterRef

from editorial.models.editions import EDITABLE, Edition, ProtectedEditionError, label_of, refuse_if_any


class RowQuerySet(models.QuerySet["Row"]):
    """Rows of editions. Changes in bulk are for drafts, as changes one by one are."""

    def of_published(self) -> Self:
        """Those of published editions, as lists count and show them."""
        published = Edition.objects.published().filter(pk=OuterRef("edition"))
        return self.filter(Exists(published))

    def of_public(self) -> Self:
        """Those of all editions that have an address for ever."""
        return self.filter(Exists(Edition.objects.public().filter(pk=OuterRef("edition"))))

    def with_what_they_name(self) -> Self:
        """Joined with what they point at, their edition left aside."""
        names = self.model.points_at()  # without a name, select_related() would join the whole edition
        return self.select_related(*names) if names else self

    def _refuse_unless_editable(self, verb: str) -> None:
        refuse_if_any(self.exclude(edition__state__in=EDITABLE), verb)

    def update(self, **values: Any) -> int:
        self._refuse_unless_editable("changed")
        return super().update(**values)

    def delete(self) -> tuple[int, dict[str, int]]:
        self._refuse_unless_editable("deleted")
        return super().delete()

    def bulk_create(self, objs: Any, *args: Any, **kwargs: Any) -> list[Any]:
        objs = list(objs)
        editions = Edition.objects.filter(pk__in={row.edition_id for row in objs})
        refuse_if_any(editions.exclude(state__in=EDITABLE), "changed")
        return super().bulk_create(objs, *args, **kwargs)


class Row(models.Model):
    """A row of an edition, such as a citation or a figure: copied, frozen and kept with it.

    `key` names it within its edition and stays the same through editions, so that its history can be
    followed. Rows never point at each other by foreign key: they use keys.
    """

    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="%(class)ss", editable=False)
    key = models.CharField(
        max_length=100,
        validators=[RegexValidator(r"\A[A-Za-z0-9_-]+\Z", "Use letters, digits, hyphens and underscores only.")],
        help_text="A short name, unique among the rows of its kind in this edition; it stays the same in later editions.",
    )
    rank = models.PositiveIntegerField(default=0, help_text="Its place in the order, lowest first.")

    objects = RowQuerySet.as_manager()

    plural: ClassVar[str] = ""  # the name of the reverse relation, set for each kind

    class Meta:
        abstract = True
        ordering = ["rank", "key"]
        constraints = [models.UniqueConstraint(fields=["edition", "key"], name="%(class)s_key_once_per_edition")]

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        cls.plural = cls.__dict__.get("plural") or f"{cls.__name__.lower()}s"

    def __str__(self) -> str:
        return self.key

    def problems(self) -> list[str]:
        """What must be mended before its edition can be submitted."""
        try:
            self.full_clean(exclude=["edition", *self._there_already()], validate_constraints=False)
        except ValidationError as error:
            return [
                (f"{label_of(self, name)}: " if name != "__all__" else "") + " ".join(messages)
                for name, messages in error.message_dict.items()
            ] + self.gaps()
        return self.gaps()

    def gaps(self) -> list[str]:
        """What a row of a draft may lack, beyond what its fields say, and one of a submitted edition may not."""
        return []

    @classmethod
    def points_at(cls) -> list[str]:
        """The names of the fields with which it points at other things than its edition."""
        return [field.name for field in cls._meta.fields if field.is_relation and field.name != "edition"]

    def _there_already(self) -> list[str]:
        """Fields that point at something which was loaded with the row, and may: the database is not asked again."""
        return [name for name in self.points_at() if self._is_loaded_and_allowed(name)]

    def _is_loaded_and_allowed(self, name: str) -> bool:
        field: Any = self._meta.get_field(name)
        if not field.is_cached(self):
            return False
        there, allowed = getattr(self, name), field.get_limit_choices_to()
        return there is not None and all(getattr(there, part, None) == value for part, value in allowed.items())

    def to_search(self) -> str:
        """The words of it by which its record is found."""
        return ""

    def frozen_extra(self) -> dict[str, Any]:
        """What frozen text says of the row besides its fields."""
        return {}

    def save(self, *args: Any, **kwargs: Any) -> None:
        self._refuse_unless_editable()
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        self._refuse_unless_editable()
        return super().delete(*args, **kwargs)

    def _refuse_unless_editable(self) -> None:
        if self.edition_id and not self.edition.is_editable:
            raise ProtectedEditionError(
                f"This row belongs to an edition that is {self.edition.get_state_display()}: start the next edition."
            )
