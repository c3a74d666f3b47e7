"""`make soak`: measures what the site can bear of a mix of people, and asks 70 % of that for a quarter of an hour."""

from __future__ import annotations

import argparse
import signal
import sys
import time
from pathlib import Path
from typing import Any

from redis import Redis

from benchmarks.errors import BenchmarkError
from benchmarks.load import record, visitors
from benchmarks.load.browser import Where
from benchmarks.load.editors import Desk
from benchmarks.load.logs import keep_logs
from benchmarks.load.mix import Mix, Part, steps_a_second
from benchmarks.load.tally import Tally
from benchmarks.load.visitors import Crowd
from benchmarks.processor import Meter
from benchmarks.report import Table, keep, machine
from benchmarks.soak.growth import Growth, is_flat
from benchmarks.stack import Stack, running_stack

SHARE = 0.7
WARM_UP, MEASURED = 20.0, 40.0  # seconds
EARLY = 3.0  # minutes, after which memory is compared; half of the time where that is short
PUBLISH_EVERY = 10.0  # seconds
WORKS = 100
CACHE = "12mb"  # of Redis, so that it is full before memory is looked at: it keeps each answer up to that setting
PACE = 5.0  # seconds between two looks at how long it has to go on
# What one address may ask is small, so that who asks for more shows it without a machine of their own.
SETTINGS: dict[str, Any] = {"API_READS_PER_MINUTE": "20", "SEARCHES_PER_MINUTE": "20", "SECOND_FACTOR": "0"}


def mixed(crowd: Crowd) -> dict[str, Part]:
    """Those who come, in their shares of all steps; how many a second follows from what is measured."""
    return {
        "readers": Part(crowd.reader, 8, 0.86),
        "searchers": Part(crowd.searcher, 2, 0.05),
        "programs": Part(crowd.program, 2, 0.05),
        "reporters": Part(crowd.reporter, 1, 0.04),
    }


def main() -> int:
    given = _arguments()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that the stack ends with it
    print("Starting the stack …", flush=True)
    with running_stack(**SETTINGS) as stack:
        record.become(stack.environment)
        Redis.from_url(stack.cache_url).config_set("maxmemory", CACHE)
        where = Where(stack.url, stack.certificate)
        text, is_well = _soaked(stack, where, given.minutes)
        if given.keep_logs:
            keep_logs(stack, given.keep_logs)
    keep(text, given.to)
    print(f"{text}\nWritten to {given.to}.", flush=True)
    return int(not is_well)


def _soaked(stack: Stack, where: Where, minutes: float) -> tuple[str, bool]:
    head = ["# Measured by `make soak`\n", "\n".join(machine()) + "\n"]
    editors, works = record.fresh(lambda: (record.editors(), record.works(WORKS)))
    pages = visitors.pages(where)
    first = Tally()
    parts = mixed(Crowd(where, pages, first))
    desk = Desk(where, editors.author, editors.reviewer, works, first)
    desk.log_in()
    editing = {"editors": Part(desk.step, 1, 1 / PUBLISH_EVERY)}
    print(f"Measuring what it can bear, for {MEASURED:.0f} seconds …", flush=True)
    with Mix(editing).at_work():
        steps_a_second(parts, WARM_UP)
        capacity = steps_a_second(parts, MEASURED)
    asked = capacity * SHARE
    print(f"It can do {capacity:.1f} steps a second; asking {asked:.1f} for {minutes:g} minutes …", flush=True)

    tally = desk.tally = Tally()
    crowd = Crowd(where, pages, tally, seed=1)
    parts = {name: Part(part.visitor, part.threads * 2, part.a_second * asked) for name, part in mixed(crowd).items()}
    parts |= editing | {
        "a greedy program": Part(crowd.greedy, 1, 3),
        "an insistent reporter": Part(crowd.insistent, 1, 0.1),
    }
    growth, meter = Growth(stack), Meter(*(service.pid for service in stack.services))
    began, used = time.monotonic(), meter.now()
    mix = Mix(parts)
    with growth.watched(), mix.at_work():
        while (left := began + minutes * 60 - time.monotonic()) > 0:
            time.sleep(min(left, PACE))
        ended, used = time.monotonic(), meter.now() - used
    wrong = record.fresh(record.wrong)
    early = min(EARLY, minutes / 2)
    flat = all(is_flat(*sizes) for sizes in growth.grown(began + early * 60, ended).values())
    load = (
        f"- {capacity:.1f} steps a second when nobody waits for more than the answer; {SHARE:.0%} of that,"
        f" {asked:.1f} a second, for {minutes:g} minutes\n"
        f"- the processes of the site used {used / (ended - began):.2f} of the processors\n"
    )
    texts = [
        *head,
        load,
        str(_answers(tally, mix)),
        _told(tally, desk, wrong),
        str(growth.table(began + early * 60, ended, early)),
    ]
    return "\n".join(texts), not (tally.unplanned() or desk.not_seen or desk.interrupted or wrong) and flat


def _answers(tally: Tally, mix: Mix) -> Table:
    note = (
        "Planned refusals: 429 with Retry-After for a program and a reporter who ask for more than one address may."
        f" Steps left out because none of those who ask was free: {mix.left_out:,}."
    )
    return tally.table("Answers", note)


def _told(tally: Tally, desk: Desk, wrong: list[str]) -> str:
    seen = sorted(desk.seen_after)
    half = seen[len(seen) // 2] if seen else 0.0
    lines = [
        f"- {len(desk.published)} editions published; seen after {half:.1f} s (median), {max(seen, default=0):.1f} s at most",
        f"- not seen within ten seconds: {', '.join(desk.not_seen) or 'none'}",
        f"- steps of the editors that failed: {', '.join(map(str, desk.interrupted)) or 'none'}",
        f"- check_record, log, search and stored pages afterwards: {' '.join(wrong[:5]) or 'nothing wrong'}",
        *(f"- not planned, {who}: {example}" for who, examples in tally.examples.items() for example in examples),
    ]
    return "\n".join(lines) + "\n"


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make soak", description=__doc__)
    parser.add_argument("--minutes", type=float, default=15.0)
    parser.add_argument("--to", type=Path, required=True, help="The file for the tables.")
    parser.add_argument("--keep-logs", type=Path, help="A folder for what the processes wrote.")
    given = parser.parse_args()
    if given.minutes < 1:
        parser.error("A minute at least.")
    return given


if __name__ == "__main__":
    try:
        sys.exit(main())
    except BenchmarkError as error:
        sys.exit(f"make soak: {error}")
