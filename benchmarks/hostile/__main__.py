"""`make hostile`: starts a site, attacks it, says what came of it. Ends with 1 if anything was found."""

from __future__ import annotations

import argparse
import itertools
import os
import shutil
import statistics
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from benchmarks.databases import environment
from benchmarks.errors import BenchmarkError
from benchmarks.founding_site import founding_database
from benchmarks.hostile import aftermath, schema, slow
from benchmarks.hostile.attacks import Attacker, Request
from benchmarks.hostile.judging import Findings
from benchmarks.hostile.kinds import SHARES
from benchmarks.hostile.prepared import ENVIRONMENT, Prepared, prepare
from benchmarks.hostile.sending import Connection
from benchmarks.report import Table, keep, machine, mib, ms
from benchmarks.running_site import Site, running

SENDERS = 6  # at a time
DATA_FILES_WITHIN = 600  # seconds
TIMES_HELD = 10  # how often memory is read
FROM_SCHEMA = 0.1  # of all requests
PATIENCE = 1.0  # seconds a reader may wait while slow senders hold their connections
ALL_AT_ONCE = 500  # requests that are made before they are sent
SCHEMA = "made by schemathesis of the API’s document"


@dataclass(frozen=True)
class Outcome:
    """What came of it; `held` is the memory of the site's processes, and which they are, after each tenth and at the end."""

    findings: Findings
    held: list[tuple[int, list[int]]]
    ended: dict[str, int]
    waited: list[float]  # seconds that readers waited while slow senders held connections
    lasted: float  # seconds


def main() -> int:
    parser = argparse.ArgumentParser(prog="make hostile", description=__doc__)
    parser.add_argument("--requests", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=1999)
    parser.add_argument("--to", type=Path, required=True, help="The file for the report.")
    parser.add_argument("--founding", type=Path, help="A SQLite file with the founding record, which is copied.")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="kp-hostile-") as name:
        try:
            report, is_well = _attack(given, Path(name))
        except BenchmarkError as error:
            print(error, file=sys.stderr)
            return 2
    keep(report, given.to)
    print(report)
    return 0 if is_well else 1


def _attack(given: argparse.Namespace, folder: Path) -> tuple[str, bool]:
    """The report, and whether nothing was found."""
    database = f"sqlite:///{folder / 'hostile.sqlite3'}"
    prepared = _prepared(given, database, folder)
    before = aftermath.Record.now(folder)
    with running(database, folder, workers=2, **ENVIRONMENT) as site:
        _make_data_files(site)
        outcome = _outcome(given, site, prepared)
    wrong = [*outcome.findings.told, *_left_behind(outcome)]
    after = aftermath.Record.now(folder)
    if after != before:
        wrong.append(f"the record is not what it was:\n{before}\n{after}")
    log = Counter(aftermath.log_problems(folder / f"web-{site.port}.log", prepared))
    wrong += [f"the log: {problem} ({count} times)" for problem, count in log.most_common(20)]
    return _report(outcome, wrong, given.seed), not wrong


def _prepared(given: argparse.Namespace, database: str, folder: Path) -> Prepared:
    """This process becomes one of the site, whose database holds the founding record and what attackers look for."""
    print("Starting a site on the founding record …", flush=True)
    if given.founding:
        shutil.copy(given.founding, database.removeprefix("sqlite:///"))
    founding_database(database, folder)  # of what was copied, it finds all loaded
    os.environ.update(environment(database, folder) | ENVIRONMENT)
    os.environ["DJANGO_SETTINGS_MODULE"] = "kosovo_peace.settings"
    import django

    django.setup()
    return prepare()


def _outcome(given: argparse.Namespace, site: Site, prepared: Prepared) -> Outcome:
    began = time.monotonic()
    findings, held = _send_all(given, site, prepared)
    print("Slow senders …", flush=True)
    ended, waited = slow.hold_connections(site.port)
    time.sleep(2)
    held.append(aftermath.memory(site.pid))
    return Outcome(findings, held, ended, waited, time.monotonic() - began)


def _left_behind(outcome: Outcome) -> list[str]:
    """What is wrong with the processes once all was sent."""
    wrong = []
    (_, pids), *_, (last, pids_after) = outcome.held
    if set(pids) != set(pids_after):
        wrong.append(f"processes ended and were started anew: {pids}, {pids_after}")
    half, whole = outcome.held[len(outcome.held) // 2][0], outcome.held[-2][0]
    if whole > half * aftermath.MUCH:
        wrong.append(f"memory did not level off: {mib(half)} after half of the requests, {mib(whole)} after all")
    if last > whole * aftermath.MUCH_AFTER_THE_SLOW:
        wrong.append(f"the slow senders left {mib(last)} of memory in use, where it had been {mib(whole)}")
    if (waited := statistics.median(outcome.waited)) > PATIENCE:
        wrong.append(f"while slow senders held their connections readers waited {ms(waited)}")
    return wrong


def _report(outcome: Outcome, wrong: list[str], seed: int) -> str:
    findings, waited = outcome.findings, outcome.waited
    sent = sum(sum(statuses.values()) for statuses in findings.statuses.values())
    memory = ", ".join(mib(size) for size, _ in outcome.held)
    head = [
        *machine(),
        f"- {sent:,} requests in {outcome.lasted / 60:.1f} minutes, seed {seed}",
        f"- Memory of all processes of the site after each tenth, and at the end: {memory}",
        f"- Of {slow.SENDERS} slow senders each were cut off: "
        + ", ".join(f"{way} {count}" for way, count in outcome.ended.items())
        + f"; readers waited {ms(statistics.median(waited))} for a page that was not kept, at most {ms(max(waited))}",
        f"- Found: {len(wrong) or 'nothing'}",
    ]
    told = "\n".join(f"{number}. {one}" for number, one in enumerate(wrong, 1))
    counted = "\n".join(f"- {problem}: {count}" for problem, count in findings.wrong.most_common())
    return "\n".join(["# Hostile requests\n", "\n".join(head), "", str(_table(findings)), counted, "", told])


def _make_data_files(site: Site) -> None:
    """What the first to ask waits for: in production the worker has made them. Raises BenchmarkError."""
    until = time.monotonic() + DATA_FILES_WITHIN
    while time.monotonic() < until:
        with suppress(TimeoutError):
            answer = Connection(site.port).ask(
                b"GET /data/latest/missions.csv HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n", closes=True
            )
            if answer.status == 302:
                return
        time.sleep(2)
    raise BenchmarkError("The data files were not made in time.")


def _send_all(
    given: argparse.Namespace, site: Site, prepared: Prepared
) -> tuple[Findings, list[tuple[int, list[int]]]]:
    """What was answered, and the memory after each tenth."""
    findings, held = Findings(), []
    attacker = Attacker(prepared, given.seed)
    from_schema = int(given.requests * FROM_SCHEMA)
    requests = itertools.chain(
        _by_shares(attacker, given.requests - from_schema),
        ((SCHEMA, one) for one in schema.cases(attacker, site.port, from_schema)),
    )
    connections = [Connection(site.port) for _ in range(SENDERS)]
    sent = 0
    with ThreadPoolExecutor(SENDERS) as threads:
        while some := list(itertools.islice(requests, ALL_AT_ONCE)):
            shares = [some[number::SENDERS] for number in range(SENDERS)]
            list(threads.map(_send, connections, shares, itertools.repeat(findings)))
            held_before, sent = sent * TIMES_HELD // given.requests, sent + len(some)
            if sent * TIMES_HELD // given.requests > held_before:
                held.append(aftermath.memory(site.pid))
            print(f"  {sent:,} sent, {sum(findings.wrong.values())} found", flush=True)
    return findings, held


def _by_shares(attacker: Attacker, count: int) -> Iterator[tuple[str, Request]]:
    kinds, weights = list(SHARES), [share for share, _ in SHARES.values()]
    for kind in attacker.random.choices(kinds, weights, k=count):
        yield kind, SHARES[kind][1](attacker)


def _send(connection: Connection, some: list[tuple[str, Request]], findings: Findings) -> None:
    for kind, request in some:
        began = time.monotonic()
        try:
            answer = connection.ask(request.head, request.body, closes=request.closes)
        except TimeoutError:
            findings.note_silence(kind, request)
            continue
        findings.note(kind, request, answer, time.monotonic() - began)


def _table(findings: Findings) -> Table:
    rows = []
    for kind, statuses in findings.statuses.items():
        told = ", ".join(f"{status or 'closed'}: {count:,}" for status, count in sorted(statuses.items()))
        seconds, _ = findings.slowest[kind]
        rows.append([kind, f"{sum(statuses.values()):,}", told, ms(seconds)])
    note = "How often each status was the answer; `closed` is a connection ended without one, as for what is no HTTP."
    return Table("What was sent, and answered", note, ["kind", "requests", "answers", "slowest"], rows)


if __name__ == "__main__":
    sys.exit(main())
