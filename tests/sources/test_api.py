"""Sources and citations in the API."""

from __future__ import annotations

import pytest

from tests.factories import CitationFactory, FigureFactory, MissionFactory, SourceFactory, published

pytestmark = pytest.mark.django_db


def get(client, path, expected=200, /, **query):
    response = client.get(f"/api/v1/{path}", query)
    assert response.status_code == expected, response.content
    return response.json()


@pytest.fixture
def mission():
    """A published mission that cites `thaqi`, which draws on a source nobody cites."""
    draft = MissionFactory(slug="kfor")
    hidden = SourceFactory(key="hidden", title="Nobody cites this")
    source = SourceFactory(
        key="thaqi", title="What he saw", authors=[{"family": "Thaçi", "given": "A."}], issued="2001-05",
        standing="news", origin=hidden, publisher="", url="https://example.org/1",
    )  # fmt: skip
    CitationFactory(edition=draft, key="b", source=source, quote="The words.", supports="start status", locator="p. 4")
    FigureFactory(edition=draft, source=SourceFactory(key="only-figures"))
    return published(draft)


def test_the_library_has_what_public_editions_cite(client, mission):
    keys = {row["key"] for row in get(client, "sources/")["results"]}
    assert {"thaqi", "only-figures"} < keys
    assert "hidden" not in keys
    get(client, "sources/hidden/", 404)


def test_a_source_is_written_out_and_leads_to_where_it_is_cited(client, mission):
    source = get(client, "sources/thaqi/")

    assert source["as_printed"].startswith("A. Thaçi")
    assert source["authors"] == [{"family": "Thaçi", "given": "A."}]
    assert source["issued"] == {"value": "2001-05", "precision": "month"}
    assert source["stake"] is None
    assert source["origin"] is None  # what it draws on is not public
    assert source["url"] == "https://example.org/1"
    cited = client.get(source["citations"].split("8000")[1]).json()["results"]
    assert [row["key"] for row in cited] == ["b"]


def test_sources_are_narrowed_by_words_kind_and_date(client, mission):
    def keys(**query):
        return [row["key"] for row in get(client, "sources/", **query)["results"]]

    assert keys(q="thaçi saw") == ["thaqi"]
    assert keys(standing="news,ngo") == ["thaqi"]
    assert keys(issued_after="2001") == ["thaqi"]
    assert "thaqi" not in keys(issued_before="2000")
    assert keys(status="retracted") == []
    problem = get(client, "sources/", 400, standing="gossip")
    assert "primary, official" in problem["errors"][0]["detail"]


def test_citations_say_who_cites_what_and_where_in_it(client, mission):
    (row,) = get(client, "citations/", record="mission/kfor", source="thaqi")["results"]

    assert row["record"]["slug"] == "kfor"
    assert row["source"]["key"] == "thaqi"
    assert (row["locator"], row["quote"]) == ("p. 4", "The words.")
    assert row["supports"] == ["start", "status"]
    assert row["checked"] == "not-opened"
    assert get(client, "citations/", checked="compared")["results"] == []
    problem = get(client, "citations/", 400, source="hidden")
    assert problem["errors"][0]["attr"] == "source"
