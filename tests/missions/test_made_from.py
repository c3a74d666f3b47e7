"""A page is taken as it was kept only where it would be made the same again."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse

from editorial import amendments, workflow
from editorial.models import PublicSerial, Record
from missions.made_from import changes_for_all, made_from
from missions.models import Relation
from sources.models import Source
from tests.factories import (
    ArticleFactory,
    CitationFactory,
    EventFactory,
    FigureFactory,
    MissionFactory,
    SourceFactory,
    TermFactory,
    author,
    managing_editor,
    next_edition,
    published,
    reported,
    reviewer,
)

FACT = "strength"
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def nothing_remembered():
    changes_for_all.forget()


def pages(client):
    """Of every record: its page, of missions also figures and a fact, as made now; and what they are made from."""
    found = {}
    serial = PublicSerial.now()
    for record in Record.objects.all():
        addresses = [reverse(f"{record.kind}-detail", args=[record.slug])]
        if record.kind == "mission":
            addresses += [
                reverse("mission-figures", args=[record.slug]),
                reverse("mission-fact", args=[record.slug, FACT]),
            ]
        answers = [client.get(address) for address in addresses]
        texts = [answer.content.decode() for answer in answers if answer.status_code == 200]
        found[record.pk] = texts, made_from(record.kind, record.slug, serial)
    return found


def amended(thing, **values):
    changed = type(thing).objects.get(pk=thing.pk)
    for name, value in values.items():
        setattr(changed, name, value)
    amendments.confirm(amendments.propose(thing, changed, by=author(), reason="A slip."), by=reviewer())


def test_whatever_changes_a_page_changes_what_it_is_said_to_be_made_from(client):
    by, source, theme = managing_editor(), SourceFactory(title="A report"), TermFactory(vocabulary="theme")
    mission, other = MissionFactory(title="First mission", acronym="FIRST"), MissionFactory(title="Second mission")
    figure = FigureFactory(edition=mission, source=source, fact=FACT)
    event, next_event, named = (EventFactory(title=title) for title in ("An event", "The next event", "A named event"))
    article = ArticleFactory(title="An article")
    for edition in (event, next_event, article):
        edition.missions.add(mission.record)
        edition.themes.add(theme)
    article.events.add(event.record)
    CitationFactory(edition=event, source=source)
    Relation.objects.create(edition=mission, key="other", record=other.record, kind="parallel")
    Relation.objects.create(edition=mission, key="named", record=named.record, kind="other")

    def moved_to_the_other_mission():
        draft = next_edition(next_event.record)
        draft.missions.set([other.record])
        published(draft)

    def live(edition):
        return Record.objects.get(pk=edition.record_id).live

    def confirmed():
        return reported(mission.record, state="confirmed", figure=figure.key)

    steps = [
        lambda: published(mission), lambda: published(event), lambda: published(next_event), lambda: published(other),
        lambda: published(article), lambda: published(named),
        lambda: published(next_edition(event.record, title="An event, called otherwise")),
        lambda: published(next_edition(next_event.record, title="The next event, called otherwise")),
        lambda: published(next_edition(other.record, title="The second mission")),
        lambda: published(next_edition(named.record, title="A named event, called otherwise")),
        lambda: published(next_edition(article.record, title="An article, called otherwise")),
        lambda: published(next_edition(mission.record, title="The first mission")),
        moved_to_the_other_mission,
        lambda: workflow.rename(Record.objects.get(pk=event.record_id), "renamed", by=by),
        lambda: workflow.rename(Record.objects.get(pk=named.record_id), "renamed-too", by=by),
        lambda: amended(Source.objects.get(pk=source.pk), title="A report, called otherwise"),
        lambda: amended(theme, name="A theme, called otherwise"),
        confirmed,
        lambda: reported(event.record, state="declined"),
        lambda: workflow.withdraw(live(event), by=by, reason="It was wrong.", replacement=named.record),
        lambda: published(next_edition(named.record, title="A named event, once more")),
        lambda: workflow.withdraw(live(other), by=by, reason="It was wrong."),
        lambda: workflow.suppress(live(next_event), by=by, reason="A court said so."),
    ]  # fmt: skip
    before, changed, kept = pages(client), 0, 0
    for number, step in enumerate(steps):
        step()
        after = pages(client)
        for pk, (page, parts) in after.items():
            if not page:
                continue
            if page != before[pk][0]:
                changed += 1
                assert parts != before[pk][1], f"step {number}: {re.search('<h1>.*', page[0])[0]}"
            kept += parts == before[pk][1]
        before = after
    assert changed > 40, "the steps change pages"
    assert kept > 10, "and leave others as they were"


def test_it_takes_few_queries(client, django_assert_max_num_queries):
    mission = published(MissionFactory())
    for _ in range(3):
        event = EventFactory()
        event.missions.add(mission.record)
        published(event)
    serial = PublicSerial.now()
    with django_assert_max_num_queries(3):
        made_from("mission", mission.record.slug, serial)
    changes_for_all.forget()
    with django_assert_max_num_queries(5):
        made_from("event", event.record.slug, serial)
    assert made_from("event", "no-such-event", serial) is None
