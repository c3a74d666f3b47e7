"""What is not kept: the processor time of an answer that is made, beside that of the bare view for the same bytes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from statistics import median
from urllib.parse import quote

from benchmarks.bare import running_bare_site
from benchmarks.bench import Bench
from benchmarks.processor import Meter
from benchmarks.questions import questions
from benchmarks.report import Table, ms
from benchmarks.running_site import Site, running
from benchmarks.targets import Measured, table
from benchmarks.targets.founding import (
    API_LIST,
    ARTICLE,
    EVENT,
    LARGEST,
    MISSION,
    answer_at,
    loaded,
    tell_of_another,
)
from benchmarks.timing import Taken, in_turns

AGAIN = 5  # requests a turn
BARE_AGAIN = 100
PAGE, LIST, API, COMMON, RARE = 0.20, 0.10, 0.13, 0.03, 0.04
RECORDS = {"an event": EVENT, "a mission": MISSION, "the largest mission": LARGEST, "an article": ARTICLE}
LISTS = {
    "events, a list": ("/events/", LIST),
    "missions, a list": ("/missions/", LIST),
    "sources, a list": ("/sources/", LIST),
}


def measure(bench: Bench) -> Iterator[Table]:
    database = loaded(bench.folder)
    with (
        running(database, bench.folder, PAGE_CACHE_MB="16", SERIAL_REMEMBERED="0") as keeping,
        running(database, bench.folder) as site,
        running(bench.large, bench.folder) as large,
    ):
        asked = {name: (site, path, PAGE) for name, path in RECORDS.items()}
        asked |= {name: (site, path, target) for name, (path, target) in LISTS.items()}
        asked["events, API, 20 with citations"] = (site, API_LIST, API)
        asked[f"the same, {bench.events:,} events"] = (large, API_LIST, API)
        for name, target in (("common", COMMON), ("rare", RARE)):
            words = questions(bench.events)[name][0]
            asked[f"search, a {name} word, {bench.events:,} events"] = (large, f"/search/?q={quote(words)}", target)
        answers = {
            str(number): answer_at(f"http://127.0.0.1:{where.port}{path}")
            for number, (where, path, _) in enumerate(asked.values())
        }
        with running_bare_site(bench.folder, answers) as bare:
            found, anew = [], []
            for number, (what, (where, path, target)) in enumerate(asked.items()):
                ways: dict[str, tuple[Callable[[], object], int]] = {
                    "bare": (partial(answer_at, f"{bare.url}/{number}"), BARE_AGAIN),
                    "made": (partial(where.get, path), AGAIN),
                }
                if what in RECORDS:
                    ways["kept"] = (partial(_after_another, keeping, database, path), AGAIN)
                meter = Meter(bare.pid, where.pid, keeping.pid, *bench.meter.roots[1:])
                taken = _a_request(ways, bench.rounds, meter)
                row = partial(_row, taken, target=target)
                found.append(row(what, "kept" if what in RECORDS else "made"))
                if what in RECORDS:
                    anew.append(row(f"{what}, made anew", "made"))
    note = (
        "Processor time of one answer, the database's included, one request at a time; the ratio is how much of the bare "
        "site's speed that is. Records are asked for after something else was published: the serial has moved, and the page "
        "is looked up among those that were made before. Lists and searches are made."
    )
    yield table("Answers that are not in the page cache", note, found)
    note = "The same pages with nothing kept: after each edition of their own, once for each web process."
    yield table("Records made anew", note, anew)


def _after_another(site: Site, database: str, path: str) -> None:
    tell_of_another(database)
    site.get(path)


def _a_request(ways: dict[str, tuple[Callable[[], object], int]], rounds: int, meter: Meter) -> dict[str, float]:
    """Seconds of the processor for one request of each way."""

    def repeated(ask: Callable[[], object], times: int) -> None:
        for _ in range(times):
            ask()

    taken: dict[str, Taken] = in_turns(
        {name: partial(repeated, ask, times) for name, (ask, times) in ways.items()}, rounds, meter
    )
    return {name: median(taken[name].processor) / times for name, (_, times) in ways.items()}


def _row(taken: dict[str, float], what: str, way: str, *, target: float) -> Measured:
    return Measured(what, ms(taken["bare"]), ms(taken[way]), taken["bare"] / taken[way], target)
