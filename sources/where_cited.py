"""Where a source is cited, for editors: public and open editions row by row, older ones by their number of rows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from editorial.admin.access import admin_address
from editorial.models import OPEN, Edition
from editorial.models.editions import LIVE, heavy
from sources.merging import Move, moves
from sources.models import Evidence, Source, evidence_models


@dataclass(frozen=True)
class CitingRow:
    """A citation or figure, with the address of its own page in the editors' site."""

    row: Evidence
    kind: str
    address: str


@dataclass
class CitingEdition:
    """An edition and the rows in which it cites the source."""

    edition: Edition
    rows: list[CitingRow]


@dataclass
class WhereCited:
    """All editions that cite a source."""

    public: list[CitingEdition] = field(default_factory=list)
    open: list[CitingEdition] = field(default_factory=list)
    older: list[Move] = field(default_factory=list)

    @property
    def records(self) -> int:
        """How many records cite it now, in public or in a draft."""
        return len({it.edition.record_id for it in [*self.public, *self.open]})


def where_cited(source: Source) -> WhereCited:
    """Every edition that cites it. The number of queries is always the same."""
    found = WhereCited()
    rows = rows_citing(source, [*LIVE, *OPEN])
    for move in moves(source):
        if move.edition.state in LIVE:
            found.public.append(CitingEdition(move.edition, rows[move.edition.pk]))
        elif move.edition.state in OPEN:
            found.open.append(CitingEdition(move.edition, rows[move.edition.pk]))
        else:
            found.older.append(move)
    return found


def rows_citing(source: Source, states: Iterable[str], **narrowed: Any) -> dict[int, list[CitingRow]]:
    """The rows that cite a source in editions of these states, by edition. One query a kind of row."""
    rows: dict[int, list[CitingRow]] = defaultdict(list)
    for model in evidence_models():
        joined = [name for name in model.points_at() if name != "source"]
        citing: Any = model._default_manager.filter(source=source, edition__state__in=list(states), **narrowed)
        for row in citing.select_related("edition", *joined).defer(*heavy("edition")):
            kind, address = str(model._meta.verbose_name), admin_address(model, "change", row.pk)
            rows[row.edition_id].append(CitingRow(row, kind, address))
    return rows


def records_citing(sources: Iterable[Source]) -> dict[int, int]:
    """How many records cite each source, in public or in a draft. One query a kind of row."""
    records: dict[int, set[int]] = defaultdict(set)
    for model in evidence_models():
        rows: Any = model._default_manager.filter(source__in=list(sources), edition__state__in=[*LIVE, *OPEN])
        for source, record in rows.order_by().values_list("source", "edition__record").distinct():
            records[source].add(record)
    return {source: len(citing) for source, citing in records.items()}
