"""Asking the API, and a record of which every list has something."""

from __future__ import annotations

from missions.models import Disagreement, Participation, Term
from tests.factories import (
    ArticleFactory,
    EventFactory,
    FigureFactory,
    MissionFactory,
    OrganisationFactory,
    PlaceFactory,
    SourceFactory,
    StatementFactory,
    TermFactory,
    published,
)

SITE = "http://127.0.0.1:8000"
LISTS = [
    "records", "missions", "events", "articles", "figures", "disagreements", "statements", "organisations", "places",
    "sources", "citations", "terms", "corrections", "changes",
]  # fmt: skip


def get(client, path, expected=200, /, **query):
    response = client.get(f"/api/v1/{path}", query)
    assert response.status_code == expected, response.content
    return response.json()


def publish_one_of_each(n, word=""):
    """A mission, an event and an article, with something of every list; drafts when a word is given."""
    mission = MissionFactory(slug=f"mission{n}", summary=f"{word}.[^a]")
    organisation = OrganisationFactory(
        key=f"organisation{n}",
        name=f"Organisation {n} {word}",
        parent=OrganisationFactory(key=f"parent{n}", name=word or "Parent"),
    )
    Participation.objects.create(edition=mission, key="p", organisation=organisation, role="lead")
    FigureFactory(edition=mission, source=SourceFactory(title=f"Report {n} {word}", origin=SourceFactory()), note=word)
    StatementFactory(edition=mission, text=f"They said so. {word}")
    Disagreement.objects.create(edition=mission, key="d", question=f"How many? {word}", about="strength-on-entry-1999")
    event = EventFactory(slug=f"event{n}", title=f"Event {word}", place=PlaceFactory(name=f"Place {n} {word}"))
    theme = TermFactory(vocabulary="theme", key=f"theme{n}", name=f"Theme {n} {word}")
    Term.objects.filter(pk=theme.pk).update(source=SourceFactory())
    event.themes.add(theme)
    event.missions.add(mission.record)
    article = ArticleFactory(slug=f"article{n}", body=f"{word}[^a]")
    article.themes.add(theme)
    article.missions.add(mission.record)
    article.events.add(event.record)
    if not word:
        for edition in (mission, event, article):
            published(edition)
