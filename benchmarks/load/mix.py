"""Lets visitors ask side by side: at a pace, or as fast as they can."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

from benchmarks.load.visitors import Step

LATEST = 2.0  # seconds a visitor may be late; what was to be asked before that is left out, and counted


@dataclass(frozen=True)
class Part:
    """One kind of visitor: how many take its steps side by side, and how many steps they take a second in all."""

    visitor: Callable[[], Step]
    threads: int
    a_second: float


class Mix:
    """Visitors at work, in threads. `left_out` counts the steps that nobody had time for."""

    def __init__(self, parts: Mapping[str, Part]) -> None:
        self._parts = parts
        self._stop = threading.Event()
        self._threads: list[threading.Thread] = []
        self._errors: list[BaseException] = []
        self._lock = threading.Lock()
        self.left_out = 0

    @contextmanager
    def at_work(self) -> Iterator[Mix]:
        """They ask until the `with` ends. What a visitor raises, which is a fault of ours, is raised then."""
        for name, part in self._parts.items():
            for number in range(part.threads):
                pause = part.threads / part.a_second
                arguments = (part.visitor(), pause, pause * number / part.threads)
                thread = threading.Thread(target=self._take, args=arguments, name=f"{name}-{number}", daemon=True)
                self._threads.append(thread)
                thread.start()
        try:
            yield self
        finally:
            self._stop.set()
            for thread in self._threads:
                thread.join(60)
        if self._errors:
            raise self._errors[0]

    def _take(self, step: Step, pause: float, first: float) -> None:
        due = time.monotonic() + first
        try:
            while not self._stop.wait(max(0.0, due - time.monotonic())):
                step()
                due += pause
                late = time.monotonic() - due
                if late > LATEST:
                    skipped = int(late // pause)
                    due += skipped * pause
                    with self._lock:
                        self.left_out += skipped
        except Exception as error:  # noqa: BLE001  whatever it is, it is told at the end
            self._errors.append(error)


def steps_a_second(parts: Mapping[str, Part], seconds: float) -> float:
    """How many steps a second there are when nobody waits for more than the answer; in the shares of the mix.

    Each thread draws what it does next by the shares, so that slow steps do not become fewer.
    """
    names = list(parts)
    total = sum(part.a_second for part in parts.values())
    counted = [0] * sum(part.threads for part in parts.values())
    turn = _turns({name: parts[name].a_second / total for name in names})
    until = time.monotonic() + seconds

    def take(number: int) -> None:
        steps = {name: parts[name].visitor() for name in names}
        while time.monotonic() < until:
            steps[next_of(turn)]()
            counted[number] += 1

    lock = threading.Lock()

    def next_of(turns: Iterator[str]) -> str:
        with lock:
            return next(turns)

    began = time.monotonic()
    threads = [threading.Thread(target=take, args=(number,), daemon=True) for number in range(len(counted))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(counted) / (time.monotonic() - began)


def _turns(shares: Mapping[str, float]) -> Iterator[str]:
    """Names for ever, each as often as its share, evenly spread."""
    owed = dict.fromkeys(shares, 0.0)
    while True:
        for name, share in shares.items():
            owed[name] += share
        chosen = max(owed, key=lambda name: owed[name])
        owed[chosen] -= 1.0
        yield chosen
