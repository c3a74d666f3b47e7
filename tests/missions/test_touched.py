"""A page is shown as it was kept only where it would be made the same again."""

from __future__ import annotations

import random

import pytest
from django.urls import reverse

from editorial import amendments, workflow
from editorial.models import PublicSerial, Record
from missions.beside import more_events
from missions.models import Event, Relation
from missions.touched import Touched, touched
from sources.dates import PartialDate
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
    touched.forget()


def pages(client):
    """Of every record, as made now: its page, of missions also figures and a fact."""
    found = {}
    for record in Record.objects.all():
        addresses = [reverse(f"{record.kind}-detail", args=[record.slug])]
        if record.kind == "mission":
            addresses += [
                reverse("mission-figures", args=[record.slug]),
                reverse("mission-fact", args=[record.slug, FACT]),
            ]
        answers = [client.get(address) for address in addresses]
        found[record.kind, record.slug] = [answer.content for answer in answers if answer.status_code == 200]
    return found


def amended(thing, **values):
    changed = type(thing).objects.get(pk=thing.pk)
    for name, value in values.items():
        setattr(changed, name, value)
    amendments.confirm(amendments.propose(thing, changed, by=author(), reason="A slip."), by=reviewer())


def test_whatever_changes_a_page_touches_it(client):
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
    before, made, changed, kept = pages(client), PublicSerial.now(), 0, 0
    for number, step in enumerate(steps):
        step()
        after, now = pages(client), PublicSerial.now()
        for page, texts in before.items():
            is_touched = touched.between(made, now, page)
            if texts and texts != after.get(page):
                changed += 1
                assert is_touched, f"step {number}: {page}"
            kept += bool(texts) and not is_touched
        before, made = after, now
    assert changed > 40, "the steps change pages"
    assert kept > 5, "and leave others as they were"


def beside(events):
    """What the page of each shows of others."""
    return {
        event.record.slug: [list(some.values_list("pk", flat=True)) for some in more_events(event)]
        for event in Event.objects.published().filter(record__in=events)
    }


def test_events_touch_those_beside_them_however_many_move_at_once():
    seeded = random.Random(3)
    missions = [MissionFactory().record, MissionFactory().record]
    days = ["1999", "1999-06", *(f"1999-06-{day:02}" for day in range(1, 16))]

    def set_out(event):
        event.missions.set(seeded.sample(missions, seeded.choice([0, 1, 1, 2])))
        return published(event)

    def date():
        return PartialDate(seeded.choice(days))

    events = [set_out(EventFactory(date=date())).record for _ in range(14)]
    kept = 0
    for _ in range(14):
        before, made = beside(events), PublicSerial.now()
        for record in seeded.sample(events, seeded.choice([1, 1, 2, 4])):
            set_out(next_edition(Record.objects.get(pk=record.pk), date=date()))
        after, now = beside(events), PublicSerial.now()
        late = Touched()  # a process that hears of all at once
        for slug in before:
            is_touched = late.between(made, now, ("event", slug))
            assert is_touched or before[slug] == after[slug], slug
            assert touched.between(made, now, ("event", slug)) == is_touched
            kept += not is_touched
    assert kept > 20


def test_what_was_made_before_a_process_began_is_looked_up_in_the_log(django_assert_num_queries):
    mission = published(MissionFactory())
    made = PublicSerial.now()
    event = EventFactory()
    event.missions.add(mission.record)
    published(event)
    between, page = PublicSerial.now(), ("mission", mission.record.slug)
    published(EventFactory())
    now = PublicSerial.now()
    assert not touched.between(between, now, page)
    assert touched.between(made, now, page)
    with django_assert_num_queries(0):
        assert touched.between(made, now, page)
        assert not touched.between(between, now, page)


def test_after_many_changes_every_page_counts_as_touched(monkeypatch):
    monkeypatch.setattr("missions.touched.READ_AT_ONCE", 2)
    mission = published(MissionFactory())
    made, page = PublicSerial.now(), ("mission", mission.record.slug)
    for _ in range(2):
        published(EventFactory())
    assert not touched.between(made, PublicSerial.now(), page)
    for _ in range(3):
        published(EventFactory())
    assert touched.between(made, PublicSerial.now(), page)


def test_a_publication_is_looked_up_once_in_few_queries(django_assert_max_num_queries):
    mission = published(MissionFactory())
    for _ in range(3):
        event = EventFactory()
        event.missions.add(mission.record)
        published(event)
    now, pages = PublicSerial.now(), [(edition.record.kind, edition.record.slug) for edition in (mission, event)]
    with django_assert_max_num_queries(8):
        assert all(touched.between(now - 1, now, page) for page in pages)
