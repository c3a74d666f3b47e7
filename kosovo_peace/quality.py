"""How well the public record is supported, counted from what is published now."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Model, Q

from editorial.corrections.ledger import ledger_figures
from editorial.models import Edition
from missions.models import Figure
from sources.models import Citation, Evidence, Source


@dataclass(frozen=True)
class Support:
    """How much of one kind of evidence has what."""

    label: str
    total: int
    compared: int
    read: int
    with_locator: int
    with_quote: int
    with_primary: int

    @property
    def not_opened(self) -> int:
        return self.total - self.compared - self.read

    @property
    def shares(self) -> list[tuple[str, int, int]]:
        """(what, how many, per cent of all), for the table."""
        counts = [
            ("compared with the source by an editor", self.compared),
            ("read in a copy when compiled, not compared since", self.read),
            ("not opened by us", self.not_opened),
            ("with its place in the source", self.with_locator),
            ("with the words of the source", self.with_quote),
            ("from a primary source", self.with_primary),
        ]
        return [(what, n, round(100 * n / self.total) if self.total else 0) for what, n in counts]


def support(label: str, model: type[Model]) -> Support:
    """What the evidence of published editions has; one query."""
    rows: Any = model._default_manager.all()
    counts = rows.of_published().aggregate(
        total=Count("pk"),
        compared=Count("pk", filter=Q(checked=Evidence.Checked.COMPARED)),
        read=Count("pk", filter=Q(checked=Evidence.Checked.READ)),
        with_locator=Count("pk", filter=~Q(locator="")),
        with_quote=Count("pk", filter=~Q(quote="")),
        with_primary=Count("pk", filter=Q(source__standing=Source.Standing.PRIMARY)),
    )
    return Support(label, **counts)


def quality() -> dict[str, Any]:
    """All that the quality page says, in a fixed number of queries."""
    published = Edition.objects.published()
    kinds = dict(published.order_by().values_list("record__kind").annotate(Count("pk")).order_by("record__kind"))
    return {
        "records": sum(kinds.values()),
        "missions": kinds.get("mission", 0),
        "events": kinds.get("event", 0),
        "articles": kinds.get("article", 0),
        "unchecked": published.filter(imported=True).count(),
        "editions": Edition.objects.public().count(),
        "sources": Source.objects.in_public_use().count(),
        "evidence": [support("Citations", Citation), support("Figures", Figure)],
        "figures": ledger_figures(),
    }
