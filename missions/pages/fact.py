"""The page of one fact of a record: all that is said of it, and was."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import Q

from editorial.models import Edition
from missions.drawings.measuring import series_of
from missions.drawings.of_pages import Drawings
from missions.drawings.scale import Scale, scale
from missions.drawings.strength import strength_drawn
from missions.facts import Fact, facts_of
from missions.models import Disagreement, Figure, Participation
from missions.pages.links import fact_address
from missions.pages.numbers import strength
from sources.models import Evidence


@dataclass(frozen=True)
class EarlierValues:
    """What an edition said on a fact."""

    edition: Edition
    figures: list[Figure]
    as_later: bool = False  # it gave the same numbers from the same sources as the next edition that gave any
    corrects: bool = False  # it gave others than the edition before, and says that those were wrong


@dataclass
class FactPage:
    """One fact of a record: what the edition says, and what public editions have said."""

    edition: Any
    slug: str
    fact: Fact | None  # None where only earlier editions give it
    total: str  # the fact of which it is a part, where there is one
    questions: list[tuple[Disagreement, list[tuple[dict[str, Any], list[Evidence]]]]]  # each with its positions
    history: list[EarlierValues]
    drawings: Drawings  # its measure through time, where that is the strength of a mission

    @property
    def title(self) -> str:
        fact = self.fact or facts_of(self.history[0].figures)[0]
        return fact.title

    @property
    def address(self) -> str:
        return fact_address(self.edition.record, self.slug)

    @property
    def scale(self) -> Scale | None:
        """Its values on a scale, where sources differ; None for deaths and losses."""
        asked = [disagreement.question for disagreement, _ in self.questions]
        return scale(self.fact, self.fact.values, *asked) if self.fact and self.fact.sources_differ else None


def fact_page(edition: Any, slug: str) -> FactPage | None:
    """Gather one fact of an edition and its history; None where no public edition gives it."""
    history: dict[int, list[Figure]] = defaultdict(list)
    public = edition.record.editions.public()
    for figure in (
        Figure.objects.filter(edition__in=public, fact=slug)
        .select_related("source", "measure", "basis")
        .order_by("edition__number", "as_of", "rank", "key")
    ):
        history[figure.edition_id].append(figure)
    if not history:
        return None
    editions = {row.pk: row for row in public.filter(pk__in=history).select_related("record").light()}
    disagreements = list(edition.disagreements.filter(about=slug))
    cited = {key for disagreement in disagreements for key in disagreement.all_cited_keys()}
    citations = {row.key: row for row in edition.citations.filter(key__in=cited).select_related("source")}
    questions = [
        (
            disagreement,
            [
                (position, [citations[key] for key in position.get("cites", []) if key in citations])
                for position in disagreement.positions
            ],
        )
        for disagreement in disagreements
    ]
    here = history.get(edition.pk)
    fact = facts_of(here)[0] if here else None
    return FactPage(
        edition,
        slug,
        fact,
        _total_of(edition, here),
        questions,
        _history([(editions[pk], figures) for pk, figures in history.items()]),
        _through_time(edition, fact) if fact else Drawings(),
    )


def _through_time(edition: Any, fact: Fact) -> Drawings:
    """The strength of its mission by the measure of a fact, with the dates of the fact; none for parts of it."""
    if not strength([fact]) or edition.record.kind != "mission":
        return Drawings()
    asked = edition.figures.filter(measure=fact.figures[0].measure_id).values("fact")
    figures = edition.figures.filter(fact__in=asked).select_related("source", "measure", "basis")
    leads = edition.participations.filter(role=Participation.Role.LEAD).order_by("rank", "key")
    return Drawings(
        strength=strength_drawn(strength(facts_of(figures)), here=fact),
        series=series_of(leads.values_list("organisation__key", flat=True)),
    )


def _history(said: list[tuple[Edition, list[Figure]]]) -> list[EarlierValues]:
    """What editions said, newest first."""
    found: list[EarlierValues] = []
    older: list[Any] | None = None
    for edition, figures in sorted(said, key=lambda one: one[0].number or 0):
        values = [(figure.in_words, figure.as_of, figure.basis_id, figure.source_id) for figure in figures]
        if found and values == older:
            found[-1] = replace(found[-1], as_later=True)
        corrects = edition.is_correction and older is not None and values != older
        found.append(EarlierValues(edition, figures, corrects=corrects))
        older = values
    return found[::-1]


def _total_of(edition: Any, figures: list[Figure] | None) -> str:
    whole = figures[0].part_of if figures else ""
    if not whole:
        return ""
    named = edition.figures.filter(Q(fact=whole) | Q(key=whole))
    return named.values_list("fact", flat=True).first() or ""
