"""Facts: the figures that answer one question, and whether their sources differ.

Rows of one fact from different sources with different values are a disagreement. Parts of a total
(`part_of`) are facts of their own, and different dates of one series are different facts.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import groupby

from missions.countries import country_name
from missions.models import Disagreement, Figure


@dataclass
class Fact:
    """All that the sources of one record say on one question."""

    slug: str
    figures: list[Figure]
    disagreement: Disagreement | None = None  # what the record says of why they may differ
    measure_name: str = field(init=False)

    def __post_init__(self) -> None:
        self.measure_name = self.figures[0].measure.name

    @property
    def title(self) -> str:
        """What it is about, in a few words: "Military personnel, Italy, March 2025"."""
        first, last = self.figures[0], self.figures[-1]
        about = [self.measure_name.capitalize(), first.group]
        about.append(country_name(first.country))
        dates = dict.fromkeys(figure.as_of.written_out for figure in (first, last) if figure.as_of)
        about.append(" to ".join(dates))
        return ", ".join(part for part in about if part)

    @property
    def sources_differ(self) -> bool:
        """Whether at least two sources give different amounts for it."""
        by_source: dict[int, set[tuple[str, str, str]]] = {}
        for figure in self.figures:
            by_source.setdefault(figure.source_id, set()).add(figure.amount)
        return (
            len(by_source) > 1
            and len({amount for amounts in by_source.values() for amount in amounts}) > 1
        )


def facts_of(figures: Iterable[Figure], disagreements: Iterable[Disagreement] = ()) -> list[Fact]:
    """Group figures, loaded with their measure and source, by fact, oldest first.

    A disagreement belongs to the fact that it is `about`.
    """
    about = {
        disagreement.about: disagreement for disagreement in disagreements if disagreement.about
    }
    ordered = sorted(
        figures, key=lambda figure: (figure.fact, figure.as_of, figure.rank, figure.key)
    )
    facts = [
        Fact(slug, list(rows), about.get(slug))
        for slug, rows in groupby(ordered, key=lambda figure: figure.fact)
    ]
    return sorted(facts, key=lambda fact: (fact.figures[0].as_of, fact.slug))
