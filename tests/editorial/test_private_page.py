"""The reader's own page about a report: receipt, answers, questions, writing again, taking back."""

from __future__ import annotations

import datetime

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from editorial.corrections import deciding
from editorial.corrections.erasing import erase_due
from editorial.corrections.receiving import receive
from editorial.models import Change, Correction, CorrectionEntry, Mail
from tests.factories import MissionFactory, author, published

pytestmark = pytest.mark.django_db

EMAIL = "somebody@example.org"
ELSEWHERE = {"HTTP_ORIGIN": "https://elsewhere.example"}


@pytest.fixture
def mine():
    """The address of the page of a report by somebody who left a name, an address and leave to publish."""
    published(MissionFactory(slug="kfor"))
    data = {"record": "mission/kfor", "message": "It is wrong.", "name": "A Reader", "email": EMAIL}
    return receive(data | {"may_name": "on", "may_quote": "on"}, address="192.0.2.1").private_address


def report():
    return Correction.objects.get()


def do(address, what, **data):
    extra = {name: data.pop(name) for name in list(data) if name.isupper()}
    return Client(enforce_csrf_checks=True).post(address, {"do": what, **data}, **extra)


def test_the_receipt_tells_the_number_and_the_address_to_keep(mine, settings):
    page = Client().get(mine)

    assert f"Your report {report().number}" in page.text
    assert f"{settings.SITE_URL}{mine}</code>" in page.text
    assert "received</strong>" in page.text
    assert page["Cache-Control"] == "no-store"
    assert page["Referrer-Policy"] == "no-referrer"
    assert "noindex" in page["X-Robots-Tag"]
    assert not page.cookies


@pytest.mark.parametrize("token", ["wrong", "x" * 6000, "ж" * 50, "…", "' OR 1=1 --"])
def test_a_page_nobody_was_given_is_not_there(mine, token):
    address = reverse("correction-mine", args=[token])
    assert Client().get(address).status_code == 404
    assert do(address, "forget-address").status_code == 404
    assert report().email == EMAIL


def test_an_address_that_is_no_text_is_refused_like_everywhere(mine):
    assert Client().get("/corrections/mine/a%00b/").status_code == 400


def test_questions_and_messages_stand_in_order_and_nothing_else_of_the_file(mine):
    ana = author(public_name="Ana")
    deciding.note(report(), by=ana, text="An internal note.")
    deciding.ask(report(), by=ana, question="Which page?\nOf which book?")
    asked = Client().get(mine)
    assert "we have a question for you" in asked.text
    assert "Answer us" in asked.text

    assert do(mine, "write", text="Page 12 <b>שלום</b>").url == f"{mine}?done=write"
    deciding.decline(report(), by=ana, answer="The source\nsays so.")
    page = Client().get(f"{mine}?done=write")

    assert "Your message came in." in page.text
    assert page.text.index("Which page?\nOf which book?") < page.text.index("Page 12 &lt;b&gt;שלום&lt;/b&gt;")
    assert "The source\nsays so." in page.text
    assert "declined" in page.text
    assert "internal note" not in page.text
    assert "Ana" not in page.text


def test_what_the_reader_writes_again_calls_an_editor_once(mine):
    deciding.decline(report(), by=author(), answer="No.")
    assert do(mine, "write", text="But look.", HTTP_ORIGIN="null").status_code == 303
    assert do(mine, "write", text="But look.").status_code == 303

    assert report().entries.filter(kind=CorrectionEntry.Kind.FOLLOW_UP).count() == 1
    assert list(Correction.objects.to_decide()) == [report()]


def test_a_filled_trap_is_answered_the_same_and_calls_nobody(mine):
    assert do(mine, "write", text="Buy this.", homepage="x").status_code == 303
    assert report().entries.filter(text="Buy this.").exists()
    assert report().reader_wrote_at is None


@pytest.mark.parametrize(
    ("data", "status", "said"),
    [
        ({"text": " "}, 422, "Write your message first."),
        ({"text": "x" * 20_000}, 422, "at most 10000 characters"),
        ({"text": "a\0b"}, 422, "Null characters"),
        ({"text": "x" * 400_000}, 413, "more than we can take in"),
        ({"text": "kept", **ELSEWHERE}, 403, "page of another site"),
        ({"text": "kept", "HTTP_ORIGIN": "null", "HTTP_SEC_FETCH_SITE": "cross-site"}, 403, "page of another site"),
    ],
    ids=["empty", "long", "nul", "large", "elsewhere", "unnamed"],
)
def test_what_cannot_be_taken_in_is_shown_again_with_the_reason(mine, data, status, said):
    page = do(mine, "write", **data)

    assert page.status_code == status
    assert 'role="alert" id="problems"' in page.text
    assert said in page.text
    assert f"{data['text'].strip()}</textarea>" in page.text
    assert "no-store" in page["Cache-Control"]
    assert not report().exchanged()


def test_writing_too_often_is_told_when_to_try_again(mine, settings):
    settings.CORRECTIONS_PER_HOUR = 1
    assert do(mine, "write", text="one").status_code == 303
    page = do(mine, "write", text="two")

    assert page.status_code == 429
    assert 0 < int(page["Retry-After"]) <= 3601
    assert "two</textarea>" in page.text
    assert do(mine, "forget-address").status_code == 303  # taking back is always possible
    assert report().email == ""


def test_name_and_words_are_taken_back_where_they_stood_in_public(mine):
    deciding.decline(report(), by=author(), answer="No.")
    deciding.release(report(), by=author(), words=True, name=True)
    public = report().get_absolute_url()
    assert "as you allowed" in Client().get(mine).text
    assert do(mine, "withdraw-name").status_code == 303
    assert do(mine, "withdraw-words").status_code == 303

    withdrawn = report()
    assert (withdrawn.name, withdrawn.may_name, withdrawn.name_public) == ("", False, False)
    assert (withdrawn.may_quote, withdrawn.words_public) == (False, False)
    told, page = Change.objects.count(), Client().get(f"{mine}?done=withdraw-name")
    assert "Your name is erased." in page.text
    assert "A Reader" not in page.text + Client().get(public).text
    assert "It is wrong." not in Client().get(public).text
    assert "withdraw-name" not in page.text
    assert do(mine, "withdraw-name").status_code == 303  # twice is once
    assert Change.objects.count() == told


def test_an_address_that_is_forgotten_gets_no_more_mails(mine):
    assert do(mine, "forget-address").status_code == 303
    deciding.confirm(report(), by=author())

    assert report().email == ""
    assert not Mail.objects.waiting().exists()
    assert EMAIL not in Client().get(mine).text


@pytest.mark.parametrize("what", ["withdraw-name", "withdraw-words", "forget-address", "write"])
def test_looking_at_the_page_changes_nothing_and_no_other_site_may_act_on_it(mine, what):
    before = Correction.objects.values().get()
    for query in ({"do": what, "text": "x"}, {"done": what}, {"done": "<script>"}):
        assert Client().get(mine, query).status_code == 200
    assert do(mine, what, text="x", **ELSEWHERE).status_code == 403
    assert do(mine, "nonsense\0", text="x").status_code == 422

    assert Correction.objects.values().get() == before
    assert not report().exchanged()


def test_after_the_erasure_it_says_so_and_can_still_be_read(mine, settings):
    deciding.decline(report(), by=author(), answer="No.")
    long_ago = timezone.now() - datetime.timedelta(days=settings.REPORTERS_ERASED_AFTER_DAYS + 1)
    Correction.objects.update(settled_at=long_ago)
    erase_due()
    page = Client().get(mine)

    assert "were erased on" in page.text
    assert "A Reader" not in page.text
    assert EMAIL not in page.text
    assert "withdraw-name" not in page.text
    assert "It is wrong." in page.text


def test_a_long_exchange_costs_no_more_queries_than_a_short_one(mine):
    def queries():
        with CaptureQueriesContext(connection) as captured:
            assert Client().get(mine).status_code == 200
        return len(captured)

    few = queries()
    for n in range(5):
        deciding.ask(report(), by=author(), question=f"Question {n}?")
    assert queries() == few
