"""Sources as the library lists them: read as rows, which tell whether what is shown of one was written before."""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.db.models import TextField
from django.db.models.functions import Cast

from editorial.standing import rows_about
from sources.models import Source

COLUMNS = (
    "key", "type", "title", "container", "publisher", "publisher_place", "issued", "symbol", "language", "standing",
    "stake", "status",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class ListedSource:
    """What the library shows of a source: the values of COLUMNS, and its authors as JSON."""

    values: tuple[Any, ...]
    authors: str

    @property
    def source(self) -> Source:
        """The source, with nothing but that."""
        return Source(authors=json.loads(self.authors), **dict(zip(COLUMNS, self.values, strict=True)))


def listed_sources(keys: Collection[int]) -> dict[int, ListedSource]:
    """The sources with these primary keys, by key."""
    return {pk: ListedSource(tuple(values), authors) for pk, authors, *values in rows_about(_sources, keys)}


def _sources(keys: list[int]) -> Any:
    return Source.objects.filter(pk__in=keys).values_list("pk", Cast("authors", TextField()), *COLUMNS)
