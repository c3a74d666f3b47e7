"""A cold start: from the command to the first answer, everything installed and loaded, beside the bare site on the same server."""

from __future__ import annotations

import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import suppress
from statistics import median

from benchmarks.bare import GRANIAN, Answer, bare_site
from benchmarks.bench import Bench
from benchmarks.databases import environment
from benchmarks.ports import free_port
from benchmarks.report import Table, ms
from benchmarks.stack.processes import Service
from benchmarks.targets import Measured, table
from benchmarks.targets.founding import loaded
from benchmarks.timing import ratio

TARGET = 2.0
ROUNDS = 7


def measure(bench: Bench) -> Iterator[Table]:
    database = loaded(bench.folder)
    port = free_port()
    address = f"http://127.0.0.1:{port}/"
    site = Service(
        "site",
        [sys.executable, "manage.py", "serve"],
        bench.folder / "starting.log",
        environment(database, bench.folder) | {"PORT": str(port), "PAGE_CACHE_MB": "16", "SITE_URL": ""},
        is_up=lambda: _answers(address),
        port=port,
        url=address,
    )
    bare = bare_site(bench.folder, {"page": Answer(b"ok\n", {"Content-Type": "text/plain"})}, GRANIAN)
    bare.is_up = lambda: _answers(f"{bare.url}/page")
    clock: dict[str, list[float]] = {"bare": [], "site": []}
    for number in range(min(ROUNDS, bench.rounds)):
        for service in (bare, site) if number % 2 else (site, bare):
            clock[service.name].append(_started(service))
    note = (
        "Seconds on the clock until the home page is answered, of `make run` after the first time (migrations looked at, "
        "static files collected, home page made), and until a bare Django on granian answers."
    )
    found = Measured(
        "home page",
        ms(median(clock["bare"])),
        ms(median(clock["site"])),
        ratio(clock["site"], clock["bare"]),
        TARGET,
        True,
    )
    yield table("Cold start", note, [found])


def _started(service: Service) -> float:
    """Seconds until it answered; then it is ended."""
    began = time.perf_counter()
    try:
        service.start()
        return time.perf_counter() - began
    finally:
        service.stop()


def _answers(address: str) -> bool:
    with suppress(OSError), urllib.request.urlopen(address, timeout=30) as answer:  # noqa: S310  our own
        return bool(answer.status == 200)
    return False
