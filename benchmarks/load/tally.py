"""Counts what was answered: to whom, with which status, how fast, and whether that was as planned."""

from __future__ import annotations

import threading
import time
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from benchmarks.load.browser import NO_ANSWER, Answer
from benchmarks.report import Table, ms
from benchmarks.timing import percentile

KEPT_EXAMPLES = 5


@dataclass(frozen=True)
class Asked:
    """One question: `at` in seconds of the clock that does not go back, when it was answered."""

    at: float
    who: str
    status: int
    seconds: float
    is_planned: bool


@dataclass
class Tally:
    """All questions so far, and the first answers that nobody had planned, in words."""

    asked: list[Asked] = field(default_factory=list)
    examples: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def note(self, who: str, answer: Answer, planned: Iterable[int] = (200,)) -> bool:
        """Count an answer; whether it was as planned. A refusal that does not say when to come back never is."""
        is_planned = answer.status in planned and (answer.status not in (429, 503) or "retry-after" in answer.headers)
        one = Asked(time.monotonic(), who, answer.status, answer.seconds, is_planned)
        with self._lock:
            self.asked.append(one)
            if not is_planned and len(self.examples[who]) < KEPT_EXAMPLES:
                self.examples[who].append(f"{answer.address}: {status_in_words(answer.status)} {_gist(answer)}")
        return is_planned

    def between(self, begin: float, end: float, *who: str) -> list[Asked]:
        """What was answered then, to these visitors or to all."""
        with self._lock:
            return [one for one in self.asked if begin <= one.at < end and (not who or one.who in who)]

    def unplanned(self) -> int:
        with self._lock:
            return sum(not one.is_planned for one in self.asked)

    def table(self, title: str, note: str, begin: float = 0.0, end: float = float("inf")) -> Table:
        """A line for each kind of visitor."""
        by: dict[str, list[Asked]] = defaultdict(list)
        for one in self.between(begin, end):
            by[one.who].append(one)
        rows = [(who, *_cells(answers)) for who, answers in sorted(by.items())]
        everybody = [one for answers in by.values() for one in answers]
        if everybody:
            rows.append(("all", *_cells(everybody)))
        return Table(title, note, ("", "asked", "answers", "not planned", "median", "p95", "slowest"), rows)


def statuses(answers: Iterable[Asked]) -> str:
    """`200: 310, 304: 12`"""
    counted = Counter(one.status for one in answers)
    return ", ".join(f"{status_in_words(status)}: {count:,}" for status, count in counted.most_common())


def status_in_words(status: int) -> str:
    return "no answer" if status == NO_ANSWER else str(status)


def _cells(answers: list[Asked]) -> tuple[str, ...]:
    seconds = [one.seconds for one in answers]
    wrong = sum(not one.is_planned for one in answers)
    return (
        f"{len(answers):,}",
        statuses(answers),
        f"{wrong:,}" if wrong else "none",
        ms(percentile(seconds, 50)),
        ms(percentile(seconds, 95)),
        ms(max(seconds)),
    )


def _gist(answer: Answer) -> str:
    return " ".join(answer.text.split())[:300]
