"""`make faults`: breaks one thing after the other on a stack of its own, and tells what held."""

from __future__ import annotations

import argparse
import signal
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from benchmarks.errors import BenchmarkError
from benchmarks.faults import cache, clock, database, disk, mail, processes
from benchmarks.faults.outcome import Fault, summary
from benchmarks.faults.scene import Scene
from benchmarks.load import record
from benchmarks.load.logs import keep_logs
from benchmarks.ports import free_port
from benchmarks.report import keep, machine
from benchmarks.stack import running_stack

FAULTS: dict[str, Callable[[Scene], Fault]] = {
    "database": database.killed_while_people_read,
    "publishing": database.killed_while_editors_publish,
    "standstill": database.stands_still,
    "worker": processes.worker_killed_while_it_publishes,
    "web": processes.web_processes_killed,
    "redis": cache.redis_away,
    "nginx": processes.nginx_restarted,
    "clock": clock.differs,
    "disk": disk.full_while_reports_are_sent,
}
MAIL = "mail"  # away while the others are tried
# People of one run come from few addresses, and report more than a reader does.
SETTINGS: dict[str, Any] = {"API_READS_PER_MINUTE": "0", "SEARCHES_PER_MINUTE": "0", "SECOND_FACTOR": "0"}


def main() -> int:
    given = _arguments()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that the stack ends with it
    mail_port = free_port()
    print("Starting the stack …", flush=True)
    faults: list[Fault] = []
    texts = ["# Tried by `make faults`\n", "\n".join(machine()) + "\n"]
    with running_stack(**SETTINGS, EMAIL_URL=f"smtp://127.0.0.1:{mail_port}") as stack:
        record.become(stack.environment)
        scene = Scene.at(stack)
        for fault in _tried(scene, given.only, mail_port):
            faults.append(fault)
            texts.append(str(fault))
            print(f"\n{fault}", flush=True)
        if given.keep_logs:
            keep_logs(stack, given.keep_logs)
    texts.insert(2, summary(faults))
    keep("\n".join(texts), given.to)
    print(f"{summary(faults)}\nWritten to {given.to}.", flush=True)
    return int(any(outcome.held is False for fault in faults for outcome in fault.outcomes))


def _tried(scene: Scene, only: list[str], mail_port: int) -> Iterator[Fault]:
    for name, fault in FAULTS.items():
        if name in only:
            began = time.monotonic()
            print(f"Trying: {name} …", flush=True)
            yield fault(scene)
            print(f"({time.monotonic() - began:.0f} s)", flush=True)
    if MAIL in only:
        print(f"Trying: {MAIL} …", flush=True)
        yield mail.away_all_the_while(scene, mail_port)


def _arguments() -> argparse.Namespace:
    names = [*FAULTS, MAIL]
    parser = argparse.ArgumentParser(prog="make faults", description=__doc__)
    parser.add_argument("--only", default=",".join(names), help=f"Which of {', '.join(names)}, divided by commas.")
    parser.add_argument("--to", type=Path, required=True, help="The file for what was seen.")
    parser.add_argument("--keep-logs", type=Path, help="A folder for what the processes wrote.")
    given = parser.parse_args()
    given.only = given.only.split(",")
    if unknown := set(given.only) - set(names):
        parser.error(f"There is no fault {', '.join(sorted(unknown))}: choose from {', '.join(names)}.")
    return given


if __name__ == "__main__":
    try:
        sys.exit(main())
    except BenchmarkError as error:
        sys.exit(f"make faults: {error}")
