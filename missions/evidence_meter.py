"""The evidence meter: how many facts an edition states in its box, rows and figures, and what stands behind each.

`evidence_meter` counts one edition as its page has it, `stated_in_public` gathers what all published
editions state. A fact has a primary source, a place in the source or a comparison when any of its
evidence has. Sentences of texts are not counted: they carry their markers one by one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from missions.models import KINDS, Disagreement, Figure
from sources.models import Citation, CitedRow, Evidence, Source

# Fields of each kind that are facts in need of a source.
FACT_FIELDS: dict[str, tuple[str, ...]] = {
    "mission": ("mission_kind", "status", "start", "end", "mandate_until", "headquarters"),
    "event": ("event_kind", "date", "end_date", "place"),
    "article": (),
}
# Kinds of rows that are facts in need of a source.
FACT_ROWS = (
    "classifications", "participations", "instruments", "objectives", "phases", "areas", "responsibilities",
    "leaders", "relations", "statements", "disagreements",
)  # fmt: skip


class Backing(NamedTuple):
    """What counts of a citation or figure."""

    standing: str
    has_locator: bool
    is_compared: bool


@dataclass(frozen=True)
class Meter:
    """How well facts are supported: how many there are, and how many of them have what."""

    facts: int = 0
    with_source: int = 0
    with_primary: int = 0
    with_locator: int = 0
    compared: int = 0
    tertiary_alone: int = 0

    def __add__(self, other: Meter) -> Meter:
        return Meter(**{name: value + getattr(other, name) for name, value in vars(self).items()})

    @property
    def without_source(self) -> int:
        return self.facts - self.with_source


@dataclass
class Stated:
    """What an edition states as facts, and its evidence: citations by key, figures by the fact they give."""

    fields: list[str] = field(default_factory=list)
    rows: list[CitedRow] = field(default_factory=list)
    citations: dict[str, Backing] = field(default_factory=dict)
    supporting: dict[str, list[Backing]] = field(default_factory=dict)
    figures: dict[str, list[Backing]] = field(default_factory=dict)

    def cite(self, key: str, supported_fields: Iterable[str], backing: Backing) -> None:
        self.citations[key] = backing
        for name in supported_fields:
            self.supporting.setdefault(name, []).append(backing)

    def count(self, fact: str, backing: Backing) -> None:
        self.figures.setdefault(fact, []).append(backing)

    @property
    def meter(self) -> Meter:
        facts = list(self._facts())
        return Meter(
            facts=len(facts),
            with_source=sum(bool(evidence) for evidence in facts),
            with_primary=sum(any(it.standing == Source.Standing.PRIMARY for it in evidence) for evidence in facts),
            with_locator=sum(any(it.has_locator for it in evidence) for evidence in facts),
            compared=sum(any(it.is_compared for it in evidence) for evidence in facts),
            tertiary_alone=sum({it.standing for it in evidence} == {Source.Standing.TERTIARY} for evidence in facts),
        )

    def _facts(self) -> Iterator[list[Backing]]:
        """The evidence of each fact."""
        for name in self.fields:
            yield self.supporting.get(name, [])
        for row in self.rows:
            cited = [self.citations[key] for key in row.all_cited_keys() if key in self.citations]
            # The positions of a disagreement about a fact may be its figures.
            about = row.about if isinstance(row, Disagreement) else ""
            yield cited + self.figures.get(about, [])
        for figures in self.figures.values():
            yield from ([figure] for figure in figures)


def evidence_meter(kind: str, edition: Any, rows: dict[str, list[Any]]) -> Meter:
    """Of one edition with its rows, their sources loaded. No query."""
    stated = Stated(
        fields=[name for name in FACT_FIELDS[kind] if getattr(edition, name)],
        rows=[row for name in FACT_ROWS for row in rows.get(name, [])],
    )
    for citation in rows["citations"]:
        stated.cite(citation.key, citation.supported_fields, _backing(citation))
    for figure in rows["figures"]:
        stated.count(figure.fact, _backing(figure))
    return stated.meter


def _backing(row: Evidence) -> Backing:
    return Backing(row.source.standing, bool(row.locator), row.checked == Evidence.Checked.COMPARED)


def stated_in_public() -> dict[int, Stated]:
    """What each published edition states, by its id, in a fixed number of queries."""
    stated: dict[int, Stated] = defaultdict(Stated)
    for kind, model in KINDS.items():
        for edition, *values in model.objects.published().values_list("pk", *FACT_FIELDS[kind]):
            stated[edition].fields = [name for name, value in zip(FACT_FIELDS[kind], values, strict=True) if value]
    for row_model in _kinds_of_rows():
        named = {"edition", "cites", "positions", "about"} & {it.name for it in row_model._meta.fields}
        rows: Any = row_model._default_manager.all()
        for row in rows.of_published().order_by().only(*named):
            stated[row.edition_id].rows.append(row)
    for edition, key, supports, *backing in _evidence(Citation, "key", "supports"):
        stated[edition].cite(key, supports.split(), _as_backing(*backing))
    for edition, fact, *backing in _evidence(Figure, "fact"):
        stated[edition].count(fact, _as_backing(*backing))
    return dict(stated)


def _kinds_of_rows() -> list[type[CitedRow]]:
    models = {model.plural: model for kind in KINDS.values() for model in kind.row_models}
    return [model for name in FACT_ROWS if issubclass(model := models[name], CitedRow)]


def _evidence(model: type[Evidence], *names: str) -> Any:
    rows: Any = model._default_manager.all()
    wanted = ("edition", *names, "source__standing", "locator", "checked")
    return rows.of_published().order_by().values_list(*wanted).iterator()


def _as_backing(standing: str, locator: str, checked: str) -> Backing:
    return Backing(standing, bool(locator), checked == Evidence.Checked.COMPARED)
