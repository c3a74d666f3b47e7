"""Reading the API: cursors, evidence, a day in the past, CSV, conditional requests, limits."""

from __future__ import annotations

import csv
import datetime
import io

import pytest
from django.core.cache import caches
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from editorial import workflow
from editorial.models import Edition, Record
from kosovo_peace import page_cache, reading_limits
from missions.models import Disagreement
from sources.models import Citation
from tests.api_answers import LISTS, SITE, get, publish_one_of_each
from tests.factories import (
    CitationFactory,
    EventFactory,
    FigureFactory,
    MissionFactory,
    PlaceFactory,
    SourceFactory,
    StatementFactory,
    managing_editor,
    next_edition,
    published,
    reported,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def known_site(settings):
    settings.SITE_URL = SITE


def known_to(client, name):
    detail = get(client, f"{name}/", 400, colour="red")["errors"][0]["detail"]
    return detail.split("Allowed: ")[1].rstrip(".").split(", ")


def day_of(edition, days_ago):
    """As if the edition had been published then, and the one before superseded."""
    moment = timezone.now() - datetime.timedelta(days=days_ago)
    editions = Edition._base_manager.filter(record=edition.record_id)
    editions.filter(number=edition.number).update(published_at=moment)
    editions.filter(number=edition.number - 1).update(superseded_at=moment)
    return timezone.localdate(moment)


# Cursors


def test_a_cursor_goes_through_the_whole_list_once_whatever_is_published_meanwhile(client):
    for n in range(5):
        published(MissionFactory(slug=f"m{n}"))
    first = get(client, "missions/", cursor="*", page_size=2, fields="slug")
    published(MissionFactory(slug="later"))

    pages, address = [first], first["meta"]["next"]
    while address:
        pages.append(client.get(address.removeprefix(SITE)).json())
        address = pages[-1]["meta"]["next"]

    found = [entry["slug"] for page in pages for entry in page["results"]]
    assert found == ["m0", "m1", "m2", "m3", "m4", "later"]
    assert {key: first["meta"][key] for key in ("count", "page", "previous", "page_size")} == {
        "count": None, "page": None, "previous": None, "page_size": 2,
    }  # fmt: skip
    for parameter, value in [
        ("page", "1"),
        ("ordering", "slug"),
        ("cursor", "-1"),
        ("cursor", ""),
        ("cursor", "z" * 13),
    ]:
        problem = get(client, "missions/", 400, **{"cursor": "*", parameter: value})
        assert problem["errors"][0]["attr"] == parameter


def test_every_list_costs_the_same_at_any_page_and_with_any_include(client):
    def costs():
        counted = {}
        for name in LISTS:
            includes = [{}, {"include": "evidence"}] if "include" in known_to(client, name) else [{}]
            for place in ({}, {"page_size": "1", "page": "1"}, {"cursor": "*"}, {"format": "csv"}):
                for include in includes if "format" not in place else [{}]:
                    query = place | include
                    with CaptureQueriesContext(connection) as queries:
                        b"".join(client.get(f"/api/v1/{name}/", query))
                    counted[name, *query.values()] = len(queries)
        return counted

    publish_one_of_each(0)
    short = costs()
    for n in (1, 2):
        publish_one_of_each(n)
    assert costs() == short
    assert max(short.values()) < 16


def test_a_cursor_reads_no_more_than_its_page(client):
    """By key, never by counting or skipping."""
    publish_one_of_each(0)
    for name in LISTS:
        with CaptureQueriesContext(connection) as queries:
            get(client, f"{name}/", cursor="1", page_size=1)
        said = " ".join(query["sql"] for query in queries)
        assert "COUNT(" not in said, name
        assert "OFFSET" not in said, name
        assert "LIMIT 2" in said, name


# Evidence


def test_evidence_is_added_where_it_is_asked_for(client):
    mission = MissionFactory(slug="kfor")
    source = SourceFactory(key="nato")
    CitationFactory(edition=mission, key="b", source=source, quote="The words.", locator="p. 4")
    StatementFactory(edition=mission, cites="b")
    Disagreement.objects.create(edition=mission, key="d", question="How many?", cites="a", positions=[
        {"holder": "A", "text": "Ten.", "cites": ["b"]}, {"holder": "B", "text": "Nine."},
    ])  # fmt: skip
    published(mission)
    words = {
        "locator": "p. 4", "quote": "The words.", "note": "", "accessed": None, "checked_by": "", "checked_on": None,
    }  # fmt: skip

    def cited(path, **query):
        answer = get(client, path, **query)
        citations = (answer["results"][0] if "results" in answer else answer)["citations"]
        return next(one for one in citations if one["key"] == "b")

    for path in ("missions/", "missions/kfor/", "statements/", "disagreements/"):
        assert cited(path)["source"] == "nato"
        assert cited(path)["evidence"] is None
        assert cited(path, include="evidence")["evidence"] == words
    assert "Choose from: evidence" in get(client, "figures/", 400, include="all")["errors"][0]["detail"]
    assert get(client, "organisations/", 400, include="evidence")["errors"][0]["code"] == "unknown_parameter"


# A day in the past


def test_lists_give_what_was_public_at_the_end_of_a_day(client):
    first = published(MissionFactory(slug="kfor", title="The first title"))
    second = published(next_edition(first.record, title="The second title"))
    gone = published(MissionFactory(slug="unmik"))
    begun, renewed, came = day_of(first, 20), day_of(second, 10), day_of(gone, 20)
    workflow.withdraw(gone, by=managing_editor(), reason="It was wrong.")
    left = timezone.now() - datetime.timedelta(days=5)
    Edition._base_manager.filter(pk=gone.pk).update(withdrawn_at=left)

    def titles(day, path="missions/"):
        return {entry["slug"]: entry["title"] for entry in get(client, path, on=str(day))["results"]}

    one_day = datetime.timedelta(days=1)
    assert begun == came
    for path in ("missions/", "records/"):
        assert titles(begun - one_day, path) == {}
        assert titles(begun, path) == {"kfor": "The first title", "unmik": "Kosovo Force"}
        assert titles(renewed, path) == {"kfor": "The second title", "unmik": "Kosovo Force"}
        assert titles(timezone.localdate(left), path) == {"kfor": "The second title"}
    assert get(client, "missions/", on=str(begun), cursor="*", page_size=1)["meta"]["next"]
    for nonsense in ("yesterday", "2199-01-01", ""):
        assert get(client, "records/", 400, on=nonsense)["errors"][0]["attr"] == "on"
    secret = "a word that was suppressed"
    Edition._base_manager.filter(pk=first.pk).update(title=secret)
    workflow.suppress(first, by=managing_editor(), reason="A court said so.")
    assert secret not in str(get(client, "missions/", on=str(begun)))


# Records by what they name


def test_records_are_found_by_what_they_name(client):
    source, place = SourceFactory(key="nato"), PlaceFactory(key="pec")
    mission = MissionFactory(slug="kfor")
    CitationFactory(edition=mission, source=source)
    FigureFactory(edition=mission)
    published(mission)
    event = EventFactory(slug="entry", place=place)
    event.missions.add(mission.record)
    published(event)
    draft = EventFactory(slug="draft", place=place)
    draft.missions.add(mission.record)
    unknown = MissionFactory(slug="not-public").record

    def naming(names):
        return [entry["slug"] for entry in get(client, "records/", naming=names)["results"]]

    assert naming("mission/kfor") == ["entry"]
    assert naming("source/nato,place/pec") == ["entry", "kfor"]
    assert naming("term/measure/military-personnel") == ["kfor"]
    assert naming(f"mission/{unknown.slug}") == naming("source/none") == []
    workflow.rename(Record.objects.get(slug="kfor"), "force", by=managing_editor())
    assert naming("mission/kfor") == naming("mission/force") == ["entry"]
    assert "mission/kfor" in get(client, "records/", 400, naming="kfor")["errors"][0]["detail"]


# The history of a fact


def test_the_history_of_a_fact_has_every_value_the_site_gave(client, django_assert_num_queries):
    mission = MissionFactory(slug="kfor")
    FigureFactory(edition=mission, key="one", value=50000, source=SourceFactory(key="nato"))
    published(mission)
    draft = next_edition(mission.record, change_kind="correction")
    draft.figures.update(value=45000)
    published(draft)

    fact = get(client, "missions/kfor/facts/strength-on-entry-1999/")

    assert fact["record"]["slug"] == "kfor"
    assert fact["current"] is True
    given = [(one["edition"]["number"], one["figures"][0]["value"], one["corrects"]) for one in fact["history"]]
    assert given == [(2, 45000, True), (1, 50000, False)]
    older = fact["history"][1]
    assert older["figures"][0]["source"]["key"] == "nato"
    assert older["edition"]["sha256"] == mission.sha256
    assert older["edition"]["permanent_address"] == f"{SITE}/missions/kfor/editions/1/"
    assert older["edition"]["superseded_at"] == fact["history"][0]["edition"]["published_at"]
    with CaptureQueriesContext(connection) as short:
        get(client, "missions/kfor/facts/strength-on-entry-1999/")
    third = next_edition(mission.record)
    third.figures.update(value=46000)
    published(third)
    with django_assert_num_queries(len(short)):
        assert len(get(client, "missions/kfor/facts/strength-on-entry-1999/")["history"]) == 3
    fourth = next_edition(mission.record)
    fourth.figures.all().delete()
    published(fourth)
    assert get(client, "missions/kfor/facts/strength-on-entry-1999/")["current"] is False
    get(client, "missions/kfor/facts/none/", 404)
    workflow.rename(Record.objects.get(), "force", by=managing_editor())
    moved = client.get("/api/v1/missions/kfor/facts/strength-on-entry-1999/?fields=title")
    assert moved["Location"] == f"{SITE}/api/v1/missions/force/facts/strength-on-entry-1999/?fields=title"
    workflow.suppress(fourth, by=managing_editor(), reason="A court said so.")
    get(client, "missions/force/facts/strength-on-entry-1999/", 410)


# CSV


def rows_of(response):
    assert response.status_code == 200
    assert response["Content-Type"].startswith("text/csv; charset=utf-8")
    text = b"".join(response).decode("utf-8")
    assert text[0] == "\ufeff"
    return list(csv.DictReader(io.StringIO(text[1:], newline="")))


def test_a_list_is_to_be_had_as_csv_whole_and_harmless(client, monkeypatch):
    monkeypatch.setattr("kosovo_peace.api_csv.CHUNK", 2)
    mission = MissionFactory(slug="kfor", name_sq="Đurđa ë")
    for n in range(5):
        FigureFactory(edition=mission, key=f"f{n}", value="42.8", note="=SUM(A1)", as_of="1999-06")
    published(mission)
    hidden = MissionFactory(slug="not-public")
    event = EventFactory(slug="entry")
    event.missions.add(mission.record, hidden.record)
    published(event)

    figures = rows_of(client.get("/api/v1/figures/?record=mission/kfor", headers={"accept": "text/csv"}))
    listed = get(client, "figures/", record="mission/kfor", ordering="key")["results"]

    assert [row["key"] for row in figures] == [row["key"] for row in listed] == [f"f{n}" for n in range(5)]
    assert {(row["value"], row["note"], row["as_of"], row["as_of_precision"]) for row in figures} == {
        ("42.8", "'=SUM(A1)", "1999-06", "month")
    }
    (row,) = rows_of(client.get("/api/v1/missions/?format=csv&fields=name_sq,record"))
    assert row == {"record": "mission/kfor", "name_sq": "Đurđa ë"}
    (row,) = rows_of(client.get("/api/v1/events/?format=csv"))
    assert (row["missions"], row["body"]) == ("mission/kfor", "It came in at dawn.[^a]")
    assert b"".join(client.head("/api/v1/events/?format=csv")) == b""


def test_what_is_wrong_with_a_request_for_csv_is_told_in_json(client, settings):
    published(MissionFactory(slug="kfor"))
    for query in ("page=2", "cursor=*", "ordering=slug", "page_size=5", "fields=slug", "fields=", "colour=red", "on=x"):
        response = client.get(f"/api/v1/missions/?format=csv&{query}")
        assert response.status_code == 400, query
        assert response["Content-Type"] == "application/json"
        assert response.json()["errors"][0]["attr"] == query.split("=")[0]
    taken = [client.get("/api/v1/missions/?format=csv") for _ in range(settings.WEB_THREADS // 2)]
    busy = client.get("/api/v1/missions/?format=csv")
    assert (busy.status_code, busy["Retry-After"]) == (429, "5")
    for response in taken:
        b"".join(response)
    assert client.get("/api/v1/missions/?format=csv").status_code == 200
    problem = client.get("/api/v1/missions/kfor/?format=csv")
    assert "Choose from: json." in problem.json()["errors"][0]["detail"]
    assert client.get("/api/v1/missions/kfor/", headers={"accept": "text/csv"}).status_code == 406
    assert client.get("/api/v1/nothing/", headers={"accept": "text/csv"}).json()["type"] == "client_error"


# Conditional requests, and reading from elsewhere


def test_an_answer_that_has_not_changed_is_not_sent_again(client, kept_pages):
    mission = published(MissionFactory(slug="kfor"))
    reported(mission.record)
    for path in ("missions/", "missions/kfor/?include=evidence", "corrections/", "schema/"):
        first = client.get(f"/api/v1/{path}")
        again = client.get(f"/api/v1/{path}", headers={"if-none-match": first["ETag"]})
        assert (again.status_code, again.content) == (304, b""), path
        assert client.head(f"/api/v1/{path}")["ETag"] == first["ETag"]
    before = client.get("/api/v1/missions/")
    published(next_edition(mission.record))
    page_cache.serial_memory.forget()
    after = client.get("/api/v1/missions/", headers={"if-none-match": before["ETag"]})
    assert after.status_code == 200
    assert int(after["Serial"]) > int(before["Serial"])


def test_a_page_of_another_site_may_ask_conditionally_and_see_what_it_needs(client):
    asked = client.options("/api/v1/missions/", headers={
        "origin": "https://example.org", "access-control-request-method": "GET",
        "access-control-request-headers": "if-none-match",
    })  # fmt: skip
    assert asked.status_code == 200
    assert asked["Access-Control-Allow-Methods"] == "GET, HEAD, OPTIONS"
    assert "if-none-match" in asked["Access-Control-Allow-Headers"]
    seen = client.get("/api/v1/missions/", headers={"origin": "https://example.org"})["Access-Control-Expose-Headers"]
    assert {"ETag", "Serial", "Retry-After"} <= {name.strip() for name in seen.split(",")}
    assert asked["Access-Control-Allow-Origin"] == "*"


# Limits


@pytest.fixture
def limited(settings):
    """Two answers a minute for each address, and one process."""
    settings.API_READS_PER_MINUTE, settings.WEB_WORKERS = 2, 1
    reading_limits.buckets.forget()
    yield settings
    reading_limits.buckets.forget()


def test_who_asks_too_often_is_told_when_to_come_back_and_nothing_is_written(client, limited, kept_pages, monkeypatch):
    now = 1000.0
    monkeypatch.setattr(reading_limits, "clock", lambda: now)
    published(MissionFactory(slug="kfor"))
    with CaptureQueriesContext(connection) as queries:
        assert [client.get(f"/api/v1/missions/?page_size={n}").status_code for n in (1, 2, 3)] == [200, 200, 429]
    written = [query["sql"] for query in queries if not query["sql"].startswith("SELECT")]

    assert written == []
    refused = client.get("/api/v1/missions/?page_size=3")
    assert refused["Retry-After"] == "30"
    assert client.get("/api/v1/missions/?format=csv")["Retry-After"] == "60"  # a file costs more
    assert refused.json()["errors"][0]["code"] == "throttled"
    assert client.get("/api/v1/missions/?page_size=1").status_code == 200  # it is kept: free for all
    assert client.get("/api/v1/missions/?page_size=3", REMOTE_ADDR="192.0.2.7").status_code == 200
    report = {"record": "mission/kfor", "message": "x"}
    assert client.post("/api/v1/corrections/", report, content_type="application/json").status_code == 201
    now += 30
    assert client.get("/api/v1/missions/?page_size=3").status_code == 200


def test_readers_behind_a_proxy_are_told_apart_only_where_it_is_trusted(client, limited):
    def statuses(proxy):
        forwarded = [f"198.51.100.{n}" for n in range(3)]
        return [
            client.get("/api/v1/missions/", headers={"x-forwarded-for": one}, REMOTE_ADDR=proxy).status_code
            for one in forwarded
        ]

    assert statuses("203.0.113.1") == [200, 200, 429]
    limited.TRUSTED_PROXIES = ["203.0.113.2"]
    assert statuses("203.0.113.2") == [200, 200, 200]


def test_with_a_shared_store_all_processes_count_together(client, limited):
    limited.PAGE_CACHE_SHARED, limited.WEB_WORKERS = True, 50
    caches["default"].clear()
    assert [client.get("/api/v1/missions/").status_code for _ in range(3)] == [200, 200, 429]
    caches["default"].clear()


def test_citations_are_not_loaded_where_they_are_not_asked_for(client):
    published(MissionFactory(slug="kfor"))
    with CaptureQueriesContext(connection) as queries:
        get(client, "missions/", fields="slug,title")
    assert not any(f'FROM "{Citation._meta.db_table}"' in query["sql"] for query in queries)
