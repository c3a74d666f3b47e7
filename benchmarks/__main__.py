"""`make bench`: makes the databases, measures part by part, prints the tables and writes them to a file."""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from benchmarks import databases, exports, lists, searches
from benchmarks.bench import FEWER, Bench
from benchmarks.errors import BenchmarkError
from benchmarks.processor import Meter
from benchmarks.report import Table, keep, machine
from benchmarks.running_site import collect_static
from benchmarks.targets import loading, made, proxied, publishing, served, size, starting

PARTS: dict[str, Callable[[Bench], Iterator[Table]]] = {
    "lists": lists.measure,
    "exports": exports.measure,
    "searches": searches.measure,
    # beside a bare Django site, with targets
    "served": served.measure,
    "proxied": proxied.measure,
    "made": made.measure,
    "publishing": publishing.measure,
    "loading": loading.measure,
    "size": size.measure,
    "starting": starting.measure,
}


def main() -> int:
    given = _arguments()
    if not Path("/proc/self/schedstat").exists():
        print("Processor time and memory are read from Linux: there is no `make bench` elsewhere.", file=sys.stderr)
        return 2
    server = os.environ.get("DATABASE_URL", "")
    if not server.startswith(("postgres://", "postgresql://")):
        print("Start this with `make bench`, which brings a PostgreSQL server.", file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory(prefix="kp-bench-") as folder:
        try:
            report = _report(given, server, Path(folder))
        except BenchmarkError as error:
            print(f"\n{error}", file=sys.stderr)
            return 1
    keep(report, given.to)
    _say(f"Written to {given.to}.")
    return 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--events", type=int, default=100_000, help="Events in the large database.")
    parser.add_argument("--rounds", type=int, default=31, help="How often each page is asked for.")
    parser.add_argument("--parts", default=",".join(PARTS), help=f"Which of {', '.join(PARTS)}, divided by commas.")
    parser.add_argument("--to", type=Path, required=True, help="The file for the tables.")
    given = parser.parse_args()
    given.parts = given.parts.split(",")
    if unknown := set(given.parts) - set(PARTS):
        parser.error(f"There is no part {', '.join(sorted(unknown))}: choose from {', '.join(PARTS)}.")
    if given.events < FEWER * 100 or given.rounds < 1:
        parser.error(f"Give at least {FEWER * 100:,} events, and one round.")
    return given


def _report(given: argparse.Namespace, server: str, folder: Path) -> str:
    """The whole text. Each table is printed as soon as there is one."""
    began = machine()
    few = given.events // FEWER
    small, large = (databases.filled(server, events, folder, _say) for events in (few, given.events))
    collect_static(folder, large)
    _become_the_site(large, folder)
    head = [*began, f"- {databases.version(large)}", f"- {given.events:,} and {few:,} invented events"]
    texts = ["# Measured by `make bench`\n", "\n".join(head) + "\n"]
    _say("\n" + "\n".join(texts))
    meter = Meter(os.getpid(), *databases.server_processes(large))
    bench = Bench(given.events, large, small, folder, given.rounds, meter)
    for name in given.parts:
        _say(f"Measuring: {name} …\n")
        for table in PARTS[name](bench):
            _say(str(table))
            texts.append(str(table))
    return "\n".join(texts)


def _become_the_site(database_url: str, folder: Path) -> None:
    """Let parts call the site's own code in this process, on this database."""
    os.environ.update(databases.environment(database_url, folder))
    os.environ["DJANGO_SETTINGS_MODULE"] = "kosovo_peace.settings"
    import django

    django.setup()


def _say(text: str) -> None:
    print(text, flush=True)


if __name__ == "__main__":
    sys.exit(main())
