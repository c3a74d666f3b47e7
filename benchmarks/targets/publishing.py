"""Publishing the edition with the most figures, beside saving the same rows and nothing else; on both databases."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator

from benchmarks.bench import Bench
from benchmarks.databases import ROOT, created, environment
from benchmarks.errors import BenchmarkError
from benchmarks.founding_site import founding_database
from benchmarks.report import Table, ms
from benchmarks.targets import Measured, table

TARGET = 20.0
ROUNDS = 5


def measure(bench: Bench) -> Iterator[Table]:
    found = []
    folder = bench.folder / "publishing"
    folder.mkdir()
    postgres = created(bench.large, "bench_publishing")
    for name, database in (("SQLite", f"sqlite:///{folder / 'founding.sqlite3'}"), ("PostgreSQL", postgres)):
        founding_database(database, folder)
        command = [sys.executable, "-m", "benchmarks.targets.publishing_here", str(min(ROUNDS, bench.rounds))]
        told = subprocess.run(
            command, cwd=ROOT, env=environment(database, folder), capture_output=True, text=True, check=False
        )
        if told.returncode:
            raise BenchmarkError(told.stderr)
        taken = json.loads(told.stdout)
        what = f"UNMIK, {taken['rows']} rows, {name}"
        found.append(
            Measured(
                what, ms(taken["saved"]), ms(taken["published"]), taken["published"] / taken["saved"], TARGET, True
            )
        )
    note = (
        "Time on the clock, the median of the rounds: of the publication of an approved edition (hash, rendered page, search "
        "index, log, serial), and of `save()` for each of its rows in one transaction."
    )
    yield table("Publishing", note, found)
