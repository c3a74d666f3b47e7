"""The record that the browser tests look at."""

from __future__ import annotations

import os

import pytest

from tests.factories import (
    ArticleFactory,
    CitationFactory,
    EventFactory,
    FigureFactory,
    MissionFactory,
    OrganisationFactory,
    PlaceFactory,
    StatementFactory,
    TermFactory,
    next_edition,
    published,
    reported,
)

if os.environ.get("STACK"):
    # These take the place of those the tests have otherwise.
    from tests.browser.on_the_stack import (  # noqa: F401
        as_the_tests_set_it,
        browsers_wait,
        live_server,
        nothing_is_known_from_before,
        passwords_hashed_quickly,
    )


@pytest.fixture(autouse=True)
def windows_are_closed(browser):
    """What a test leaves open would go on asking the site during the next ones."""
    yield
    for context in browser.contexts:
        context.close()


@pytest.fixture
def record():
    """A mission with a row of nearly every kind, two editions, and an event and an article that name it."""
    mission = MissionFactory(
        slug="kfor",
        acronym="KFOR",
        name_sq="Forca e Kosovës",
        name_sr_latn="Kosovske snage",
        name_sr_cyrl="Косовске снаге",
        headquarters="Pristina",
        mandate="It was to keep a safe environment.[^a]",
        body=(
            "## What it was\n\nIt was a force.[^a] It grew.[^a][^b]\n\n### How it grew\n\n- First[^b]\n- Then\n\n"
            "| Year | Troops |\n|---|---:|\n| 1999 | 50,000[^b] |\n\n## What became of it\n\nIt stayed.[^a]"
        ),
    )
    CitationFactory(edition=mission, key="b", supports="headquarters", quote="Some 50,000 soldiers.", locator="")
    for key, value, fact, day in (
        ("entry-nato", 50000, "strength-on-entry-1999", "1999-06"),
        ("entry-un", 42000, "strength-on-entry-1999", "1999-06"),
        ("strength-2008", 15900, "strength-2008", "2008"),
        ("strength-2020", 3500, "strength-2020", "2020-03-12"),
    ):
        FigureFactory(edition=mission, key=key, value=value, fact=fact, as_of=day)
    FigureFactory(
        edition=mission, key="italy", fact="italy-1999", value=4000, country="IT", as_of="1999-06", part_of="entry-nato"
    )
    mission.disagreements.create(
        key="entry",
        about="strength-on-entry-1999",
        question="How many soldiers came in?",
        positions=[
            {"holder": "NATO", "text": "50,000", "cites": ["a"]},
            {"holder": "UN", "text": "42,000", "cites": ["b"]},
        ],
        cites="a",
    )
    StatementFactory(edition=mission, role="Secretary General", date="1999-06-10")
    mission.participations.create(
        key="nato", organisation=OrganisationFactory(key="nato", name="NATO"), role="lead", cites="a"
    )
    mission.objectives.create(key="o", text="Deter new hostilities.", cites="a")
    mission.instruments.create(
        key="i", title="Resolution 1244", symbol="S/RES/1244", date="1999-06-10", effect="establishes", cites="a"
    )
    mission.phases.create(key="p", title="Entry", start="1999-06", end="1999-09", cites="a")
    mission.leaders.create(key="l", person="Mike Jackson", role="Commander", start="1999-06", cites="a")
    mission.classifications.create(
        key="c", term=TermFactory(vocabulary="regional-group", key="eastern-europe"), basis="source", cites="a"
    )
    mission.responsibilities.create(key="r", task=TermFactory(vocabulary="task", key="border"), start="1999", cites="a")
    other = published(
        MissionFactory(
            slug="allied-force",
            title="Operation Allied Force",
            peace_mission=False,
            status="closed",
            start="1999-03-24",
            end="1999-06-10",
        )
    )
    mission.relations.create(key="af", record=other.record, kind="other", cites="a")
    published(mission)

    theme = TermFactory(vocabulary="theme", key="security")
    event = EventFactory(slug="entry-1999", place=PlaceFactory(latitude="42.66", longitude="21.16"))
    event.missions.add(mission.record)
    event.themes.add(theme)
    published(event)
    article = ArticleFactory(slug="origins")
    article.missions.add(mission.record)
    article.themes.add(theme)
    published(article)

    published(next_edition(mission.record, body=mission.body + "\n\nIt is there.[^a]"), note="It is still there.")
    reported(mission.record, state="declined", public_answer="It is right.")
    return mission.record
