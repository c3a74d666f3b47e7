"""The page about quality, and the editors' list of the weakest records."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from missions.models import Disagreement
from missions.pages import live_edition, record_page
from missions.quality import by_kind, qualities
from sources.models import Source
from tests.factories import (
    ArticleFactory,
    CitationFactory,
    EventFactory,
    FigureFactory,
    MissionFactory,
    SourceFactory,
    StatementFactory,
    TermFactory,
    author,
    imported,
    next_edition,
    published,
)

pytestmark = pytest.mark.django_db
PAGE, DESK = "/about/quality/", "/admin/quality/"
TERTIARY = Source.Standing.TERTIARY


@pytest.fixture
def encyclopaedia():
    return SourceFactory(key="encyclopaedia", standing=TERTIARY)


@pytest.fixture
def few_records(encyclopaedia):
    """A mission, an event and an article with evidence of every sort, all public, and a draft that counts nowhere."""
    mission = MissionFactory(slug="kfor", title="Kosovo Force", start="1999-06-12")
    CitationFactory(edition=mission, key="b", supports="start status", source=encyclopaedia, locator="")
    compared = {"checked": "compared", "checked_by": "Ana", "checked_on": "2026-01-02"}
    FigureFactory(edition=mission, key="f", fact="strength", value=50000, locator="p. 3", **compared)
    FigureFactory(edition=mission, key="g", fact="strength", value=42000, source=SourceFactory(standing="news"))
    asked = {"edition": mission, "question": "How many came?"}
    Disagreement(key="d", about="strength", **asked).save()
    Disagreement(key="s", about="start", cites="b", settled="By the decision.", **asked).save()
    published(mission)
    published(next_edition(mission.record))
    event = EventFactory(slug="entry", summary="Ten died.[^w] It was night.[^w] Two died.[^a][^w]")
    CitationFactory(edition=event, key="w", source=encyclopaedia)
    imported(event)
    article = ArticleFactory(slug="origins")
    StatementFactory(edition=article, key="said", cites="")
    published(article)
    StatementFactory(edition=ArticleFactory(), cites="")


def test_facts_are_counted_by_kind_as_at_the_foot_of_each_page(client, few_records):
    mission, event, article, everything = by_kind(qualities())
    # Kind, status, start; two disagreements, one of them about figures; two figures.
    assert vars(mission.meter) == {
        "facts": 7, "with_source": 6, "with_primary": 2, "with_locator": 2, "compared": 2, "tertiary_alone": 3,
    }  # fmt: skip
    assert (event.meter.facts, event.meter.with_source, event.kind) == (2, 0, "event")
    assert (article.meter.facts, article.meter.with_source) == (1, 0)
    assert (everything.records, everything.meter.facts) == (3, 10)
    assert (event.on_tertiary_alone, event.grave_on_tertiary_alone) == (2, 1)
    for kind, slug, counted in (
        ("mission", "kfor", mission),
        ("event", "entry", event),
        ("article", "origins", article),
    ):
        assert record_page(live_edition(kind, slug)).meter == counted.meter


def test_the_page_says_what_is_weak(client, few_records, encyclopaedia):
    encyclopaedia.status = Source.Status.UNREACHABLE
    encyclopaedia.save()

    response = client.get(PAGE)
    context = response.context

    assert (context["records"], context["editions"], context["unchecked"]) == (3, 4, 1)
    citations, figures = context["evidence"]
    assert (citations.total, citations.with_locator, figures.total, figures.compared) == (5, 4, 2, 1)
    assert [(share.what, share.count, share.per_cent) for share in context["ages"] if share.count] == [
        ("more than 20 years ago", 2, 100)
    ]
    assert [str(present.mission) for present in context["running"]] == ["Kosovo Force"]
    assert context["questions"] == {"total": 2, "settled": 1, "open": 1}
    assert [source.key for source in context["out_of_reach"]["shown"]] == ["encyclopaedia"]
    text = " ".join(response.content.decode().split())
    assert "No figure after June 1999 for all its personnel in place was found in the sources searched." in text
    assert "1 of these sentences, as found by a list of words" in text
    assert '6 <span class="quiet">(60%)</span>' in text  # facts with a source, of all
    assert "No report has been decided on yet" in text


def test_page_and_list_cost_the_same_however_much_there_is(client, few_records):
    client.force_login(author())

    def costs() -> list[int]:
        found = []
        for address in (PAGE, DESK):
            with CaptureQueriesContext(connection) as queries:
                assert client.get(address).status_code == 200
            found.append(len(queries))
        return found

    before = costs()
    mission = MissionFactory(start="2001")
    FigureFactory(edition=mission, measure=TermFactory(key="police"))
    published(mission)
    published(EventFactory())
    assert costs() == before


def test_nothing_published_is_no_mistake(client):
    assert "Nothing has been published yet" in client.get(PAGE).content.decode()
    client.force_login(author())
    assert "Nothing has been published yet" in client.get(DESK).content.decode()


def test_editors_see_the_weakest_records_first_or_in_the_order_of_a_column(client, few_records):
    assert client.get(DESK).status_code == 302
    client.force_login(author())

    def shown(query: str = "") -> list[str]:
        return [line.quality.edition.record.slug for line in client.get(DESK + query).context["lines"]]

    # Deaths on an encyclopaedia alone come before everything else.
    assert shown() == ["entry", "kfor", "origins"]
    assert shown("?by=open") == ["kfor", "entry", "origins"]
    assert shown("?by=nonsense&p=9999") == shown()
    page = client.get(f"{DESK}?by=unsourced").content.decode()
    assert reverse("admin:missions_event_change", args=[live_edition("event", "entry").pk]) in page
    assert 'aria-sort="descending"' in page
    assert DESK in client.get("/admin/").content.decode()
