"""How many people countries sent, on two dates: those on which the most countries were counted, early and late."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from missions.countries import country_name
from missions.drawings.measuring import NARROW, WIDE, AtTwoWidths, Tick, amounts, in_digits, steps_to
from missions.facts import Fact

LEAST = 4  # countries on a date that is drawn
MOST = 18  # countries that are drawn: the table has them all
ENOUGH = 0.5  # of the countries of the fullest date
NAMES = {WIDE: 150, NARROW: 108}
LINE, TOP, END = 19, 34, 34


@dataclass(frozen=True)
class Country:
    """A country with its facts on the two dates, either of which may be wanting."""

    name: str
    before: Fact | None
    after: Fact | None

    @property
    def facts(self) -> list[Fact]:
        return [fact for fact in (self.before, self.after) if fact]

    @property
    def most(self) -> float:
        return max(amounts(figure)[1] for fact in self.facts for figure in fact.figures)


@dataclass(frozen=True)
class Pair:
    """A country in the drawing: its name, where its amounts stand, and the number at the outer one."""

    name: str
    y: int
    before: list[float]
    after: list[float]
    words: str

    @property
    def ends(self) -> tuple[float, float]:
        return min([*self.before, *self.after]), max([*self.before, *self.after])


@dataclass(frozen=True)
class Drawn:
    """The drawing at one width."""

    width: int
    height: int
    start: int  # of the scale
    ticks: list[Tick]
    pairs: list[Pair]


@dataclass(frozen=True)
class Contributions(AtTwoWidths[Drawn]):
    """The drawing, and the countries of its table in the same order."""

    measure: str
    before: Any  # partial dates; the same where there is only one
    after: Any
    countries: list[Country]

    @property
    def drawn(self) -> int:
        return len(self.wide.pairs)

    @property
    def counted_before(self) -> int:
        """For how many countries the earlier date has a number."""
        return sum(country.before is not None for country in self.countries)

    @property
    def counted_after(self) -> int:
        return sum(country.after is not None for country in self.countries)


def contributions_drawn(facts: Iterable[Fact], measures: Collection[str]) -> Contributions | None:
    """The drawing of what countries sent; None where no date has enough of them."""
    by_measure: dict[str, dict[Any, dict[str, Fact]]] = defaultdict(lambda: defaultdict(dict))
    for fact in facts:
        first = fact.figures[0]
        if first.country and first.as_of and not first.group and first.measure.key in measures:
            by_measure[first.measure.key][first.as_of][first.country] = fact
    fullest = {key: max(map(len, dates.values())) for key, dates in by_measure.items()}
    most = max(fullest.values(), default=0)
    if most < LEAST:
        return None
    dates = by_measure[max(fullest, key=lambda key: fullest[key])]
    enough = sorted(date for date, sent in dates.items() if len(sent) >= max(LEAST, most * ENOUGH))
    early, late = enough[0], enough[-1]
    before, after = (dates[early] if early != late else {}), dates[late]
    countries = [Country(country_name(code), before.get(code), after.get(code)) for code in {*before, *after}]
    countries.sort(key=lambda country: (-country.most, country.name))
    shown = countries[:MOST]
    name = next(iter(after.values())).measure_name
    return Contributions(_at_width(shown, WIDE), _at_width(shown, NARROW), name, early, late, countries)


def _at_width(countries: list[Country], width: int) -> Drawn:
    start = NAMES[width]
    numbers = steps_to(max(country.most for country in countries), 4 if width == WIDE else 2)

    def places(fact: Fact | None) -> list[float]:
        given = {amount for figure in fact.figures for amount in amounts(figure)} if fact else set()
        return [round(start + (width - END - start) * amount / numbers[-1]) for amount in sorted(given)]

    pairs = []
    for n, country in enumerate(countries):
        outer = max(
            (fact for fact in (country.after, country.before) if fact), key=lambda fact: amounts(fact.figures[-1])[1]
        )
        words = outer.figures[-1].in_words if not outer.sources_differ else ""
        pairs.append(
            Pair(country.name, TOP + LINE * n + LINE // 2, places(country.before), places(country.after), words)
        )
    ticks = [Tick(round(start + (width - END - start) * n / numbers[-1]), in_digits(n)) for n in numbers]
    return Drawn(width, TOP + LINE * len(pairs) + 4, start, ticks, pairs)
