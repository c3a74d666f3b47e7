"""Invented records: each a mission or an event with its rows, as objects that are not saved."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from random import Random
from typing import Any

from editorial.models import Record
from missions.models import (
    Disagreement,
    Event,
    Figure,
    Instrument,
    Leader,
    Mission,
    Objective,
    Organisation,
    Participation,
    Place,
    Statement,
    Term,
)
from missions.synthetic import texts
from sources.dates import PartialDate
from sources.models import Citation, Source

INVENTED = "Invented for measurements."


@dataclass
class Library:
    """The reference data that the records share; `terms` by vocabulary."""

    sources: Sequence[Source]
    organisations: Sequence[Organisation]
    places: Sequence[Place]
    terms: dict[str, list[Term]]
    missions: list[Record] = field(default_factory=list)


@dataclass
class Made:
    """An edition with its rows by the name of their kind, and what its many-to-many fields name."""

    edition: Any
    rows: dict[str, list[Any]]
    names: dict[str, list[Any]] = field(default_factory=dict)


def mission(random: Random, library: Library, number: int, record: Record) -> Made:
    """A mission of some years, with its strength for each."""
    place = random.choice(library.places).name
    start = PartialDate(f"{random.randint(texts.FIRST, 2015)}-0{random.randint(1, 9)}")
    is_running = random.random() < 0.3
    last = texts.LAST_YEAR if is_running else min(start.year + random.randint(1, 15), texts.LAST_YEAR)
    cited = _citations(random, library, 6)
    keys = [citation.key for citation in cited]
    edition = Mission(
        record=record,
        title=f"Synthetic mission {number} at {place}",
        acronym=f"SYN{number}",
        summary=f"{texts.sentence(random, place, f'[^{keys[0]}]')} {INVENTED}",
        mandate=texts.sentence(random, place, f"[^{keys[1]}]"),
        body=texts.text(random, place, keys, paragraphs=6),
        mission_kind=random.choice(library.terms["mission-kind"]),
        status=Mission.Status.RUNNING if is_running else Mission.Status.CLOSED,
        start=start,
        end="" if is_running else PartialDate(str(last)),
        headquarters=place,
    )
    rows: dict[str, list[Any]] = {model.plural: [] for model in Mission.row_models}
    rows["citations"] = cited
    for year in range(start.year, last + 1):
        rows["figures"] += _figures(
            random, library, f"strength-{year}", PartialDate(str(year)), "military-personnel", 2
        )
    rows["participations"] = [
        Participation(key=one.key, organisation=one, role=role, cites=keys[0], rank=rank)
        for rank, (one, role) in enumerate(zip(random.sample(library.organisations, 2), ("lead", "supporting"), strict=True))
    ]  # fmt: skip
    rows["instruments"] = [
        Instrument(
            key="basis", title=f"Decision on {random.choice(texts.MATTERS)}", body=random.choice(library.organisations).name,
            date=start, effect=Instrument.Effect.ESTABLISHES, cites=keys[0],
        )
    ]  # fmt: skip
    rows["objectives"] = [
        Objective(key=f"o{rank}", text=f"To work on {random.choice(texts.MATTERS)}.", cites=keys[1], rank=rank)
        for rank in range(3)
    ]
    rows["leaders"] = [
        Leader(key=f"l{rank}", person=name, role=random.choice(texts.ROLES), start=start, cites=keys[2], rank=rank)
        for rank, name in enumerate(random.sample(texts.NAMES, 3))
    ]
    rows["statements"] = [
        Statement(
            key="s1", holder=random.choice(library.organisations).name, date=PartialDate(str(last)), cites=keys[3],
            text=texts.sentence(random, place), kind=random.choice(Statement.Kind.values),
        )
    ]  # fmt: skip
    _let_sources_differ(random, rows)
    return Made(edition, rows)


def event(random: Random, library: Library, number: int, record: Record) -> Made:
    """An event at a place, of a mission or two; every second one has figures."""
    place = random.choice(library.places)
    date = texts.date(random)
    cited = _citations(random, library, 2)
    keys = [citation.key for citation in cited]
    edition = Event(
        record=record,
        title=f"{random.choice(texts.HAPPENINGS)} on {random.choice(texts.MATTERS)} at {place.name} (synthetic {number})",
        summary=f"{texts.sentence(random, place.name, f'[^{keys[0]}]')} {INVENTED}",
        body=texts.text(random, place.name, keys, paragraphs=1),
        date=date,
        event_kind=random.choice(library.terms["event-kind"]),
        place=place,
        actors=random.choice(library.organisations).name,
    )
    rows: dict[str, list[Any]] = {model.plural: [] for model in Event.row_models}
    rows["citations"] = cited
    if number % 2:
        measure = random.choice(library.terms["measure"]).key
        rows["figures"] = _figures(random, library, "count", date, measure, random.choice((1, 1, 2)))
    if number % 5 == 0:
        rows["statements"] = [
            Statement(key="s1", holder=random.choice(library.organisations).name, date=date,
                      text=texts.sentence(random, place.name), cites=keys[1])
        ]  # fmt: skip
    _let_sources_differ(random, rows)
    names: dict[str, list[Any]] = {
        "themes": random.sample(library.terms["theme"], random.randint(1, 2)),
        "missions": random.sample(library.missions, min(len(library.missions), random.choice((1, 1, 1, 2)))),
    }
    return Made(edition, rows, names)


def _citations(random: Random, library: Library, number: int) -> list[Citation]:
    return [
        Citation(
            key=source.key,
            source=source,
            locator=f"p. {random.randint(1, 300)}",
            checked=random.choice((Citation.Checked.NOT_OPENED, Citation.Checked.READ)),
            rank=rank,
        )
        for rank, source in enumerate(random.sample(library.sources, number))
    ]


def _figures(random: Random, library: Library, fact: str, date: PartialDate, measure: str, number: int) -> list[Figure]:
    """Figures of one fact from as many sources; half of them differ."""
    terms = {term.key: term for term in library.terms["measure"]}
    amount = random.randint(20, 20_000)
    return [
        Figure(
            key=f"{fact}-{place}",
            fact=fact,
            measure=terms[measure],
            value=Decimal(amount + (random.choice((0, 25)) if place else 0)),
            unit="persons",
            basis=random.choice(library.terms["basis"]),
            as_of=date,
            source=source,
            locator=f"table {random.randint(1, 9)}",
            rank=place,
        )
        for place, source in enumerate(random.sample(library.sources, number))
    ]


def _let_sources_differ(random: Random, rows: dict[str, list[Any]]) -> None:
    """Say of the first fact whose sources differ that they do."""
    amounts: dict[str, set[Any]] = {}
    for figure in rows["figures"]:
        amounts.setdefault(figure.fact, set()).add(figure.value)
    for fact in [fact for fact, values in amounts.items() if len(values) > 1][:1]:
        rows["disagreements"] = [
            Disagreement(
                key=f"{fact}-differs",
                about=fact,
                question="How many were there?",
                reason=random.choice(Disagreement.Reason.values),
                note=INVENTED,
                cites=rows["citations"][0].key,
            )
        ]
