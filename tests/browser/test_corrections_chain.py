"""Story 14: a reader's report, from the figure it is about to the edition that answers it, in three browsers.

Eli reads, Ben answers, Cem checks. The mail goes through a real mail server. At the end the private page,
the mails, the live page, the older edition, the difference, the list of reports, the feed, the API and the
data for search engines must say the same.
"""

from __future__ import annotations

import json
import os
import re
from pathlib import Path

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from editorial import outbox
from editorial.models import Correction
from missions.models import Figure
from tests.admin_forms import form_of
from tests.browser.test_main_pages import NARROW, WIDE, axe_findings, follow, logged_in, watch
from tests.factories import author, reviewer
from tests.mail_server import MailServer, running

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

READER, WORDS = "eli@example.org", "It was 42,500 on the day of entry"
EVIDENCE = "https://docs.example.org/S-1999-779.pdf"


@pytest.fixture
def mail_server(settings):
    """A real mail server, and the site set to send through it."""
    server = MailServer()
    with running(server) as port:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
        settings.EMAIL_HOST_USER, settings.EMAIL_USE_TLS, settings.EMAIL_USE_SSL = "", False, False
        yield server


def photograph(page, name):
    if folder := os.environ.get("PHOTOGRAPHS"):
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)


def confirm(page, label):
    """Follow a button of the admin, and press the same on the page that asks."""
    follow(page, page.locator("#content").get_by_role("link", name=label, exact=True).first)
    follow(page, page.locator(".submit-row").get_by_role("button", name=label, exact=True))


def test_a_report_from_a_figure_becomes_the_edition_that_corrects_it(
    browser, live_server, settings, record, mail_server
):
    settings.SITE_URL = live_server.url
    ben_, cem_ = author(username="ben", public_name="Ben"), reviewer(username="cem", public_name="Cem")
    troubles: list[str] = []
    fact = reverse("mission-fact", args=["kfor", "strength-on-entry-1999"])

    # Eli reports, from the fact, with evidence
    eli = browser.new_context(viewport=WIDE).new_page()
    watch(eli, troubles)
    eli.goto(live_server.url + fact)
    follow(eli, eli.get_by_role("link", name=re.compile("^Report a mistake: .*42,000")))
    expect(eli.get_by_label("The words or the figure in question")).to_have_value(re.compile("42,000"))
    eli.get_by_label("Message", exact=True).fill(WORDS)
    eli.get_by_label("Your e-mail address").fill(READER)
    eli.get_by_label("Link to evidence").fill(EVIDENCE)
    photograph(eli, "1-report")
    follow(eli, eli.get_by_role("button", name="Send the report"))
    private = eli.url
    report = Correction.objects.latest("pk")
    expect(eli.locator("main")).to_contain_text(f"Your report {report.number}")
    photograph(eli, "2-receipt")

    # Ben confirms it and starts the next edition from it
    ben = logged_in(browser, live_server, ben_)
    watch(ben, troubles)
    ben.goto(live_server.url + reverse("admin:index"))
    follow(ben, ben.locator("#content").get_by_role("link", name=re.compile(f"^{report}")).first)
    expect(ben.locator("#content")).to_contain_text(WORDS)
    photograph(ben, "3-inbox")
    assert not axe_findings(ben)
    confirm(ben, "Confirm")
    eli.goto(live_server.url + fact)
    expect(eli.locator("main")).to_contain_text(re.compile(f"correcting this.*report {report.number}", re.DOTALL))
    confirm(ben, "Start the next edition")
    expect(ben.locator("#content")).to_contain_text(WORDS)  # beside the form
    photograph(ben, "4-form")
    assert not axe_findings(ben)
    draft = record.editions.open().get()
    figure = Figure.objects.get(edition=draft, key=report.figure)
    ben.goto(live_server.url + reverse("admin:missions_figure_change", args=[figure.pk]))
    ben.get_by_label("Value", exact=False).first.fill("42500")
    follow(ben, ben.get_by_role("button", name="Save", exact=True))
    ben.goto(live_server.url + form_of(draft.typed))
    ben.get_by_label("Change kind", exact=False).select_option("correction")
    ben.get_by_label("Change note", exact=False).fill("Edition 2 gave 42,000. The figure is 42,500.")
    follow(ben, ben.get_by_role("button", name="Save and continue editing"))
    confirm(ben, "Submit for review")

    # Ben, who worked on it, could not approve it; Cem does
    assert "do/publish" not in ben.content()
    cem = logged_in(browser, live_server, cem_)
    watch(cem, troubles)
    cem.goto(live_server.url + reverse("admin:missions_mission_review", args=[draft.pk]))
    expect(cem.get_by_role("checkbox", name=re.compile(str(report)))).to_be_checked()
    photograph(cem, "5-review")
    follow(cem, cem.locator("#content").get_by_role("link", name="Approve and publish"))
    follow(cem, cem.locator(".submit-row").get_by_role("button"))
    report.refresh_from_db()
    assert (report.state, report.fixed_in.number) == ("fixed", 3)

    # What everybody is told
    live, older, newer, difference = (
        live_server.url + address
        for address in (
            record.get_absolute_url(),
            reverse("mission-edition", args=["kfor", 2]),
            reverse("mission-edition", args=["kfor", 3]),
            reverse("mission-difference", args=["kfor", 2, 3]),
        )
    )
    public = live_server.url + report.get_absolute_url()

    assert outbox.send_due() == 3
    letters = [message for message in mail_server.taken if READER in message["To"]]
    assert [str(letter["Subject"]).rpartition(": ")[2] for letter in letters] == ["received", "confirmed", "corrected"]
    last = letters[-1].get_content()
    for told in (newer, difference, public, private):
        assert told in last
    assert not [letter for letter in letters if WORDS in letter.get_content()]

    eli.goto(private)
    expect(eli.locator("main")).to_contain_text("corrected")
    assert {newer, difference} <= {link.evaluate("a => a.href") for link in eli.locator("main a").all()}
    photograph(eli, "6-private")

    eli.goto(live)
    notice = eli.locator(".notice.correction")
    expect(notice).to_contain_text("Edition 2 gave 42,000. The figure is 42,500.")
    expect(notice.get_by_role("link", name=f"report {report.number}")).to_be_visible()
    photograph(eli, "7-live")
    linked = [json.loads(block.text_content()) for block in eli.locator("script[type='application/ld+json']").all()]
    (comment,) = [item for block in linked for item in block.get("correction", [])]
    assert comment["@type"] == "CorrectionComment"
    assert comment["text"] == "Edition 2 gave 42,000. The figure is 42,500."
    assert comment["url"] == public

    eli.goto(older)
    expect(eli.locator("main")).to_contain_text("orrected in edition 3")
    eli.goto(difference)
    expect(eli.locator("main")).to_contain_text("42,500")

    eli.goto(public)
    for words in ("corrected", "42,000", "42,500"):
        expect(eli.locator("main")).to_contain_text(words)
    expect(eli.locator("main")).not_to_contain_text(WORDS)
    photograph(eli, "8-report")
    eli.goto(live_server.url + reverse("correction-list"))
    expect(eli.locator("main li", has_text=f"Report {report.number}").first).to_contain_text("corrected")
    photograph(eli, "9-ledger")
    eli.set_viewport_size(NARROW)
    eli.emulate_media(color_scheme="dark")
    assert not axe_findings(eli)
    photograph(eli, "9-ledger-narrow-dark")

    feed = eli.request.get(live_server.url + reverse("corrections-feed")).text()
    assert f"{report}" in feed
    assert public in feed
    told = eli.request.get(f"{live_server.url}/api/v1/corrections/{report.number}/").json()
    assert (told["state"], told["fixed_in"]["number"]) == ("fixed", 3)
    assert told["fixed_in"]["permanent_address"] == newer
    for text in (feed, json.dumps(told)):
        assert READER not in text
        assert WORDS not in text
    assert not troubles, "\n".join(troubles)
