"""Two editors in two browsers: what one types is never lost through the other, nor through a log-in that expires."""

from __future__ import annotations

import datetime
import os
import re
from pathlib import Path

import pytest
from django.contrib.sessions.models import Session
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from editorial import workflow
from editorial.models import OpenForm
from tests.admin_forms import form_of
from tests.browser.test_main_pages import NARROW, PASSWORD, axe_findings, follow, logged_in, watch, write
from tests.factories import FigureFactory, MissionFactory, StatementFactory, author, published, reviewer

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

BODY = "The first paragraph stays as it was.[^a]\n\nIts headquarters is in {}, and it has {} sectors.[^a]\n\n" + (
    "A paragraph nobody touches, long enough to have to be scrolled past.[^a]\n\n" * 4
)
KEPT = "Object.keys(localStorage).filter(key => key.startsWith('typed:'))"


@pytest.fixture
def mission():
    edition = MissionFactory(slug="kfor", acronym="KFOR", headquarters="Pristina", body=BODY.format("Pristina", "five"))
    StatementFactory(edition=edition, key="said", holder="A holder", text="As it was.")
    FigureFactory(edition=edition)
    return edition


@pytest.fixture
def ana():
    return author(username="ana", public_name="Ana")


@pytest.fixture
def ben():
    return author(username="ben", public_name="Ben")


@pytest.fixture
def editors(browser, live_server, ana, ben):
    """A page for each of the two, logged in, and what their browsers had to complain of."""
    troubles: list[str] = []
    pages = [logged_in(browser, live_server, editor) for editor in (ana, ben)]
    for page in pages:
        watch(page, troubles)
    yield pages
    expected = ("status of 409 ", "status of 403 ")  # HTTP/2 has no words for them
    assert not [line for line in troubles if not any(status in line for status in expected)], "\n".join(troubles)


def save(page, name="Save"):
    follow(page, page.get_by_role("button", name=name, exact=True))


def await_kept(page, count):
    """Wait until so many entries are kept; `wait_for_function` is refused by the content policy."""
    for _ in range(100):
        if len(page.evaluate(KEPT)) == count:
            return
        page.wait_for_timeout(50)
    raise AssertionError(f"{page.evaluate(KEPT)} are kept, not {count}")


def photograph(page, name):
    if folder := os.environ.get("PHOTOGRAPHS"):
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)


def test_the_second_of_two_saves_is_refused_shows_both_and_works_once_merged(live_server, mission, editors, ana):
    ana_s, ben_s = editors
    ana_s.goto(live_server.url + form_of(mission))
    OpenForm.objects.update(since=timezone.now() - datetime.timedelta(minutes=8))
    ben_s.goto(live_server.url + form_of(mission))
    expect(ben_s.get_by_role("note")).to_contain_text("Ana has had this form open for 8 minutes.")
    photograph(ben_s, "form")
    findings = axe_findings(ben_s)

    ana_s.get_by_label("Body", exact=False).first.fill(BODY.format("Film City", "five"))
    ana_s.get_by_label("Acronym", exact=False).first.fill("K-FOR")
    save(ana_s)
    ben_s.get_by_label("Body", exact=False).first.fill(BODY.format("Pristina", "six"))
    ben_s.get_by_label("Headquarters", exact=False).first.fill("Film City")
    ben_s.emulate_media(color_scheme="dark")
    save(ben_s)

    conflict = ben_s.get_by_role("region", name="somebody saved before you")
    expect(conflict).to_contain_text("Ana saved on")
    expect(conflict.locator(".pieces del")).to_contain_text(["Film City", "five"])
    expect(conflict.locator(".pieces ins")).to_contain_text(["Pristina", "six"])
    expect(conflict.locator("summary")).to_contain_text(["The whole as it is saved now", "Acronym"])
    expect(ben_s.get_by_label("Acronym", exact=False).first).to_have_value("K-FOR")
    expect(ben_s.locator("#id_body")).to_have_value(BODY.format("Pristina", "six"))
    photograph(ben_s, "conflict")
    findings += axe_findings(ben_s)
    ben_s.set_viewport_size(NARROW)
    photograph(ben_s, "conflict-narrow")
    findings += axe_findings(ben_s)
    assert ben_s.evaluate("document.querySelector('.meanwhile').scrollWidth <= innerWidth")

    ben_s.locator("#id_body").fill(BODY.format("Film City", "six"))
    save(ben_s)
    mission.refresh_from_db()
    assert mission.body == BODY.format("Film City", "six").strip()
    assert (mission.acronym, mission.headquarters) == ("K-FOR", "Film City")
    assert ben_s.evaluate(KEPT) == ana_s.evaluate(KEPT) == []
    assert not findings, "\n".join(findings)


def test_a_save_after_publication_shows_all_that_was_typed_and_leads_on(live_server, mission, editors, ana):
    ana_s, _ben_s = editors
    workflow.note_work(mission, by=ana)
    ana_s.goto(live_server.url + form_of(mission))
    ana_s.locator("#id_body").fill("A whole new text.\n\nIts end.")
    ana_s.locator("#id_headquarters").fill("Film City")
    published(mission)
    save(ana_s)

    expect(ana_s.get_by_text("it cannot be changed, and nothing of this was saved")).to_be_visible()
    expect(ana_s.get_by_label("Body")).to_have_value("A whole new text.\n\nIts end.")
    expect(ana_s.get_by_label("Headquarters")).to_have_value("Film City")
    photograph(ana_s, "too-late")
    findings = axe_findings(ana_s)
    with ana_s.context.expect_page() as opened:
        ana_s.get_by_role("link", name="Start the next edition").click()
    second = opened.value
    follow(second, second.get_by_role("button", name="Start the next edition"))
    draft = mission.record.editions.open().get()
    assert str(draft.pk) in second.url
    assert not findings, "\n".join(findings)


def test_two_who_start_the_next_edition_land_in_the_same(live_server, mission, editors):
    published(mission)
    for page in editors:
        page.goto(live_server.url + form_of(mission))
        expect(page.locator("[name=title]")).to_have_count(0)
        expect(page.get_by_text("A holder")).not_to_have_count(0)
        follow(page, page.get_by_role("link", name="Start the next edition", exact=True))
    for page in editors:
        page.evaluate("document.querySelector('.submit-row').closest('form').requestSubmit()")
    for page in editors:
        page.wait_for_url(re.compile(r"/\d+/change/$"))
    draft = mission.record.editions.open().get()
    for page in editors:
        assert page.url == live_server.url + form_of(draft)
        expect(page.get_by_role("button", name="Save", exact=True)).to_be_visible()


def test_what_was_typed_when_the_log_in_expired_is_offered_put_back_and_saved(live_server, mission, editors, ana):
    ana_s, _ben_s = editors
    ana_s.goto(live_server.url + form_of(mission))
    ana_s.locator("#id_headquarters").fill("Film City")
    ana_s.locator("#statements-heading").click()
    ana_s.locator("#id_statements-0-text").fill("As she typed it.")
    ana_s.get_by_role("button", name="Add another Statement").click()
    ana_s.locator("#id_statements-1-holder").fill("Another holder")
    await_kept(ana_s, 1)
    Session.objects.all().delete()
    save(ana_s)

    expect(ana_s.get_by_text("you are no longer logged in")).to_be_visible()
    expect(ana_s.get_by_label("Headquarters")).to_have_value("Film City")
    photograph(ana_s, "not-let-in")
    findings = axe_findings(ana_s)
    with ana_s.context.expect_page() as opened:
        ana_s.get_by_role("link", name="Log in, in a new tab").click()
    page = opened.value
    write(page.get_by_label("Username"), "ana")
    page.get_by_label("Password").fill(PASSWORD)
    follow(page, page.get_by_role("button", name="Log in"))

    assert page.url == live_server.url + form_of(mission)
    offer = page.get_by_role("region", name="Typed here and not saved")
    expect(offer).to_contain_text("You typed this on")
    offer.locator("summary").click()
    expect(offer).to_contain_text("You typed: Film City")
    expect(offer).to_contain_text("In the form now: Pristina")
    expect(page.locator("#id_headquarters")).to_have_value("Pristina")
    photograph(page, "offered")
    findings += axe_findings(page)
    offer.get_by_role("button", name="Put it back").click()
    expect(page.get_by_text("It is in the form again, and not saved yet.")).to_be_focused()
    expect(page.locator("#id_headquarters")).to_have_value("Film City")
    save(page)

    mission.refresh_from_db()
    assert mission.headquarters == "Film City"
    assert set(mission.statements.values_list("holder", "text")) == {
        ("A holder", "As she typed it."),
        ("Another holder", ""),
    }
    assert page.evaluate(KEPT) == []
    page.goto(live_server.url + form_of(mission))
    expect(page.get_by_role("region", name="Typed here and not saved")).to_have_count(0)
    assert not findings, "\n".join(findings)


def test_what_is_kept_is_not_put_back_unasked_warns_of_a_newer_version_and_is_thrown_away(
    live_server, mission, editors, ana, ben
):
    ana_s, _ben_s = editors
    address = live_server.url + reverse("admin:missions_figure_change", args=[mission.figures.get().pk])
    for url, field in ((live_server.url + form_of(mission), "#id_headquarters"), (address, "#id_quote")):
        ana_s.goto(url)
        before = ana_s.locator(field).input_value()
        ana_s.locator(field).fill("Typed and left")
        ana_s.goto(live_server.url + reverse("admin:index"))
        mission.refresh_from_db()
        mission.summary = f"Changed at {url}.[^a]"
        mission.save()
        workflow.note_work(mission, by=ben)
        mission.figures.update(locator=f"p. 9, {field}")
        ana_s.goto(url)
        offer = ana_s.get_by_role("region", name="Typed here and not saved")
        expect(offer).to_contain_text("a newer version was saved")
        expect(ana_s.locator(field)).to_have_value(before)
        ana_s.locator(field).fill("Typed anew")
        await_kept(ana_s, 2)
        offer.get_by_role("button", name="Throw it away").click()
        await_kept(ana_s, 1)
        ana_s.evaluate("localStorage.clear()")


def test_another_editor_at_the_same_machine_is_shown_nothing_and_logging_out_forgets_all(
    live_server, mission, editors, ben
):
    page, _ben_s = editors
    page.goto(live_server.url + form_of(mission))
    page.locator("#id_headquarters").fill("Film City")
    await_kept(page, 1)
    page.context.clear_cookies()
    page.goto(live_server.url + form_of(mission))
    write(page.get_by_label("Username"), "ben")
    page.get_by_label("Password").fill(PASSWORD)
    follow(page, page.get_by_role("button", name="Log in"))
    expect(page.locator("#id_headquarters")).to_have_value("Pristina")
    expect(page.get_by_role("region", name="Typed here and not saved")).to_have_count(0)
    assert len(page.evaluate(KEPT)) == 1

    page.locator("#id_headquarters").fill("What Ben typed")
    follow(page, page.get_by_role("button", name="Log out"))
    assert page.evaluate(KEPT) == []


def test_a_form_refused_for_a_mistake_goes_on_being_kept_and_is_forgotten_once_saved(live_server, mission, editors):
    page, _ben_s = editors
    page.goto(live_server.url + form_of(mission))
    page.locator("#id_headquarters").fill("Film City")
    page.locator("#id_start").fill("no date")
    save(page)
    expect(page.locator("#id_start_error")).to_contain_text("is not a date")
    expect(page.get_by_role("region", name="Typed here and not saved")).to_have_count(0)
    assert len(page.evaluate(KEPT)) == 1
    page.locator("#id_start").fill("June 1999")
    save(page, "Save and preview")
    expect(page.get_by_text("Preview of the next edition")).to_be_visible()
    page.goto(live_server.url + form_of(mission))
    assert page.evaluate(KEPT) == []
    expect(page.locator("#id_headquarters")).to_have_value("Film City")


def test_an_expert_reads_a_draft_by_its_link(browser, live_server, mission, editors):
    page, _ben_s = editors
    page.goto(live_server.url + reverse("admin:missions_mission_do", args=[mission.pk, "share"]))
    findings = axe_findings(page)
    follow(page, page.get_by_role("button", name="Share a preview"))
    photograph(page, "shared")
    findings += axe_findings(page)
    link = page.locator("a.preview-link").get_attribute("href")

    expert, troubles = browser.new_context().new_page(), []
    watch(expert, troubles)
    assert expert.goto(live_server.url + link).status == 200
    expect(expert.get_by_text("this is not published")).to_be_visible()
    photograph(expert, "preview")
    findings += axe_findings(expert) + troubles
    workflow.note_work(mission, by=author())
    published(mission, by=reviewer())
    assert expert.goto(live_server.url + link).status == 410
    expect(expert.get_by_role("heading", level=1)).to_have_text("This preview is over")
    assert not findings, "\n".join(findings)
