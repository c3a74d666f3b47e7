"""What `make stack` starts and stops processes with; what they promise together is proved by `make stack CHECK=1`."""

from __future__ import annotations

import sys
import time
from pathlib import Path

import pytest

from benchmarks.errors import BenchmarkError
from benchmarks.stack.processes import Service
from scripts import front


def is_there(pid):
    return Path(f"/proc/{pid}/exe").exists()  # not of one that has ended and is only not yet forgotten


@pytest.fixture
def service(tmp_path):
    one = Service("parent", ["sh", "-c", "sleep 60 & wait"], tmp_path / "log", is_up=lambda: len(one.pids()) == 2)
    yield one
    one.kill()


def test_a_process_goes_with_all_below_it_and_can_be_begun_anew(service):
    for end in (service.stop, service.kill):
        service.start()
        assert service.runs()
        tree = service.pids()
        assert len(tree) == 2
        end()
        until = time.monotonic() + 5
        while any(map(is_there, tree)) and time.monotonic() < until:
            time.sleep(0.02)
        assert not any(map(is_there, tree))
        with pytest.raises(BenchmarkError, match="not running"):
            service.pids()


def test_one_that_does_not_start_says_why(tmp_path):
    command = [sys.executable, "-c", "raise SystemExit('no such database')"]
    with pytest.raises(BenchmarkError, match="no such database"):
        Service("web", command, tmp_path / "log", is_up=lambda: False).start()


def test_nothing_in_nginx_s_file_is_left_to_be_filled_in():
    filled = front.filled(dict.fromkeys(front.variables(), "value"))
    assert "${" not in filled
    with pytest.raises(KeyError):
        front.filled({})
