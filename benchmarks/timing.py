"""Times of several ways to do something, taken in turns, so that what else the machine does falls on all alike."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from statistics import median

from benchmarks.processor import Meter


@dataclass
class Taken:
    """Seconds that one way took, a number for each round: on the clock, and of the processor."""

    clock: list[float] = field(default_factory=list)
    processor: list[float] = field(default_factory=list)


Times = dict[str, Taken]


def in_turns(ways: Mapping[str, Callable[[], object]], rounds: int, meter: Meter) -> Times:
    """What each way took in each round; the order of the ways changes from round to round.

    Each is called once before, and that is not counted. What a way raises ends the measurement.
    """
    names = list(ways)
    for name in names:
        ways[name]()
    taken = {name: Taken() for name in names}
    for number in range(rounds):
        start = number % len(names)
        order = names[start:] + names[:start]
        for name in order if number % 2 else reversed(order):
            used, began = meter.now(), time.perf_counter()
            ways[name]()
            taken[name].clock.append(time.perf_counter() - began)
            taken[name].processor.append(meter.now() - used)
    return taken


def ratio(one: Sequence[float], reference: Sequence[float]) -> float:
    """How many times as long as the reference: the median of the rounds' own ratios."""
    return median(mine / other for mine, other in zip(one, reference, strict=True))


def percentile(values: Sequence[float], percent: int) -> float:
    """The least value that so many percent do not exceed."""
    ordered = sorted(values)
    return ordered[max(0, -(-len(ordered) * percent // 100) - 1)]
