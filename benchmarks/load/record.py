"""The record behind a site, by the site's own code in this process: what editors are given to do, and what came of it.

`become` comes first; what else stands here may be called after it.
"""

from __future__ import annotations

import datetime
import itertools
import os
import secrets
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from benchmarks.load.editors import Work

Found = TypeVar("Found")
AUTHOR, REVIEWER = "load-author", "load-reviewer"


@dataclass(frozen=True)
class Editors:
    """Log-in names with passwords."""

    author: tuple[str, str]
    reviewer: tuple[str, str]


def become(environment: Mapping[str, str]) -> None:
    """Let this process call the site's own code, on its database."""
    os.environ.update(environment)
    os.environ["DJANGO_SETTINGS_MODULE"] = "kosovo_peace.settings"
    import django

    django.setup()


def fresh(ask: Callable[[], Found]) -> Found:
    """What the database says now, over a connection of its own: servers come and go here."""
    from django.db import connections

    connections.close_all()
    try:
        return ask()
    finally:
        connections.close_all()


def editors() -> Editors:
    """An author and a reviewer, made now unless they are there, with new passwords."""
    from django.contrib.auth.models import Group

    from editorial import roles
    from editorial.models import Editor

    made = []
    for name, role in ((AUTHOR, roles.AUTHOR), (REVIEWER, roles.REVIEWER)):
        password = secrets.token_urlsafe(12)
        editor, _ = Editor.objects.get_or_create(username=name, defaults={"is_staff": True, "public_name": name})
        editor.set_password(password)
        editor.save()
        editor.groups.add(Group.objects.get(name=role))
        made.append((name, password))
    return Editors(*made)


def works(most: int) -> list[Work]:
    """Public events that may be followed up without a sentence to tick, at most so many."""
    simple = (event for event in _to_follow_up() if event.record.kind == "event" and not event.claims_left(by=None))
    return [Work("event", event.pk, event.record.get_absolute_url()) for event in itertools.islice(simple, most)]


def scheduled(count: int, *, in_seconds: float) -> list[int]:
    """Approve so many next editions for a moment soon after the last is approved; their numbers in the database."""
    from django.utils import timezone

    from editorial import reviewing, workflow
    from editorial.models import ClaimCheck, Edition, Editor

    author = Editor.objects.get(username=AUTHOR)
    reviewer = Editor.objects.get(username=REVIEWER)
    made = []
    for edition in itertools.islice(_to_follow_up(), count):
        draft: Any = workflow.start_edition(edition.record, by=author)
        draft.title, draft.change_note = f"{draft.title} (scheduled)", "Nothing but the title."
        draft.save()
        workflow.note_work(draft, by=author)
        workflow.submit(draft, by=author)
        for claim in draft.claims_left(by=reviewer):
            reviewing.tick(draft, claim, ground=ClaimCheck.Ground.NO_CLAIM, by=reviewer)
        workflow.schedule(draft, by=reviewer, at=timezone.now() + datetime.timedelta(days=1))
        made.append(draft.pk)
    due = timezone.now() + datetime.timedelta(seconds=in_seconds)
    Edition._base_manager.filter(pk__in=made).update(publish_at=due)  # no editor may move what is approved
    return made


def _to_follow_up() -> Iterator[Any]:
    """Public editions that nobody is at work on: events first, the large missions last."""
    from missions.models import Article, Event, Mission

    models: list[Any] = [Event, Article, Mission]
    for model in models:
        for edition in model.objects.published().select_related("record").order_by("pk").iterator(chunk_size=20):
            if not edition.record.editions.open().exists():
                yield edition


# What came of it


def states(editions: list[int]) -> dict[str, int]:
    """How many of these editions are in which state."""
    from django.db.models import Count

    from editorial.models import Edition

    counted = Edition.objects.filter(pk__in=editions).values_list("state").annotate(Count("pk")).order_by()
    return {str(state): number for state, number in counted}


def serial() -> int:
    from editorial.models import PublicSerial

    return PublicSerial.now()


def numbers_of_reports() -> set[int]:
    from editorial.models import Correction

    return set(Correction.objects.values_list("pk", flat=True))


def mails() -> dict[str, int]:
    """How many mails wait, how many were sent and given up."""
    from editorial.models import Mail

    return {
        "waiting": Mail.objects.waiting().count(),
        "sent": Mail.objects.sent().count(),
        "given up": Mail.objects.given_up().count(),
    }


def make_mails_due() -> None:
    """Let no mail wait for the end of its pause."""
    from django.utils import timezone

    from editorial.models import Mail

    Mail.objects.waiting().update(due_at=timezone.now(), claimed_until=None)


def wrong() -> list[str]:
    """What `check_record` finds wrong, and every publication that is not whole, in words; empty when all is well."""
    from editorial import integrity

    return [*integrity.check().faults, *_broken_log(), *_half_published()]


def _broken_log() -> list[str]:
    from editorial.models import Change, PublicSerial

    serials = list(Change.objects.order_by("serial").values_list("serial", flat=True))
    gaps = [f"No change has the serial {was + 1}." for was, now in itertools.pairwise(serials) if now != was + 1]
    if serials and serials[-1] != PublicSerial.now():
        gaps.append(f"The serial is {PublicSerial.now()}, the last change has {serials[-1]}.")
    return gaps


def _half_published() -> list[str]:
    """Where state, log, live edition, stored page and search index do not tell the same."""
    from editorial.models import Change, Edition, SearchEntry, State, Transition

    problems = []
    announced = set(Change.objects.filter(kind=Change.Kind.PUBLISHED).values_list("edition_id", flat=True))
    moved = set(Transition.objects.filter(to_state=State.PUBLISHED).values_list("edition_id", flat=True))
    titles = dict(SearchEntry.objects.values_list("address", "title"))
    for edition in Edition.objects.select_related("record").defer("body", "frozen"):
        was_public = edition.number is not None
        if len({was_public, bool(edition.sha256), edition.pk in announced, edition.pk in moved}) > 1:
            problems.append(f"Edition {edition.pk} ({edition.title}) is half published.")
        if edition.state == State.PUBLISHED:
            if not edition.rendered:
                problems.append(f"Edition {edition.pk} ({edition.title}) is public without a stored page.")
            if titles.get(edition.record.get_absolute_url()) != edition.title:
                problems.append(f"Search does not know edition {edition.pk} ({edition.title}) by its title.")
    return problems
