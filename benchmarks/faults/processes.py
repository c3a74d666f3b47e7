"""Processes of the site are killed: a web process, the worker while it publishes, nginx."""

from __future__ import annotations

import os
import random
import signal
import time

from benchmarks.faults.outcome import Fault
from benchmarks.faults.scene import Scene, in_seconds, lost_publications, lost_reports
from benchmarks.load import record
from benchmarks.load.tally import statuses

SCHEDULED = 200
DUE_IN = 3.0  # seconds
UNTIL_KILLED = (0.2, 6.0)  # seconds after it has published the first
KILLS = 15  # at most; after that it may go on to the end
DONE_WITHIN = 1200.0  # seconds
# Granian takes one that ends within 5.5 seconds of its start for broken, and ends itself: then whoever looks after it begins it anew.
APART = 9.0  # seconds


def worker_killed_while_it_publishes(scene: Scene) -> Fault:
    """The worker is killed again and again while 200 scheduled editions are due."""
    chance = random.Random(200)  # noqa: S311  no secret is made of it
    scene.stack.worker.stop()
    editions = record.fresh(lambda: record.scheduled(SCHEDULED, in_seconds=DUE_IN))
    before = record.fresh(record.serial)
    kills, began = 0, time.monotonic()
    with scene.people():
        time.sleep(DUE_IN)
        while time.monotonic() - began < DONE_WITHIN:
            so_far = record.fresh(record.serial)
            scene.stack.worker.start(wait=False)
            scene.seconds_until(lambda so_far=so_far: record.fresh(record.serial) > so_far)  # type: ignore[misc]
            time.sleep(chance.uniform(*UNTIL_KILLED))
            if kills == KILLS:
                scene.seconds_until(lambda: _all_published(editions), within=began + DONE_WITHIN - time.monotonic())
            if _all_published(editions):
                break
            scene.stack.worker.kill()
            kills += 1
    found, after = record.fresh(lambda: (record.states(editions), record.serial()))
    fault = Fault(
        "The worker killed while it publishes",
        f"{len(editions)} editions were due at one moment; the worker that published them was killed (-9) {kills} times on"
        " its way, at moments given by chance, and started again each time. People read and reported meanwhile.",
    )
    fault.promise(
        "Each edition is published whole, or not at all and by the next worker.",
        found == {"published": len(editions)},
        ", ".join(f"{state}: {count}" for state, count in found.items()) + f" after {time.monotonic() - began:.0f} s.",
    )
    fault.promise(
        "Serials go on without a gap, one for each edition.",
        after - before == len(editions),
        f"{after - before} serials for {len(editions)} editions.",
    )
    fault.promise_nothing_wrong(
        "The chain verifies (check_record), and nothing is half published.", record.fresh(record.wrong)
    )
    return fault


def _all_published(editions: list[int]) -> bool:
    return record.fresh(lambda: record.states(editions)) == {"published": len(editions)}


def web_processes_killed(scene: Scene) -> Fault:
    """First the process that answers, below the one that looks after it; then a whole web process."""
    fault = Fault(
        "Web processes killed",
        "Under load, while editors published: in the first web process the one that answers was killed (-9) three times,"
        " which the one above it replaces; then the second was killed whole, and started again after ten seconds.",
    )
    desk = scene.desk()
    desk.allowed = (503,)
    reported = len(scene.crowd.reports)
    with scene.people(desk, publish_a_second=1):
        began = time.monotonic()
        for _ in range(3):
            time.sleep(APART)
            os.kill(scene.stack.web[0].pids()[-1], signal.SIGKILL)
            scene.seconds_until(lambda: scene.direct(0).get("/livez").status == 200)
        time.sleep(APART)
        scene.stack.web[1].kill()
        time.sleep(10)
        scene.stack.web[1].start()
        waited = scene.seconds_until(scene.is_back)
        ended = time.monotonic()
    answers = scene.tally.between(began, ended, "readers", "programs")
    fault.promise(
        "Readers and programs notice nothing: nginx asks the other process.",
        all(one.status in (200, 304) for one in answers),
        f"{len(answers):,} answers: {statuses(answers)}.",
    )
    sent = scene.tally.between(began, ended, "reporters", "editors")
    fault.promise(
        "What is sent is answered or refused with 503: it is never sent twice for them.",
        all(one.status in (200, 302, 303, 503) for one in sent),
        f"{len(sent):,} answers to reporters and editors: {statuses(sent)}.",
    )
    fault.promise("Both processes answer again.", waited is not None, in_seconds(waited))
    fault.promise_nothing_wrong(
        f"None of {len(scene.crowd.reports) - reported} acknowledged reports and {len(desk.published)} publications is lost,"
        " and nothing is half published.",
        [*lost_reports(scene), *record.fresh(lambda: [*lost_publications(desk), *record.wrong()])],
    )
    return fault


def nginx_restarted(scene: Scene) -> Fault:
    """Read anew with its configuration, then ended and begun again, then killed."""
    fault = Fault(
        "nginx restarted",
        "Under load: nginx was told to read its configuration anew (HUP), as after a new certificate; was ended and begun"
        " again; was killed (-9) and begun again.",
    )
    nginx = scene.stack.nginx
    with scene.people():
        time.sleep(2)
        began = time.monotonic()
        os.kill(nginx.pid, signal.SIGHUP)
        time.sleep(4)
        reloaded = time.monotonic()
        nginx.restart()
        away = time.monotonic() - reloaded
        time.sleep(4)
        nginx.kill()
        nginx.start()
        waited = scene.seconds_until(scene.is_back)
        time.sleep(2)
        ended = time.monotonic()
    quiet = scene.tally.between(began, reloaded)
    fault.promise(
        "A new configuration or certificate disturbs nobody.",
        all(one.is_planned for one in quiet),
        f"{len(quiet):,} answers: {statuses(quiet)}.",
    )
    later = scene.tally.between(reloaded, ended)
    unanswered = [one for one in later if not one.is_planned]
    fault.promise(
        "A restart is over in a few seconds; until then there is no answer, and no wrong one.",
        waited is not None and away < 5 and all(one.status == 0 for one in unanswered),
        f"away for {away:.1f} s when ended; {len(later):,} answers: {statuses(later)}.",
    )
    fault.promise_nothing_wrong("No report that was acknowledged is lost.", lost_reports(scene))
    return fault
