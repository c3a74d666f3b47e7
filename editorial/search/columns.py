"""What both databases are given, and what they give back."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from editorial.models import SearchEntry
from editorial.search.words import words

TABLE = "editorial_searchtext"


@dataclass(frozen=True)
class Columns:
    """The words of an entry as its database indexes them."""

    entry: int
    names: list[str]
    lead: list[str]
    text: list[str]
    facets: list[str]


@dataclass(frozen=True)
class Narrowed:
    """What hits are narrowed to: any of the kinds, any of the themes, years that touch from `first` to `last`."""

    kinds: tuple[str, ...] = ()
    themes: tuple[str, ...] = ()
    first: int | None = None
    last: int | None = None

    def __bool__(self) -> bool:
        return bool(self.kinds or self.themes or self.first or self.last)

    @property
    def facets(self) -> list[list[str]]:
        """The words that stand for kinds and themes; one of each list must be there."""
        kinds = [facet("kind", kind) for kind in self.kinds]
        themes = [facet("theme", theme) for theme in self.themes]
        return [some for some in (kinds, themes) if some]

    def takes(self, hit: Hit) -> bool:
        """Whether a hit stays."""
        return (
            (not self.kinds or hit.kind in self.kinds)
            and (not self.themes or bool(set(self.themes) & set(hit.themes.split())))
            and (self.first is None or (hit.last_year is not None and hit.last_year >= self.first))
            and (self.last is None or (hit.first_year is not None and hit.first_year <= self.last))
        )


class Hit(NamedTuple):
    """An entry that was found; a high `rank` is a good one."""

    entry: int
    kind: str
    themes: str
    first_year: int | None
    last_year: int | None
    priority: int
    found_late: bool
    names: str
    rank: float


# As Hit has them, before the rank.
HIT_COLUMNS = "e.id, e.kind, e.themes, e.first_year, e.last_year, e.priority, e.found_late, e.names"


def columns(entry: SearchEntry) -> Columns:
    """The words of an entry."""
    facets = [facet("kind", entry.kind), *(facet("theme", theme) for theme in entry.themes.split())]
    return Columns(entry.pk, _indexed(named(entry)), _indexed(entry.lead), _indexed(entry.text), facets)


def named(entry: SearchEntry) -> str:
    """All that counts as its names."""
    return f"{entry.title}\n{entry.other_names}\n{entry.makers}"


def _indexed(text: str) -> list[str]:
    """Its stems in their order, and then the words that are more than their stems, for beginnings of words."""
    found = list(words(text))
    return [word.key for word in found] + sorted({word.spelled for word in found if word.spelled != word.key})


def facet(name: str, key: str) -> str:
    """The word that stands for a kind or theme: no key, and nothing else in it, is another's."""
    return name + key.encode().hex()


def years(narrowed: Narrowed) -> tuple[str, list[int]]:
    """SQL that narrows hits by their years, and its parameters."""
    parts = [("e.last_year >= %s", narrowed.first), ("e.first_year <= %s", narrowed.last)]
    given = [(sql, year) for sql, year in parts if year is not None]
    return "".join(f" AND {sql}" for sql, _ in given), [year for _, year in given]


def all_of(parts: Iterable[str], joint: str) -> str:
    """Parts of a question joined, in brackets."""
    return "(" + joint.join(parts) + ")"
