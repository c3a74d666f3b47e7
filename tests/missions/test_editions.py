"""The history of a record, its permanent editions, and what differs between two."""

import hashlib

import pytest

from editorial import workflow
from missions.models import Mission
from sources.models import Source
from tests.factories import (
    FigureFactory,
    MissionFactory,
    managing_editor,
    next_edition,
    published,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def two_editions():
    """KFOR's editions 1 and 2; the second has another figure and another sentence."""
    first = MissionFactory(slug="kfor", body="There were 42,000 troops.[^a]")
    FigureFactory(edition=first, key="f1", value=42000)
    published(first)
    second = next_edition(first.record, body="There were 50,000 troops.[^a]")
    second.figures.update(value=50000)
    published(second, note="The figure was wrong.")
    return first, second


def test_the_history_lists_all_editions_newest_first_with_people_and_hashes(client, two_editions):
    first, second = two_editions

    page = client.get("/missions/kfor/editions/").content.decode()

    assert page.index("Edition 2") < page.index(first.sha256)
    for words in (second.sha256, "The figure was wrong.", first.written_by, first.checked_by):
        assert words in page


def test_an_edition_keeps_its_address_and_says_that_it_was_superseded(client, two_editions):
    page = client.get("/missions/kfor/editions/1/").content.decode()

    assert "42,000 troops" in page
    assert "50,000 troops" not in page
    assert "superseded on" in page
    assert two_editions[0].sha256 in page


def test_the_frozen_text_has_the_hash_the_page_says(client, two_editions):
    answer = client.get("/missions/kfor/editions/1.json")

    assert answer["Content-Type"] == "application/json; charset=utf-8"
    assert hashlib.sha256(answer.content).hexdigest() == two_editions[0].sha256


def test_the_difference_tells_evidence_from_words(client, two_editions):
    page = client.get("/missions/kfor/editions/1..2/").content.decode()

    evidence, words = page.split("In the words")
    for mark in ("<del", "42,000", "50,000", "Figure: Military personnel"):
        assert mark in evidence
    for mark in ("<del", "42"):
        assert mark in words


def test_a_source_amended_later_is_shown_as_it_was_cited_then(client, two_editions):
    source = two_editions[0].citations.get().source
    Source.objects.filter(pk=source.pk).update(title="A better title")

    page = client.get("/missions/kfor/editions/1/").content.decode()

    assert "A better title" in page
    assert "Cited then as:" in page
    assert source.title in page


@pytest.mark.parametrize(
    "address", ["editions/3/", "editions/3.json", "editions/1..3/", "editions/2..1/", "editions/1..1/"]
)
def test_editions_that_are_not_there_are_clear_404s(client, two_editions, address):
    assert client.get(f"/missions/kfor/{address}").status_code == 404


@pytest.mark.parametrize("number", ["0", "9" * 30, "-1", "abc", "1%00", "%ff"])
def test_nonsense_for_a_number_is_never_a_500(client, two_editions, number):
    assert client.get(f"/missions/kfor/editions/{number}/").status_code in (400, 404)


def test_drafts_have_no_history(client):
    MissionFactory(slug="kfor")

    assert client.get("/missions/kfor/editions/").status_code == 404
    assert client.get("/missions/kfor/editions/1/").status_code == 404


def test_a_suppressed_edition_is_gone_with_its_cause_and_hash_and_so_is_what_differs(client, two_editions):
    first, _ = two_editions
    workflow.suppress(first, by=managing_editor(), reason="Court order 12/26.")

    for address in ("editions/1/", "editions/1.json", "editions/1..2/"):
        answer = client.get(f"/missions/kfor/{address}")
        assert answer.status_code == 410
        assert "Court order 12/26." in answer.content.decode()
        assert "42,000" not in answer.content.decode()
    history = client.get("/missions/kfor/editions/").content.decode()
    assert "Court order 12/26." in history
    assert first.sha256 in history


def test_former_addresses_lead_to_the_same_page_of_the_renamed_record(client, two_editions):
    workflow.rename(two_editions[0].record, "kosovo-force", by=managing_editor())

    for page in ("", "editions/", "editions/1/", "editions/1.json", "editions/1..2/", "figures/"):
        answer = client.get(f"/missions/kfor/{page}")
        assert (answer.status_code, answer["Location"]) == (301, f"/missions/kosovo-force/{page}")


def test_the_history_takes_the_same_number_of_queries_however_long_it_is(
    client, two_editions, django_assert_max_num_queries
):
    record = Mission.objects.first().record
    for _ in range(4):
        published(next_edition(record))

    with django_assert_max_num_queries(8):
        client.get("/missions/kfor/editions/")


def test_log_in_names_are_never_shown(client):
    mission = MissionFactory(slug="kfor")
    mission.contributors.update(public_name="", first_name="", last_name="")
    published(mission)

    page = client.get("/missions/kfor/").content.decode()

    assert mission.contributors.get().username not in page
    assert "an editor" in page


def test_the_history_says_what_the_checker_looked_at(client):
    mission = MissionFactory(slug="checked", body="It was a force.[^a] There were 50,000 troops.")
    published(mission)
    text = " ".join(client.get("/missions/checked/editions/").text.split())
    assert "Citations compared with the source: 0 of 1." in text
    assert "Sentences without a source that the checker looked at and let stand: 1." in text
