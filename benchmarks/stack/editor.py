"""An editor at the console of the running stack: `python -m benchmarks.stack.editor`, told what to do line by line.

    publish mission kfor WORD      a new edition whose title ends with WORD
    withdraw event SLUG            and so `suppress`

Each line is answered by the clock once the change is committed, or by a line that begins with "failed".
"""

from __future__ import annotations

import sys
import time
from typing import Any

import django

REASON = "This is a proof."


def main() -> None:
    django.setup()
    print("ready", flush=True)
    for line in sys.stdin:
        try:
            _do(*line.split())
        except Exception as error:  # noqa: BLE001  it is told to the one who asked
            print(f"failed: {type(error).__name__}: {error}".replace("\n", " "), flush=True)
        else:
            print(time.time(), flush=True)


def _do(action: str, kind: str, slug: str, word: str = "") -> None:
    from editorial import reviewing, workflow
    from editorial.models import ClaimCheck, Editor, Record

    author, reviewer, managing = (Editor.objects.get(username=name) for name in ("author", "reviewer", "managing"))
    record: Any = Record.objects.get(kind=kind, slug=slug)
    if action == "publish":
        edition = workflow.start_edition(record, by=author)
        edition.title, edition.change_note = f"{record.live.title} {word}", f"Nothing but the title: {word}."
        edition.save()
        workflow.note_work(edition, by=author)
        workflow.submit(edition, by=author)
        for claim in edition.claims_left(by=reviewer):
            reviewing.tick(edition, claim, ground=ClaimCheck.Ground.NO_CLAIM, by=reviewer)
        workflow.publish(edition, by=reviewer)
    else:
        getattr(workflow, action)(record.live, by=managing, reason=REASON)


if __name__ == "__main__":
    main()
