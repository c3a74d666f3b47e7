"""The public ledger of reports, and one report with what stood there before and stands there now."""

from __future__ import annotations

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from editorial import amendments, workflow
from editorial.corrections import answering, deciding
from editorial.corrections.ledger import ledger_figures
from editorial.models import Correction
from sources.models import Citation
from tests.factories import (
    ArticleFactory,
    FigureFactory,
    MissionFactory,
    author,
    managing_editor,
    next_edition,
    published,
    reported,
    reviewer,
)

pytestmark = pytest.mark.django_db

KFOR = "/missions/kfor/"


@pytest.fixture
def kfor():
    """A mission with two figures, public in edition 1."""
    mission = MissionFactory(slug="kfor", body="It was a force.[^a]\n\nIt came by road.[^b]")
    Citation.objects.create(edition=mission, key="b", source=mission.citations.get().source)
    FigureFactory(edition=mission, key="entry", fact="strength-1999", value=42000)
    FigureFactory(edition=mission, key="police", fact="police-2000", value=300)
    return published(mission)


def fixed(record, **fields):
    """A report corrected in the next edition, which gives other figures and other words."""
    draft = next_edition(record, change_kind="correction", body="It was a force.[^a]\n\nIt came by air.[^b]")
    draft.figures.filter(key="entry").update(value=50000)
    draft.figures.filter(key="police").update(value=400)
    report = reported(record, state="in_work", attached_to=draft, **fields)
    published(draft, note="Edition 1 gave other numbers.")
    report.refresh_from_db()
    return report


def text_of(client, address, status=200):
    response = client.get(address)
    assert response.status_code == status, address
    return response.content.decode()


def listed(client, query=""):
    page = text_of(client, f"/corrections/{query}")
    return [int(part.split("/")[0]) for part in page.split('<h2><a href="/corrections/')[1:]]


def test_the_ledger_is_narrowed_by_what_readers_see(client, kfor):
    record, other = kfor.record, published(ArticleFactory(slug="riots")).record
    waiting = reported(record, state="needs_information", category="typo")
    in_work = reported(record, state="in_work", category="factual")
    comment = reported(other, state="closed", kind="comment", category="typo")
    source = Correction(subject="/sources/un1999/", subject_label="A source", message="m", token_hash="s")
    source.save()

    assert listed(client) == [source.pk, comment.pk, in_work.pk, waiting.pk]
    assert listed(client, "?state=new") == [source.pk, waiting.pk]
    assert listed(client, "?state=confirmed") == [in_work.pk]
    assert listed(client, "?kind=comment") == [comment.pk]
    assert listed(client, "?category=typo") == [comment.pk]  # of what waits readers learn no category
    for about in ("mission", "kfor", "mission/kfor"):
        assert listed(client, f"?about={about}&utm_source=x") == [in_work.pk, waiting.pk]
    for about in ("source", "un1999", "source/un1999"):
        assert listed(client, f"?about={about}") == [source.pk]
    assert listed(client, "?about=nobody") == []
    for wrong in ("?state=in_work", "?state=needs_information", "?kind=x", "?category=%00", "?about=%3Cb%3E"):
        page = text_of(client, f"/corrections/{wrong}", 400 if "%00" in wrong else 200)
        assert "could not be read and was left out" in page or "%00" in wrong
    assert len(listed(client, "?state=in_work")) == 4


def test_pages_go_by_number_keep_the_filters_and_cost_the_same(client, kfor):
    def fill(start, many):
        for number in range(start, start + many):
            Correction(record=kfor.record, message="m", token_hash=str(number)).save()
        with CaptureQueriesContext(connection) as queries:
            shown = listed(client, "?kind=correction")
        return shown, len(queries)

    few, cost = fill(0, 3)
    many, cost_of_many = fill(3, 57)
    assert (len(few), len(many), cost_of_many) == (3, 50, cost)
    assert f"?kind=correction&amp;before={many[-1]}" in text_of(client, "/corrections/?kind=correction")
    assert len(listed(client, f"?kind=correction&before={many[-1]}")) == 10


def test_the_figures_say_what_became_of_reports_and_nothing_before_the_first_decision(client, kfor):
    record = kfor.record
    reported(record)
    reported(record, is_spam=True)
    assert "Time to the decision" not in text_of(client, "/corrections/")
    assert "Found right" not in text_of(client, "/corrections/")
    assert "No report has been decided on yet" in text_of(client, "/about/quality/")

    right = fixed(record)
    others = [
        reported(record, state="confirmed"),
        reported(record, state="declined"),
        reported(record, state="declined", kind="comment"),
        reported(record, state="duplicate", duplicate_of=right),
    ]
    now = timezone.now()
    for report, days in zip([right, *others], (1, 2, 9.5, 20, 30), strict=True):
        decided = now if report is not right else right.decided_at
        Correction.objects.filter(pk=report.pk).update(
            decided_at=decided, received_at=decided - datetime.timedelta(days=days)
        )

    figures = ledger_figures()
    assert (figures.received, figures.open, figures.waiting, figures.decided) == (6, 2, 1, 5)
    assert (figures.confirmed, figures.corrected, figures.declined, figures.others) == (1, 1, 2, 1)
    assert (figures.median, figures.median_days) == (datetime.timedelta(days=9.5), 10)
    assert (figures.right, figures.judged, figures.share_right) == (2, 3, 67)
    ledger, quality = text_of(client, "/corrections/"), text_of(client, "/about/quality/")
    for words in ("10 days: half of the 5 decisions", "67 per cent: 2 of the 3 reports of a mistake"):
        assert words in ledger
        assert words in quality
    with CaptureQueriesContext(connection) as queries:
        ledger_figures()
    assert len(queries) == 2


def test_a_fixed_report_shows_what_stood_there_before_and_what_stands_there_now(client, kfor):
    page = text_of(client, fixed(kfor.record, figure="strength-1999", category="factual").get_absolute_url())

    for words in (
        "42,000",
        "50,000",
        "a fact is wrong",
        f"{KFOR}editions/1/",
        f"{KFOR}editions/2/",
        f"{KFOR}editions/1..2/",
    ):
        assert words in page
    assert "400" not in page.split("Before and after")[1]  # the other figure has nothing to do with it
    assert "by road" not in page


def test_what_differs_is_narrowed_to_the_figure_or_note_named_and_told_whole_where_it_names_neither(client, kfor):
    report = fixed(kfor.record)
    shown = {}
    for figure, citation in (("entry", ""), ("", "b"), ("", ""), ("elsewhere", ""), ("", "a")):
        Correction.objects.filter(pk=report.pk).update(figure=figure, citation=citation)
        page = text_of(client, report.get_absolute_url())
        shown[figure or citation] = ("50,000" in page, "400" in page.split("Before and after")[1], "by <" in page)

    assert shown["entry"] == (True, False, False)
    assert shown["b"] == (False, False, True)
    assert shown[""] == shown["elsewhere"] == shown["a"] == (True, True, True)


def test_an_edition_removed_for_legal_cause_shows_nothing_of_its_text(client, kfor):
    report = fixed(kfor.record, subject_label="Kosovo Force")
    workflow.suppress(report.fixed_in, by=managing_editor(), reason="Court order 12/26.")

    pages = [
        text_of(client, address)
        for address in (report.get_absolute_url(), "/corrections/", "/changes/", "/corrections/feed/", "/changes/feed/")
    ]
    assert "removed for legal cause" in pages[0]
    for page in pages:
        for gone in ("50,000", "by air", "gave other numbers"):
            assert gone not in page
    assert "Kosovo Force" not in "".join(page for page in pages if "edition 1 published" not in page)
    assert "mission/kfor" in pages[0]


def test_a_change_to_a_source_is_told_with_its_old_and_new_values(client, kfor):
    source = kfor.citations.first().source
    report = reported(None, subject=source.get_absolute_url(), subject_label=str(source), state="confirmed")
    changed = type(source).objects.get(pk=source.pk)
    changed.title = "The right title"
    amendment = amendments.propose(source, changed, by=author(), reason="A slip of the pen.")
    answering.attach_to_amendment(report, by=author(), amendment=amendment)
    assert "We are correcting this" in text_of(client, source.get_absolute_url())

    amendments.confirm(amendment, by=reviewer())

    page = text_of(client, report.get_absolute_url())
    assert f'<del><span class="visually-hidden">removed: </span>{source.title}</del>' in page
    assert "The right title</ins>" in page
    assert f"report {report.number}" in text_of(client, source.get_absolute_url())


def test_a_duplicate_shows_the_outcome_of_its_original_which_names_it(client, kfor):
    original = fixed(kfor.record, figure="entry")
    double = reported(kfor.record, state="duplicate", duplicate_of=original)

    page = text_of(client, double.get_absolute_url())
    for words in (f"What became of report {original.number}", "50,000", f"{KFOR}editions/2/"):
        assert words in page
    assert f'<a href="{double.get_absolute_url()}">report {double.number}</a>' in text_of(
        client, original.get_absolute_url()
    )


def test_words_and_name_stand_there_only_once_released_escaped_and_marked_as_the_readers(client, kfor):
    report = reported(
        kfor.record, state="declined", message="<b>مرحبا</b>", should_say="Fifty", passage="Forty-two",
        name="Ana <i>", email="ana@example.org", evidence_url="https://example.org/x", may_quote=True, may_name=True,
    )  # fmt: skip
    private = ("مرحبا", "Fifty", "Forty-two", "Ana", "ana@example.org", "example.org/x")
    address = report.get_absolute_url()
    assert not any(words in text_of(client, address) for words in private)

    deciding.release(report, by=author(), words=True, name=True)

    page = text_of(client, address)
    for words in (
        "&lt;b&gt;مرحبا&lt;/b&gt;",
        "Fifty",
        "Forty-two",
        "<bdi>Ana &lt;i&gt;</bdi>",
        'dir="auto"',
        "own words",
    ):
        assert words in page
    assert "ana@example.org" not in page
    assert "example.org/x" not in page
    one = client.get(f"/api/v1/corrections/{report.number}/").json()
    assert one["words"] == {"message": "<b>مرحبا</b>", "passage": "Forty-two", "should_say": "Fifty"}
    assert one["name"] == "Ana <i>"

    deciding.release(report, by=author(), words=False, name=False)
    assert not any(words in text_of(client, address) for words in private)


def test_the_api_tells_the_same(client, kfor, settings):
    settings.SITE_URL = "http://127.0.0.1:8000"
    site = settings.SITE_URL
    report = fixed(kfor.record, category="factual")
    waiting = reported(kfor.record, state="needs_information", category="typo")
    in_work = reported(kfor.record, state="in_work")
    double = reported(kfor.record, state="duplicate", duplicate_of=report)

    def numbers(**query):
        return [row["number"] for row in client.get("/api/v1/corrections/", query).json()["results"]]

    rows = {row["number"]: row for row in client.get("/api/v1/corrections/").json()["results"]}
    assert [rows[one.pk]["state"] for one in (report, waiting, in_work, double)] == [
        "fixed", "new", "confirmed", "duplicate",
    ]  # fmt: skip
    assert (rows[waiting.pk]["category"], rows[waiting.pk]["decided_at"], rows[report.pk]["category"]) == (
        None, None, "factual",
    )  # fmt: skip
    assert rows[double.pk]["duplicate_of"] == report.pk
    assert rows[report.pk]["settled_at"]
    assert rows[report.pk]["fixed_in"]["difference_address"] == f"{site}{KFOR}editions/1..2/"
    assert numbers(state="confirmed,new") == [in_work.pk, waiting.pk]
    assert numbers(category="factual,typo") == [report.pk]
    assert numbers(about="mission/kfor", decided_since="2000-01-01") == [double.pk, in_work.pk, report.pk]
    assert client.get("/api/v1/corrections/?state=in_work").status_code == 400
    second, first = client.get("/api/v1/missions/kfor/editions/").json()["results"]
    assert (second["corrections"], second["corrected_in"]) == ([report.pk], None)
    assert (first["corrections"], first["corrected_in"]) == ([], 2)
    live = client.get("/api/v1/missions/kfor/").json()
    assert (live["corrections"], live["corrected_in"]) == ([report.pk], None)
