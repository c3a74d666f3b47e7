"""PostgreSQL is killed: while people read, and while editors publish. It stands still."""

from __future__ import annotations

import os
import random
import signal
import time

from benchmarks.faults.outcome import Fault
from benchmarks.faults.scene import Scene, in_seconds, lost_publications, lost_reports
from benchmarks.load import record
from benchmarks.load.browser import Answer, Browser
from benchmarks.load.tally import statuses
from benchmarks.load.visitors import report

AWAY = 15.0  # seconds
KILLS = 6
WORDS = "What I typed about this page: ž, ë and ш."
TOLD = ("cannot be reached at this moment", "could not be taken in")


def killed_while_people_read(scene: Scene) -> Fault:
    """The database is gone for some seconds, and comes back."""
    fault = Fault(
        "PostgreSQL killed while people read",
        f"All its processes were killed (-9) under load, and started again on the same data {AWAY:.0f} seconds later.",
    )
    desk = scene.desk()
    scene.keep_pages()
    serial = record.fresh(record.serial)
    with scene.people():
        time.sleep(2)
        began = time.monotonic()
        scene.stack.postgres.kill()
        second = scene.direct(1)
        kept = [second.get(page) for page in scene.crowd.pages]
        reader = Browser(scene.where)
        unkept = [reader.get("/search/?q=nobody+asked+this"), reader.get("/api/v1/events/?year=1991&page_size=7")]
        wanted = {"form": desk.look_at_form(), "list": desk.look_at("/admin/missions/event/")}
        sent = report(Browser(scene.where), WORDS, random.Random(1))  # noqa: S311
        time.sleep(max(0.0, AWAY - (time.monotonic() - began)))
        ended = time.monotonic()
        scene.stack.postgres.start()
        waited = scene.seconds_until(scene.is_back)
        time.sleep(2)
    read = scene.tally.between(began + 0.5, ended, "readers")
    fault.promise(
        f"Readers of the {len(scene.crowd.pages)} pages in use notice nothing.",
        bool(read) and all(one.status in (200, 304) for one in read),
        f"{len(read):,} answers through nginx: {statuses(read)}.",
    )
    wrong = [answer for answer in kept if answer.status != 200]
    fault.promise(
        "A web process that has not kept a page itself has it from Redis, past nginx.",
        not wrong,
        f"{len(kept) - len(wrong)} of {len(kept)} pages"
        + (f"; {wrong[0].address}: {wrong[0].status}." if wrong else "."),
    )
    fault.promise(
        "What is not kept is refused clearly: 503 in our own words, with a time to come back.",
        all(map(_is_clear, unkept)),
        _told(unkept),
    )
    fault.promise("Editors get a clear page.", all(map(_is_clear, wanted.values())), _told(list(wanted.values())))
    fault.promise(
        "A report sent meanwhile is refused clearly, with all that was typed.",
        _is_clear(sent) and WORDS in sent.text,
        f"{_told([sent])} What was typed stands {'there' if WORDS in sent.text else 'nowhere'}.",
    )
    fault.promise("All is as before by itself soon after the server is back.", waited is not None, in_seconds(waited))
    fault.promise(
        "The serial did not move.",
        record.fresh(record.serial) == serial,
        f"{record.fresh(record.serial)} and {serial}.",
    )
    fault.promise_nothing_wrong("No report that was acknowledged is lost.", lost_reports(scene))
    return fault


def killed_while_editors_publish(scene: Scene) -> Fault:
    """The database is killed in the middle of publications, at moments that chance gives."""
    fault = Fault(
        "PostgreSQL killed while editors publish",
        f"Two editors published one edition after the other; all processes of the server were killed (-9) {KILLS} times at"
        " moments given by chance, and started again after two seconds.",
    )
    chance, problems, published, interrupted, unclear = random.Random(6), [], 0, 0, []  # noqa: S311
    for _ in range(KILLS):
        desk = scene.desk()
        desk.allowed = (503,)
        with scene.people(desk, publish_a_second=5):
            time.sleep(chance.uniform(1.0, 4.0))
            scene.stack.postgres.kill()
            time.sleep(2)
            scene.stack.postgres.start()
            waited = scene.seconds_until(scene.is_back)
        problems += record.fresh(lambda desk=desk: lost_publications(desk))  # type: ignore[misc]
        if waited is None:
            problems.append("The site did not come back.")
        published += len(desk.published)
        interrupted += len(desk.interrupted)
        unclear += [answer for answer in desk.clear_pages if answer.status and not _is_clear(answer)]
    fault.promise(
        "Editors who were interrupted get a clear page, never an error of ours.",
        not unclear,
        f"{interrupted} steps were interrupted, {published} editions published"
        + (f"; {_told(unclear)}" if unclear else "."),
    )
    fault.promise_nothing_wrong("What was acknowledged as published is public.", problems)
    fault.promise_nothing_wrong(
        "Nothing is half published: state, log, stored page, search, hashes and chain tell the same; serials have no gap.",
        record.fresh(record.wrong),
    )
    return fault


def stands_still(scene: Scene) -> Fault:
    """The server takes questions and answers none, as on a machine that has come to a halt."""
    still = 12.0
    fault = Fault(
        "PostgreSQL stands still",
        f"All its processes were stopped (SIGSTOP) for {still:.0f} seconds under load, and went on.",
    )
    scene.keep_pages()
    with scene.people():
        time.sleep(2)
        stopped = scene.stack.postgres.pids()
        began = time.monotonic()
        try:
            for pid in stopped:
                os.kill(pid, signal.SIGSTOP)
            time.sleep(still)
        finally:
            for pid in stopped:
                os.kill(pid, signal.SIGCONT)
        ended = time.monotonic()
        waited = scene.seconds_until(scene.is_back)
        time.sleep(2)
    read = scene.tally.between(began, ended + 5, "readers")
    slow = max((one.seconds for one in read), default=0.0)
    fault.promise(
        "Readers of pages in use are answered all the while, at the latest when it goes on.",
        bool(read) and all(one.status in (200, 304) for one in read),
        f"{len(read):,} answers through nginx: {statuses(read)}; the slowest took {slow:.1f} s.",
    )
    fault.promise("All is as before by itself.", waited is not None, in_seconds(waited))
    return fault


def _is_clear(answer: Answer) -> bool:
    said = answer.text
    return answer.status == 503 and "retry-after" in answer.headers and any(words in said for words in TOLD)


def _told(answers: list[Answer]) -> str:
    return " ".join(
        f"{answer.address}: {answer.status}"
        + ("." if _is_clear(answer) else f" “{' '.join(answer.text.split())[:160]}”.")
        for answer in answers[:4]
    )
