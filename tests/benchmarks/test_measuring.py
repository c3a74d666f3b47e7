"""What `make bench` counts with; what it measures is not tested."""

from __future__ import annotations

import os
import subprocess
import sys
import time

import pytest

from benchmarks import databases, memory
from benchmarks.errors import BenchmarkError
from benchmarks.processor import Meter
from benchmarks.questions import questions
from benchmarks.report import Table, ms, times
from benchmarks.timing import in_turns, percentile, ratio


def test_ways_take_turns_and_each_is_counted_once_a_round():
    called: list[str] = []
    taken = in_turns({name: lambda name=name: called.append(name) for name in "abc"}, 4, Meter())

    assert [len(way.clock) for way in taken.values()] == [len(way.processor) for way in taken.values()] == [4, 4, 4]
    rounds = ["".join(called[start : start + 3]) for start in range(0, 15, 3)]
    assert rounds[0] == "abc", "the first calls are not counted"
    assert len(set(rounds[1:])) > 1
    assert {"".join(sorted(one)) for one in rounds} == {"abc"}


def test_a_ratio_is_the_median_of_the_rounds_own_and_no_slow_round_decides_it():
    assert ratio([2.0, 20.0, 2.2], [1.0, 10.0, 0.1]) == 2.0
    assert percentile(range(1, 61), 50) == 30
    assert percentile(range(1, 61), 95) == 57
    assert percentile([7.0], 95) == 7.0


def test_a_table_is_markdown_with_columns_of_one_width():
    table = Table("Lists", "What was done.", ("", "median"), [("first page", ms(0.0234)), ("deep", times(25.4))])

    lines = [
        "|            |  median |",
        "| ---------- | ------: |",
        "| first page | 23.4 ms |",
        "| deep       |    25 × |",
    ]
    assert str(table) == "\n".join(["## Lists", "", "What was done.", "", *lines, ""])


def test_processor_time_of_other_processes_counts_also_when_they_have_ended():
    meter = Meter(os.getpid())
    before, began = meter.now(), time.process_time()
    subprocess.run([sys.executable, "-c", "sum(range(2_000_000))"], check=True)

    assert meter.now() - before > time.process_time() - began + 0.01


def test_the_most_memory_of_a_command_is_measured_and_a_failing_one_is_reported():
    small, _ = memory.peak_of([sys.executable, "-c", "import time; time.sleep(0.05)"], os.environ)
    large, _ = memory.peak_of([sys.executable, "-c", "import time; b=b'x' * 60_000_000; time.sleep(0.05)"], os.environ)
    assert large - small > 50_000_000
    with pytest.raises(BenchmarkError, match="no such thing"):
        memory.peak_of([sys.executable, "-c", "raise SystemExit('no such thing')"], os.environ)


def test_what_is_measured_runs_on_its_own_database_and_keeps_no_page(tmp_path, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgres://real")
    monkeypatch.setenv("SITE_URL", "https://real.example")
    given = databases.environment("postgres://bench", tmp_path)

    assert given["DATABASE_URL"] == "postgres://bench"
    assert (given["SITE_URL"], given["PAGE_CACHE_MB"], given["DATA_DIR"]) == ("", "0", str(tmp_path))


def test_sixty_questions_of_five_kinds():
    asked = questions(100_000)
    every = [one for some in asked.values() for one in some]
    assert len(asked) == 5
    assert len(every) == len(set(every)) == 60
