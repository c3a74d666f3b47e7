"""Log-in, second factor and recovery codes in a real browser, as an editor meets them on a first day."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from tests.browser.test_main_pages import NARROW, PASSWORD, WIDE, axe_findings, follow, watch, write
from tests.factories import EditorFactory
from tests.second_factor import code

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

OTHER = "a quite different pass phrase"


@pytest.mark.parametrize(("viewport", "scheme"), [(WIDE, "light"), (NARROW, "dark")], ids=["wide", "narrow-dark"])
def test_the_first_day_of_an_editor(browser, live_server, settings, viewport, scheme):
    settings.SECOND_FACTOR = True
    EditorFactory(username="ana", must_choose_password=True)
    page = browser.new_context(viewport=viewport, color_scheme=scheme, accept_downloads=True).new_page()
    troubles: list[str] = []
    watch(page, troubles)
    found: list[str] = []

    def log_in(password: str) -> None:
        page.goto(live_server.url + reverse("admin:index"))
        found.extend(axe_findings(page))
        write(page.get_by_label("Username"), "ana")
        page.get_by_label("Password").fill(password)
        follow(page, page.get_by_role("button", name="Log in"))

    def log_out() -> None:
        follow(page, page.get_by_role("button", name="Log out"))
        expect(page.get_by_text("You are logged out")).to_be_visible()

    def look(heading: str) -> None:
        expect(page.get_by_role("heading", level=1)).to_have_text(heading)
        found.extend(axe_findings(page))
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), f"{heading} is too wide"

    log_in("wrong")
    look("Log in")
    log_in(PASSWORD)
    look("Change your password")
    page.get_by_label("Current password").fill(PASSWORD)
    page.get_by_label("New password:", exact=True).fill(OTHER)
    page.get_by_label("New password again").fill(OTHER)
    follow(page, page.get_by_role("button", name="Change the password"))

    look("Set up the second factor")
    expect(page.get_by_role("img", name="The key as a picture")).to_be_visible()
    assert page.locator("img.qr").evaluate("image => image.naturalWidth") > 0
    shown = page.locator("code.key").inner_text()
    secret = shown.replace(" ", "")
    page.get_by_label("The code your app shows now").fill("000000")
    follow(page, page.get_by_role("button", name="Set it up"))
    look("Set up the second factor")
    assert page.locator("code.key").inner_text() == shown
    page.get_by_label("The code your app shows now").fill(code(secret))
    follow(page, page.get_by_role("button", name="Set it up"))

    look("Recovery codes")
    codes = page.locator(".codes code").all_inner_texts()
    with page.expect_download() as download:
        page.get_by_role("link", name="Save them as a file").click()
    assert codes == re.findall(r"\b\d{8}\b", Path(download.value.path()).read_text())
    follow(page, page.get_by_role("link", name="I have kept them"))
    expect(page).to_have_url(live_server.url + reverse("admin:index"))
    log_out()

    log_in(OTHER)
    look("Second factor")
    write(page.get_by_label("Code"), "000000")
    follow(page, page.get_by_role("button", name="Log in"))
    look("Second factor")
    write(page.get_by_label("Code"), code(secret, later=1))
    follow(page, page.get_by_role("button", name="Log in"))
    expect(page).to_have_url(live_server.url + reverse("admin:index"))
    log_out()

    log_in(OTHER)
    write(page.get_by_label("Code"), codes[3])
    follow(page, page.get_by_role("button", name="Log in"))
    follow(page, page.get_by_role("link", name="Second factor", exact=True))
    look("Second factor")
    expect(page.get_by_text("9 recovery codes left")).to_be_visible()
    follow(page, page.get_by_role("link", name="Remove the second factor"))
    look("Your password once more")
    page.get_by_label("Password").fill(OTHER)
    follow(page, page.get_by_role("button", name="Go on"))
    look("Remove the second factor")
    follow(page, page.get_by_role("button", name="Remove it"))
    look("Set up the second factor")

    assert found == []
    assert troubles == []
