"""The reader's choices, what is folded, and the list of contents, in a real browser."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse
from playwright.sync_api import expect

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

# What stands on the root at the moment when the page begins to have a body, and so before anything is painted.
AT_FIRST = """
new MutationObserver((_, observer) => {
  if (!document.body) return;
  window.atFirst = { ...document.documentElement.dataset };
  observer.disconnect();
}).observe(document, { childList: true, subtree: true });
"""
GROUND = "getComputedStyle(document.body).backgroundColor"


def test_a_reader_s_choices_are_kept_and_stand_before_the_first_paint(page, live_server, record):
    page.add_init_script(AT_FIRST)
    page.emulate_media(color_scheme="light")
    page.goto(live_server.url + record.get_absolute_url())
    light = page.evaluate(GROUND)
    albanian, serbian = page.locator(".forms [lang=sq]"), page.locator(".forms [lang=sr-Latn]")
    expect(serbian).to_be_visible()
    page.get_by_label("Light", exact=True).select_option("dark")
    page.get_by_label("Text", exact=True).select_option("l")
    page.get_by_label("Names in other languages").select_option("sq")

    page.goto(live_server.url + record.get_absolute_url())

    assert page.evaluate("window.atFirst") == {"script": "", "light": "dark", "size": "l", "names": "sq"}
    assert page.evaluate(GROUND) != light
    assert page.evaluate("getComputedStyle(document.documentElement).fontSize") == "20px"
    expect(albanian).to_be_visible()
    expect(serbian).to_be_hidden()
    expect(page.get_by_label("Text", exact=True)).to_have_value("l")
    page.get_by_label("Light", exact=True).select_option("")
    assert page.evaluate(GROUND) == light


def test_a_link_and_print_open_what_is_folded_and_the_contents_follow(page, live_server, record):
    page.set_viewport_size({"width": 1400, "height": 700})
    page.goto(live_server.url + record.get_absolute_url())
    panel = page.locator("details.differ").first
    inside = panel.locator("p").first
    expect(inside).to_be_hidden()
    page.emulate_media(media="print")
    expect(inside).to_be_visible()
    page.emulate_media(media="screen")
    expect(inside).to_be_hidden()

    page.goto(live_server.url + record.get_absolute_url() + "#" + panel.get_attribute("id"))
    expect(inside).to_be_visible()
    expect(inside).to_be_in_viewport()
    contents = page.get_by_role("navigation", name="Contents")
    for part in ("Who led it", "What was said of it"):
        contents.get_by_role("link", name=part).click()
        expect(contents.locator("[aria-current]")).to_have_text(part)
    expect(contents).to_be_in_viewport()


def test_without_script_a_page_is_whole_and_says_what_needs_it(browser, live_server, record):
    page = browser.new_context(java_script_enabled=False, viewport={"width": 360, "height": 740}).new_page()
    page.goto(live_server.url + record.get_absolute_url())

    expect(page.get_by_text("Text size, names and light or dark can be chosen")).to_be_visible()
    expect(page.get_by_label("Text", exact=True)).to_be_hidden()
    menu = page.get_by_role("navigation", name="Main")
    expect(menu.get_by_role("link", name="Sources")).to_be_hidden()
    menu.get_by_text("Menu").click()
    expect(menu.get_by_role("link", name="Sources")).to_be_visible()
    expect(page.locator(".infobox dl").first).to_be_hidden()
    page.locator(".infobox > summary").click()
    expect(page.locator(".infobox dl").first).to_be_visible()


def test_what_is_not_there_can_be_searched_for(page, live_server, record):
    page.goto(live_server.url + "/missions/no-such-mission/")
    page.get_by_label("Words you look for").fill("force")
    page.get_by_role("main").get_by_role("button", name="Search").click()

    expect(page).to_have_url(re.compile(re.escape(reverse("search")) + r"\?q=force"))
