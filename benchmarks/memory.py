"""Memory of processes. Linux only."""

from __future__ import annotations

import os
import re
import subprocess
import tempfile
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from benchmarks.errors import BenchmarkError

OFTEN = 0.01  # seconds


def peak_of(command: Sequence[str], environment: Mapping[str, str]) -> tuple[float, float]:
    """Run a command; the most memory it held at a time, in bytes, and the seconds of processor time it took.

    Raises BenchmarkError, with what it printed, where it fails. The kernel's own answer (`ru_maxrss`) counts
    the process that started it, so it is asked while the command runs.
    """
    with tempfile.TemporaryFile() as printed:
        process = subprocess.Popen(command, env=dict(environment), stdout=printed, stderr=subprocess.STDOUT)
        most, ended = 0, 0
        while not ended:
            time.sleep(OFTEN)
            with suppress(OSError):
                most = max(most, _told(process.pid, "status", "VmHWM"))
            ended, status, used = os.wait4(process.pid, os.WNOHANG)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            printed.seek(0)
            raise BenchmarkError(f"{' '.join(command)}\n{printed.read().decode(errors='replace')}")
    return most, used.ru_utime + used.ru_stime


def processes(root: int) -> list[int]:
    """A process and all below it."""
    found = [root]
    for number in found:
        with suppress(OSError):  # it has just ended
            children = Path(f"/proc/{number}/task/{number}/children")
            found += [int(child) for child in children.read_text().split()]
    return found


def highest(root: int) -> int:
    """The most memory that any one process of a tree has held, in bytes."""
    return max(_told(number, "status", "VmHWM") for number in processes(root))


def share(root: int) -> int:
    """The memory of a whole tree of processes, what they share counted once, in bytes."""
    return sum(map(share_of_one, processes(root)))


def share_of_one(process: int) -> int:
    """The memory of one process: its own, and its part of what it shares with others, in bytes."""
    return _told(process, "smaps_rollup", "Pss")


def set_aside(root: int) -> int:
    """Of `share`, what a tree has set aside to share, such as PostgreSQL's buffers: it fills to a size that is a setting."""
    return sum(_told(number, "smaps_rollup", "Pss_Shmem") for number in processes(root))


def _told(number: int, file: str, name: str) -> int:
    found = re.search(rf"^{name}:\s+(\d+) kB", Path(f"/proc/{number}/{file}").read_text(), re.MULTILINE)
    return int(found[1]) * 1024 if found else 0
