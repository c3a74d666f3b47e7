"""docs/api.md says what its examples print, and the API's document shows answers: on the founding record they are these.

`make api-guide` writes into both what is printed and answered now.
"""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

import jsonschema
import pytest
from django.conf import settings as site_settings
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from django.test import Client

from kosovo_peace import api
from kosovo_peace.api_schema import EXAMPLES
from tests.guide import Example, Site, examples, write_stand_in

ROOT = Path(site_settings.BASE_DIR)
GUIDE = ROOT / "docs" / "api.md"
HOME = "http://127.0.0.1:8000"
WRITE = os.environ.get("API_GUIDE") == "write"
AGAIN = "If that is meant, run `make api-guide`."

# Where each thing that the document shows was asked for; the first entry of a list is shown.
ASKED = {
    "Meta": "figures/?record=mission/kfor&page=2",
    "MissionListed": "missions/?q=kfor",
    "Mission": "missions/kfor/",
    "EventListed": "events/?q=kfor",
    "Event": "events/kfor-entry-1999/",
    "ArticleListed": "articles/",
    "Article": "articles/preventing-relapse/",
    "RecordListed": "records/?kind=mission",
    "EditionListed": "missions/kfor/editions/",
    "FrozenEdition": "missions/kfor/editions/1/",
    "Fact": "missions/kfor/facts/strength-2021/",
    "Figure": "figures/?record=mission/kfor&fact=strength-2021",
    "Disagreement": "disagreements/?record=mission/kfor&about=strength-on-entry-1999",
    "Statement": "statements/?record=mission/kfor",
    "Organisation": "organisations/nato/",
    "Place": "places/zvecan/",
    "Source": "sources/un1999res1244/",
    "Citation": "citations/?record=mission/kfor&source=un1999res1244",
    "Term": "terms/measure/military-personnel/",
    "Change": "changes/?record=mission/kfor",
    "Changed": "changed/?address=/missions/kfor/figures/strength-2021/&edition=1",
    "Hit": "search/?q=Pec",
    "Errors": "events/?themes=security",
}


@pytest.fixture
def site(founding_record, db, settings, kept_pages):
    request_started.disconnect(close_old_connections)  # it is the connection of the test
    request_finished.disconnect(close_old_connections)
    with Site() as running:
        settings.SITE_URL = running.address
        yield running
    request_started.connect(close_old_connections)
    request_finished.connect(close_old_connections)


def printed(site: Site, example: Example, folder: Path) -> str:
    """What it prints, with the address that the guide has."""
    code = example.code.replace(HOME, site.address)
    text = site.run(example.language, code, folder).replace(site.address, HOME)
    if example.form == "json":
        return json.dumps(json.loads(text), ensure_ascii=False, indent=2) + "\n"
    return text.removeprefix("\ufeff").replace("\r\n", "\n").rstrip("\n") + "\n"


def test_the_examples_of_the_guide_print_what_the_guide_says(site, tmp_path):
    if not shutil.which("curl"):
        write_stand_in(tmp_path)
    guide = GUIDE.read_text(encoding="utf-8")
    found = examples(guide)
    outputs = [printed(site, example, tmp_path) for example in found]

    if WRITE:
        for example, output in reversed(list(zip(found, outputs, strict=True))):
            guide = guide[: example.start] + output + guide[example.end :]
        GUIDE.write_text(guide, encoding="utf-8")
        return
    assert len(found) > 20
    for example, output in zip(found, outputs, strict=True):
        assert output == example.output, f"{example.name}. {AGAIN}"


def test_where_there_is_no_curl_the_examples_are_run_all_the_same(site, tmp_path):
    write_stand_in(tmp_path)
    by_curl = [one for one in examples(GUIDE.read_text(encoding="utf-8")) if "-d" in one.code or "sha256" in one.code]

    assert len(by_curl) > 1
    for example in by_curl:
        assert printed(site, example, tmp_path) == example.output


def answers() -> dict[str, object]:
    """What the API answers now, shortened as the document shows it."""
    client = Client()
    found = {}
    for name, path in ASKED.items():
        answer = client.get(f"/api/v1/{path}").json()
        if name == "Meta":
            answer = answer["meta"]
        elif "results" in answer:
            answer = answer["results"][0]
        found[name] = shortened(answer)
    return found


def shortened(value):
    """Long texts and long lists with their first part alone."""
    if isinstance(value, dict):
        return {name: shortened(part) for name, part in value.items()}
    if isinstance(value, list):
        return [shortened(part) for part in value[:2]]
    if isinstance(value, str) and len(value) > 240 and "//" not in value[:8]:
        return f"{value[:200].rsplit(' ', 1)[0]} …"
    return value


def test_the_document_shows_answers_of_the_founding_record(founding_record, db, settings):
    settings.SITE_URL = HOME
    shown = json.loads(EXAMPLES.read_text(encoding="utf-8"))
    now = answers()

    if WRITE:
        made_by_hand = {name: shown[name] for name in shown if name not in now}
        EXAMPLES.write_text(json.dumps(made_by_hand | now, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        return
    for name, answer in now.items():
        assert shown[name] == answer, f"{name}. {AGAIN}"


def test_everything_in_the_document_is_described_and_each_example_is_what_it_describes():
    document = api.document()
    schemas = document["components"]["schemas"]

    undescribed = [
        f"{name}.{field}"
        for name, schema in schemas.items()
        for field, one in [("", schema), *schema.get("properties", {}).items()]
        if not one.get("description") and "$ref" not in one and "allOf" not in one
    ]
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            place = f"{method} {path}"
            undescribed += [place for what in ("summary", "description") if not operation[what]]
            undescribed += [
                f"{place} {one['name']}" for one in operation.get("parameters", []) if not one.get("description")
            ]
            undescribed += [f"{place} {code}" for code, one in operation["responses"].items() if not one["description"]]
    assert undescribed == []

    answered = {
        part["$ref"].rpartition("/")[2]
        for operations in document["paths"].values()
        for operation in operations.values()
        for response in operation["responses"].values()
        if (body := response.get("content", {}).get("application/json"))
        for part in [body["schema"]]
    }
    for name in answered:
        entries = schemas[name].get("properties", {}).get("results") if name.startswith("Paginated") else None
        shown = entries["items"]["$ref"].rpartition("/")[2] if entries else name.removesuffix("OrNotice")
        assert "examples" in schemas[shown], f"{shown} has no example."
    for name, schema in schemas.items():
        for example in schema.get("examples", []):
            jsonschema.validate(example, {"$ref": f"#/components/schemas/{name}", "components": document["components"]})


def test_the_guide_stands_on_the_site_with_its_address(client, settings):
    settings.SITE_URL = "https://example.org"
    page = client.get("/api/guide/")

    assert page.status_code == 200
    text = page.content.decode()
    assert "curl -s &#x27;https://example.org/api/v1/" in text or "curl -s 'https://example.org/api/v1/" in text
    assert HOME not in text
    assert '<a href="#guide-ten-questions">' in text
