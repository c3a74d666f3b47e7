"""Processor time, to the nanosecond, of all that works on an answer. Linux only.

Where other programs run too, time on the clock tells how busy they are; processor time hardly does.
"""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

from benchmarks.memory import processes

TICKS = os.sysconf("SC_CLK_TCK")


class Meter:
    """Adds up the processor time of trees of processes, by the numbers of their roots: what is measured waits for it."""

    def __init__(self, *roots: int) -> None:
        self.roots = roots

    def now(self) -> float:
        """Seconds since they began."""
        return sum(map(_of_the_ended_below, self.roots)) + sum(
            _of_threads(number) for root in self.roots for number in processes(root)
        )


def parent_of(process: int) -> int:
    """The number of the process that started it."""
    return int(_stat(process)[1])


def _of_threads(process: int) -> float:
    nanoseconds = 0
    for thread in Path(f"/proc/{process}/task").glob("*/schedstat"):
        with suppress(OSError):  # it has just ended
            nanoseconds += int(thread.read_text().split()[0])
    return nanoseconds / 1e9


def _of_the_ended_below(process: int) -> float:
    """What children used that have ended, such as the helpers of a long query."""
    user, system = _stat(process)[13:15]
    return (int(user) + int(system)) / TICKS


def _stat(process: int) -> list[str]:
    """What the kernel says of a process, from its state on."""
    return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
