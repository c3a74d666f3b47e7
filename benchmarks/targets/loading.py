"""Loading the founding record, beside rendering all its texts; and where the time goes."""

from __future__ import annotations

import io
import os
import pstats
import subprocess
import sys
from collections.abc import Iterator
from statistics import median

from benchmarks import memory
from benchmarks.bench import Bench
from benchmarks.databases import ROOT, environment, manage
from benchmarks.errors import BenchmarkError
from benchmarks.report import Table
from benchmarks.targets import Measured, table

TARGET = 3.0
SHOWN = 12
RENDERINGS = 3
RENDER = """
import time
import django; django.setup()
from missions.models import KINDS
from missions.rendering import render
seconds = 0.0
for model in KINDS.values():
    for edition in model.objects.public().select_related("record"):
        rows = edition.rows()
        began = time.process_time()
        render(edition, rows)
        seconds += time.process_time() - began
print(seconds)
"""


def measure(bench: Bench) -> Iterator[Table]:
    folder = bench.folder / "loading"
    folder.mkdir()
    surroundings = environment(f"sqlite:///{folder / 'loading.sqlite3'}", folder) | {
        "DJANGO_SETTINGS_MODULE": "kosovo_peace.settings",
        "PYTHONPATH": str(ROOT),
    }
    manage("migrate", "--verbosity", "0", environment=surroundings)
    load = [sys.executable, str(ROOT / "manage.py"), "load_record", "--verbosity", "0"]
    _, loading = memory.peak_of(load, surroundings)
    rendering = median(_rendering(surroundings) for _ in range(RENDERINGS))
    note = (
        "Processor time of `manage.py load_record` into an empty SQLite database, with the start of Python and Django, "
        "beside that of rendering all texts (Markdown, notes), once."
    )
    measured = Measured(
        "the founding record", f"{rendering:.2f} s to render", f"{loading:.1f} s", loading / rendering, TARGET, True
    )
    yield table("Loading", note, [measured])
    yield _profile(folder / "profile", surroundings | {"DATABASE_URL": f"sqlite:///{folder / 'again.sqlite3'}"})


def _rendering(surroundings: dict[str, str]) -> float:
    """Seconds of the processor for all texts of what was loaded, what they show being read."""
    told = subprocess.run([sys.executable, "-c", RENDER], env=surroundings, capture_output=True, text=True, check=False)
    if told.returncode:
        raise BenchmarkError(told.stderr)
    return float(told.stdout)


def _profile(to: os.PathLike[str], surroundings: dict[str, str]) -> Table:
    manage("migrate", "--verbosity", "0", environment=surroundings)
    command = [sys.executable, "-m", "cProfile", "-o", str(to), "manage.py", "load_record", "--verbosity", "0"]
    told = subprocess.run(command, cwd=ROOT, env=surroundings, capture_output=True, text=True, check=False)
    if told.returncode:
        raise BenchmarkError(told.stderr)
    profile = pstats.Stats(str(to), stream=io.StringIO())
    every: dict[tuple[str, int, str], tuple[int, int, float, float, object]] = profile.stats  # type: ignore[attr-defined]
    whole = sum(one[2] for one in every.values())
    groups: dict[str, float] = {}
    for (file, _, name), (_, _, own, _, _) in every.items():
        groups[_group(file, name)] = groups.get(_group(file, name), 0.0) + own
    rows = [
        [name, f"{seconds:.1f} s", f"{seconds / whole:.0%}"]
        for name, seconds in sorted(groups.items(), key=lambda one: -one[1])[:SHOWN]
    ]
    note = "Time spent within each, under a profiler, which slows all alike."
    return Table("Loading: where the time goes", note, ("", "time", "share"), rows)


def _group(file: str, name: str) -> str:
    """A package, or for what Python has built in, the thing itself."""
    if file == "~":
        return name.strip("<>").partition(" at 0x")[0]
    _, _, within = file.partition("site-packages/")
    if within:
        return within.partition("/")[0]
    return os.path.relpath(file, ROOT).partition("/")[0] if file.startswith(str(ROOT)) else "Python's own library"
