"""What a reader chooses stands in the address: lists, search and comparison in a real browser, and the way back."""

from __future__ import annotations

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from tests.browser.test_main_pages import axe_findings, follow, watch
from tests.factories import EventFactory, published

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def troubles(page):
    page.set_default_timeout(10_000)
    found: list[str] = []
    watch(page, found)
    return found


def query(page):
    return page.url.partition("?")[2]


def test_events_are_narrowed_and_back_shows_what_was_there_and_chosen(page, live_server, record, troubles):
    published(EventFactory(slug="march-2004", title="Violence in March", date="2004-03-17"))
    page.goto(live_server.url + reverse("event-list"))
    events, year = page.locator(".timeline h3"), page.get_by_label("Year", exact=True)
    expect(events).to_have_count(2)

    year.fill("2004")
    follow(page, page.get_by_role("button", name="Show"))
    assert "year=2004" in query(page)
    expect(events).to_have_text(["Violence in March"])
    expect(page.get_by_text("1 event found")).to_be_visible()

    year.fill("nineteen")
    page.get_by_label("Theme").select_option(label="security")
    follow(page, page.get_by_role("button", name="Show"))
    expect(events).to_have_text(["Entry of a force"])
    expect(page.get_by_role("alert")).to_be_visible()
    expect(year).to_have_value("nineteen")
    assert axe_findings(page) == []

    page.go_back()
    expect(events).to_have_text(["Violence in March"])
    expect(year).to_have_value("2004")
    expect(page.get_by_label("Theme")).to_have_value("")
    follow(page, page.get_by_role("link", name="Show all", exact=True))
    expect(events).to_have_count(2)
    expect(year).to_have_value("")
    assert troubles == []


def test_a_search_is_narrowed_by_its_facets_and_widened_again(page, live_server, record, troubles):
    page.goto(live_server.url + reverse("home"))
    page.get_by_role("searchbox").first.fill("force")
    page.keyboard.press("Enter")
    found = page.locator(".hits h3")
    expect(found.first).to_be_visible()
    everything = found.all_inner_texts()
    facets = page.get_by_role("navigation", name="Narrow")

    follow(page, facets.get_by_role("link", name="Events"))
    assert set(query(page).split("&")) == {"q=force", "kind=event"}
    expect(found).to_have_text(["Entry of a force"])
    expect(facets.locator("[aria-current]")).to_contain_text("Events")
    expect(page.get_by_label("Kind")).to_have_value("event")
    assert axe_findings(page) == []

    follow(page, found.get_by_role("link"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Entry of a force")
    page.go_back()
    expect(found).to_have_text(["Entry of a force"])
    follow(page, facets.get_by_role("link", name="Events"))
    assert query(page) == "q=force"
    expect(found).to_have_text(everything)
    page.go_back()
    page.go_back()
    assert troubles == []


def test_missions_are_set_side_by_side_and_back_shows_the_others(page, live_server, record, troubles):
    page.goto(live_server.url + reverse("mission-list"))
    page.get_by_text("Compare missions").click()
    first, second = page.get_by_label("Mission 1"), page.get_by_label("Mission 2")
    first.select_option("kfor")
    follow(page, page.get_by_role("button", name="Compare"))
    expect(page.get_by_text("A comparison needs two missions")).to_be_visible()
    expect(first).to_have_value("kfor")

    second.select_option("allied-force")
    follow(page, page.get_by_role("button", name="Compare"))
    missions = page.locator("#compare-what ~ * thead a")
    expect(missions).to_have_text(["Kosovo Force", "Operation Allied Force"])
    first.select_option("allied-force")
    second.select_option("kfor")
    follow(page, page.get_by_role("button", name="Compare"))
    expect(missions).to_have_text(["Operation Allied Force", "Kosovo Force"])

    page.go_back()
    expect(missions).to_have_text(["Kosovo Force", "Operation Allied Force"])
    expect(first).to_have_value("kfor")
    expect(second).to_have_value("allied-force")
    assert troubles == []
