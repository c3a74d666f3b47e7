"""The main pages in a real browser: nothing in its console, nothing for axe to find, usable by keyboard.

The console is how a browser reports what the content policy refused, so a silent console is the proof
that nothing inline and nothing from elsewhere is on a page.
"""

from __future__ import annotations

import re
from pathlib import Path

import axe_playwright_python
import pytest
from django.urls import reverse
from playwright.sync_api import expect

from editorial import workflow
from editorial.models import Correction, Edition, State
from tests.factories import PASSWORD, SourceFactory, author, next_edition, reviewer

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")
WIDE, NARROW = {"width": 1280, "height": 900}, {"width": 360, "height": 740}


@pytest.fixture
def addresses(record):
    """The main pages of the site."""
    source = SourceFactory._meta.model.objects.in_public_use().first()
    return [
        *(
            reverse(name)
            for name in (
                "home", "mission-list", "event-list", "article-list", "organisation-list", "source-list",
                "disagreement-list", "definitions", "changes", "correction-list", "about", "about-method",
                "about-wording", "about-corrections", "about-accessibility", "about-privacy", "about-quality",
                "about-style", "api-guide",
            )
        ),
        *(reverse(f"mission-{page}", args=["kfor"]) for page in ("detail", "figures", "editions")),
        reverse("mission-detail", args=["allied-force"]),
        reverse("mission-compare") + "?m=kfor&m=allied-force",
        reverse("mission-edition", args=["kfor", 1]),
        reverse("mission-difference", args=["kfor", 1, 2]),
        reverse("mission-fact", args=["kfor", "strength-on-entry-1999"]),
        reverse("event-detail", args=["entry-1999"]),
        reverse("article-detail", args=["origins"]),
        reverse("organisation-detail", args=["nato"]),
        reverse("source-detail", args=[source.key]),
        reverse("correction-new") + "?record=mission/kfor",
        reverse("correction-detail", args=[Correction.objects.get().number]),
        *(reverse("search") + query for query in ("", "?q=force", "?q=xqxqxq", "?q=force&kind=nonsense")),
        reverse("account_login"),
        "/missions/no-such-mission/",
    ]  # fmt: skip


@pytest.fixture
def troubles(page):
    """What the browser reports: messages in the console, errors in scripts, requests that failed."""
    found: list[str] = []
    watch(page, found)
    return found


def watch(page, found):
    page.on("console", lambda message: found.append(f"{page.url}: console {message.type}: {message.text}"))
    page.on("pageerror", lambda error: found.append(f"{page.url}: error: {error}"))
    page.on("requestfailed", lambda request: gave_up(request) or found.append(f"{page.url}: failed: {request.url}"))


def hosts_asked_by(page):
    """The hosts that the page asks for anything, and `data:` for what it holds itself; it grows as the page goes on."""
    asked: set[str] = set()
    page.on("request", lambda request: asked.add(re.match(r"\w+://[^/]+|data:|.*", request.url)[0]))
    return asked


def gave_up(request):
    """Whether the browser itself broke a request off because it went on to the next page."""
    return request.failure == "net::ERR_ABORTED"


def axe_findings(page, *rules):
    """What axe-core says of the page as it stands, in sentences, by all rules or these; injected past the content policy."""
    page.evaluate(AXE)
    options = {"resultTypes": ["violations"], "preload": False} | ({"runOnly": rules} if rules else {})
    result = page.evaluate("options => axe.run(document, options)", options)
    return [
        f"{page.url}: {violation['id']}: {violation['help']}: {node['html'][:160]}"
        for violation in result["violations"]
        for node in violation["nodes"][:3]
    ]


def told(troubles):
    """All but the browser's own line on the page that is not there."""
    return [line for line in troubles if not ("no-such" in line and "status of 404 " in line)]


@pytest.mark.parametrize(("viewport", "scheme"), [(WIDE, "light"), (NARROW, "dark")], ids=["wide-light", "narrow-dark"])
def test_the_main_pages_are_silent_and_accessible(viewport, scheme, page, live_server, addresses, troubles):
    """Each page in two of the four ways; `make axe` looks at all four, on the founding record.

    The rule that WCAG 2.2 adds, on the size of targets, is not among the usual ones.
    """
    page.set_viewport_size(viewport)
    page.emulate_media(color_scheme=scheme)
    asked, findings = hosts_asked_by(page), []

    for address in addresses:
        answer = page.goto(live_server.url + address)
        if answer.status != (404 if "no-such" in address else 200):
            findings.append(f"{page.url}: {answer.status}")
        findings += axe_findings(page) + axe_findings(page, "target-size")
        wide = page.evaluate("document.documentElement.scrollWidth")
        if wide > viewport["width"]:
            findings.append(f"{page.url}: {wide} pixels wide in a window of {viewport['width']}")

    assert not (found := told(troubles) + findings), "\n".join(found)
    assert asked <= {live_server.url, "data:"}


def test_the_styles_are_there(page, live_server, record, troubles):
    sheets: list[str] = []
    page.on(
        "response",
        lambda answer: (
            sheets.append(f"{answer.status} {answer.headers['content-type']}") if ".css" in answer.url else None
        ),
    )
    page.goto(live_server.url + record.get_absolute_url())

    assert sheets
    assert {sheet.split(";")[0] for sheet in sheets} == {"200 text/css"}
    assert troubles == []


def test_the_documentation_of_the_api_is_silent(page, live_server, db, troubles):
    asked = hosts_asked_by(page)
    page.goto(live_server.url + reverse("api-docs"))
    expect(page.locator(".opblock-tag").first).to_be_visible()

    assert troubles == []
    assert asked <= {live_server.url, "data:"}


def test_a_reader_skips_to_the_text_by_keyboard(page, live_server, record):
    page.goto(live_server.url + record.get_absolute_url())
    page.keyboard.press("Tab")
    expect(page.locator(":focus")).to_have_text("Skip to the text")
    page.keyboard.press("Enter")

    expect(page.locator("#main")).to_be_focused()


def test_a_report_sent_from_a_page_gets_a_number(page, live_server, record, troubles):
    page.goto(live_server.url + record.get_absolute_url())
    page.get_by_label("Message", exact=True).fill("The date is wrong: Raporti është gabim.")
    follow(page, page.get_by_role("button", name="Send the report"))

    report = Correction.objects.latest("pk")
    assert (report.record, report.message) == (record, "The date is wrong: Raporti është gabim.")
    assert report.edition_seen.number == 2
    expect(page.get_by_role("heading", level=1)).to_contain_text(f"report {report.number}")
    assert axe_findings(page) == []
    page.goto(live_server.url + report.get_absolute_url())
    expect(page.locator("main")).not_to_contain_text("Raporti")
    assert troubles == []


# Editors


def logged_in(browser, live_server, editor):
    page = browser.new_context(viewport=WIDE).new_page()
    page.goto(live_server.url + reverse("admin:login"))
    write(page.get_by_label("Username"), editor.username)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()
    expect(page.get_by_role("button", name="Log out")).to_be_visible()
    return page


def follow(page, link_or_button):
    """Click, and wait until the page it leads to is there: what it did is done by then."""
    with page.expect_event("load"):
        link_or_button.click()


def write(field, text):
    """Write into the field that the page puts the cursor in, once it has: the browser complains when it comes too late."""
    expect(field).to_be_focused()
    field.fill(text)


def press(page, name):
    """Follow a button of the workflow and confirm what it asks."""
    follow(page, page.get_by_role("link", name=name, exact=True))
    follow(page, page.locator(".submit-row").get_by_role("button", name=name, exact=True))


def test_two_editors_bring_a_second_edition_to_the_public(browser, live_server, record):
    ana, cem = author(public_name="Ana"), reviewer(public_name="Cem")
    troubles: list[str] = []
    ana_s, cem_s = (logged_in(browser, live_server, editor) for editor in (ana, cem))
    for page in (ana_s, cem_s):
        watch(page, troubles)
    address = live_server.url + reverse("admin:missions_mission_change", args=[record.editions.get(number=2).pk])

    ana_s.goto(address)
    press(ana_s, "Start the next edition")
    ana_s.get_by_label("Headquarters", exact=False).first.fill("Pristina, Film City")
    ana_s.get_by_label("Change note", exact=False).first.fill("Where its headquarters is.")
    follow(ana_s, ana_s.get_by_role("button", name="Save and continue editing"))
    draft = record.editions.open().get().typed
    assert (draft.headquarters, list(draft.contributors.all())) == ("Pristina, Film City", [ana])
    findings = axe_findings(ana_s)
    press(ana_s, "Submit for review")

    cem_s.goto(live_server.url + reverse("admin:index"))
    findings += axe_findings(cem_s)
    cem_s.goto(live_server.url + reverse("admin:missions_mission_change", args=[draft.pk]))
    findings += axe_findings(cem_s)
    press(cem_s, "Publish")

    third = Edition.objects.get(record=record, state=State.PUBLISHED)
    assert (third.number, third.written_by, third.checked_by) == (3, "Ana", "Cem")
    cem_s.goto(live_server.url + record.get_absolute_url())
    expect(cem_s.locator("main")).to_contain_text("Pristina, Film City")
    assert not (found := troubles + findings), "\n".join(found)


def test_an_author_s_own_text_has_no_button_to_publish_it(browser, live_server, record):
    cem = reviewer()
    draft = next_edition(record, by=cem, change_note="New.")
    workflow.submit(draft, by=cem)

    page = logged_in(browser, live_server, cem)
    page.goto(live_server.url + reverse("admin:missions_mission_change", args=[draft.pk]))

    expect(page.get_by_role("link", name="Take back", exact=True)).to_be_visible()
    expect(page.get_by_role("link", name="Publish", exact=True)).to_have_count(0)
