"""Redis is killed, and stands still: slower, not down."""

from __future__ import annotations

import itertools
import os
import signal
import time
from statistics import median

from benchmarks.faults.outcome import Fault
from benchmarks.faults.scene import Scene, in_seconds
from benchmarks.load.tally import Asked, statuses
from benchmarks.report import ms

AWAY = 12.0  # seconds


def redis_away(scene: Scene) -> Fault:
    """Under load and publications: as it is, killed, back again, at a standstill, and back again."""
    fault = Fault(
        "Redis killed, and at a standstill",
        f"Under load, while editors published: Redis was killed (-9) and begun again {AWAY:.0f} seconds later, then stopped"
        f" (SIGSTOP) for {AWAY:.0f} seconds.",
    )
    redis, desk = scene.stack.redis, scene.desk()
    marks = []
    with scene.people(desk, publish_a_second=0.3):
        time.sleep(3)  # the first pages are made
        marks.append(time.monotonic())
        time.sleep(AWAY)
        marks.append(time.monotonic())
        redis.kill()
        time.sleep(AWAY)
        redis.start()
        marks.append(time.monotonic())
        os.kill(redis.pid, signal.SIGSTOP)
        try:
            time.sleep(AWAY)
        finally:
            os.kill(redis.pid, signal.SIGCONT)
        marks.append(time.monotonic())
        time.sleep(6)
        waited = scene.seconds_until(scene.is_back)
        marks.append(time.monotonic())
    before, killed, still, after = (scene.tally.between(begin, end) for begin, end in itertools.pairwise(marks))
    for name, answers in (("is away", killed), ("takes questions and answers none", still)):
        fault.promise(
            f"While Redis {name} everything works: slower, not down.",
            bool(answers) and all(one.is_planned for one in answers),
            f"{len(answers):,} answers: {statuses(answers)}; median {_median(answers)}, slowest {_slowest(answers)}"
            f" (before: {_median(before)}, {_slowest(before)}).",
        )
    fault.promise(
        "What editors publish is seen by readers all the while.",
        not desk.not_seen and not desk.interrupted,
        f"{len(desk.published)} editions, each seen within {max(desk.seen_after, default=0):.1f} s"
        + (f"; not seen: {', '.join(desk.not_seen)}." if desk.not_seen else "."),
    )
    fault.promise(
        "Afterwards all is as before.",
        waited is not None and all(one.is_planned for one in after),
        f"{in_seconds(waited)}; {len(after):,} answers: {statuses(after)}.",
    )
    return fault


def _median(answers: list[Asked]) -> str:
    return ms(median(one.seconds for one in answers)) if answers else "none"


def _slowest(answers: list[Asked]) -> str:
    return ms(max((one.seconds for one in answers), default=0.0))
