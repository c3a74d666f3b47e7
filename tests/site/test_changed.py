"""Has it changed since I cited it? The page and the endpoint, which tell the same."""

from __future__ import annotations

import datetime
from unittest import mock

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from editorial import workflow
from tests.factories import FigureFactory, MissionFactory, managing_editor, next_edition, published, reported

pytestmark = pytest.mark.django_db

KFOR = "/missions/kfor/"
FACT = f"{KFOR}figures/strength-2025/"


def published_on(day, edition):
    noon = timezone.make_aware(datetime.datetime.combine(datetime.date.fromisoformat(day), datetime.time(12)))
    with mock.patch("django.utils.timezone.now", return_value=noon):
        return published(edition)


@pytest.fixture
def kfor():
    """Public since 2024, with a fact."""
    mission = MissionFactory(slug="kfor")
    FigureFactory(edition=mission, key="a", fact="strength-2025", value=4600, locator="p. 1")
    return published_on("2024-05-01", mission)


def follow(record, *, value=None, **changes):
    """Publish the next edition, with another value of the fact where one is given."""
    draft = next_edition(record, **changes)
    if value:
        draft.figures.filter(key="a").update(value=value)
    return published(draft)


def asked(client, address, status=200, **given):
    """What the API answers. The page tells the same, or why there is no answer."""
    response = client.get("/api/v1/changed/", {"address": address, **given})
    assert response.status_code == status, response.text
    page = client.get("/changed/", {"address": address, **given})
    assert page.status_code == 200
    told = response.json()
    if status == 200:
        assert told["in_words"] in page.text
        return told
    (error,) = told["errors"]
    assert [str(one) for errors in page.context["form"].errors.values() for one in errors] == [error["detail"]]
    return error


def test_a_page_is_unchanged_then_updated_then_corrected(client, kfor, settings):
    first = f"{settings.SITE_URL}{KFOR}editions/1/"
    told = asked(client, first)
    assert (told["status"], told["changes"], told["difference"]) == ("unchanged", [], None)

    follow(kfor.record, change_note="A new chapter.")
    assert asked(client, first)["status"] == "updated"

    draft = next_edition(kfor.record, change_kind="correction", change_note="The date was wrong.")
    report = reported(kfor.record, state="in_work", attached_to=draft)
    assert asked(client, first)["being_corrected"] == [f"{settings.SITE_URL}/corrections/{report.number}/"]
    published(draft)
    told = asked(client, first)
    assert (told["status"], told["cited"]["number"], told["now"]["number"]) == ("corrected", 1, 3)
    assert told["difference"] == f"{settings.SITE_URL}{KFOR}editions/1..3/"
    assert [(one["change_kind"], one["change_note"]) for one in told["changes"]] == [
        ("update", "A new chapter."),
        ("correction", "The date was wrong."),
    ]
    assert told["changes"][1]["answers"] == [f"{settings.SITE_URL}/corrections/{report.number}/"]
    assert asked(client, f"{KFOR}editions/3/")["status"] == "unchanged"


def test_a_fact_is_told_by_its_values_then_and_now(client, kfor):
    follow(kfor.record, change_kind="correction", change_note="Another matter was wrong.")
    told = asked(client, f"{FACT}?edition=1")
    assert (told["status"], told["changes"][0]["changes_figure"]) == ("unchanged", False)

    follow(kfor.record, value=4700, change_kind="correction", change_note="It gave 4,600.")
    told = asked(client, FACT, edition=2)
    assert told["status"] == "corrected"
    assert [(one["value"], one["locator"]) for one in told["values_then"]] == [("4,600", "p. 1")]
    assert [one["value"] for one in told["values_now"]] == ["4,700"]
    page = client.get("/changed/", {"address": FACT, "edition": "2"}).text
    assert (
        page.index("Only edition 2 gives")
        < page.index("4,600")
        < page.index("Only edition 3 gives")
        < page.index("4,700")
    )

    draft = next_edition(kfor.record)
    draft.figures.all().delete()
    published(draft)
    told = asked(client, FACT, edition=3)
    assert (told["status"], told["values_now"]) == ("updated", [])
    assert asked(client, f"{KFOR}figures/never/?edition=1", 404)["attr"] is None
    assert "edition 1 does" in asked(client, FACT, 404, edition=4)["detail"]


def test_the_day_of_reading_says_which_edition_it_was(client, kfor):
    published_on("2025-05-01", next_edition(kfor.record))
    for day, number in [("2024-05-01", 1), ("2025-04-30", 1), ("2025-05-01", 2)]:
        assert asked(client, f"{KFOR}?on={day}")["cited"]["number"] == number
        assert asked(client, KFOR, on=day)["cited"]["number"] == number
    assert "1 May 2024" in asked(client, KFOR, 400, on="2024-04-30")["detail"]
    assert "not come" in asked(client, KFOR, 400, on="2999-01-01")["detail"]
    assert asked(client, KFOR, 400, on="yesterday")["attr"] == "on"
    assert asked(client, f"{KFOR}?on=soon", 400)["attr"] == "on"


def test_what_was_renamed_is_found_at_its_former_address(client, kfor, settings):
    workflow.rename(kfor.record, "kosovo-force", by=managing_editor())
    told = asked(client, f"{KFOR}editions/1/")
    assert (told["status"], told["has_moved"], told["slug"]) == ("moved", True, "kosovo-force")
    assert told["address"] == f"{settings.SITE_URL}/missions/kosovo-force/"
    follow(kfor.record)
    assert (asked(client, FACT, edition=1)["status"], asked(client, KFOR, edition=1)["status"]) == ("moved", "updated")


def test_what_was_withdrawn_or_removed_is_said_with_the_reason(client, kfor, settings):
    better = published(MissionFactory(slug="better", title="The better page"))
    second = follow(kfor.record, value=4700, change_note="Secret words.")
    workflow.withdraw(second, by=managing_editor(), reason="It was misread.", replacement=better.record)
    told = asked(client, f"{KFOR}editions/1/")
    assert (told["status"], told["now"]["withdrawn_reason"]) == ("withdrawn", "It was misread.")
    assert told["replacement"] == f"{settings.SITE_URL}/missions/better/"
    assert "It was misread." in client.get("/changed/", {"address": f"{KFOR}editions/1/"}).text

    workflow.suppress(second, by=managing_editor(), reason="A court order.")
    for address in (f"{KFOR}editions/1/", f"{KFOR}editions/2/", f"{FACT}?edition=2", f"{FACT}?edition=1"):
        told = asked(client, address)
        assert (told["status"], told["now"]["removed_reason"]) == ("removed", "A court order.")
        page = client.get("/changed/", {"address": address}).text
        assert "A court order." in page
        assert "Kosovo Force" not in page
        assert "4,700" not in page
        assert "Secret words." not in page
        assert "4,700" not in str(told)
        assert "Secret words." not in str(told)


@pytest.mark.parametrize(
    "address, status, words",
    [
        ("https://elsewhere.example/missions/kfor/editions/1/", 400, "no address of ours"),
        ("http://[::1/missions/", 400, "no address"),
        ("/missions/unknown/editions/1/", 404, "Nothing public"),
        ("/missions/hidden/editions/1/", 404, "Nothing public"),
        ("/missions/kfor/editions/9/", 404, "the latest is 1"),
        ("/sources/source1/", 404, "only these have editions"),
        ("/nowhere/at/all", 404, "only these have editions"),
        ("/missions/kfor/", 400, "Say which edition"),
        ("/missions/kfor/?edition=%00", 404, "the latest is 1"),
        ("x" * 5000, 400, "at most 1000"),
    ],
)
def test_where_there_is_no_answer_the_reason_is_told(client, kfor, address, status, words):
    MissionFactory(slug="hidden")
    assert words in asked(client, address, status)["detail"]


@pytest.mark.parametrize(
    "address",
    [
        "missions/kfor/editions/1", "http://127.0.0.1:8000/missions/kfor/editions/1", "testserver/missions/kfor/editions/1.json",
        " /missions/kfor/?edition=1#strength ", "/api/v1/missions/kfor/editions/1/", "/missions/kfor/figures/?edition=1",
        "/missions/kfor/editions/1/cite.bib", "/missions/kfor/figures/strength-2025/cite.ris?edition=1",
    ],
)  # fmt: skip
def test_addresses_are_read_as_people_write_them_down(client, kfor, address):
    if address.startswith("missions"):
        address = f"127.0.0.1:8000/{address}"
    assert asked(client, address)["status"] == "unchanged"


def test_an_address_and_a_number_that_differ_are_not_guessed_at(client, kfor):
    assert asked(client, f"{KFOR}editions/1/", 400, edition=2)["attr"] == "edition"
    response = client.get("/api/v1/changed/", {"adress": KFOR})
    assert response.status_code == 400
    assert "address, edition, on" in response.text
    assert client.get("/api/v1/changed/").status_code == 400


@pytest.mark.usefixtures("kept_pages")
def test_the_page_is_kept_and_an_answer_is_not_found_by_robots(client, kfor):
    question = f"/changed/?address={KFOR}editions/1/"
    assert "noindex" not in client.get("/changed/").text
    assert '<meta name="robots" content="noindex">' in client.get(question).text
    with CaptureQueriesContext(connection) as queries:
        assert client.get(f"{question}&utm=1")["ETag"] == client.get(question)["ETag"]
    assert len(queries) == 0
    assert f"/changed/?address=http%3A//127.0.0.1%3A8000{KFOR}editions/1/" in client.get(KFOR).text.replace("%2F", "/")


def test_the_answer_costs_the_same_however_long_the_history(client, kfor):
    follow(kfor.record, value=4700)
    address = {"address": f"{FACT}?edition=1"}
    with CaptureQueriesContext(connection) as few:
        client.get("/changed/", address)
    for value in (4800, 4900, 5000):
        reported(kfor.record, state="confirmed", figure="a")
        follow(kfor.record, value=value, change_kind="correction")
    with CaptureQueriesContext(connection) as many:
        client.get("/changed/", address)
    assert len(few) == len(many)
