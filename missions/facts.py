"""Facts: the figures that answer one question, and whether their sources differ.

Rows of one fact from different sources with different values are a disagreement. Parts of a total
(`part_of`) are facts of their own, and different dates of one series are different facts.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from django.db.models import Count, F, Q, QuerySet
from django.utils.functional import cached_property
from django.utils.text import capfirst

from missions.countries import country_name
from missions.models import Figure, Term
from sources.dates import PartialDate, high, low


@dataclass(frozen=True)
class Value:
    """An amount on one basis, with all the figures that give it, oldest first."""

    in_words: str
    basis: Term | None
    basis_note: str
    figures: list[Figure]

    @property
    def of_sources(self) -> str:
        """How many sources give it, and whether they are known to draw on one: "9 sources, one origin"."""
        sources = {figure.source_id: figure.source for figure in self.figures}
        if len(sources) < 2:
            return ""
        origins = {source.origin_id or pk for pk, source in sources.items()}
        return f"{len(sources)} sources" + (", one origin" if len(origins) == 1 else "")


@dataclass
class Fact:
    """All that the sources of one record say on one question."""

    slug: str
    figures: list[Figure]
    measure_name: str = field(init=False)

    def __post_init__(self) -> None:
        self.measure_name = self.figures[0].measure.name

    @cached_property
    def values(self) -> list[Value]:
        """Its figures, those together that give the same amount on the same basis, oldest first."""
        values: dict[tuple[object, ...], Value] = {}
        for figure in self.figures:
            key = (figure.in_words, figure.basis_id, figure.basis_note)
            value = Value(figure.in_words, figure.basis, figure.basis_note, [])
            values.setdefault(key, value).figures.append(figure)
        return list(values.values())

    @property
    def is_part(self) -> bool:
        """Whether it is a part of a total that is a fact of its own."""
        return bool(self.figures[0].part_of)

    @property
    def title(self) -> str:
        """What it is about, in a few words: "Military personnel, Italy, March 2025"."""
        first = self.figures[0]
        dates = dict.fromkeys(figure.as_of for figure in self.figures if figure.as_of)
        years = dict.fromkeys(str(date.year) for date in dates)
        when = [date.written_out for date in dates] if len(dates) == 1 else list(years)
        about = [capfirst(self.measure_name), first.group, country_name(first.country)]
        about.append(" to ".join(dict.fromkeys([*when[:1], *when[-1:]])))
        return ", ".join(part for part in about if part)

    @property
    def in_short(self) -> str:
        """Its slug and what its figures give, for editors: "strength-1999: 50,000 (NATO, “KFOR”)"."""
        given = [f"{figure.in_words} ({figure.source})" for figure in self.figures[:3]]
        more = [f"and {len(self.figures) - 3} more"] if len(self.figures) > 3 else []
        return f"{self.slug}: {'; '.join([*given, *more])}"

    @cached_property
    def sources_differ(self) -> bool:
        """Whether at least two sources give different amounts for it."""
        by_source: dict[int, set[tuple[str, str, str]]] = {}
        for figure in self.figures:
            by_source.setdefault(figure.source_id, set()).add(figure.amount)
        return len(by_source) > 1 and len({amount for amounts in by_source.values() for amount in amounts}) > 1


def facts_of(figures: Iterable[Figure]) -> list[Fact]:
    """Group figures, loaded with their measure and source, by fact, oldest first."""
    ordered = sorted(figures, key=lambda figure: (figure.fact, figure.as_of, figure.rank, figure.key))
    facts = [Fact(slug, list(rows)) for slug, rows in groupby(ordered, key=lambda figure: figure.fact)]
    return sorted(facts, key=lambda fact: (fact.figures[0].as_of, fact.slug))


def suggested_facts(
    edition: Any,
    *,
    measure: Term | int | None,
    as_of: PartialDate | str = "",
    country: str = "",
    group: str = "",
    but: Figure | None = None,
) -> list[Fact]:
    """Facts of the edition that seem to be about the same: of one measure, of the same part, at the same time.

    The same time is any that may be the same: "1999" and "12 June 1999" are. `but` is left out of them.
    One query, whatever the number of figures; an editor decides what is one question.
    """
    if measure is None:
        return []
    figures = Figure.objects.filter(edition=edition, measure=measure, country=country, group__iexact=group.strip())
    if but is not None and but.pk:
        figures = figures.exclude(pk=but.pk)
    if isinstance(as_of, PartialDate):
        figures = figures.annotate(first=low("as_of"), last=high("as_of")).exclude(as_of="")
        figures = figures.filter(first__lte=as_of.high.isoformat(), last__gte=as_of.low.isoformat())
    else:
        figures = figures.filter(as_of="")
    return facts_of(figures.select_related("measure", "source"))


def facts_that_differ(figures: QuerySet[Figure]) -> QuerySet[Figure, Any]:
    """Rows of (edition, fact) of those among the figures whose sources differ: `sources_differ` in SQL."""
    counted = (
        figures.order_by().values("edition", "fact").annotate(rows=Count("pk"), sources=Count("source", distinct=True))
    )
    differs = Q()
    for name in ("value", "low", "high"):
        # Several amounts, or an amount here and none there.
        counted = counted.annotate(**{f"{name}s": Count(name, distinct=True), f"{name}_given": Count(name)})
        differs |= Q(**{f"{name}s__gt": 1}) | Q(**{f"{name}_given__gt": 0, f"{name}_given__lt": F("rows")})
    return counted.filter(differs, sources__gt=1).values("edition", "fact")
