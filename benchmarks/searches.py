"""The search beside a plain LIKE over the same texts, for questions of five kinds.

Both must find the newest thousand entries that have the words and load the first twenty. The search besides ranks them,
counts them by kind, theme and years, marks the words, and where nothing has them says what may be meant.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import partial
from statistics import median
from typing import Literal
from urllib.parse import quote

from benchmarks.bench import Bench
from benchmarks.questions import questions
from benchmarks.report import Table, ms, times
from benchmarks.running_site import Site, running
from benchmarks.timing import Taken, Times, in_turns, percentile

ROUNDS = 3
MOST = 1001
SHOWN = 20
COLUMNS = ("title", "other_names", "makers", "lead", "text")
WAYS = ("search", "answer", "LIKE", "ILIKE")
HEAD = ("questions", *(f"{way} {value}" for way in WAYS for value in ("p50", "p95")), "LIKE / search", "ILIKE / search")


def measure(bench: Bench) -> Iterator[Table]:
    every: Times = {way: Taken() for way in WAYS}
    rows: list[tuple[str, Times]] = []
    with running(bench.large, bench.folder) as site:
        for kind, asked in questions(bench.events).items():
            taken = _each(bench, site, asked)
            rows.append((f"{kind} ({len(asked)})", taken))
            for way in WAYS:
                every[way].clock += taken[way].clock
                every[way].processor += taken[way].processor
    rows.append((f"all ({len(every['search'].clock)})", every))
    note = (
        f"Over {bench.events:,} events and what they name; each question {ROUNDS} times, in turns, and its median counts. "
        "*search* is the search itself with the first twenty hits and their marks, *answer* the same at "
        "`/api/v1/search/?q=` as a reader gets it. *LIKE* (letters as they are typed) and *ILIKE* (capital or small) find "
        "the newest 1,001 entries that have every word somewhere in the same five columns, and load the first twenty: no "
        "other spelling, no form of a word, no rank, no counts, no marks. The ratios are of the p95."
    )
    yield Table("Search beside LIKE, on the clock", note, HEAD, [_row(name, taken, "clock") for name, taken in rows])
    note = "The same of the processor, the database's included: what others do on the machine hardly shows."
    yield Table("Search beside LIKE, processor", note, HEAD, [_row(name, taken, "processor") for name, taken in rows])


def _each(bench: Bench, site: Site, asked: list[str]) -> Times:
    """The median of each question, by way."""
    medians: Times = {way: Taken() for way in WAYS}
    for question in asked:
        ways: dict[str, Callable[[], object]] = {
            "search": partial(_search, question),
            "answer": partial(site.get, f"/api/v1/search/?q={quote(question)}&page_size={SHOWN}"),
            "LIKE": partial(_like, question, "LIKE"),
            "ILIKE": partial(_like, question, "ILIKE"),
        }
        for way, taken in in_turns(ways, ROUNDS, bench.meter).items():
            medians[way].clock.append(median(taken.clock))
            medians[way].processor.append(median(taken.processor))
    return medians


def _search(question: str) -> None:
    from editorial import search

    answer = search.ask(question)
    search.show(answer, answer.entries[:SHOWN])


def _like(question: str, operator: str) -> None:
    """What a site without a search of its own would ask the database."""
    from django.db import connection

    from editorial.models import SearchEntry

    parts = re.findall(r'(?<!\S)-?"[^"]+"|\S+', question)
    wanted = [part.strip('"*') for part in parts if not part.startswith("-")]
    any_column = " OR ".join(f"{column} {operator} %s" for column in COLUMNS)
    words = " AND ".join(f"({any_column})" for _ in wanted)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT id FROM {SearchEntry._meta.db_table} WHERE {words} ORDER BY id DESC LIMIT {MOST}",  # noqa: S608
            [f"%{word}%" for word in wanted for _ in COLUMNS],
        )
        found = [number for (number,) in cursor.fetchall()]
    SearchEntry.objects.in_bulk(found[:SHOWN])


def _row(name: str, taken: Times, of: Literal["clock", "processor"]) -> list[str]:
    seconds = {way: getattr(taken[way], of) for way in WAYS}
    cells = [ms(percentile(seconds[way], percent)) for way in WAYS for percent in (50, 95)]
    search = percentile(seconds["search"], 95)
    return [name, *cells, *(times(percentile(seconds[way], 95) / search) for way in ("LIKE", "ILIKE"))]
