"""The clocks of two machines differ."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from benchmarks.faults.outcome import Fault
from benchmarks.faults.scene import Scene, lost_publications
from benchmarks.load import record
from benchmarks.load.tally import statuses

SHIFTS = {"an hour ahead": "+3600", "an hour behind": "-3600"}
FOR = 15.0  # seconds
WHERE = ("/usr/lib", "/usr/local/lib")
TITLE = "A web process with a wrong clock"


def differs(scene: Scene) -> Fault:
    """The second web process lives an hour ahead of all others, then an hour behind."""
    library = next((file for place in WHERE for file in Path(place).rglob("faketime/libfaketime.so.1")), None)
    if library is None:
        fault = Fault(TITLE, "A process is only given another clock by libfaketime.")
        fault.promise("Nothing is out of order.", None, "on Debian or Ubuntu: apt-get install libfaketime.")
        return fault
    fault = Fault(
        TITLE, "The second of two web processes lived an hour ahead, then an hour behind, while editors published."
    )
    for words, shift in SHIFTS.items():
        desk = scene.desk()
        surroundings = {"LD_PRELOAD": str(library), "FAKETIME": shift, "FAKETIME_DONT_FAKE_MONOTONIC": "1"}
        with _other_clock(scene, surroundings):
            desk.log_in()  # by either process
            began = time.monotonic()
            with scene.people(desk, publish_a_second=0.5):
                time.sleep(FOR)
            answers = scene.tally.between(began, time.monotonic())
        fault.promise(
            f"With a clock {words}: readers, reporters and logged-in editors are answered by both.",
            bool(answers) and all(one.is_planned for one in answers) and not desk.interrupted,
            f"{len(answers):,} answers: {statuses(answers)}.",
        )
        fault.promise(
            f"With a clock {words}: what is published is seen by readers.",
            bool(desk.published) and not desk.not_seen,
            f"{len(desk.published)} editions, seen within {max(desk.seen_after, default=0):.1f} s.",
        )
        fault.promise_nothing_wrong(
            f"With a clock {words}: nothing is lost, numbers and serials stay in order, the chain verifies.",
            record.fresh(lambda desk=desk: [*lost_publications(desk), *record.wrong()]),  # type: ignore[misc]
        )
    return fault


@contextmanager
def _other_clock(scene: Scene, surroundings: Mapping[str, str]) -> Iterator[None]:
    web = scene.stack.web[1]
    before = web.environment
    try:
        web.environment = {**before, **surroundings}
        web.restart()
        yield
    finally:
        web.environment = before
        web.restart()
