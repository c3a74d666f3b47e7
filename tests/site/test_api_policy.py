"""What all endpoints of the API share: envelope, paging, errors, documentation."""

from __future__ import annotations

import datetime
import json

import jsonschema
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kosovo_peace import api
from tests.api_answers import LISTS, SITE, get, publish_one_of_each
from tests.factories import MissionFactory, published

pytestmark = pytest.mark.django_db

# Lists only once they are asked something.
ASKED = ["search", "changed"]


@pytest.fixture(autouse=True)
def known_site(settings):
    settings.SITE_URL = SITE


# The envelope and pages


def test_a_list_says_what_it_is_and_as_of_when(client):
    change = published(MissionFactory(slug="kfor")).changes.get()

    answer = get(client, "missions/")

    assert set(answer) == {"meta", "results"}
    meta = answer["meta"]
    assert (meta["count"], meta["page"], meta["page_size"]) == (1, 1, 25)
    assert (meta["next"], meta["previous"]) == (None, None)
    assert meta["serial"] == change.serial
    assert datetime.datetime.fromisoformat(meta["generated_at"]) == change.at
    assert meta["licence"].startswith("CC BY 4.0")
    assert meta["cite_as"].startswith(f"Kosovo Peace, {SITE}/api/v1/missions/, as of ")


def test_before_the_first_publication_the_serial_is_nought(client):
    meta = get(client, "missions/")["meta"]
    assert (meta["serial"], meta["generated_at"], meta["count"]) == (0, None, 0)


def test_pages_lead_to_each_other(client):
    for n in range(3):
        published(MissionFactory(slug=f"m{n}", title=f"Mission {n}"))

    first = get(client, "missions/", page_size=2, ordering="slug")
    second = client.get(first["meta"]["next"].removeprefix(SITE)).json()

    assert first["meta"]["next"] == f"{SITE}/api/v1/missions/?ordering=slug&page=2&page_size=2"
    assert [row["slug"] for row in first["results"] + second["results"]] == ["m0", "m1", "m2"]
    assert second["meta"]["next"] is None
    assert second["meta"]["previous"] == f"{SITE}/api/v1/missions/?ordering=slug&page_size=2"


@pytest.mark.parametrize(
    "name, value, status",
    [
        ("page_size", "101", 400),
        ("page_size", "0", 400),
        ("page_size", "-1", 400),
        ("page_size", "many", 400),
        ("page_size", "9" * 30, 400),
        ("page", "0", 400),
        ("page", "last", 400),
        ("page", "²", 400),
        ("page", "9" * 30, 400),
        ("page", "2", 404),
        ("ordering", "colour", 400),
        ("ordering", "", 400),
        ("fields", "colour", 400),
        ("fields", "", 400),
        ("format", "xml", 400),
        ("colour", "red", 400),
    ],
)
def test_a_list_refuses_what_it_does_not_know(client, name, value, status):
    published(MissionFactory())

    problem = get(client, "missions/", status, **{name: value})

    assert set(problem) == {"type", "errors"}
    assert set(problem["errors"][0]) == {"code", "detail", "attr"}
    assert problem["errors"][0]["attr"] == (name if status == 400 else None)


@pytest.mark.parametrize("name", LISTS)
def test_every_list_names_the_parameters_it_knows(client, name):
    problem = get(client, f"{name}/", 400, colour="red")

    (error,) = problem["errors"]
    assert error["code"] == "unknown_parameter"
    known = error["detail"].split("Allowed: ")[1].rstrip(".").split(", ")
    assert {"ordering", "page", "page_size", "fields", "format"} <= set(known)
    for parameter in known:  # each of them is one indeed: an empty value asks for nothing
        response = client.get(f"/api/v1/{name}/", {parameter: ""})
        assert "unknown_parameter" not in response.content.decode()


def test_a_record_knows_only_its_own_parameters(client):
    published(MissionFactory(slug="kfor"))

    assert "on, include, fields" in get(client, "missions/kfor/", 400, page="1")["errors"][0]["detail"]
    assert get(client, "missions/kfor/editions/1/", 400, on="2024-01-01")["errors"][0]["attr"] == "on"
    assert get(client, "missions/kfor/editions/", 400, q="x")["errors"][0]["attr"] == "q"


def test_a_parameter_given_twice_is_refused(client):
    problem = client.get("/api/v1/missions/?status=running&status=closed")
    assert problem.status_code == 400
    assert problem.json()["errors"][0]["code"] == "repeated"


def test_fields_narrows_every_entry(client):
    publish_one_of_each(1)
    for name in LISTS:
        if rows := get(client, f"{name}/")["results"]:
            chosen = list(rows[0])[:2]
            narrowed = get(client, f"{name}/", fields=",".join(chosen))["results"]
            assert [list(row) for row in narrowed] == [chosen] * len(rows)


def test_fields_narrows_one_record(client):
    published(MissionFactory(slug="kfor"))
    assert get(client, "missions/kfor/", fields="slug,title") == {"slug": "kfor", "title": "Kosovo Force"}


def test_a_list_costs_the_same_number_of_queries_however_long_it_is(client):
    def costs():
        counted = {}
        for name in LISTS:
            with CaptureQueriesContext(connection) as queries:
                get(client, f"{name}/")
            counted[name] = len(queries)
        return counted

    publish_one_of_each(0)
    short = costs()
    for n in range(1, 4):
        publish_one_of_each(n)
    assert costs() == short
    assert max(short.values()) < 12


def test_lists_never_load_the_long_texts(client):
    publish_one_of_each(0)
    for name in LISTS:
        with CaptureQueriesContext(connection) as queries:
            get(client, f"{name}/")
        for query in queries:
            assert '."frozen"' not in query["sql"], name
            assert '."body"' not in query["sql"] or '"instrument"' in query["sql"], name


def test_what_stands_in_drafts_is_nowhere(client):
    publish_one_of_each(0)
    publish_one_of_each(1, word="canary")

    for name in LISTS:
        text = client.get(f"/api/v1/{name}/", {"page_size": 100}).content.decode()
        assert "canary" not in text, name
        assert "mission1" not in text, name
    for path in ("missions/mission1/", "events/event1/", "articles/article1/", "missions/mission1/editions/",
                 "organisations/organisation1/", "terms/theme/theme1/"):  # fmt: skip
        get(client, path, 404)
    refused = [("figures/", "record", "mission/mission1"), ("events/", "theme", "theme1")]
    for path, name, value in refused:
        assert "canary" not in json.dumps(get(client, path, 400, **{name: value}))


# Errors


@pytest.mark.parametrize(
    "method, path, status",
    [
        ("get", "/api/v1/missions/none/", 404),
        ("get", "/api/v1/missions/no.ne/", 404),
        ("get", "/api/v1/nothing/", 404),
        ("get", "/api/v1/corrections/99999999999/", 404),
        ("get", "/api/v2/", 404),
        ("get", "/api/", 404),
        ("post", "/api/v1/nothing/", 404),
        ("post", "/api/v1/missions/", 405),
        ("delete", "/api/v1/missions/kfor/", 405),
        ("put", "/api/v1/corrections/1/", 405),
    ],
)
def test_every_error_has_the_one_shape(client, method, path, status):
    response = getattr(client, method)(path)

    assert response.status_code == status
    assert response["Content-Type"] == "application/json"
    assert response.json()["type"] == "client_error"
    (error,) = response.json()["errors"]
    assert error["detail"]


def test_an_answer_in_another_form_is_not_to_be_had(client):
    response = client.get("/api/v1/missions/", headers={"accept": "image/png"})
    assert response.status_code == 406
    assert response.json()["type"] == "client_error"


NO_TEXT = ["%00", "%FF", "%ED%A0%80", "x" * 10_000]
NONSENSE = ["9" * 30, "-1", "%27%3E%3Cscript%3E%E2%80%AE", "x" * 7000, "a,,b", ",", "0001-01-01", "mission/"]


def test_nonsense_in_a_query_is_never_an_error_of_the_site(client):
    publish_one_of_each(0)
    known = {}
    for name in LISTS:
        detail = get(client, f"{name}/", 400, colour="red")["errors"][0]["detail"]
        known[name] = set(detail.split("Allowed: ")[1].rstrip(".").split(", "))
    of_all = set.intersection(*known.values())  # one code for all lists: asked in full of the first
    for place, name in enumerate(LISTS):
        queries = [f"{parameter}={value}" for parameter in known[name] - of_all for value in NONSENSE]
        some = NONSENSE if place == 0 else [NONSENSE[place % len(NONSENSE)]]
        queries += [f"{parameter}={value}" for parameter in of_all for value in some]
        queries += [f"{min(known[name])}={value}" for value in NO_TEXT]
        for query in queries:
            response = client.get(f"/api/v1/{name}/?{query}")
            assert response.status_code in (200, 400, 404), query[:60]
            response.json()


@pytest.mark.parametrize("last", ["%00", "%FF", "9" * 30, "x" * 5000, "..%2f", "a%0Ab", "%E2%80%AE"])
def test_nonsense_in_an_address_is_never_an_error_of_the_site(client, last):
    for name in LISTS:
        for path in (f"{name}/{last}/", f"{name}/x/editions/{last}/", f"{name}/x/?on={last}"):
            assert client.get(f"/api/v1/{path}").status_code in (400, 404)


def test_an_address_without_its_last_slash_leads_to_the_one_with_it(client):
    response = client.get("/api/v1/missions?page=1")
    assert response.status_code == 301
    assert response["Location"] == "/api/v1/missions/?page=1"


# Reading from elsewhere


def test_answers_are_utf_8_as_it_is_written(client):
    published(MissionFactory(slug="kfor", name_sq="Forca e Kosovës", name_sr_cyrl="Кфор"))
    text = client.get("/api/v1/missions/kfor/").content.decode()
    assert "Forca e Kosovës" in text
    assert "Кфор" in text


def test_pages_of_other_sites_may_read(client):
    response = client.get("/api/v1/missions/", headers={"origin": "https://example.org"})
    assert response["Access-Control-Allow-Origin"] == "*"
    assert "sessionid" not in response.cookies


def test_an_address_says_what_may_be_done_there(client):
    assert client.options("/api/v1/missions/").json()["name"]
    assert client.options("/api/v1/corrections/?fields=number")["Allow"] == "GET, POST, HEAD, OPTIONS"
    assert client.head("/api/v1/missions/").content == b""


def test_the_root_names_every_list(client):
    assert get(client, "") == {name: f"{SITE}/api/v1/{name}/" for name in LISTS + ASKED}


# Documentation


@pytest.fixture
def document():
    """As it is served; `make check` validates it."""
    return api.document()


def test_the_document_names_every_list(document):
    assert document["openapi"].startswith("3.1")
    assert {path.split("/")[3] for path in document["paths"]} == {*LISTS, *ASKED}


def test_the_document_names_the_parameters_each_list_knows(client, document):
    for name in [*LISTS, "search"]:
        detail = get(client, f"{name}/", 400, colour="red")["errors"][0]["detail"]
        known = set(detail.split("Allowed: ")[1].rstrip(".").split(", ")) - {"format"}
        described = document["paths"][f"/api/v1/{name}/"]["get"]["parameters"]
        assert {parameter["name"] for parameter in described} - {"format"} == known, name


def test_answers_are_as_the_document_says(client, document):
    publish_one_of_each(0)
    published(MissionFactory(slug="kfor"))

    def conforms(path, address):
        schema = document["paths"][path]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
        answer = client.get(address)
        assert answer.status_code == 200
        validator = jsonschema.Draft202012Validator({**schema, "components": document["components"]})
        problems = [f"{error.json_path}: {error.message[:200]}" for error in validator.iter_errors(answer.json())]
        assert not problems, (address, problems[:5])

    for name in LISTS:
        conforms(f"/api/v1/{name}/", f"/api/v1/{name}/")
    for kind in ("mission", "event", "article"):
        one = f"/api/v1/{kind}s/{kind}0/"
        conforms(f"/api/v1/{kind}s/{{slug}}/", one)
        conforms(f"/api/v1/{kind}s/{{slug}}/editions/", f"{one}editions/")
        conforms(f"/api/v1/{kind}s/{{slug}}/editions/{{number}}/", f"{one}editions/1/")
    conforms("/api/v1/organisations/{key}/", "/api/v1/organisations/organisation0/")
    conforms("/api/v1/terms/{vocabulary}/{key}/", "/api/v1/terms/theme/theme0/")


def test_the_document_is_served_whatever_the_query_says(client):
    for query in ("", "?lang=%00", "?lang=xx&version=a%0Ab", "?format=json"):
        response = client.get(f"/api/v1/schema/{query}")
        assert response.status_code in (200, 400), query
    assert client.get("/api/v1/schema/?lang=sq").content == client.get("/api/v1/schema/").content


def test_the_documentation_stands_under_the_sites_content_policy(client):
    response = client.get("/api/docs/")

    page = response.content.decode()
    assert response.status_code == 200
    assert "script-src 'self'" in response["Content-Security-Policy"]
    for script in page.split("<script")[1:]:
        assert script.startswith(' src="/')
        assert script.split(">")[1].startswith("</script")
    assert "<style" not in page
    assert "style=" not in page
    assert "http" not in page.replace("http-equiv", "")
    assert 'data-document="/api/v1/schema/"' in page
    assert not response.cookies
