"""The data files of the founding record: the same on the page, in the API and in every file, and valid."""

from __future__ import annotations

import html
import re
import subprocess
import sys
from collections import Counter
from decimal import Decimal

import pytest
from django.conf import settings
from django.test import Client

from editorial.models import Edition
from missions.dataset import Dataset
from missions.exports import TABLES
from missions.record_files import read_folder
from tests.dataset_files import Files

LISTED = re.compile(r'<td class="amount"><a href="[^"]*/figures/([-\w]+)/">([^<]+)</a>')


@pytest.fixture(scope="module")
def founding(founding_record, django_db_blocker, tmp_path_factory) -> Files:
    """The files of the founding record, once for all tests here."""
    with django_db_blocker.unblock():
        return Files(tmp_path_factory.mktemp("dataset"))


def figures_on_page(client: Client, slug: str) -> Counter[tuple[str, str]]:
    """(fact, number as written) on all pages of a record's figures."""
    found: Counter[tuple[str, str]] = Counter()
    for page in range(1, 100):
        text = client.get(f"/missions/{slug}/figures/", {"page": page}).content.decode()
        here = LISTED.findall(text)
        found.update((fact, html.unescape(number)) for fact, number in here)
        if f"page={page + 1}" not in text:
            return found
    raise AssertionError("There is no end to the pages.")


def figures_in_api(client: Client, slug: str) -> dict[str, tuple[object, ...]]:
    address, found = f"/api/v1/figures/?record=mission/{slug}&page_size=100", {}
    while address:
        answer = client.get(address).json()
        for row in answer["results"]:
            numbers = (None if row[name] is None else Decimal(str(row[name])) for name in ("value", "low", "high"))
            dated = row["as_of"]["value"] if row["as_of"] else ""
            found[row["key"]] = (
                row["fact"], *numbers, row["unit"], row["in_words"], dated, row["source"]["key"], row["measure"]["key"],
                row["locator"], row["quote"],
            )  # fmt: skip
        address = (answer["meta"]["next"] or "").removeprefix(settings.SITE_URL)
    return found


def as_tuple(row: dict[str, object], guarded: bool) -> tuple[object, ...]:
    def text(name: str) -> str:
        value = str(row[name] or "")
        return value[1:] if guarded and value[:2] in ("'=", "'+", "'-", "'@", "'\t", "'\r") else value

    numbers = (Decimal(str(row[name])) if row[name] not in (None, "") else None for name in ("value", "low", "high"))
    rest = ("unit", "in_words", "as_of", "source", "measure", "locator", "quote")
    return (row["fact"], *numbers, *(text(name) for name in rest))


@pytest.mark.django_db
@pytest.mark.parametrize("slug", ["kfor", "unmik"])
def test_the_figures_of_a_mission_agree_value_by_value_on_page_api_csv_and_sqlite(founding, client, slug):
    record = f"mission/{slug}"
    in_csv = {row["key"]: as_tuple(row, True) for row in founding.csv("figures") if row["record"] == record}
    rows = founding.sqlite("SELECT * FROM figures WHERE record = ?", record)
    in_sqlite = {row["key"]: as_tuple(dict(row), False) for row in rows}

    assert len(in_csv) > 200
    assert in_csv == in_sqlite == figures_in_api(client, slug)
    assert figures_on_page(client, slug) == Counter((row[0], row[5]) for row in in_csv.values())


@pytest.mark.django_db
def test_frictionless_finds_the_data_package_valid(founding):
    command = [sys.executable, "-m", "frictionless", "validate", founding.path("datapackage.json").name]
    done = subprocess.run(command, cwd=founding.folder, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]


@pytest.mark.django_db
def test_the_record_files_of_the_set_can_be_loaded_by_themselves(founding, tmp_path):
    with founding.record_files() as archive:
        archive.extractall(tmp_path, filter="data")
    (root,) = tmp_path.iterdir()

    records = [record.name for record in read_folder(root).records]
    assert len(records) == Edition.objects.published().count() == len(founding.sqlite("SELECT * FROM records"))


@pytest.mark.django_db
def test_the_tables_are_the_same_in_all_forms_and_each_column_is_explained(founding):
    explained = {(row["table"], row["column"]) for row in founding.csv("columns")}
    for table in TABLES:
        names = [column.name for column in table.columns]
        assert [row["name"] for row in founding.sqlite("SELECT name FROM pragma_table_info(?)", table.name)] == names
        assert len(founding.csv(table.name)) == founding.set.files[f"{table.name}.csv"].rows
        assert all(column.description.endswith((".", "…")) for column in table.columns), table.name
        assert {(table.name, name) for name in names} <= explained
    assert founding.sqlite("PRAGMA foreign_key_check") == []
    assert Dataset.read(founding.folder) == founding.set
