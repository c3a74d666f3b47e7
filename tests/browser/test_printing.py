"""A page on paper, printed by a real browser: all that was folded, the notes with their addresses, and nothing to press."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.printed import pages_of, words_of
from tests.factories import CitationFactory, FigureFactory, MissionFactory, SourceFactory, published

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_printed_page_has_what_was_folded_and_the_addresses_of_its_sources(page, live_server):
    mission = MissionFactory(name_sr_cyrl="Косовске снаге", summary="A force came.[^copy]")
    source = SourceFactory(title="Report on the entry", url="https://example.org/reports/1999?page=2")
    CitationFactory(edition=mission, key="copy", source=source, quote="They came in.")
    for value in (50000, 42000):
        FigureFactory(edition=mission, value=value)
    address = published(mission).record.get_absolute_url()
    page.emulate_media(color_scheme="dark")
    page.goto(live_server.url + address)
    folded = page.locator("main details:not([open])")
    expect(folded.first).to_be_visible()
    before = folded.count()

    printed = page.pdf(prefer_css_page_size=True)

    words = words_of(printed)
    wanted = (
        "A force came.", "Косовске снаге", "They came in.", "<https://example.org/reports/1999?page=2>",
        "50,000", "42,000", f"{address}editions/1/",
    )  # fmt: skip
    assert [part for part in wanted if part.replace(" ", "") not in words] == []
    assert [part for part in ("Send the report", "Skip to the text", "Close") if part.replace(" ", "") in words] == []
    assert 1 < pages_of(printed) < 8
    expect(folded).to_have_count(before)
