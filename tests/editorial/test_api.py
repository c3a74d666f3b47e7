"""Corrections and the public log in the API."""

from __future__ import annotations

import json

import pytest
from django.test import Client

from editorial import amendments, workflow
from editorial.models import Correction, Record
from sources.models import Source
from tests.factories import MissionFactory, author, managing_editor, next_edition, published, reported, reviewer

pytestmark = pytest.mark.django_db

SITE = "http://127.0.0.1:8000"
SECRET = "a word only the reader wrote"


@pytest.fixture(autouse=True)
def known_site(settings):
    settings.SITE_URL = SITE


def get(client, path, expected=200, /, **query):
    response = client.get(f"/api/v1/{path}", query)
    assert response.status_code == expected, response.content
    return response.json()


def post(client, data, **headers):
    body = data if isinstance(data, str | bytes) else json.dumps(data)
    return client.post("/api/v1/corrections/", body, content_type="application/json", **headers)


@pytest.fixture
def mission():
    return published(MissionFactory(slug="kfor"))


def report(**fields):
    values = {"message": SECRET, "name": SECRET, "email": "reader@example.org", "passage": SECRET}
    return reported(**values | {"subject_label": "Kosovo Force"} | fields)


# Reports


def test_a_report_is_taken_in_and_told_its_private_address_once(client, mission):
    response = post(client, {"record": "mission/kfor", "message": SECRET, "edition": 1, "kind": "comment"})

    assert response.status_code == 201
    assert response["Cache-Control"] == "no-store"
    receipt = response.json()
    correction = Correction.objects.get(pk=receipt["number"])
    assert (correction.record, correction.edition_seen_id) == (mission.record, mission.pk)
    assert correction.kind == "comment"
    assert receipt["private_address"].startswith(f"{SITE}/corrections/mine/")
    assert client.get(receipt["private_address"].removeprefix(SITE)).status_code == 200
    assert response["Location"] == f"{SITE}/api/v1/corrections/{correction.pk}/"


@pytest.mark.parametrize(
    "data, attr",
    [
        ({"record": "mission/kfor"}, "message"),
        ({"record": "mission/kfor", "message": " "}, "message"),
        ({"record": "mission/kfor", "message": "x" * 10_001}, "message"),
        ({"record": "mission/kfor", "message": ["x"]}, "message"),
        ({"record": "mission/kfor", "message": "\ud800"}, "message"),
        ({"record": "mission/kfor", "message": "a\0b"}, "message"),
        ({"record": "mission/kfor", "message": "x", "email": "nobody"}, "email"),
        ({"record": "mission/kfor", "message": "x", "kind": "\ud800"}, "kind"),
        ({"record": "mission/kfor", "message": "x", "edition": 10**30}, "edition"),
        ({"record": "mission/kfor", "message": "x", "evidense_url": "y"}, "evidense_url"),
        ({"record": "mission/kfor", "message": "x", "\ud800": "y"}, "?"),
        ({"record": "mission/none", "message": "x"}, "non_field_errors"),
        ({"message": "x"}, "non_field_errors"),
        ([], "non_field_errors"),
    ],
)
def test_what_is_wrong_with_a_report_is_told_field_by_field(client, mission, data, attr):
    response = post(client, data)

    assert response.status_code == 400, response.content
    assert response.json()["type"] == "validation_error"
    assert response.json()["errors"][0]["attr"] == attr
    assert not Correction.objects.exists()


@pytest.mark.parametrize("body", ["", "{", b"\xff\xfe", "[" * 20_000, "NaN", '{"message": 1e999', '"text"', "null"])
def test_what_is_no_json_is_refused(client, mission, body):
    response = post(client, body)

    assert response.status_code == 400
    assert response.json()["errors"][0]["code"]


def test_only_json_in_a_bearable_size_is_taken(client, mission):
    form = client.post("/api/v1/corrections/", {"message": "x"})
    assert form.status_code == 415
    assert form.json()["type"] == "client_error"
    large = post(client, {"record": "mission/kfor", "message": "x" * 400_000})
    assert large.status_code == 413
    assert large.json()["errors"][0]["code"] == "too_large"


def test_too_many_reports_are_told_when_to_come_back(client, mission, settings):
    settings.CORRECTIONS_PER_HOUR = 1
    data = {"record": "mission/kfor", "message": "x"}
    assert post(client, data).status_code == 201

    response = post(client, data | {"message": "y"})

    assert response.status_code == 429
    assert 0 < int(response["Retry-After"]) <= 3601
    assert response.json()["errors"][0]["code"] == "throttled"


def test_a_report_needs_no_token_and_no_other_site_may_send_one(mission):
    strict = Client(enforce_csrf_checks=True)
    assert post(strict, {"record": "mission/kfor", "message": "x"}).status_code == 201
    asked = strict.options(
        "/api/v1/corrections/",
        headers={"origin": "https://example.org", "access-control-request-method": "POST"},
    )
    assert "POST" not in asked["Access-Control-Allow-Methods"]


# The ledger


def test_the_ledger_never_shows_what_the_reader_wrote(client, mission):
    declined = report(record=mission.record, state="declined", public_answer="We looked: it is right.")
    waiting = report(record=mission.record, state="needs_information")
    report(record=mission.record, is_spam=True)

    listed = get(client, "corrections/")

    assert [row["number"] for row in listed["results"]] == [waiting.pk, declined.pk]
    assert [row["state"] for row in listed["results"]] == ["new", "declined"]
    assert [row["answer"] for row in listed["results"]] == ["", "We looked: it is right."]
    one = get(client, f"corrections/{declined.pk}/")
    assert one["about"] == {
        "label": "Kosovo Force", "address": f"{SITE}/missions/kfor/", "record": "mission/kfor",
    }  # fmt: skip
    everything = json.dumps([listed, one])
    assert SECRET not in everything
    assert "reader@example.org" not in everything
    assert client.get("/api/v1/corrections/")["Cache-Control"] == "no-cache"
    assert [row["number"] for row in get(client, "corrections/", state="new")["results"]] == [waiting.pk]
    assert "needs_information" not in get(client, "corrections/", 400, state="x")["errors"][0]["detail"]
    spam = Correction.objects.get(is_spam=True)
    get(client, f"corrections/{spam.pk}/", 404)


def test_a_fixed_report_names_the_edition_that_answered_it(client, mission):
    record = Record.objects.get()
    draft = next_edition(record, title="Kosovo Force (KFOR)")
    correction = report(record=record, state="in_work", attached_to=draft)
    published(draft)

    fixed = get(client, f"corrections/{correction.pk}/")

    assert fixed["state"] == "fixed"
    assert fixed["fixed_in"]["number"] == 2
    assert fixed["fixed_in"]["permanent_address"] == f"{SITE}/missions/kfor/editions/2/"


def test_the_ledger_costs_the_same_number_of_queries_however_long_it_is(client, mission, django_assert_num_queries):
    report(record=mission.record)
    with django_assert_num_queries(3):
        get(client, "corrections/")
    for _ in range(10):
        report(record=mission.record)
    with django_assert_num_queries(3):
        get(client, "corrections/")


# Changes


def test_changes_since_a_serial_tell_all_that_a_copy_needs(client, mission):
    since = get(client, "changes/")["meta"]["serial"]
    other = published(MissionFactory(slug="unmik"))
    workflow.withdraw(mission, by=managing_editor(), reason="It was wrong.")
    workflow.suppress(other, by=managing_editor(), reason="A court said so.")

    answer = get(client, "changes/", since=since)

    kinds = [(row["kind"], row["record"]["slug"]) for row in answer["results"]]
    assert kinds == [("published", "unmik"), ("withdrawn", "kfor"), ("suppressed", "unmik")]
    serials = [row["serial"] for row in answer["results"]]
    assert serials == [since + 1, since + 2, since + 3]
    assert answer["meta"]["serial"] == since + 3
    assert answer["results"][1]["edition"]["sha256"] == mission.sha256
    assert get(client, "changes/", since=answer["meta"]["serial"])["results"] == []
    assert len(get(client, "changes/", kind="withdrawn,suppressed")["results"]) == 2
    for nonsense in ("-1", "x", "9" * 30, "1e3"):
        assert get(client, "changes/", 400, since=nonsense)["errors"][0]["attr"] == "since"


def test_an_amendment_shows_what_was_and_what_is(client, mission):
    source = Source.objects.get()
    changed = Source.objects.get()
    changed.title = "The right title"
    amendment = amendments.propose(source, changed, by=author(), reason="A slip of the pen.")
    amendments.confirm(amendment, by=reviewer())

    row = get(client, "changes/", kind="amended")["results"][0]

    assert row["record"] is None
    assert row["differences"] == [{"field": "title", "was": source.title, "now": "The right title"}]
    assert row["address"] == f"{SITE}/sources/{source.key}/"
