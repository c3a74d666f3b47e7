"""The editors' list of published records by what their evidence lacks, for the page /admin/quality/."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest

from editorial.admin.access import edition_address, editor
from editorial.admin.desk import VIEW
from missions.quality import RecordQuality, qualities, weakest_first

PER_PAGE = 100


@dataclass(frozen=True)
class Column:
    """Something that evidence lacks: how many of it a record has."""

    key: str
    title: str
    count: Callable[[RecordQuality], int]


COLUMNS = (
    Column("grave", "Deaths, harm or blame on tertiary sources alone", lambda it: it.grave_on_tertiary_alone),
    Column("unsourced", "Facts without a source", lambda it: it.meter.without_source),
    Column("tertiary", "Facts and sentences on tertiary sources alone", lambda it: it.tertiary_alone),
    Column("lost", "Evidence out of reach", lambda it: it.out_of_reach),
    Column("unplaced", "Facts without the place in the source", lambda it: it.meter.facts - it.meter.with_locator),
    Column("uncompared", "Facts nobody has compared", lambda it: it.meter.facts - it.meter.compared),
    Column("open", "Open questions", lambda it: it.open_questions),
)


@dataclass(frozen=True)
class Line:
    """One record of the list."""

    quality: RecordQuality
    address: str  # of its public edition on the editors' site

    @property
    def counts(self) -> list[int]:
        return [column.count(self.quality) for column in COLUMNS]


def weakest_records(request: HttpRequest) -> dict[str, Any]:
    """What the page shows; a `by` that is no column is as none. Raises PermissionDenied for who may see no drafts."""
    if not editor(request).has_perm(VIEW):
        raise PermissionDenied
    found = weakest_first(qualities())
    by = next((column for column in COLUMNS if column.key == request.GET.get("by")), None)
    if by:
        found.sort(key=by.count, reverse=True)  # those with as many stay in the order of their weakness
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("p"))
    return {
        "columns": COLUMNS,
        "by": by,
        "page": page,
        "lines": [Line(one, edition_address(one.edition)) for one in page],
    }
