"""The feeds of changes and of corrections."""

from __future__ import annotations

import datetime
import xml.etree.ElementTree as ET

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from editorial import workflow
from editorial.corrections import deciding
from tests.factories import EventFactory, MissionFactory, author, managing_editor, next_edition, published, reported

pytestmark = pytest.mark.django_db

ATOM = "{http://www.w3.org/2005/Atom}"


def entries(client, address="/changes/feed/"):
    response = client.get(address)
    assert response["Content-Type"].startswith("application/atom+xml")
    return ET.fromstring(response.content).findall(f"{ATOM}entry")


def titles(client):
    return [entry.findtext(f"{ATOM}title") for entry in entries(client)]


def test_an_empty_feed_is_well_formed(client):
    assert entries(client) == []


def test_a_feed_without_entries_is_as_old_as_what_was_last_made_public(client):
    change = published(EventFactory()).changes.get()
    feed = ET.fromstring(client.get("/corrections/feed/").content)
    assert feed.findall(f"{ATOM}entry") == []
    assert datetime.datetime.fromisoformat(feed.findtext(f"{ATOM}updated")) == change.at


def test_what_became_public_is_in_the_feed_newest_first(client, settings):
    published(EventFactory(title="Entry of a force"))
    mission = published(MissionFactory(slug="kfor", title="Kosovo & Force"))
    workflow.withdraw(mission, by=managing_editor(), reason="It was wrong.")
    assert titles(client) == [
        "Kosovo & Force: withdrawn",
        "Kosovo & Force: edition 1 published",
        "Entry of a force: edition 1 published",
    ]
    link = entries(client)[1].find(f"{ATOM}link").get("href")
    assert link == f"{settings.SITE_URL}/missions/kfor/editions/1/"


def test_minor_changes_and_drafts_stay_out_of_the_feed(client):
    mission = published(MissionFactory(title="Kosovo Force"))
    edition = next_edition(mission.record)
    edition.minor = True
    edition.save()
    published(edition)
    MissionFactory(title="Only a draft")
    assert titles(client) == ["Kosovo Force: edition 1 published"]


def test_each_entry_has_an_id_of_its_own_that_stays(client):
    mission = published(MissionFactory())
    before = [entry.findtext(f"{ATOM}id") for entry in entries(client)]
    published(next_edition(mission.record))
    after = [entry.findtext(f"{ATOM}id") for entry in entries(client)]
    assert after[1:] == before
    assert len(set(after)) == 2


def test_the_feed_costs_the_same_however_long_it_is(client):
    published(MissionFactory())
    with CaptureQueriesContext(connection) as few:
        entries(client)
    for _ in range(3):
        published(EventFactory())
    with CaptureQueriesContext(connection) as many:
        entries(client)
    assert len(few) == len(many)


CORRECTIONS = "/corrections/feed/"


def told(client):
    """(id, title, summary) of the entries about corrections."""
    return [
        tuple(entry.findtext(f"{ATOM}{name}") for name in ("id", "title", "summary"))
        for entry in entries(client, CORRECTIONS)
    ]


def test_the_feed_of_corrections_has_answered_reports_and_corrections_each_under_an_id_that_stays(client, settings):
    mission = published(MissionFactory(slug="kfor", title="Kosovo & Force"))
    published(next_edition(mission.record, change_note="Something new."))
    report = reported(mission.record, message="Private words.", subject_label="Kosovo & Force")
    reported(mission.record, is_spam=True)
    assert told(client) == []
    deciding.confirm(report, by=author())
    one = f"{settings.SITE_URL}/corrections/{report.number}/"
    assert told(client) == [(one, f"Report {report.number}, about Kosovo & Force: confirmed: we are correcting it", "")]

    deciding.decline(report, by=author(), answer="The source says so.")
    draft = next_edition(mission.record, change_kind="correction", change_note="Edition 2 was wrong.")
    published(draft)

    assert told(client) == [
        (
            f"{settings.SITE_URL}/missions/kfor/editions/3/",
            "Kosovo & Force: corrected in edition 3",
            "Edition 2 was wrong.",
        ),
        (one, f"Report {report.number}, about Kosovo & Force: declined", "The source says so."),
    ]
    with CaptureQueriesContext(connection) as queries:
        told(client)
    for _ in range(3):
        reported(mission.record, state="declined")
    with CaptureQueriesContext(connection) as many:
        assert len(told(client)) == 5
    assert len(queries) == len(many) == 2


def test_the_feed_of_corrections_is_linked_from_the_ledger(client):
    page = client.get("/corrections/").content.decode()
    assert page.count('href="/corrections/feed/"') == 2
