"""The feed of changes."""

from __future__ import annotations

import xml.etree.ElementTree as ET

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from editorial import workflow
from tests.factories import EventFactory, MissionFactory, managing_editor, next_edition, published

pytestmark = pytest.mark.django_db

ATOM = "{http://www.w3.org/2005/Atom}"


def entries(client):
    response = client.get("/changes/feed/")
    assert response["Content-Type"].startswith("application/atom+xml")
    return ET.fromstring(response.content).findall(f"{ATOM}entry")


def titles(client):
    return [entry.findtext(f"{ATOM}title") for entry in entries(client)]


def test_an_empty_feed_is_well_formed(client):
    assert entries(client) == []


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
