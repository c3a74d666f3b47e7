"""What the page about quality says, counted from what is published now: the weak numbers too."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Model, Q
from django.utils import timezone

from editorial.corrections.ledger import ledger_figures
from editorial.models import Edition
from missions import disagreements
from missions.currently import MEASURES, CurrentFigure, current_figures, months_before, what_was_not_found
from missions.evidence_meter import Meter
from missions.models import Disagreement, Figure, Mission
from missions.quality import KindQuality, by_kind, qualities
from sources.dates import high
from sources.models import Citation, Evidence, Source

STANDINGS = {Source.Standing.NGO: "non-governmental"}  # where a number cannot go before the label
OUT_OF_REACH_SHOWN = 30
RUNNING_SHOWN = 60
# Years since the date a figure is for: at most so many.
AGES = (2, 5, 10, 20)


def share(count: int, total: int) -> int:
    """Per cent. 100 is said of all alone, and 0 of none."""
    if not count or count == total:
        return 100 if count else 0
    return min(99, max(1, round(100 * count / total)))


@dataclass(frozen=True)
class Share:
    """How many of some have something."""

    what: str
    count: int
    per_cent: int


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
    def shares(self) -> list[Share]:
        counts = [
            ("compared with the source by an editor", self.compared),
            ("read in a copy when compiled, not compared since", self.read),
            ("not opened by us", self.not_opened),
            ("with its place in the source", self.with_locator),
            ("with the words of the source", self.with_quote),
            ("from a primary source", self.with_primary),
        ]
        return [Share(what, count, share(count, self.total)) for what, count in counts]


@dataclass(frozen=True)
class KindOfFacts:
    """A column of the table of facts: those of one kind of record, or of all."""

    label: str
    quality: KindQuality


# Its other lines, each with what is counted.
FACTS: tuple[tuple[str, Callable[[Meter], int]], ...] = (
    ("with a source", lambda meter: meter.with_source),
    ("with a primary source", lambda meter: meter.with_primary),
    ("with the place in the source", lambda meter: meter.with_locator),
    ("compared by us", lambda meter: meter.compared),
)


@dataclass(frozen=True)
class PresentSize:
    """What the record knows of the present size of a running mission."""

    mission: Mission
    counts: list[CurrentFigure]

    @property
    def not_found(self) -> str:
        return what_was_not_found(self.mission, self.counts)


def quality() -> dict[str, Any]:
    """All that the page says, in a fixed number of queries."""
    published = Edition.objects.published()
    kinds = by_kind(qualities())
    counts = {kind.kind: kind.records for kind in kinds}
    standings = _library()
    return {
        "records": counts.get("", 0),
        "missions": counts.get("mission", 0),
        "events": counts.get("event", 0),
        "articles": counts.get("article", 0),
        "unchecked": published.filter(imported=True).count(),
        "editions": Edition.objects.public().count(),
        "kinds": [KindOfFacts(f"{kind.kind}s" if kind.kind else "all records", kind) for kind in kinds],
        "facts": [(what, [_share_of(what, kind.meter, count) for kind in kinds]) for what, count in FACTS],
        "everything": kinds[-1] if kinds else None,
        "evidence": [support("Citations", Citation), support("Figures", Figure)],
        "ages": ages_of_figures(timezone.localdate()),
        "running": running_missions(timezone.localdate()),
        "sources": sum(one.count for one in standings),
        "standings": standings,
        "out_of_reach": _out_of_reach(),
        "questions": _questions(),
        "figures": ledger_figures(),
    }


def _share_of(what: str, meter: Meter, count: Callable[[Meter], int]) -> Share:
    return Share(what, count(meter), share(count(meter), meter.facts))


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


def ages_of_figures(today: datetime.date) -> list[Share]:
    """How many figures are for a date so long ago; one query. A year counts until it is over."""
    rows: Any = Figure.objects.all()
    since = {years: f"{months_before(today, 12 * years):%Y-%m-%d}" for years in AGES}
    counts = (
        rows.of_published()
        .annotate(last_day=high("as_of"))
        .aggregate(
            total=Count("pk"),
            undated=Count("pk", filter=Q(as_of="")),
            **{
                f"within_{years}": Count("pk", filter=~Q(as_of="") & Q(last_day__gte=day))
                for years, day in since.items()
            },
        )
    )
    total, undated, before = counts["total"], counts["undated"], 0
    found = []
    for earlier, years in zip((0, *AGES), AGES, strict=False):
        within = counts[f"within_{years}"]
        found.append((f"{earlier} to {years} years ago" if earlier else f"the last {years} years", within - before))
        before = within
    found += [(f"more than {AGES[-1]} years ago", total - undated - before), ("no date given", undated)]
    return [Share(what, count, share(count, total)) for what, count in found if total]


def running_missions(today: datetime.date) -> list[PresentSize]:
    """The missions that still run, with the counts of their infobox; two queries."""
    missions: Any = Mission.objects.published()
    shown = list(
        missions.filter(status=Mission.Status.RUNNING)
        .select_related("record")
        .only("title", "acronym", "status", "start", "record__kind", "record__slug")
        .order_by("start", "pk")[:RUNNING_SHOWN]
    )
    figures: dict[int, list[Figure]] = defaultdict(list)
    of_personnel = Figure.objects.filter(edition__in=[mission.pk for mission in shown], measure__key__in=MEASURES)
    for figure in of_personnel.select_related("measure", "basis"):
        figures[figure.edition_id].append(figure)
    return [PresentSize(mission, current_figures(figures[mission.pk], today)) for mission in shown]


def _library() -> list[Share]:
    """The public library by the standing of its sources, in the order of the standings; one query."""
    public = Source.objects.in_public_use().order_by().values_list("standing")
    counts = dict(public.annotate(Count("pk")))
    total = sum(counts.values())
    return [
        Share(STANDINGS.get(standing, standing.label), counts[standing], share(counts[standing], total))
        for standing in Source.Standing
        if standing in counts
    ]


def _out_of_reach() -> dict[str, Any]:
    """Sources of the public library that cannot be opened or are retracted: how many, and the first of them."""
    lost = Source.objects.in_public_use().exclude(status=Source.Status.AVAILABLE)
    return {"count": lost.count(), "shown": list(lost[:OUT_OF_REACH_SHOWN])}


def _questions() -> dict[str, Any]:
    """On how many questions sources differ, and how many of these are settled; three queries."""
    rows: Any = Disagreement.objects.all()
    total = len(disagreements.keys())
    settled = rows.of_published().exclude(settled="").count()
    return {"total": total, "settled": settled, "open": total - settled}
