"""A whole export: does it need more memory for ten times as many events?"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from benchmarks import memory
from benchmarks.bench import Bench
from benchmarks.databases import ROOT, environment
from benchmarks.report import Table, mib, times
from benchmarks.running_site import running

HEAD = ("", "peak", "peak, ten times as many", "ratio", "time", "time, ten times as many")
NOTHING = ["-c", "from kosovo_peace import wsgi; from missions import dataset"]


def measure(bench: Bench) -> Iterator[Table]:
    rows = [
        _row("the site loaded, nothing done", *(_command(bench, url, NOTHING) for url in (bench.small, bench.large)))
    ]
    rows.append(_row("`manage.py export_dataset`: all files", _files(bench, bench.small), _files(bench, bench.large)))
    for name in ("events", "figures"):
        lists = [_list(bench, url, f"/api/v1/{name}/?format=csv") for url in (bench.small, bench.large)]
        rows.append(_row(f"`/api/v1/{name}/?format=csv`: the web process", *lists))
    note = (
        f"The most memory that the process held at a time, with {bench.few:,} events and with {bench.events:,}. "
        "Of the command the time is that of the processor, of the lists that on the clock."
    )
    yield Table("Memory of a whole export", note, HEAD, rows)


Measured = tuple[float, float]  # bytes, seconds


def _row(name: str, small: Measured, large: Measured) -> list[str]:
    return [name, mib(small[0]), mib(large[0]), times(large[0] / small[0]), f"{small[1]:.0f} s", f"{large[1]:.0f} s"]


def _files(bench: Bench, url: str) -> Measured:
    with tempfile.TemporaryDirectory(dir=bench.folder) as folder:
        to = str(Path(folder) / "files")
        return _command(bench, url, [str(ROOT / "manage.py"), "export_dataset", "--verbosity", "0", "--to", to])


def _command(bench: Bench, url: str, arguments: list[str]) -> Measured:
    surroundings = environment(url, bench.folder) | {
        "DJANGO_SETTINGS_MODULE": "kosovo_peace.settings",
        "PYTHONPATH": str(ROOT),
    }
    return memory.peak_of([sys.executable, *arguments], surroundings)


def _list(bench: Bench, url: str, address: str) -> Measured:
    with running(url, bench.folder) as site:
        began = time.perf_counter()
        site.length(address)
        return memory.highest(site.pid), time.perf_counter() - began
