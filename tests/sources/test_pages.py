"""The library, one source with everywhere it is cited, and downloads."""

from __future__ import annotations

import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from editorial import workflow
from sources.models import Source
from tests.factories import (
    CitationFactory,
    EventFactory,
    FigureFactory,
    MissionFactory,
    SourceFactory,
    managing_editor,
    next_edition,
    published,
)

pytestmark = pytest.mark.django_db


def cited(**source):
    """A published mission that cites a source besides its own."""
    mission = MissionFactory(title="Kosovo Force")
    CitationFactory(edition=mission, key="b", source=SourceFactory(**source), locator="p. 12", quote="These words.")
    return published(mission)


def keys(client, query=""):
    return {listed.source.key for listed in client.get(f"/sources/{query}").context["listing"]}


# The library


def test_the_library_holds_what_public_editions_cite(client):
    cited(key="public")
    SourceFactory(key="unused")
    draft = MissionFactory()
    CitationFactory(edition=draft, source=SourceFactory(key="in-a-draft"))
    assert "public" in keys(client)
    assert not keys(client) & {"unused", "in-a-draft"}


@pytest.mark.parametrize(
    "query",
    [
        "?q=handover",
        "?q=everts%20daan",
        "?q=Đorđević",
        "?q=S/2004/348",
        "?type=book",
        "?standing=scholarly",
        "?year=2020",
        "?cited_in=mission&type=book",
    ],
)
def test_the_library_is_narrowed(client, query):
    cited(
        key="everts",
        type="book",
        title="The handover",
        authors=[{"family": "Everts", "given": "Daan"}, {"family": "Đorđević", "given": "Ana"}],
        symbol="S/2004/348",
        standing="scholarly",
        issued="2020-05",
    )
    assert keys(client, query) == {"everts"}


def test_sources_of_figures_are_in_the_library(client):
    event = EventFactory()
    FigureFactory(edition=event, source=SourceFactory(key="of-a-figure"))
    published(event)
    assert "of-a-figure" in keys(client, "?cited_in=event")
    assert keys(client, "?cited_in=article") == set()


def test_a_wrong_filter_is_told_and_passed_over(client):
    cited(key="public")
    response = client.get("/sources/?year=soon&standing=golden")
    assert "public" in {listed.source.key for listed in response.context["listing"]}
    assert set(response.context["form"].errors) == {"year", "standing"}


# One source


def test_a_source_shows_where_it_is_cited_with_place_and_words(client):
    cited(key="res", title="Resolution 1244")
    page = client.get("/sources/res/").content.decode()
    assert "Kosovo Force" in page
    assert "p. 12" in page
    assert "These words." in page


def test_a_source_shows_the_figures_taken_from_it(client):
    mission = MissionFactory(slug="kfor")
    FigureFactory(edition=mission, value=4600, qualifier="about", as_of="2025-03", source=SourceFactory(key="report"))
    published(mission)
    page = client.get("/sources/report/").content.decode()
    assert "about 4,600 persons, March 2025" in page
    assert 'href="/missions/kfor/figures/strength-on-entry-1999/"' in page


def test_a_source_tells_its_standing_its_stake_and_its_status(client):
    cited(
        key="res", standing="primary", stake="party", stake_reason="It was signed by them.",
        status="unreachable", consulted_at="a copy in print", note="Only the summary was seen.",
    )  # fmt: skip
    page = client.get("/sources/res/").content.decode()
    for words in ("Primary", "It was signed by them.", "out of reach", "a copy in print", "Only the summary was seen."):
        assert words in page


def test_what_a_source_draws_on_is_linked_when_it_is_public(client):
    public = SourceFactory(key="public-origin", title="Public origin")
    mission = MissionFactory()
    CitationFactory(edition=mission, key="o", source=public)
    CitationFactory(edition=mission, key="b", source=SourceFactory(key="copy", origin=public))
    hidden = SourceFactory(key="hidden-origin", title="Hidden origin")
    CitationFactory(edition=mission, key="c", source=SourceFactory(key="other", origin=hidden))
    SourceFactory(key="hidden-copy", title="Hidden copy", origin=public)
    published(mission)
    assert "Public origin" in client.get("/sources/copy/").content.decode()
    assert "Hidden origin" not in client.get("/sources/other/").content.decode()
    assert "Hidden copy" not in client.get("/sources/public-origin/").content.decode()


def test_a_source_only_a_draft_cites_has_no_page(client):
    CitationFactory(edition=MissionFactory(), source=SourceFactory(key="hidden"))
    assert client.get("/sources/hidden/").status_code == 404
    assert client.get("/sources/nothing/").status_code == 404


def test_a_source_does_not_name_the_drafts_that_cite_it(client):
    live = cited(key="res")
    next_edition(live.record, title="Title of a draft")
    CitationFactory(edition=MissionFactory(title="Only a draft"), source=Source.objects.get(key="res"))
    page = client.get("/sources/res/").content.decode()
    assert "Title of a draft" not in page
    assert "Only a draft" not in page


def test_a_source_that_only_an_earlier_edition_cites_says_so(client):
    first = cited(key="res", title="Resolution 1244")
    second = next_edition(first.record)
    second.citations.filter(key="b").delete()
    published(second)
    page = client.get("/sources/res/").content.decode()
    assert "Cited in earlier editions only" in page
    assert first.get_absolute_url() in page


def test_what_is_withdrawn_no_longer_counts_as_citing(client):
    mission = cited(key="res")
    workflow.withdraw(mission, by=managing_editor(), reason="It was wrong.")
    response = client.get("/sources/res/")
    assert response.status_code == 200
    assert response.context["uses"] == []


def test_a_source_costs_the_same_however_often_it_is_cited(client):
    cited(key="res")
    source = Source.objects.get(key="res")
    FigureFactory(edition=(mission := MissionFactory()), source=source)
    published(mission)
    with CaptureQueriesContext(connection) as few:
        client.get("/sources/res/")
    for _ in range(3):
        mission = MissionFactory()
        CitationFactory(edition=mission, source=source)
        for _ in range(3):
            FigureFactory(edition=mission, source=source, measure__key="police")
        published(mission)
    with CaptureQueriesContext(connection) as many:
        client.get("/sources/res/")
    assert len(few) == len(many)


# Downloads


def download(client, address):
    response = client.get(address)
    assert response.status_code == 200
    assert "attachment" in response["Content-Disposition"]
    return response.getvalue().decode()


def test_the_library_can_be_downloaded_in_each_format(client):
    cited(key="res", title="Resolution 1244")
    cited(key="second", title="Another")
    bib = download(client, "/sources/export.bib")
    assert "{res," in bib
    assert "\n}\n\n@" in bib
    assert bib.count("\n@") == 3  # two sources, and each mission cites one of its own
    assert download(client, "/sources/export.ris").count("ER  - ") == 4
    assert {"res", "second"} <= {item["id"] for item in json.loads(download(client, "/sources/export.json"))}


def test_a_download_can_be_narrowed_and_holds_no_source_of_a_draft(client):
    cited(key="book", type="book")
    CitationFactory(edition=MissionFactory(), source=SourceFactory(key="hidden", type="book"))
    items = json.loads(download(client, "/sources/export.json?type=book"))
    assert [item["id"] for item in items] == ["book"]


def test_an_empty_download_is_well_formed(client):
    assert json.loads(download(client, "/sources/export.json")) == []
    assert download(client, "/sources/export.bib") == ""


def test_an_unknown_format_is_not_found(client):
    assert client.get("/sources/export.pdf").status_code == 404


def test_a_download_with_a_wrong_filter_is_refused(client):
    response = client.get("/sources/export.bib?year=soon")
    assert response.status_code == 400
    assert "year" in response.content.decode()


def test_a_download_costs_the_same_however_long_it_is(client):
    cited(key="one")
    with CaptureQueriesContext(connection) as few:
        download(client, "/sources/export.bib")
    for number in range(4):
        cited(key=f"more{number}")
    with CaptureQueriesContext(connection) as many:
        download(client, "/sources/export.bib")
    assert len(few) == len(many)
