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

# Requests a turn: so many that the processor's caches hold what answers them for most of a turn, here as there.
BARE_AGAIN, AGAIN = 100, 20
RECORDS_AGAIN = 5  # the largest takes half a second
PAGE, LIST, API, COMMON, RARE = 0.20, 0.10, 0.13, 0.03, 0.04
Ways = dict[str, tuple[Callable[[str], object], list[str]]]

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
            address = f"{bare.url}/{{}}".format
            records = [address(number) for number, what in enumerate(asked) if what in RECORDS]
            found = [_after_another(keeping, database, records, bench.rounds, Meter(bare.pid, keeping.pid))]
            anew: list[Measured] = []
            for number, (what, (where, path, target)) in enumerate(asked.items()):
                again = RECORDS_AGAIN if what in RECORDS else AGAIN
                ways: Ways = {"bare": (answer_at, [address(number)] * BARE_AGAIN), "made": (where.get, [path] * again)}
                bare_time, made = _a_request(ways, bench.rounds, Meter(bare.pid, where.pid, *bench.meter.roots[1:]))
                (anew if what in RECORDS else found).append(_row(what, bare_time, made, target))
    note = (
        "Processor time of one answer, the database's included, one request at a time; the ratio is how much of the bare "
        "site's speed that is. Records: after an event was published that they do not show, each of an event, two missions and an "
        "article is asked for once; the first of them pays for reading the log. Lists and searches are made."
    )
    yield table("Answers that are not in the page cache", note, found)
    note = "The pages of records with nothing kept: after each edition of their own, once for each web process."
    yield table("Records made anew", note, anew)


def _after_another(site: Site, database: str, bare: list[str], rounds: int, meter: Meter) -> Measured:
    def ask(path: str) -> None:
        if path == next(iter(RECORDS.values())):
            tell_of_another(database)
        site.get(path)

    ways: Ways = {"bare": (answer_at, bare * RECORDS_AGAIN), "kept": (ask, [*RECORDS.values()] * RECORDS_AGAIN)}
    return _row("records after another's publication", *_a_request(ways, rounds, meter), PAGE)


def _a_request(ways: Ways, rounds: int, meter: Meter) -> tuple[float, float]:
    """Seconds of the processor for one request of the first way, and of the second."""

    def all_of(ask: Callable[[str], object], addresses: list[str]) -> None:
        for address in addresses:
            ask(address)

    taken: dict[str, Taken] = in_turns({name: partial(all_of, *way) for name, way in ways.items()}, rounds, meter)
    first, second = (median(taken[name].processor) / len(addresses) for name, (_, addresses) in ways.items())
    return first, second


def _row(what: str, bare: float, made: float, target: float) -> Measured:
    return Measured(what, ms(bare), ms(made), bare / made, target)
