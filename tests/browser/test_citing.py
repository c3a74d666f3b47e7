"""“Cite here” in a real browser: by keyboard alone, over a form with unsaved words, silent and accessible."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from missions.models import Mission
from sources.models import Citation, Source
from tests.admin_forms import form_of, session_cookie
from tests.browser.test_main_pages import NARROW, WIDE, axe_findings, follow, watch
from tests.factories import FigureFactory, MissionFactory, SourceFactory, author

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

# Django's own markup, by rule and what stands in it: its lists of choices are select2, which names
# what is chosen by a title; its date field has links beside it.
VENDOR = re.compile(r"select2|vDateField|datetimeshortcuts|nav-sidebar|nav-filter")


@pytest.fixture
def mission():
    mission = MissionFactory(slug="kfor", body="A force came in.\n\nIt stayed on.[^a]")
    SourceFactory(key="un1999s779", title="Report on the mission", symbol="S/1999/779")
    return mission


@pytest.fixture
def troubles():
    return []


@pytest.fixture
def at_work(browser, live_server, troubles):
    """A page of a logged-in editor; what its console says is a trouble."""
    context = browser.new_context(viewport=WIDE)
    context.add_cookies([session_cookie(author(public_name="Ana"), live_server.url)])
    page = context.new_page()
    watch(page, troubles)
    yield page
    context.close()


def own_findings(page) -> list[str]:
    return [finding for finding in axe_findings(page) if not VENDOR.search(finding)]


def put_cursor(page, field: str, words: str) -> None:
    """Directly after these words of a text, as a click there would."""
    script = "(area, words) => { area.focus(); const at = area.value.indexOf(words) + words.length; area.setSelectionRange(at, at); }"
    page.locator(f"#id_{field}").evaluate(script, words)


def tab_to(page, target) -> None:
    """By keyboard, backwards or forwards, at most some stops."""
    for _ in range(40):
        if target.evaluate("one => one === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError("not reached by keyboard")


def open_dialog(page, field: str = "body"):
    """“Cite here” beside the text, which stands before it in the order of the keyboard."""
    button = page.locator(f".field-{field} .cite-here")
    for _ in range(5):
        page.keyboard.press("Shift+Tab")
        if button.evaluate("one => one === document.activeElement"):
            break
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog", name="Cite here")
    expect(dialog.get_by_label("Find a source")).to_be_focused()
    return dialog


def test_by_keyboard_alone_a_marker_lands_at_the_cursor_and_nothing_typed_is_lost(
    at_work, live_server, mission, troubles
):
    page = at_work
    page.goto(live_server.url + form_of(mission))
    page.locator("#id_summary").fill("Words nobody has saved.[^a]")
    put_cursor(page, "body", "A force came in.")

    dialog = open_dialog(page)
    page.keyboard.type("S/1999/779")
    choice = dialog.get_by_label("Report on the mission")
    expect(choice).to_be_visible()
    tab_to(page, choice)
    page.keyboard.press("Space")
    tab_to(page, dialog.get_by_label("Where in the source"))
    page.keyboard.type("para. 12")
    page.keyboard.press("Tab")
    page.keyboard.type("Some words")
    findings = own_findings(page)
    tab_to(page, dialog.get_by_role("button", name="Cite it"))
    page.keyboard.press("Enter")

    body = page.locator("#id_body")
    expect(body).to_be_focused()
    expect(body).to_have_value("A force came in.[^un1999s779]\n\nIt stayed on.[^a]")
    expect(page.locator("#id_summary")).to_have_value("Words nobody has saved.[^a]")
    expect(page.locator("#citations-panel")).to_contain_text("[^un1999s779]")

    dialog = open_dialog(page)  # a second marker directly after the first
    tab_to(page, dialog.get_by_role("radio").first)
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    expect(body).to_have_value("A force came in.[^un1999s779][^a]\n\nIt stayed on.[^a]")
    page.keyboard.type("!")
    expect(body).to_have_value("A force came in.[^un1999s779][^a]!\n\nIt stayed on.[^a]")
    page.keyboard.press("Backspace")

    follow(page, page.get_by_role("button", name="Save and continue editing"))
    saved = Mission.objects.get(pk=mission.pk)
    assert saved.summary == "Words nobody has saved.[^a]"
    assert "[^un1999s779][^a]" in saved.body
    citation = Citation.objects.get(edition=mission, key="un1999s779")
    assert (citation.locator, citation.quote) == ("para. 12", "Some words")
    findings += own_findings(page)
    assert not (found := troubles + findings), "\n".join(found)


def test_a_new_source_is_described_in_the_dialog_and_its_faults_stand_beside_the_fields(
    at_work, live_server, mission, troubles
):
    page = at_work
    page.goto(live_server.url + form_of(mission))
    put_cursor(page, "body", "A force came in.")
    dialog = open_dialog(page)
    dialog.get_by_text("A new source, which the library does not have").click()
    dialog.get_by_label("Title").fill("A report on the mission")
    dialog.get_by_label("Date").fill("some day")
    dialog.get_by_label("Where in the source").fill("p. 3")
    dialog.get_by_role("button", name="Cite it").click()
    expect(dialog).to_contain_text("is not a date")
    expect(dialog.get_by_label("Title")).to_have_value("A report on the mission")
    expect(dialog.get_by_label("Where in the source")).to_have_value("p. 3")
    findings = own_findings(page)

    page.keyboard.press("Escape")  # to look something up in the text
    expect(dialog).to_be_hidden()
    expect(page.locator("#id_body")).to_be_focused()
    dialog = open_dialog(page)
    expect(dialog.get_by_label("Title")).to_have_value("A report on the mission")

    dialog.get_by_label("Date").fill("June 2001")
    dialog.get_by_label("Type").select_option("report")
    dialog.get_by_label("Standing").select_option("official")
    dialog.get_by_label("Authors").fill("Everts, Daan")
    dialog.get_by_role("button", name="Cite it").click()
    expect(page.locator("#id_body")).to_have_value(re.compile(r"came in\.\[\^everts2001\]"))
    assert Source.objects.get(key="everts2001").issued == "2001-06"
    assert not (found := troubles + findings), "\n".join(found)


def test_the_dialog_and_what_stands_beside_the_text_fit_a_phone(at_work, live_server, mission, troubles):
    page = at_work
    page.set_viewport_size(NARROW)
    page.goto(live_server.url + form_of(mission))
    page.locator(".field-body .markdown-help summary").click()
    page.locator(".field-body .cite-here").click()
    dialog = page.get_by_role("dialog", name="Cite here")
    expect(dialog.get_by_label("Find a source")).to_be_focused()
    box = dialog.bounding_box()
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= NARROW["width"]
    assert dialog.evaluate("one => one.scrollWidth <= one.clientWidth")
    assert troubles == []


def test_the_page_that_cites_without_script_is_silent_and_accessible(at_work, live_server, mission, troubles):
    page = at_work
    address = reverse("admin:missions_mission_cite", args=[mission.pk], query={"field": "body", "q": "report"})
    page.goto(live_server.url + address)
    findings = own_findings(page)
    page.get_by_label("Report on the mission").check()
    follow(page, page.get_by_role("button", name="Cite it"))
    expect(page.get_by_label("Put it into the body")).to_have_value("[^un1999s779]")
    findings += own_findings(page)
    assert not (found := troubles + findings), "\n".join(found)


def test_a_fact_is_suggested_while_a_figure_is_typed(at_work, live_server, mission, troubles):
    FigureFactory(edition=mission, key="nato", fact="strength-on-entry-1999", as_of="1999-06")
    figure = FigureFactory(edition=mission, key="un", fact="strength", as_of="2001")
    page = at_work
    page.goto(live_server.url + reverse("admin:missions_figure_change", args=[figure.pk]))
    page.get_by_label("As of", exact=False).first.fill("12 June 1999")
    suggestion = page.get_by_role("button", name="strength-on-entry-1999")
    expect(suggestion).to_be_visible()
    findings = own_findings(page)
    suggestion.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#id_fact")).to_have_value("strength-on-entry-1999")
    expect(page.locator("#id_fact")).to_be_focused()
    expect(suggestion).to_be_hidden()
    follow(page, page.locator("input[name=_save]"))
    figure.refresh_from_db()
    assert (figure.fact, figure.as_of) == ("strength-on-entry-1999", "1999-06-12")
    findings += own_findings(page)
    assert not (found := troubles + findings), "\n".join(found)
