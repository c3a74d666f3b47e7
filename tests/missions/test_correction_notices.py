"""What a record's pages tell of corrections: at the fact, on the live page, on the editions that were wrong."""

from __future__ import annotations

import json
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from editorial import workflow
from editorial.corrections import answering, deciding, receiving
from kosovo_peace import page_cache
from missions.models import Participation
from sources.models import Citation
from tests.factories import (
    FigureFactory,
    MissionFactory,
    OrganisationFactory,
    author,
    managing_editor,
    next_edition,
    published,
    reported,
)

pytestmark = pytest.mark.django_db

KFOR = "/missions/kfor/"
AT_THE_FACT = "We are correcting this (report {0})"


@pytest.fixture
def kfor():
    mission = MissionFactory(slug="kfor", body="It was a force.[^a]\n\nIt came by road.[^b]")
    Citation.objects.create(edition=mission, key="b", source=mission.citations.get().source)
    nato = OrganisationFactory(key="nato", name="North Atlantic Alliance")
    Participation.objects.create(edition=mission, key="nato", organisation=nato, role="lead", cites="a")
    FigureFactory(edition=mission, key="entry", fact="strength-1999", value=42000)
    FigureFactory(edition=mission, key="entry-2", fact="strength-1999", value=43000)
    for number in range(2):
        name = f"later-{number}"
        FigureFactory(edition=mission, key=name, fact=name, as_of=f"2001-0{number + 1}", value=900 + number)
    return published(mission)


def text_of(client, address):
    response = client.get(address)
    assert response.status_code == 200, address
    return response.content.decode()


def corrected(record, note, *, kind="correction", **answers):
    """The next edition, with a report that it answers."""
    draft = next_edition(record, change_kind=kind, change_note=note)
    report = reported(record, state="in_work", attached_to=draft, **answers)
    return published(draft), report


def test_what_is_confirmed_is_told_at_the_fact_the_figure_and_the_note_and_nothing_before(client, kfor):
    named = {"fact": {"figure": "strength-1999"}, "figure": {"figure": "entry-2"}, "note": {"citation": "b"}}
    reports = {name: reported(kfor.record, message="Private words.", **about) for name, about in named.items()}
    assert "We are correcting" not in text_of(client, KFOR)
    for report in reports.values():
        deciding.confirm(report, by=author())

    page = text_of(client, KFOR)

    assert "We are correcting this page" not in page
    assert "Private" not in page
    row = next(part for part in page.split("<tr") if AT_THE_FACT.format(reports["figure"].number) in part)
    assert "43,000" in row
    assert AT_THE_FACT.format(reports["fact"].number) in page
    note = next(part for part in page.split("<li id=") if AT_THE_FACT.format(reports["note"].number) in part)
    assert note.startswith('"note-')
    assert f'href="/corrections/{reports["note"].number}/"' in note
    for address in ("figures/", "figures/strength-1999/"):
        below = text_of(client, KFOR + address)
        for name, shown in (("fact", True), ("figure", True), ("note", False)):
            assert (AT_THE_FACT.format(reports[name].number) in below) == shown


def test_what_is_named_at_no_place_of_the_page_is_told_once_near_its_head(client, kfor):
    whole, unknown = (reported(kfor.record, state="confirmed", figure=name) for name in ("", "no-such-figure"))
    not_shown = reported(kfor.record, state="confirmed", figure="later-0")  # neither highest nor last of its year

    page = text_of(client, KFOR)

    notice = page[page.index("We are correcting this page") :].split("</div>")[0]
    assert re.findall(r"report (\d+)", notice) == [str(report.number) for report in (whole, unknown, not_shown)]
    assert "We are correcting this (" not in page
    assert AT_THE_FACT.format(not_shown.number) in text_of(client, f"{KFOR}figures/later-0/")


def test_an_edition_older_than_the_one_the_reader_saw_is_not_said_to_be_wrong(client, kfor):
    second = published(next_edition(kfor.record))
    report = reported(kfor.record, state="confirmed", figure="entry", edition_seen=second)

    assert AT_THE_FACT.format(report.number) in text_of(client, f"{KFOR}editions/2/")
    assert AT_THE_FACT.format(report.number) not in text_of(client, f"{KFOR}editions/1/")


def test_corrections_stand_on_the_live_page_and_where_they_were_made_on_the_editions_before(client, kfor):
    record = kfor.record
    published(next_edition(record, change_note="A new commander."))
    first, report = corrected(record, "Edition 2 gave 42,000.")
    corrected(record, "A chapter on the police.", kind="update")
    last, _ = corrected(record, "Edition 4 named another place.")

    page = text_of(client, KFOR)

    head, rest = page[page.index("<main") :].split('class="side"')
    published_at = timezone.localtime(last.published_at)
    day = f"{published_at.day} {published_at:%B %Y}"
    assert f">{day}</time>:</strong> Edition 4 named another place." in head
    assert "Edition 2 gave 42,000." not in head
    corrections = rest[rest.index(">Corrections</h3>") :].split("</ul>")[0]
    assert corrections.index("named another place") < corrections.index("gave 42,000")
    assert f"report {report.number}" in corrections
    assert "A chapter on the police" not in corrections
    assert "Update: A chapter on the police." in rest
    for older, first_later in (("1", "3"), ("2", "3"), ("3", "5"), ("4", "5")):
        old = text_of(client, f"{KFOR}editions/{older}/")
        assert f'Corrected in <a href="{KFOR}editions/{first_later}/">edition {first_later}</a>' in old
        assert f'href="{KFOR}editions/{older}..{first_later}/"' in old
    assert "Corrected in" not in text_of(client, f"{KFOR}editions/5/")
    assert f"report {report.number}" in text_of(client, first.get_absolute_url())

    workflow.suppress(first, by=managing_editor(), reason="Court order.")
    assert 'Corrected in <a href="/missions/kfor/editions/5/">' in text_of(client, f"{KFOR}editions/2/")
    assert "gave 42,000" not in text_of(client, KFOR)


def test_the_history_of_a_fact_says_which_edition_corrected_it(client, kfor):
    draft = next_edition(kfor.record, change_kind="correction")
    draft.figures.filter(key="entry").update(value=50000)
    published(draft)
    published(next_edition(kfor.record, change_kind="correction"))  # of something else

    for fact, marks in (("strength-1999", 1), ("later-0", 0)):
        history = text_of(client, f"{KFOR}figures/{fact}/").split("What editions have said")[1]
        assert history.count("a correction") == marks
        assert ("editions/1..2/" in history) == bool(marks)


def test_an_organisation_says_that_it_is_being_corrected(client, kfor):
    report = reported(None, subject="/organisations/nato/", subject_label="NATO")
    assert "We are correcting" not in text_of(client, "/organisations/nato/")
    deciding.confirm(report, by=author())

    assert f"report {report.number}</a>)" in text_of(client, "/organisations/nato/")


def test_pages_cost_the_same_however_many_reports_and_corrections_there_are(client, kfor):
    addresses = [KFOR, f"{KFOR}figures/", f"{KFOR}figures/strength-1999/", f"{KFOR}editions/1/"]

    def costs():
        found = []
        for address in addresses:
            with CaptureQueriesContext(connection) as queries:
                text_of(client, address)
            found.append(len(queries))
        return found

    corrected(kfor.record, "Edition 1 was wrong.", figure="entry")
    reported(kfor.record, state="confirmed", figure="entry")
    few = costs()
    for number in range(3):
        _, report = corrected(kfor.record, f"It was wrong again, {number}.", figure="entry", citation="b")
        reported(kfor.record, state="duplicate", duplicate_of=report)
        reported(kfor.record, state="confirmed", citation="b", edition_seen=kfor)
    assert costs() == few


def test_what_is_decided_is_seen_at_once_everywhere_though_pages_are_kept(client, kfor, kept_pages):
    report = reported(kfor.record, figure="entry", message="Said so.", name="Ana", may_quote=True, may_name=True)
    one = report.get_absolute_url()
    everywhere = [
        KFOR,
        f"{KFOR}figures/",
        f"{KFOR}figures/strength-1999/",
        one,
        "/corrections/feed/",
        "/api/v1/missions/kfor/",
    ]

    def seen():
        page_cache.serial_memory.forget()  # a second has passed
        return {address: text_of(client, address) for address in (*everywhere, "/about/quality/")}

    before = seen()
    deciding.confirm(report, by=author())
    confirmed = seen()
    for address in everywhere[:5]:
        assert confirmed[address] != before[address], address
    assert "1 being corrected" in confirmed["/about/quality/"]

    deciding.release(report, by=author(), words=True, name=True)
    assert all(words in seen()[one] for words in ("Said so.", "Ana"))
    receiving.withdraw_name(report)
    assert "Ana" not in seen()[one]
    receiving.withdraw_words(report)
    assert "Said so." not in seen()[one]

    draft = next_edition(kfor.record, change_kind="correction", change_note="Edition 1 gave 42,000.")
    answering.attach(report, by=author(), edition=draft)
    published(draft)
    answered = seen()
    assert "We are correcting" not in answered[KFOR]
    assert "Edition 1 gave 42,000." in answered[KFOR]
    assert "corrected" in answered[one]
    assert "corrected in edition 2" in answered["/corrections/feed/"]
    assert json.loads(answered["/api/v1/missions/kfor/"])["corrections"] == [report.number]
