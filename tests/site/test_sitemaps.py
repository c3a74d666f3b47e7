"""The sitemap: every address meant to be found, and none other."""

from __future__ import annotations

import xml.etree.ElementTree as ET

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from editorial import workflow
from kosovo_peace import sitemaps
from missions.models import Participation
from tests.factories import (
    ArticleFactory,
    CitationFactory,
    EventFactory,
    MissionFactory,
    OrganisationFactory,
    SourceFactory,
    managing_editor,
    published,
)

pytestmark = pytest.mark.django_db

SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


def mission_of(organisation, **fields):
    mission = MissionFactory(**fields)
    Participation(edition=mission, key="lead", organisation=organisation, role="lead").save()
    return mission


def addresses(client, path="/sitemap.xml"):
    response = client.get(path)
    assert response.status_code == 200
    return [element.text for element in ET.fromstring(response.content).iter(f"{SITEMAP}loc")]


def test_every_public_address_is_in_the_sitemap(client, settings):
    mission = mission_of(OrganisationFactory(key="nato"), slug="kfor")
    CitationFactory(edition=mission, source=SourceFactory(key="res"))
    published(mission)
    published(EventFactory(slug="entry"))
    published(ArticleFactory(slug="question"))
    found = addresses(client)
    for path in (
        "/", "/missions/", "/missions/kfor/", "/events/entry/", "/articles/question/",
        "/organisations/nato/", "/sources/res/", "/about/wording/", "/disagreements/",
    ):  # fmt: skip
        assert settings.SITE_URL + path in found
    assert len(found) == len(set(found))


def test_each_address_of_the_sitemap_answers(client, settings):
    published(mission_of(OrganisationFactory(key="nato")))
    for address in addresses(client):
        assert client.get(address.removeprefix(settings.SITE_URL)).status_code == 200, address


def test_drafts_and_what_was_withdrawn_are_not_in_the_sitemap(client):
    mission_of(OrganisationFactory(key="hidden"), slug="draft")
    gone = published(MissionFactory(slug="gone"))
    workflow.withdraw(gone, by=managing_editor(), reason="It was wrong.")
    found = " ".join(addresses(client))
    for word in ("draft", "hidden", "gone"):
        assert word not in found


def test_a_record_says_when_its_edition_was_published(client):
    mission = published(MissionFactory(slug="kfor"))
    text = client.get("/sitemap.xml").content.decode()
    assert f"<lastmod>{mission.published_at:%Y-%m-%d}" in text


def test_a_sitemap_that_outgrows_its_file_is_divided(client, monkeypatch):
    monkeypatch.setattr(sitemaps.SitePart, "limit", 2)
    for number in range(3):
        published(EventFactory(slug=f"event-{number}"))
    parts = addresses(client)
    assert any("sitemap-records.xml?p=2" in part for part in parts)
    second = addresses(client, "/sitemap-records.xml?p=2")
    assert len(second) == 1


@pytest.mark.parametrize("path", ["/sitemap-nothing.xml", "/sitemap-records.xml?p=abc", "/sitemap-records.xml?p=99"])
def test_a_part_that_is_not_there_is_not_found(client, path):
    assert client.get(path).status_code == 404


def test_the_sitemap_costs_the_same_however_long_it_is(client):
    published(mission_of(OrganisationFactory()))
    with CaptureQueriesContext(connection) as few:
        client.get("/sitemap.xml")
    for _ in range(3):
        published(mission_of(OrganisationFactory()))
    with CaptureQueriesContext(connection) as many:
        client.get("/sitemap.xml")
    assert len(few) == len(many)
