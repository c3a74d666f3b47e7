"""The disk of the database is full while reports are sent."""

from __future__ import annotations

import random
import shutil
import subprocess
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.faults.outcome import Fault
from benchmarks.faults.scene import Scene, in_seconds, lost_reports
from benchmarks.load import record
from benchmarks.load.browser import Answer, Browser
from benchmarks.load.tally import status_in_words
from benchmarks.load.visitors import report
from benchmarks.stack.processes import Service

ROOM = 48 * 2**20  # bytes beyond what the database has now
REPORTS = 120
LONG = "This is a long report, as somebody writes who has read a whole book. " * 100
TITLE = "The disk of the database full while reports are sent"


def full_while_reports_are_sent(scene: Scene) -> Fault:
    """The server's data moves onto a small disk of its own, which is filled to its last byte."""
    with _small_disk(scene.stack.postgres) as disk:
        if disk is None:
            fault = Fault(TITLE, "A small disk can only be made by root.")
            fault.promise("Nothing acknowledged is lost.", None, "start this as root.")
            return fault
        scene.seconds_until(scene.is_back)
        return _filled(scene, disk)


def _filled(scene: Scene, disk: Path) -> Fault:
    fault = Fault(
        TITLE,
        f"The data of PostgreSQL stood on a disk of their own. A file took all that was free, {REPORTS} long reports were"
        " sent, the file was deleted (the server begun again where it had ended), and what had been refused was sent again.",
    )
    ballast = disk / "ballast"
    scene.keep_pages()
    before = record.fresh(record.numbers_of_reports)
    acknowledged, refused = set[str](), list[tuple[str, Answer]]()
    with scene.people():
        _fill(ballast)
        for number in range(REPORTS):
            words = f"Report {number} to a full disk. {LONG}"
            answer = _send(scene, number, words)
            if answer.status == 303:
                acknowledged.add(answer.headers["location"])
            else:
                refused.append((words, answer))
        kept = [scene.direct(1).get(page).status for page in scene.crowd.pages]
        ended_itself = not scene.stack.postgres.runs()
        ballast.unlink()
        if ended_itself:
            scene.stack.postgres.start()
        waited = scene.seconds_until(scene.is_back)
        again = [_send(scene, 1000 + number, words) for number, (words, _) in enumerate(refused)]
    told = Counter(status_in_words(answer.status) for _, answer in refused)
    fault.promise(
        "Who cannot be served is told so clearly, with all that was typed.",
        bool(refused) and all(_is_clear(answer, words) for words, answer in refused),
        f"{len(acknowledged)} acknowledged, {len(refused)} refused"
        + (f" ({', '.join(f'{status}: {count}' for status, count in told.items())})." if told else "."),
    )
    fault.promise(
        "Kept pages are there all the while.",
        all(status == 200 for status in kept),
        f"{sum(status == 200 for status in kept)} of {len(kept)} pages, past nginx"
        + ("; the server had ended itself." if ended_itself else "; the server went on."),
    )
    fault.promise("All is as before once there is room.", waited is not None, in_seconds(waited))
    fault.promise(
        "What was refused can be sent again.",
        all(answer.status == 303 for answer in again),
        f"{sum(answer.status == 303 for answer in again)} of {len(again)}.",
    )
    reader = Browser(scene.where)
    missing = [address for address in acknowledged if reader.get(address).status != 200]
    fault.promise_nothing_wrong(
        "Nothing that was acknowledged is lost, and the record is whole.",
        [*(f"{address} is not there." for address in missing), *lost_reports(scene), *record.fresh(record.wrong)],
    )
    came = len(record.fresh(record.numbers_of_reports) - before)
    fault.promise(
        "Nothing is taken in twice.",
        len({answer.headers.get("location") for answer in again} | acknowledged) == REPORTS,
        f"{REPORTS} different reports were sent, {came} came in with those of the people at the site.",
    )
    return fault


def _send(scene: Scene, number: int, words: str) -> Answer:
    browser = Browser(scene.where, address=f"127.7.{number // 250 + 1}.{number % 250 + 1}")
    answer = report(browser, words, random.Random(number))  # noqa: S311  no secret is made of it
    browser.leave()
    return answer


def _is_clear(answer: Answer, words: str) -> bool:
    return answer.status == 503 and "retry-after" in answer.headers and words[:60] in answer.text


def _fill(ballast: Path) -> None:
    with ballast.open("wb", buffering=0) as file:
        for size in (2**20, 4096, 512, 1):
            try:
                while True:
                    file.write(b"\0" * size)
            except OSError:
                continue


@contextmanager
def _small_disk(postgres: Service) -> Iterator[Path | None]:
    """The server's data on a disk of its own, not much larger than they are; afterwards back where they were.

    None, and nothing is done, where that is not allowed.
    """
    data = Path(postgres.command[postgres.command.index("-D") + 1])
    beside = data.with_name("beside")
    postgres.stop()
    size = sum(file.stat().st_size for file in data.rglob("*") if file.is_file()) + ROOM
    _copy(data, beside)
    owner = data.stat()
    options = f"size={size},mode=700,uid={owner.st_uid},gid={owner.st_gid}"
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", options, "tmpfs", data], capture_output=True, check=False)
    if mounted.returncode:
        shutil.rmtree(beside)
        postgres.start()
        yield None
        return
    try:
        _copy(beside, data)
        postgres.start()
        yield data
    finally:
        postgres.stop()
        shutil.rmtree(beside)
        _copy(data, beside)
        subprocess.run(["umount", data], check=True)
        shutil.rmtree(data)  # as it was before
        beside.rename(data)
        postgres.start()


def _copy(source: Path, target: Path) -> None:
    subprocess.run(["cp", "-a", "--no-target-directory", source, target], check=True)
