"""The numbers of a record as its page tells them: through time, by country, and where sources differ."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import chain

from django.utils.functional import cached_property

from missions.countries import country_name
from missions.drawings.measuring import rank_of
from missions.drawings.scale import Scale, scale
from missions.facts import Fact, Value
from missions.models import Disagreement

# Measures of the table of strength, in its order.
STRENGTH = (
    "military-personnel", "military-liaison-officers", "police", "uniformed-personnel",
    "civilian-personnel", "international-civilian-personnel", "local-civilian-personnel",
    "un-volunteers", "total-personnel", "contributing-countries",
)  # fmt: skip

FEW = 5  # values on which sources differ: so many stand in one line


@dataclass(frozen=True)
class Series:
    """One measure through time: its facts, oldest first."""

    measure: str
    facts: list[Fact]

    @cached_property
    def shown(self) -> list[Fact]:
        """The first fact, the highest count and the last of each year: the page of figures has them all."""
        by_date = sorted(self.facts, key=lambda fact: max(figure.as_of for figure in fact.figures))
        last = {fact.figures[0].as_of[:4]: fact for fact in by_date}  # a fact begins with its least exact date
        kept = {self.facts[0].slug, self.highest.slug, *(fact.slug for fact in last.values())}
        return [fact for fact in self.facts if fact.slug in kept]

    @property
    def highest(self) -> Fact:
        """The fact with the highest number; one without a date, disputed or planned only where all are."""
        return max(self.facts, key=lambda fact: max(rank_of(figure, fact) for figure in fact.figures))


@dataclass(frozen=True)
class Dispute:
    """Something on which sources differ: a fact with its values, a question with positions, or both."""

    id: str
    question: str
    fact: Fact | None
    disagreement: Disagreement | None
    values: list[Value]  # empty where an earlier entry shows the values of the same fact
    shown_at: Dispute | None = None  # that earlier entry

    @property
    def sources(self) -> int:
        """How many sources give its values."""
        return len({figure.source_id for value in self.values for figure in value.figures})

    @property
    def scale(self) -> Scale | None:
        """Its values on a scale; None for deaths and losses, and for few values: the page of the fact draws them all."""
        return scale(self.fact, self.values, self.question) if len(self.values) > FEW else None


def strength(facts: Iterable[Fact]) -> list[Series]:
    """The table of strength through time: facts about the whole, by measure."""
    by_measure: dict[str, list[Fact]] = defaultdict(list)
    for fact in facts:
        first = fact.figures[0]
        if first.measure.key in STRENGTH and not (fact.is_part or first.country or first.group):
            by_measure[first.measure.key].append(fact)
    return [Series(by_measure[key][0].measure_name, by_measure[key]) for key in STRENGTH if key in by_measure]


def contributions(facts: Iterable[Fact]) -> list[Fact]:
    """The latest fact on the personnel of each country, by the name of the country."""
    latest: dict[str, Fact] = {}
    for fact in facts:  # oldest first
        first = fact.figures[0]
        if first.country and first.measure.key in STRENGTH and first.as_of:
            latest[first.country] = fact
    return [latest[code] for code in sorted(latest, key=country_name)]


def disputes(facts: Iterable[Fact], disagreements: Iterable[Disagreement]) -> list[Dispute]:
    """All on which sources differ: first what the record asks, then facts whose values speak alone."""
    by_slug = {fact.slug: fact for fact in facts}
    found: list[Dispute] = []
    shown: dict[str, Dispute] = {}  # by fact, the entry with its values
    together: dict[str | int, list[Disagreement]] = defaultdict(list)
    for row in disagreements:  # questions about one fact stand together, where the first of them stands
        together[row.about if row.about in by_slug else row.pk].append(row)
    for row in chain.from_iterable(together.values()):
        fact = by_slug.get(row.about)
        earlier = shown.get(fact.slug) if fact else None
        values = fact.values if fact and not earlier else []
        found.append(Dispute(f"differ-{row.key}", row.question, fact, row, values, earlier))
        if fact:
            shown.setdefault(fact.slug, found[-1])
    return found + [
        Dispute(f"differ-{fact.slug}", fact.title, fact, None, fact.values)
        for fact in by_slug.values()
        if fact.sources_differ and fact.slug not in shown
    ]
