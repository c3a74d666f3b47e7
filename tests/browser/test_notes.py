"""Notes and what sources disagree on in a real browser: by mouse, keyboard and touch, and without script."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.test_main_pages import NARROW, WIDE, axe_findings, watch

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

REF = "[role=doc-noteref]"
AT = "one => one === document.activeElement"


@pytest.fixture
def opened(browser, live_server, record):
    """Opens the page of the record in a context of its own; what the console says is kept as `troubles`."""

    def open_page(**context):
        page = browser.new_context(**context).new_page()
        page.set_default_timeout(10_000)
        page.troubles = []
        watch(page, page.troubles)
        page.goto(live_server.url + record.get_absolute_url())
        return page

    return open_page


def box(locator):
    return locator.bounding_box()


def test_a_note_opens_where_it_is_referred_to_and_gives_the_focus_back(opened):
    page = opened(viewport=WIDE)
    note = page.locator(".opened-note")
    address = page.url

    # Wide, by mouse: beside its line; the words of the source, its standing, and whether it was compared.
    listed = page.locator(".notes > li").filter(has_text="Some 50,000 soldiers.").first.get_attribute("id")
    link = page.locator(f".text-body a[href='#{listed}']").first
    link.click()
    text = box(page.locator(".columns > .text"))
    assert box(note)["x"] >= text["x"] + text["width"]
    assert abs(box(note)["y"] - box(link)["y"]) < 20
    expect(note).to_be_focused()
    for words in ("Some 50,000 soldiers.", "no place in the source given", "not yet compared by an editor", "source."):
        expect(note).to_contain_text(words)
    report = note.get_by_role("link", name=f"Report a mistake: {listed.replace('-', ' ')}")
    expect(report).to_have_attribute("href", re.compile(r"/corrections/new/\?record=mission/kfor&edition=2&citation="))
    assert note.locator("[id]").count() == 0
    assert axe_findings(page) == []

    # By keyboard: another one takes its place; in the box of facts it opens below its line.
    fact = page.locator("#headquarters").locator(REF)
    fact.focus()
    page.keyboard.press("Enter")
    expect(note).to_have_count(1)
    expect(note).to_be_focused()
    assert box(note)["y"] >= box(fact)["y"] + box(fact)["height"] - 4
    assert (link.get_attribute("aria-expanded"), fact.get_attribute("aria-expanded")) == ("false", "true")
    page.keyboard.press("Tab")
    expect(note.get_by_role("button")).to_be_focused()
    page.keyboard.press("Tab")
    assert note.get_by_role("link").first.evaluate(AT)
    page.keyboard.press("Escape")
    expect(note).to_have_count(0)
    expect(fact).to_be_focused()

    # In a table, and once more to close it; the address of the page stays as it is.
    cell = page.locator("#leader-l").locator(REF)
    cell.evaluate("one => { for (let at = one; at; at = at.parentElement) if (at.matches('details')) at.open = true; }")
    cell.click()
    assert box(note)["x"] >= text["x"] + text["width"]
    page.set_viewport_size(NARROW)
    expect(page.locator("#leader-l + .note-row .opened-note")).to_be_focused()
    cell.click()
    expect(note).to_have_count(0)
    expect(cell).to_be_focused()
    assert page.url == address

    # On a phone, by touch: below the paragraph, within the width of the page.
    phone = opened(viewport=NARROW, has_touch=True, is_mobile=True)
    note = phone.locator(".opened-note")
    link = phone.locator(".text-body").locator(REF).first
    link.tap()
    expect(note).to_be_in_viewport()
    paragraph = box(phone.locator(".text-body p").first)
    assert box(note)["y"] >= paragraph["y"] + paragraph["height"]
    assert box(note)["x"] + box(note)["width"] <= NARROW["width"]
    note.get_by_role("button").tap()
    expect(note).to_have_count(0)
    note_in_the_list = phone.locator("#note-1")
    link.tap()
    note.get_by_role("link", name="This note in the list of sources").tap()
    expect(note_in_the_list).to_be_in_viewport()
    assert page.troubles + phone.troubles == []


def test_without_script_a_note_leads_to_the_list_and_back(opened):
    page = opened(viewport=NARROW, java_script_enabled=False)
    link = page.locator(".text-body").locator(REF).first
    link.click()
    note = page.locator(link.get_attribute("href"))
    expect(note).to_be_in_viewport()
    back = note.locator("[role=doc-backlink]").last
    back.click()
    expect(page.locator(back.get_attribute("href"))).to_be_in_viewport()


def test_the_panel_of_sources_that_disagree_is_read_in_its_order(opened):
    page = opened(viewport=WIDE)
    panel = page.locator("#differ-entry")
    panel.locator("summary").focus()
    page.keyboard.press("Enter")
    read = panel.inner_text()
    order = [
        "How many soldiers came in?",
        "50,000",
        "June 1999",
        "not yet compared by an editor",
        "NATO\n",
        "Why they may differ",
        "page of its own",
    ]
    assert [words for words in order if words not in read] == []
    assert sorted(order, key=read.index) == order
    page.keyboard.press("Tab")
    assert panel.get_by_role("link").first.evaluate(AT)
    for _ in range(panel.get_by_role("link").count() - 1):
        page.keyboard.press("Tab")
    assert panel.get_by_role("link", name="This fact on a page of its own").evaluate(AT)
    assert page.troubles == []
