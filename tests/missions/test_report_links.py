"""The ways to the readers' form from figures, notes and words: what they are called, and what the form knows."""

from __future__ import annotations

import html
import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from editorial import previews
from editorial.models import Correction
from tests.factories import (
    CitationFactory,
    FigureFactory,
    MissionFactory,
    SourceFactory,
    TermFactory,
    author,
    next_edition,
    published,
)

pytestmark = pytest.mark.django_db

LINK = re.compile(r'<a class="report"[^>]* href="([^"]*)" aria-label="([^"]*)"')


def unmik():
    """A mission with one figure that stands alone, two that differ, and a note of two sources; published."""
    mission = MissionFactory(slug="unmik", acronym="UNMIK", body="It was there.[^a][^b]")
    CitationFactory(edition=mission, key="b", quote="It is so.", source=SourceFactory(title="A report"))
    police = TermFactory(key="police", name="Police")
    FigureFactory(edition=mission, key="police", fact="police-2000", measure=police, value=3626, as_of="2000-05-24")
    for key, value in (("low", 42000), ("high", 50000)):
        FigureFactory(edition=mission, key=key, fact="entry", value=value, as_of="1999-06")
    return published(mission)


def links_of(address):
    """The links to the form on a page: address by name."""
    page = Client().get(address)
    assert page.status_code == 200
    found = [(html.unescape(name), html.unescape(href)) for href, name in LINK.findall(page.text)]
    assert len({*found}) == len(dict(found))  # no two links of one name lead to different places
    return dict(found)


def passage_at(address):
    page = Client().get(address)
    assert page.status_code == 200
    return html.unescape(re.search(r'<textarea name="passage"[^>]*>\s*(.*?)</textarea>', page.text, re.DOTALL)[1])


def link_of(address, name):
    """Where the link of a page leads whose name begins so."""
    return next(href for found, href in links_of(address).items() if found.startswith(f"Report a mistake: {name}"))


def test_each_number_leads_to_a_page_whose_link_has_a_name_of_its_own():
    page = Client().get(unmik().record.get_absolute_url()).text

    for fact, number, name, key in (
        ("police-2000", "3,626", "UNMIK police, 24 May 2000, 3,626, Secretary-General", "police"),
        ("entry", "50,000", "UNMIK military personnel, June 1999, 50,000, Secretary-General", "high"),
    ):
        address = f"/missions/unmik/figures/{fact}/"
        assert f'<a href="{address}">{number}</a>' in page
        assert link_of(address, name) == f"/corrections/new/?record=mission/unmik&edition=1&figure={key}"


def test_the_list_of_notes_says_how_each_is_reported():
    page = Client().get(unmik().record.get_absolute_url()).text

    form = "/corrections/new/?record=mission/unmik&amp;edition=1"
    notes = page[page.index(f'<ol class="notes" data-report="{form}">') :]
    assert {' data-citation="a"', ' data-citation="b"', ' data-figure="police"'} <= set(
        re.findall(r'<div class="note-part"([^>]*)>', notes)
    )
    assert re.search(rf'without-script"><a rel="nofollow" href="{re.escape(form)}"', page)  # where no script runs


def test_what_a_link_is_about_is_found_on_the_server_and_filled_in():
    unmik()

    police = passage_at(link_of("/missions/unmik/figures/police-2000/", "UNMIK police"))
    assert police.startswith("Police: 3,626 persons, 24 May 2000 (United Nations Secretary-General, Report number")
    note = passage_at("/corrections/new/?record=mission/unmik&edition=1&citation=b")
    assert "A report" in note
    assert note.endswith("para. 9: “It is so.”")
    fact = passage_at("/corrections/new/?record=mission/unmik&figure=entry")
    assert ("42,000" in fact, "50,000" in fact) == (True, True)


def test_the_pages_of_figures_and_of_a_fact_have_the_links_and_the_form():
    record = unmik().record
    for address in (reverse("mission-figures", args=["unmik"]), reverse("mission-fact", args=["unmik", "entry"])):
        links = links_of(address)
        assert any("50,000, Secretary-General" in name for name in links)
        page = Client().get(address).text
        assert 'name="record" value="mission/unmik"' in page
        assert 'name="edition" value="1"' in page
    assert 'name="figure" value="entry"' in page
    Client().post("/corrections/new/", {"record": "mission/unmik", "edition": "1", "figure": "entry", "message": "No."})
    report = Correction.objects.get()
    assert (report.record, report.edition_seen.number, report.figure) == (record, 1, "entry")


def test_an_older_edition_is_reported_as_the_edition_it_is():
    first = unmik()
    draft = next_edition(first.record)
    draft.figures.filter(key="police").update(value=3630)
    published(draft)

    then = link_of("/missions/unmik/figures/police-2000/?edition=1", "UNMIK police")
    now = link_of("/missions/unmik/figures/police-2000/", "UNMIK police")
    assert "edition=1" in then
    assert "edition=2" in now
    assert "3,626" in passage_at(then)
    assert "3,630" in passage_at(now)


def test_a_draft_has_no_links_and_its_words_are_never_filled_in():
    record = unmik().record
    draft = next_edition(record)
    draft.figures.filter(key="police").update(value=999, note="Secret")
    FigureFactory(edition=draft, key="new", fact="new", value=777)
    address, _ = previews.share(draft, by=author(), days=1)

    assert 'class="report"' not in Client().get(address).text
    for query in ("figure=new", "edition=2&figure=new", "edition=2&figure=police", "citation=new"):
        words = passage_at(f"/corrections/new/?record=mission/unmik&{query}")
        assert not {"777", "999"} & set(re.findall(r"\d+", words))


@pytest.mark.parametrize(
    "query",
    [
        "figure=none",
        "citation=none",
        "edition=99&figure=police",
        "edition=x&figure=x",
        "figure=" + "x" * 4000,
        "passage=" + "x" * 5000,
    ],
)
def test_nonsense_in_the_address_opens_the_form_all_the_same(query):
    unmik()
    assert Client().get(f"/corrections/new/?record=mission/unmik&{query}").status_code == 200


def test_the_words_selected_go_before_those_of_a_key():
    unmik()
    assert passage_at("/corrections/new/?record=mission/unmik&figure=police&passage=These") == "These"


def test_the_links_cost_no_queries():
    def queries(edition):
        with CaptureQueriesContext(connection) as captured:
            Client().get(edition.get_absolute_url())
        return len(captured)

    first = unmik()
    few = queries(first)
    draft = next_edition(first.record)
    for n in range(10):
        FigureFactory(edition=draft, key=f"more{n}", fact=f"more-{n}", as_of=f"20{n:02}", value=n)
    assert queries(published(draft)) <= few
