"""In a process of the site: publishes UNMIK anew some times, and saves its rows; prints the seconds as JSON."""

from __future__ import annotations

import json
import os
import sys
import time
from statistics import median
from typing import Any


def main(rounds: int) -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "kosovo_peace.settings"
    import django

    django.setup()
    from editorial import roles
    from editorial.models import Record

    author, reviewer = _editor(roles.AUTHOR), _editor(roles.REVIEWER)
    record = Record.objects.get(kind="mission", slug="unmik")
    saved, published, rows = [], [], 0
    for _ in range(rounds):
        rows, seconds = _saved(record, author)
        saved.append(seconds)
        published.append(_published(record, reviewer))
    print(json.dumps({"rows": rows, "saved": median(saved), "published": median(published)}))


def _editor(role: str) -> Any:
    from django.contrib.auth.models import Group

    from editorial.models import Editor

    editor = Editor.objects.create(username=f"measured-{role.lower()}", public_name=f"Measured {role}", is_staff=True)
    editor.groups.add(Group.objects.get(name=role))
    return editor


def _saved(record: Any, author: Any) -> tuple[int, float]:
    """Begin the next edition and save all its rows; how many there are, and how long it took."""
    from django.db import transaction

    from editorial import workflow

    edition = workflow.start_edition(record, by=author)
    edition.change_note = "Measured."
    edition.save()
    workflow.note_work(edition, by=author)
    rows = [row for some in edition.rows().values() for row in some]
    began = time.perf_counter()
    with transaction.atomic():
        edition.save()
        for row in rows:
            row.save()
    return len(rows) + 1, time.perf_counter() - began


def _published(record: Any, reviewer: Any) -> float:
    from editorial import reviewing, workflow
    from editorial.models import ClaimCheck

    edition = record.editions.open().get().typed
    workflow.submit(edition, by=edition.contributors.first())
    for claim in edition.claims_left(by=reviewer):
        reviewing.tick(edition, claim, ground=ClaimCheck.Ground.NO_CLAIM, by=reviewer)
    began = time.perf_counter()
    workflow.publish(edition, by=reviewer)
    return time.perf_counter() - began


if __name__ == "__main__":
    main(int(sys.argv[1]))
