"""The editors' guide, walked by two people in a real browser: every button they press is named in it.

`make guide` keeps the pictures this takes for docs/editors.md; otherwise they go to a temporary folder.
"""

from __future__ import annotations

import io
import os
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from django.urls import reverse
from PIL import Image
from playwright.sync_api import expect

from editorial.models import Record
from sources.models import Source
from tests.browser.test_main_pages import PASSWORD, follow, watch, write
from tests.factories import author, reviewer

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

GUIDE = settings.BASE_DIR / "docs" / "editors.md"
PICTURES = settings.BASE_DIR / "docs" / "pictures"


class Walker:
    """Somebody who knows the site from the guide alone, and takes a picture at each step."""

    def __init__(self, browser, url: str, pictures: Path, troubles: list[str]) -> None:
        self.page = browser.new_context(viewport={"width": 1280, "height": 820}).new_page()
        watch(self.page, troubles)
        self.url, self.pictures = url, pictures
        self.guide = " ".join(GUIDE.read_text(encoding="utf-8").split())

    def named(self, label: str) -> str:
        """The label, which must stand in the guide as the name of something on the page."""
        assert f"*{label}*" in self.guide, f"The guide does not name “{label}”."
        return label

    def picture(self, name: str, target=None) -> None:
        """Keep what is on the screen, with `target` in the middle, in few colours: the files stay small."""
        if target is not None:
            target.evaluate("one => one.scrollIntoView({block: 'center'})")
        assert f"pictures/{name}.png" in self.guide, f"The guide does not show “{name}”."
        picture = Image.open(io.BytesIO(self.page.screenshot()))
        picture.convert("RGB").quantize(96).save(self.pictures / f"{name}.png", optimize=True)

    def log_in(self, name: str) -> None:
        self.page.goto(self.url + reverse("admin:index"))
        write(self.page.get_by_label("Username"), name)
        self.page.get_by_label("Password").fill(PASSWORD)
        follow(self.page, self.page.get_by_role("button", name=self.named("Log in")))

    def link(self, label: str, *, exact: bool = True) -> None:
        """Follow a link or button of the page's own, not of the navigation beside it."""
        links = self.page.locator("#content").get_by_role("link", name=self.named(label), exact=exact)
        follow(self.page, links.first)

    def confirm(self, label: str) -> None:
        """Follow a button of the workflow, and press the same on the page that asks."""
        self.link(label)
        follow(self.page, self.page.locator(".submit-row").get_by_role("button", name=label, exact=True))


@pytest.fixture
def pictures(tmp_path) -> Path:
    if not os.environ.get("GUIDE_PICTURES"):
        return tmp_path
    PICTURES.mkdir(exist_ok=True)
    return PICTURES


def test_two_people_publish_the_second_edition_of_kfor_by_the_guide(browser, live_server, pictures):
    call_command("load_record", verbosity=0)
    author(username="ana", public_name="Ana")
    reviewer(username="cem", public_name="Cem")
    kfor, troubles = Record.objects.get(kind="mission", slug="kfor"), []
    figure = kfor.live.typed.figures.get(key="fig-0195")

    # Ana writes
    ana = Walker(browser, live_server.url, pictures, troubles)
    page = ana.page
    ana.log_in("ana")
    ana.picture("front-door")
    page.get_by_role("searchbox").fill("KFOR")
    follow(page, page.locator("#header").get_by_role("button", name=ana.named("Search")))
    ana.picture("search")
    follow(page, page.locator("#content").get_by_role("link", name=re.compile("^Kosovo Force")).first)
    ana.picture("public-edition")
    ana.confirm("Start the next edition")
    ana.picture("draft")

    ana.link("Figures", exact=False)
    page.locator("#searchbar").fill("4,600")
    follow(page, page.locator("#changelist-search").get_by_role("button", name="Search"))
    ana.picture("figures")
    follow(page, page.get_by_role("link", name=figure.key, exact=True))
    page.get_by_label(ana.named("Value"), exact=False).first.fill("4650")
    page.get_by_label(ana.named("Locator"), exact=False).fill("para. 3")
    page.get_by_label(ana.named("I have the source before me, and this is as it has it")).check()
    ana.picture("figure")
    follow(page, page.get_by_role("button", name=ana.named("Save"), exact=True))
    ana.link("To the edition")

    body = page.locator("#id_body")
    body.evaluate("area => { area.value += '\\n\\nIn March 2025 it counted about 4,650 soldiers.'; area.focus(); }")
    page.locator(".field-body .cite-here").click()
    dialog = page.get_by_role("dialog", name=ana.named("Cite here"))
    expect(dialog.get_by_label("Find a source")).to_be_focused()
    ana.picture("cite-here")
    dialog.get_by_text(ana.named("A new source, which the library does not have")).click()
    dialog.get_by_label("Title").fill("KFOR key facts and figures, March 2025")
    dialog.get_by_label("Type").select_option("webpage")
    dialog.get_by_label("Authors").fill("NATO")
    dialog.locator("#cite_new-issued").fill("March 2025")
    dialog.get_by_label("Standing").select_option("official")
    dialog.get_by_label(ana.named("Where in the source")).fill("table 1")
    ana.picture("new-source")
    dialog.get_by_role("button", name=ana.named("Cite it")).click()
    expect(body).to_have_value(re.compile(r"about 4,650 soldiers\.\[\^\w[\w-]*\]$"))
    page.get_by_label(ana.named("Change kind"), exact=False).select_option("correction")
    page.get_by_label(ana.named("Change note"), exact=False).fill("The strength of March 2025 was 4,650, not 4,600.")
    ana.picture("change-note", page.get_by_label("Change note", exact=False))
    follow(page, page.get_by_role("button", name=ana.named("Save and preview")))
    expect(page.get_by_text("about 4,650 soldiers")).to_be_visible()
    ana.picture("preview")
    follow(page, page.get_by_role("link", name=ana.named("Back to the form")))
    ana.link("Submit for review")
    ana.picture("submit")
    follow(page, page.locator(".submit-row").get_by_role("button", name="Submit for review"))

    # Cem checks
    cem = Walker(browser, live_server.url, pictures, troubles)
    page = cem.page
    cem.log_in("cem")
    cem.picture("to-review")
    follow(page, page.locator("#content").get_by_role("link", name=re.compile("^Kosovo Force")).first)
    follow(page, page.get_by_role("button", name=cem.named("I am reading this")))
    cem.picture("review")
    cem.picture("difference", page.locator("#against ins").first)
    for choice in page.locator(".checklist select").all():
        choice.select_option(label="cited elsewhere in this text")
    cem.picture("checklist", page.locator(".checklist"))
    follow(page, page.get_by_role("button", name=cem.named("Keep these ticks")))
    cem.link("Publish", exact=False)
    cem.picture("publish")
    follow(page, page.locator(".submit-row").get_by_role("button"))

    # What readers see
    kfor.refresh_from_db()
    live = kfor.live.typed
    assert (live.number, live.written_by, live.checked_by, live.change_kind) == (2, "Ana", "Cem", "correction")
    changed = live.figures.get(key=figure.key)
    assert (int(changed.value), changed.locator, changed.checked_by) == (4650, "para. 3", "Ana")
    assert Source.objects.get(title__startswith="KFOR key facts").in_public_use()
    page.goto(live_server.url + kfor.get_absolute_url())
    expect(page.locator("main")).to_contain_text("about 4,650 soldiers")
    cem.picture("public-page")
    page.goto(live_server.url + reverse("mission-difference", args=["kfor", 1, 2]))
    expect(page.locator("main")).to_contain_text("4,650")
    cem.picture("public-difference")
    assert not troubles, "\n".join(troubles)
