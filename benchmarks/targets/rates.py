"""Requests a second, each measured between two measurements of what it is compared with."""

from __future__ import annotations

from collections.abc import Mapping
from statistics import mean, median

from benchmarks.targets import Measured
from benchmarks.targets.founding import ENCODING
from benchmarks.wrk import requests_per_second

SECONDS = 2
MOST_ROUNDS = 7


def in_between(
    what: str, reference: str, address: str, headers: Mapping[str, str] = ENCODING, *, rounds: int, target: float
) -> Measured:
    """The median of the rounds' ratios, each to the reference before and after it."""
    references, rates, ratios = [], [], []
    for _ in range(min(rounds, MOST_ROUNDS)):
        before = requests_per_second(reference, ENCODING, seconds=SECONDS)
        rates.append(requests_per_second(address, headers, seconds=SECONDS))
        references.append(mean([before, requests_per_second(reference, ENCODING, seconds=SECONDS)]))
        ratios.append(rates[-1] / references[-1])
    return Measured(what, f"{median(references):,.0f}/s", f"{median(rates):,.0f}/s", median(ratios), target)
