"""A reader reports a mistake: by keyboard, without script, from selected words, and on the private page."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from editorial.corrections import deciding
from editorial.models import Correction
from tests.browser.test_main_pages import NARROW, WIDE, axe_findings, follow, troubles  # noqa: F401
from tests.factories import author

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

NEW = "Report a mistake in these words"


def light_and_dark(page):
    """What axe-core says of the page by all its usual rules in light colours, and in dark ones by those on colours.

    The one that WCAG 2.2 adds, on the size of targets, is not among the usual ones.
    """
    page.emulate_media(color_scheme="light")
    findings = axe_findings(page)
    page.emulate_media(color_scheme="dark")
    return findings + axe_findings(page, "color-contrast", "link-in-text-block", "target-size")


def tab_to(page, locator, most=80):
    """Press Tab until something has the focus, as a reader without a mouse does."""
    for _ in range(most):
        page.keyboard.press("Tab")
        if locator.evaluate("element => element === document.activeElement"):
            return
    raise AssertionError(f"Tab does not come to {locator}")


def press_enter(page, locator):
    """Come to a field or button by Tab, press Enter, and wait for the page it leads to."""
    tab_to(page, locator)
    with page.expect_event("load"):
        page.keyboard.press("Enter")


@pytest.mark.parametrize(("viewport", "script"), [(WIDE, True), (NARROW, False)], ids=["wide", "narrow-no-script"])
def test_a_mistake_is_reported_answered_and_taken_back_by_keyboard(browser, live_server, record, viewport, script):
    context = browser.new_context(viewport=viewport, java_script_enabled=script)
    page, found = context.new_page(), []
    page.on("console", lambda message: found.append(message.text))
    page.goto(live_server.url + reverse("mission-fact", args=["kfor", "strength-on-entry-1999"]))
    link = page.get_by_role("link", name=re.compile("^Report a mistake: KFOR .*1999, 50,000"))
    box = link.bounding_box()
    assert min(box["width"], box["height"]) >= 24
    press_enter(page, link)
    expect(page.get_by_label("The words or the figure in question")).to_have_value(re.compile("50,000 persons"))

    tab_to(page, page.get_by_label("Your e-mail address"))
    page.keyboard.type("a@b")  # an address for the browser, and none for us
    page.get_by_label("Message", exact=True).fill(" ")
    press_enter(page, page.get_by_label("Your e-mail address"))
    summary = page.get_by_role("alert")
    expect(summary).to_be_focused()
    expect(page.get_by_label("Your e-mail address")).to_have_value("a@b")
    expect(page.get_by_label("Your e-mail address")).to_have_accessible_description(re.compile("no e-mail address"))
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_label("Message", exact=True)).to_be_focused()
    page.keyboard.type("It was 42,000. שלום")
    page.get_by_label("Your e-mail address").fill("")
    tab_to(page, page.get_by_label("You may publish my words"))
    page.keyboard.press("Space")
    press_enter(page, page.get_by_role("button", name="Send the report"))

    report = Correction.objects.latest("pk")
    assert (report.figure, report.edition_seen.number, report.may_quote) == ("entry-nato", 2, True)
    expect(page.get_by_role("heading", level=1)).to_have_text(f"Your report {report.number}")
    deciding.ask(report, by=author(), question="Which report says so?")
    page.reload()
    expect(page.locator("main")).to_contain_text("Which report says so?")
    page.get_by_label("Message", exact=True).fill("S/1999/779.")
    press_enter(page, page.get_by_role("button", name="Send", exact=True))
    expect(page.get_by_role("main").get_by_role("status")).to_be_focused()
    press_enter(page, page.get_by_role("button", name="Do not publish my words"))
    expect(page.get_by_role("main").get_by_role("status")).to_have_text("Your words may no longer be published.")
    report.refresh_from_db()
    assert (report.exchanged().count(), report.may_quote) == (2, False)
    assert page.evaluate("document.documentElement.scrollWidth") <= viewport["width"]
    assert [line for line in found if "422" not in line] == []
    context.close()


def test_the_form_with_mistakes_and_the_private_page_are_accessible(page, live_server, record):
    page.set_viewport_size(NARROW)
    page.goto(f"{live_server.url}{reverse('correction-new')}?record=mission/kfor&figure=entry-nato")
    findings = light_and_dark(page)
    page.get_by_label("Message", exact=True).fill(" ")
    page.get_by_label("Your e-mail address").fill("a@b")
    follow(page, page.get_by_role("button", name="Send the report"))
    findings += light_and_dark(page)
    page.get_by_label("Message", exact=True).fill("It is wrong.")
    page.get_by_label("Your e-mail address").fill("reader@example.org")
    page.get_by_label("Your name").fill("A reader")
    page.get_by_label("You may publish my words").check()
    follow(page, page.get_by_role("button", name="Send the report"))
    deciding.ask(Correction.objects.latest("pk"), by=author(), question="Which page?")
    page.reload()
    findings += light_and_dark(page)

    assert findings == []


def test_selected_words_can_be_reported_by_mouse_and_keyboard_and_left_alone(page, live_server, record, troubles):  # noqa: F811
    page.goto(live_server.url + record.get_absolute_url())
    offer = page.get_by_role("link", name=NEW)
    words = page.locator(".text-body p").first
    expect(offer).to_have_count(0)

    words.select_text()
    expect(offer).to_be_visible()
    assert axe_findings(page) == []
    page.keyboard.press("Escape")
    expect(offer).to_have_count(0)

    page.locator(".text-body li").first.select_text()
    expect(offer).to_be_visible()
    words.click(position={"x": 5, "y": 8}, click_count=3)
    expect(offer).to_have_attribute("href", re.compile("It.was.a.force"))
    page.keyboard.press("Tab")
    expect(offer).to_be_focused()
    page.keyboard.press("Enter")

    expect(page.get_by_label("The words or the figure in question")).to_have_value("It was a force. It grew.")
    expect(page.locator("input[name=edition]")).to_have_value("2")
    assert troubles == []


def test_selected_words_can_be_reported_by_touch_however_long(browser, live_server, record):
    context = browser.new_context(viewport=NARROW, has_touch=True, is_mobile=True)
    page = context.new_page()
    page.goto(live_server.url + record.get_absolute_url())
    page.locator("article").first.evaluate("a => { a.querySelector('.text-body p').append('ж'.repeat(3000)); }")
    page.locator(".text-body p").first.select_text()
    offer = page.get_by_role("link", name=NEW)
    expect(offer).to_be_visible()
    box = offer.bounding_box()
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= NARROW["width"]
    assert min(box["width"], box["height"]) >= 24
    follow(page, offer)

    assert len(page.get_by_label("The words or the figure in question").input_value()) == 1000
    context.close()


def test_nothing_of_it_is_printed(page, live_server, record):
    page.emulate_media(media="print")
    page.goto(live_server.url + record.get_absolute_url())

    expect(page.locator("a.report").first).to_be_hidden()
    expect(page.locator(".correction-form").first).to_be_hidden()
