"""The readers' form, the ledger and the reader's own page."""

from __future__ import annotations

import datetime
import json
import re
import threading
from urllib.parse import urlencode, urlsplit

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape

from editorial import limits, workflow
from editorial.corrections import deciding
from editorial.corrections.erasing import erase_due
from editorial.corrections.receiving import ReportRefused, receive
from editorial.models import Correction, RateLimit
from tests.factories import (
    ArticleFactory,
    CitationFactory,
    MissionFactory,
    SourceFactory,
    author,
    managing_editor,
    published,
)

pytestmark = pytest.mark.django_db

NEW = "/corrections/new/"
SECRET = "somebody@example.org"


def kfor(**fields):
    return published(MissionFactory(slug="kfor", **fields))


def send(client=None, **fields):
    data = {"record": "mission/kfor", "message": "The number is wrong."} | fields
    extra = {name: data.pop(name) for name in list(data) if name.isupper()}
    return (client or Client(enforce_csrf_checks=True)).post(NEW, data, **extra)


# Sending


def test_a_report_without_cookie_or_token_gets_a_number_and_a_private_address():
    edition = kfor()
    response = send(name="A reader", email=SECRET, edition="1", figure="strength-1999", kind="comment")

    assert response.status_code == 303
    assert not response.cookies
    report = Correction.objects.get()
    assert (report.record, report.edition_seen_id) == (edition.record, edition.pk)
    assert (report.kind, report.figure, report.about) == ("comment", "strength-1999", "Kosovo Force")
    receipt = Client().get(response.url)
    assert f"Your report {report.number}" in receipt.text
    assert "The number is wrong." in receipt.text


def test_the_form_works_as_the_source_sites_prompt_has_it():
    kfor()
    page = Client().get(f"{NEW}?record=mission/kfor&edition=1&figure=strength-1999&citation=a&passage=50,000 persons")

    assert page.status_code == 200
    assert "Corrections or comments about this article?" in page.text
    assert "50,000 persons</textarea>" in page.text
    hidden = dict(re.findall(r'type="hidden" name="(\w+)"(?: value="([^"]*)")?', page.text))
    assert hidden == {
        "record": "mission/kfor", "edition": "1", "figure": "strength-1999", "citation": "a", "subject": ""
    }  # fmt: skip
    assert 'lang="sq"' in page.text
    assert 'lang="sr-Latn"' in page.text
    assert "csrfmiddlewaretoken" not in page.text
    assert "maxlength" not in page.text.split('id="correct"')[1]  # what is pasted is never cut off in silence
    assert not page.cookies


def test_what_a_reader_allows_and_says_of_persons_comes_with_the_report():
    kfor()
    send(living_person="on", may_quote="on", may_name="on", name=" A\r\nReader ", citation="a", message="One\r\ntwo")
    report = Correction.objects.get()

    assert (report.living_person, report.may_quote, report.may_name) == (True, True, True)
    assert (report.name, report.citation, report.message) == ("A Reader", "a", "One\ntwo")
    assert (report.words_public, report.name_public) == (False, False)


def test_a_report_can_be_about_a_source_that_a_public_edition_cites():
    source = SourceFactory(key="un1999")
    mission = MissionFactory(slug="kfor")
    CitationFactory(edition=mission, key="b", source=source)
    assert send(record="", subject="/sources/un1999/").status_code == 422  # not public yet

    published(mission)

    assert send(record="", subject="/sources/un1999/").status_code == 303
    report = Correction.objects.get()
    assert (report.record, report.subject) == (None, "/sources/un1999/")
    assert Client().get(report.get_absolute_url()).status_code == 200


@pytest.mark.parametrize(
    "about",
    [
        {"record": "mission/draft"},
        {"record": "mission/unknown"},
        {"record": "mission/kfor\0"},
        {"record": "x" * 5000},
        {"record": "", "subject": "/sources/unknown/"},
        {"record": "", "subject": "//example.org/"},
        {"record": ""},
    ],
)
def test_what_is_unknown_and_what_is_a_draft_are_refused_in_the_same_words(about):
    MissionFactory(slug="draft", title="Secret draft")
    response = send(**about)

    assert response.status_code == 422
    assert "Secret draft" not in response.text
    assert "The number is wrong.</textarea>" in response.text
    assert not Correction.objects.exists()


def test_a_record_removed_for_legal_cause_takes_no_reports():
    edition = kfor()
    workflow.suppress(edition, by=managing_editor(), reason="A court order.")

    assert send().status_code == 422


def test_a_form_kept_from_before_a_renaming_still_reaches_its_record():
    edition = kfor()
    workflow.rename(edition.record, "kosovo-force", by=managing_editor())

    assert send().status_code == 303
    assert Correction.objects.get().record == edition.record


def test_mistakes_are_told_beside_the_field_and_in_a_summary_and_keep_what_was_typed():
    kfor()
    typed = {"passage": "These words", "email": "nobody", "should_say": "<b>Others</b>", "evidence_url": "not here"}
    response = send(message="", may_quote="on", kind="comment", **typed)

    assert response.status_code == 422
    assert "<title>Not received yet" in response.text
    summary = response.text[response.text.index('role="alert"') :].split("</div>")[0]
    assert "autofocus" in summary
    assert re.findall(r'<a href="#(\w+)">', summary) == ["id_message", "id_email", "id_evidence_url"]
    for field, error in (("message", "Write your message"), ("email", "This is no e-mail address")):
        assert error in summary
        assert re.search(rf'<ul class="errorlist" id="id_{field}_error"><li>{error}', response.text)
        assert re.search(
            rf'id="id_{field}"[^>]*aria-invalid="true"|aria-invalid="true"[^>]*id="id_{field}"', response.text
        )
    assert "These words</textarea>" in response.text
    assert "&lt;b&gt;Others&lt;/b&gt;</textarea>" in response.text
    assert 'value="nobody"' in response.text
    assert re.search(r'name="may_quote"[^>]* checked', response.text)
    assert re.search(r'value="comment"[^>]* checked', response.text)
    assert not Correction.objects.exists()


# Hostile input, through the form and through the API: whether it is taken in, and what is stored of it

HOSTILE = {
    "twenty-thousand": ({"message": "x" * 20_000}, None),
    "twenty-thousand-cyrillic": ({"message": "ж" * 20_000}, None),
    "nul": ({"message": "a\0b"}, None),
    "right-to-left": ({"message": "שלום KFOR مرحبا\u202e", "name": "שלום"}, {"name": "שלום"}),
    "emoji": ({"message": "👩‍👩‍👧 \U0001f1fd\U0001f1f0"}, {"message": "👩‍👩‍👧 \U0001f1fd\U0001f1f0"}),
    "html": ({"message": "</textarea><script>alert(1)</script>"}, {"message": "</textarea><script>alert(1)</script>"}),
    "header-in-name": ({"message": "m", "name": "A\r\nBcc: x@example.org"}, {"name": "A Bcc: x@example.org"}),
    "header-in-address": ({"message": "m", "email": "a@example.org\r\nBcc: x@example.org"}, None),
    "script-as-evidence": ({"message": "m", "evidence_url": "javascript:alert(1)"}, None),
    "a-link": ({"message": "See https://example.org"}, {"is_spam": False}),
    "links-by-the-dozen": ({"message": "https://example.org/ " * 24}, {"is_spam": True}),
}


@pytest.mark.parametrize("through", ["form", "api"])
@pytest.mark.parametrize(("fields", "stored"), HOSTILE.values(), ids=HOSTILE)
def test_hostile_input_is_refused_or_stored_and_always_shown_escaped(fields, stored, through):
    kfor()
    if through == "form":
        response = send(**fields)
    else:
        body = {"record": "mission/kfor", **fields}
        response = Client().post("/api/v1/corrections/", json.dumps(body), content_type="application/json")

    assert response.status_code == {"form": (303 if stored else 422), "api": (201 if stored else 400)}[through]
    if stored:
        report = Correction.objects.get()
        assert {name: getattr(report, name) for name in stored} == stored
        mine = response.url if through == "form" else urlsplit(response.json()["private_address"]).path
        shown = Client().get(mine).text
        assert escape(report.message.strip()) in shown
        assert 'dir="auto"' in shown
    else:
        shown = response.text
        assert not Correction.objects.exists()
        if through == "form":
            assert escape(next(iter(fields.values()))) in shown or escape(fields["message"]) in shown
    assert "<script>alert" not in shown


def test_half_a_character_sent_to_the_api_is_refused_and_nothing_is_stored():
    kfor()
    for name in ("message", "name", "passage", "evidence_url", "email", "citation"):
        body = json.dumps({"record": "mission/kfor", "message": "m", name: "https://a\ud800"})
        assert Client().post("/api/v1/corrections/", body, content_type="application/json").status_code == 400
    assert not Correction.objects.exists()


def test_the_same_form_sent_twice_is_one_report_with_one_private_page():
    kfor()
    first, again, other = send(name="A"), send(name="A"), send(name="B")

    assert first.url == again.url != other.url
    assert Correction.objects.count() == 2


@pytest.mark.parametrize("name", ["message", "passage", "should_say", "evidence_url", "name", "email", "figure"])
@pytest.mark.parametrize("value", ["x" * 20_000, "a\0b", "https://\udcff.org"], ids=["long", "nul", "broken"])
def test_no_value_of_any_field_makes_an_error_of_the_server(name, value):
    kfor()
    fields = {"record": "mission/kfor", "message": "m", name: value.encode("utf-8", "surrogateescape")}
    response = Client().post(NEW, urlencode(fields), content_type="application/x-www-form-urlencoded")
    assert response.status_code in (303, 422)
    with pytest.raises(ReportRefused):
        receive({"record": "mission/kfor", "message": "m", name: value + "\ud800"}, address="192.0.2.1")


def test_too_large_a_report_is_refused_and_shown_again_as_far_as_it_was_read():
    kfor()
    large = send(message="x" * 400_000, name="A reader")
    assert large.status_code == 413
    assert f"{'x' * 400_000}</textarea>" in large.text
    assert 'value="A reader"' in large.text
    assert send(message="x" * 3_000_000).status_code == 413
    assert not Correction.objects.exists()


@pytest.mark.parametrize("origin", ["https://elsewhere.example", "null", "http://["])
def test_a_form_sent_by_another_site_is_not_taken_in_and_what_was_typed_stays(origin):
    kfor()
    response = send(HTTP_ORIGIN=origin, email=SECRET, may_name="on", kind="comment")

    assert response.status_code == 403
    assert 'role="alert" id="problems"' in response.text
    assert "The number is wrong.</textarea>" in response.text
    assert SECRET in response.text
    assert re.search(r'name="may_name"[^>]* checked', response.text)
    assert re.search(r'value="comment"[^>]* checked', response.text)
    assert not Correction.objects.exists()


def test_a_form_sent_from_this_site_is_taken_in(settings):
    kfor()
    assert send(HTTP_ORIGIN="http://testserver").status_code == 303
    assert send(HTTP_ORIGIN=settings.SITE_URL).status_code == 303


def test_a_filled_trap_is_answered_the_same_and_goes_to_a_box_of_its_own():
    kfor()
    response = send(homepage="https://spam.example")

    assert response.status_code == 303
    report = Correction.objects.get()
    assert report.is_spam
    assert Client().get(response.url).status_code == 200
    assert Client().get(report.get_absolute_url()).status_code == 404
    assert f"Report {report.number}" not in Client().get("/corrections/").text


# The limit


def test_beyond_the_limit_the_answer_is_429_and_what_was_typed_stays(settings):
    settings.CORRECTIONS_PER_HOUR = 2
    kfor()
    assert [send(passage=words).status_code for words in ("one", "two")] == [303, 303]
    response = send(email=SECRET)

    assert response.status_code == 429
    assert 0 < int(response["Retry-After"]) <= 3601
    assert "The number is wrong.</textarea>" in response.text
    assert SECRET in response.text
    assert Correction.objects.count() == 2
    assert send(REMOTE_ADDR="192.0.2.7").status_code == 303


def test_forwarded_addresses_count_only_behind_trusted_proxies(rf, settings):
    request = rf.get("/", REMOTE_ADDR="10.0.0.9", HTTP_X_FORWARDED_FOR="1.1.1.1, 203.0.113.5, 10.0.0.2")
    assert limits.client_address(request) == "10.0.0.9"
    settings.TRUSTED_PROXIES = ["10.0.0.0/24"]
    assert limits.client_address(request) == "203.0.113.5"
    nonsense = rf.get("/", REMOTE_ADDR="10.0.0.9", HTTP_X_FORWARDED_FOR="nonsense")
    assert limits.client_address(nonsense) == "10.0.0.9"


def test_the_address_itself_is_never_stored():
    kfor()
    send(REMOTE_ADDR="192.0.2.7")
    assert "192.0.2.7" not in RateLimit.objects.get().bucket


def test_one_ipv6_network_counts_as_one_reader():
    limits.count("x", "2001:db8::1", limit=1, seconds=3600)
    with pytest.raises(limits.TooOften):
        limits.count("x", "2001:db8::ffff:2", limit=1, seconds=3600)
    limits.count("x", "2001:db8:0:1::1", limit=1, seconds=3600)


@pytest.mark.django_db(transaction=True)
def test_counts_at_the_same_moment_are_all_counted():
    def count_ten():
        for _ in range(10):
            limits.count("x", "192.0.2.1", limit=100, seconds=3600)
        connection.close()

    threads = [threading.Thread(target=count_ten) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert RateLimit.objects.get().count == 40


def test_expired_counts_are_forgotten():
    limits.count("x", "192.0.2.1", limit=1, seconds=1)
    RateLimit.objects.update(expires_at="2001-01-01T00:00:00Z")
    limits.count("x", "192.0.2.2", limit=1, seconds=3600)

    assert limits.forget_expired() == 1
    assert RateLimit.objects.count() == 1


# What is public


def test_name_address_and_words_stand_at_no_public_address():
    edition = kfor()
    send(message="Words of a reader", name="A Reader", email=SECRET, passage="Their passage", may_name="true")
    report = Correction.objects.get()
    for address in ("/corrections/", report.get_absolute_url(), edition.record.get_absolute_url()):
        page = Client().get(address)
        for private in ("Words of a reader", "A Reader", SECRET, "Their passage"):
            assert private not in page.text


def test_an_undecided_report_shows_only_that_it_was_received():
    kfor()
    send()
    report = Correction.objects.get()
    deciding.ask(report, by=author(), question="Which edition do you mean?")
    page = Client().get(report.get_absolute_url())

    assert "received" in page.text
    assert "waits for the reader" not in page.text
    assert "Which edition" not in page.text


def test_a_decided_report_shows_its_state_and_answer():
    kfor()
    url = send().url
    report = Correction.objects.get()
    deciding.decline(report, by=author(), answer="The source says so.")

    for address in ("/corrections/", report.get_absolute_url(), url):
        page = Client().get(address)
        assert "declined" in page.text
        assert "The source says so." in page.text


def test_the_private_page_is_kept_by_nobody_and_tells_no_other_site():
    kfor()
    page = Client().get(send().url)

    assert "no-store" in page["Cache-Control"]
    assert page["Referrer-Policy"] == "no-referrer"
    assert "noindex" in page["X-Robots-Tag"]
    assert Client().get(reverse("correction-mine", args=["wrong"])).status_code == 404


def test_the_ledger_goes_on_by_number_and_costs_the_same_at_any_length(django_assert_max_num_queries):
    record = kfor().record
    other = published(ArticleFactory()).record
    for number in range(60):
        Correction(record=other if number % 2 else record, message="m", token_hash=str(number)).save()
    with django_assert_max_num_queries(2):
        page = Client().get("/corrections/")

    assert page.text.count("<time datetime") == 50
    older = re.search(r'href="(\?before=\d+)"', page.text)
    with django_assert_max_num_queries(2):
        second = Client().get(f"/corrections/{older[1]}")
    assert second.text.count("<time datetime") == 10
    for nonsense in ("?before=x", "?before=" + "9" * 400, "?before=²"):
        assert Client().get(f"/corrections/{nonsense}").status_code == 200


def test_name_and_address_are_erased_some_time_after_the_answer(settings):
    kfor()
    url = send(name="A Reader", email=SECRET).url
    send(name="Another Reader", email=SECRET)
    answered, waiting = Correction.objects.order_by("pk")
    deciding.decline(answered, by=author(), answer="No.")
    kept = datetime.timedelta(days=settings.REPORTERS_ERASED_AFTER_DAYS)
    Correction.objects.filter(pk=answered.pk).update(settled_at=timezone.now() - kept + datetime.timedelta(days=1))
    assert erase_due().reports == 0
    Correction.objects.filter(pk=answered.pk).update(settled_at=timezone.now() - kept - datetime.timedelta(days=1))

    assert erase_due().reports == 1
    answered.refresh_from_db()
    waiting.refresh_from_db()
    assert (answered.name, answered.email, waiting.email) == ("", "", SECRET)
    assert "erased on" in Client().get(url).text
    assert erase_due().reports == 0
