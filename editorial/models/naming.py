"""What of an edition can name a thing, such as a source, a theme or another record."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db import models

from editorial.models.editions import Edition
from editorial.models.rows import Row


@dataclass(frozen=True)
class NamedIn:
    """A field in which rows of one kind, or editions of one kind, name a thing."""

    model: Any  # the kind of row or of edition
    field: str
    edition: str  # the field of `model` that is the edition: `edition` of a row, `pk` of an edition
    prefix: str  # what leads from there to the columns of the edition, in look-ups

    @property
    def rows(self) -> Any:
        """All rows or editions of that kind, whatever they name."""
        return self.model._default_manager.all()


def named_in(kind: type[models.Model]) -> Iterator[NamedIn]:
    """The fields in which editions, and their rows, name things of a kind.

    The columns that all editions have are not among them: these say of which record they are, and what became of it.
    """
    for relation in kind._meta.related_objects:
        model, field = relation.related_model, relation.field.name
        if issubclass(model, Row):
            yield NamedIn(model, field, "edition", "edition__")
        elif issubclass(model, Edition) and model is not Edition:
            yield NamedIn(model, field, "pk", "")
