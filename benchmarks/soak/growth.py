"""How much memory each process of a stack needs, looked at again and again."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

from benchmarks import memory
from benchmarks.report import Table, mib
from benchmarks.stack import Stack

OFTEN = 5.0  # seconds
FLAT = 1.10  # times as much at the end is flat
WINDOW = 60.0  # seconds, of which the median counts: so long a connection to the database lives, and grows
A_LITTLE = 2**20  # bytes: nobody runs out of memory by so much more


@dataclass
class Growth:
    """What was seen of each process, by name: moments and bytes."""

    stack: Stack
    seen: dict[str, list[tuple[float, float]]] = field(default_factory=dict)

    @contextmanager
    def watched(self) -> Iterator[None]:
        """Look every few seconds until the `with` ends."""
        stop = threading.Event()
        thread = threading.Thread(target=self._watch, args=(stop,), daemon=True)
        thread.start()
        try:
            yield
        finally:
            stop.set()
            thread.join()

    def grown(self, early: float, end: float) -> Mapping[str, tuple[float, float]]:
        """Of each process that was there all the while, what it needed early on and at the end."""
        found = {}
        for name, seen in self.seen.items():
            then = [size for at, size in seen if early <= at < early + WINDOW]
            last = [size for at, size in seen if end - WINDOW <= at <= end]
            if then and last:
                found[name] = median(then), median(last)
        return found

    def table(self, early: float, end: float, minute: float) -> Table:
        rows = [
            (name, mib(then), mib(last), f"{last / then:.2f} ×", "yes" if is_flat(then, last) else "NO")
            for name, (then, last) in self.grown(early, end).items()
        ]
        note = (
            "What belongs to a process alone and its part of what it shares (PSS), the median of a minute."
            f" Flat: not more than {FLAT:.2f} times as much, or {mib(A_LITTLE)} more."
            " PostgreSQL is looked at as a whole, as its connections come and go, and without its buffers, whose size is a setting."
        )
        return Table("Memory", note, ("", f"from minute {minute:g}", "at the end", "ratio", "flat"), rows)

    def _watch(self, stop: threading.Event) -> None:
        while not stop.wait(OFTEN):
            now = time.monotonic()
            for name, size in _sizes(self.stack):
                self.seen.setdefault(name, []).append((now, size))


def is_flat(then: float, last: float) -> bool:
    return last <= max(then * FLAT, then + A_LITTLE)


def _sizes(stack: Stack) -> Iterator[tuple[str, float]]:
    for service in stack.services:
        with suppress(OSError):
            if service is stack.own_postgres:
                yield service.name, memory.share(service.pid) - memory.set_aside(service.pid)
                continue
            for number, pid in enumerate(service.pids()):
                yield f"{service.name}, {_what(pid)} {number}".removesuffix(" 0"), memory.share_of_one(pid)


def _what(pid: int) -> str:
    return Path(f"/proc/{pid}/comm").read_text().strip()
