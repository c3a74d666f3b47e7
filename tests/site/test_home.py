"""Home, the pages about the site, the public log, and what is said when something is wrong."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import path

from editorial import amendments, workflow
from kosovo_peace import about
from kosovo_peace.urls import urlpatterns as site_urlpatterns
from missions.models import Disagreement, Participation
from sources.models import Source
from tests.factories import (
    EventFactory,
    FigureFactory,
    MissionFactory,
    OrganisationFactory,
    author,
    imported,
    managing_editor,
    next_edition,
    published,
    reviewer,
)

pytestmark = pytest.mark.django_db


def page(client, address):
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


def asked(edition, question, settled="", positions=2):
    Disagreement(
        edition=edition,
        key=f"q{len(question)}",
        question=question,
        settled=settled,
        positions=[{"holder": f"Holder {n}", "text": "This."} for n in range(positions)],
    ).save()
    return edition


# Home


def test_home_stands_while_nothing_is_published(client):
    assert "No mission has been published yet." in page(client, "/")


def test_home_shows_the_missions_with_their_years(client):
    published(MissionFactory(title="Kosovo Force", acronym="KFOR", start="1999-06-12"))
    published(MissionFactory(title="Verification Mission", start="1998-10", end="1999-06-09", status="closed"))
    home = page(client, "/")
    assert home.index("1998–1999") < home.index("Verification Mission") < home.index("Kosovo Force")


def test_home_shows_the_latest_events_and_changes(client):
    published(EventFactory(title="Entry of a force", date="1999-06-12"))
    minor = published(EventFactory(title="Later", date="2008-02-17"))
    edition = next_edition(minor.record, title="Later still")
    edition.minor = True
    edition.save()
    published(edition)
    response = client.get("/")
    assert [event.title for event in response.context["events"]] == ["Later still", "Entry of a force"]
    assert [change.label for change in response.context["changes"]] == ["Later", "Entry of a force"]


def test_home_asks_open_questions_but_counts_no_dead(client):
    mission = asked(MissionFactory(), "On which day did it begin?")
    asked(mission, "How many civilians were killed in the whole of that year?")
    asked(mission, "Was it one mission?", settled="By the decision itself.")
    published(mission)
    published(asked(asked(MissionFactory(), "Who came first?"), "Who came, and from where?", positions=3))
    shown = [entry.question for entry in client.get("/").context["open_questions"]]
    assert shown == ["Who came, and from where?", "On which day did it begin?"]


def test_home_draws_missions_as_lanes_and_the_strength_of_those_that_are_named(client):
    force = MissionFactory(slug="kfor", title="Kosovo Force", acronym="KFOR", start="1999-06-12", status="running")
    nato = OrganisationFactory(key="nato", name="Alliance")
    Participation(edition=force, key="lead", organisation=nato, role="lead").save()
    for year, value in ((1999, 42000), (2001, 38000), (2002, 32000)):
        FigureFactory(edition=force, key=f"f{year}", fact=f"strength-{year}", value=value, as_of=f"{year}-07")
    published(force)
    published(MissionFactory(start="1998-10", end="1999-06", status="closed", peace_mission=False))
    response = client.get("/")
    before, now = response.context["lanes"].lanes
    assert (before.is_known, now.is_known, now.series) == (True, True, "nato")
    assert before.at < before.at + before.length < 30
    assert now.at + now.length == pytest.approx(100, abs=0.1)
    assert [line.name for line in response.context["together"].lines] == ["KFOR, military personnel"]
    assert 'href="/missions/kfor/figures/strength-2001/"' in response.content.decode()


def test_home_shows_nothing_of_drafts(client):
    asked(MissionFactory(title="Only a draft"), "A question of a draft?")
    live = published(MissionFactory(title="Kosovo Force"))
    next_edition(live.record, title="Next title")
    home = page(client, "/")
    for words in ("Only a draft", "A question of a draft?", "Next title"):
        assert words not in home


def test_home_costs_the_same_however_much_there_is(client):
    def more(number):
        published(asked(MissionFactory(), f"Question {'x' * number}?"))
        published(EventFactory())

    more(1)
    with CaptureQueriesContext(connection) as few:
        page(client, "/")
    for number in range(2, 5):
        more(number)
    with CaptureQueriesContext(connection) as many:
        page(client, "/")
    assert len(few) == len(many)


# About


def test_each_page_about_the_site_stands_and_is_named_at_the_foot_of_every_page(client):
    foot = page(client, "/about/").partition("<footer")[2]
    for name in about.PAGES:
        address = f"/about/{name}/"
        assert f'href="{address}"' in foot
        assert "<h1>" in page(client, address)


def test_editors_are_named_with_what_they_wrote_and_checked_in_public(client):
    imported(MissionFactory())
    assert "No editor has written or checked a public edition yet" in page(client, "/about/editors/")
    ana, ben = author(public_name="Ana"), reviewer(public_name="Ben")
    event = published(EventFactory(by=ana), by=ben)
    published(next_edition(event.record, by=ben), by=reviewer(public_name="Cem"))
    next_edition(event.record, by=author(public_name="Only in a draft"))
    response = client.get("/about/editors/")
    named = [(editor.name, editor.wrote, editor.checked) for editor in response.context["editors"]]
    assert named == [("Ana", 1, 0), ("Ben", 1, 1), ("Cem", 0, 1)]
    assert response.context["founding"] == 1


def test_the_page_on_the_licence_shows_how_the_latest_edition_is_cited(client):
    assert "The edition published last" not in page(client, "/about/licence/")
    published(EventFactory(title="Entry of a force", slug="entry"))
    assert "/events/entry/editions/1/" in page(client, "/about/licence/")


def test_the_wording_page_shows_the_rules(client):
    wording = page(client, "/about/wording/")
    for words in ("1244 (1999)", "22 July 2010", "Roma, Ashkali and Egyptian", "crossing point", "never add them up"):
        assert words in wording


def test_the_method_page_gives_the_order_of_names_and_its_reason(client):
    assert "alphabet of the languages" in page(client, "/about/method/")


# The public log


def test_the_log_tells_everything_that_happened_in_public(client):
    mission = published(MissionFactory(title="Kosovo Force"))
    edition = next_edition(mission.record)
    edition.minor = True
    edition.change_note = "A comma."
    edition.save()
    published(edition)
    source = Source.objects.get(citations__edition=edition)
    changed = Source.objects.get(pk=source.pk)
    changed.title = "Its right title"
    amendment = amendments.propose(source, changed, by=author(), reason="It was misprinted.")
    amendments.confirm(amendment, by=reviewer())
    edition.refresh_from_db()
    workflow.withdraw(edition, by=managing_editor(), reason="It was wrong.")
    log = page(client, "/changes/")
    for words in (
        "edition 1 published",
        "edition 2 published",
        "minor change",
        "A comma.",
        "It was misprinted.",
        "It was wrong.",
    ):
        assert words in log
    assert [change.serial for change in client.get("/changes/").context["listing"]] == [4, 3, 2, 1]


def test_the_log_knows_nothing_of_drafts(client):
    MissionFactory(title="Only a draft")
    assert "Only a draft" not in page(client, "/changes/")


# Small files


def test_robots_keeps_crawlers_out_of_the_editors_rooms(client, settings):
    text = page(client, "/robots.txt")
    assert "Disallow: /admin/" in text
    assert f"Sitemap: {settings.SITE_URL}/sitemap.xml" in text


def test_there_is_an_icon_where_browsers_look_for_it(client):
    response = client.get("/favicon.ico")
    assert response["Content-Type"] == "image/x-icon"
    assert response.content[:4] == b"\x00\x00\x01\x00"


# When something is wrong


def break_down(request):
    raise RuntimeError("It broke.")


urlpatterns = [path("broken/", break_down), *site_urlpatterns]


def test_an_unknown_address_offers_the_ways_on(client):
    response = client.get("/nothing/here/")
    assert response.status_code == 404
    text = response.content.decode()
    assert "There is nothing at this address" in text
    assert "noindex" in text
    assert "/missions/" in text


@pytest.mark.parametrize("address", ["/%00/", "/missions/%ff/", "/missions/?q=%ff"])
def test_an_address_that_is_no_text_is_refused_with_a_page(client, address):
    response = client.get(address)
    assert response.status_code in (400, 404)
    assert "<h1>" in response.content.decode()


@pytest.mark.urls("tests.site.test_home")
def test_a_breakdown_shows_a_page_that_needs_nothing():
    with CaptureQueriesContext(connection) as captured:
        response = Client(raise_request_exception=False).get("/broken/")
    assert response.status_code == 500
    text = response.content.decode()
    assert "Something went wrong on our side" in text
    assert "style=" not in text
    assert "It broke." not in text
    assert len(captured) == 0
