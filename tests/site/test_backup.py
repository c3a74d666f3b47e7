"""A backup holds all there is, in the same words from every database, and comes back as it was or not at all."""

from __future__ import annotations

import io
import json
import os
import stat
import zipfile

import pytest
from django.apps import apps
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import transaction
from django.utils import timezone

from editorial.models import Correction, Edition, Editor, PublicSerial, SearchEntry
from kosovo_peace.backup import tables
from missions.models import Disagreement, Figure, Mission
from tests.factories import FigureFactory, MissionFactory, author, next_edition, published, reported
from tests.pictures import IllustrationFactory, a_picture

PAGES = ("/missions/kfor/", "/missions/kfor/editions/1/", "/missions/kfor/figures/", "/api/v1/missions/kfor/", "/")


@pytest.fixture
def record():
    """An edition with a figure and a picture, the next one open, and a report."""
    draft = MissionFactory(slug="kfor")
    FigureFactory(edition=draft, value="49120.5")
    IllustrationFactory(draft, picture=a_picture())
    edition = published(draft)
    next_edition(edition.record)
    reported(edition.record, email="ana@example.org")
    return edition


def emptied():
    with transaction.atomic():
        for model in tables.tables(apps).values():
            tables.empty(model)
        SearchEntry.objects.all().delete()
        PublicSerial.objects.create(pk=1, value=0)


def saved(path, *options):
    call_command("backup", path, *options, verbosity=0)
    return path


def manifest_of(path):
    with zipfile.ZipFile(path) as archive:
        return json.loads(archive.read("manifest.json"))


def answers(client):
    return [client.get(address).content for address in PAGES]


@pytest.mark.django_db(transaction=True)  # a backup begins a transaction of its own
def test_what_was_backed_up_comes_back_row_by_row_with_its_files(client, record, tmp_path):
    before, picture = answers(client), default_storage.listdir("pictures")[1]
    path = saved(tmp_path / "one.zip")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    first = manifest_of(path)
    emptied()
    for name in picture:
        default_storage.delete(f"pictures/{name}")

    out = io.StringIO()
    call_command("restore", path, stdout=out, verbosity=0)

    assert "The record was checked: no fault." in out.getvalue()
    with pytest.raises(CommandError, match="The database is not empty"):
        call_command("restore", path, verbosity=0)
    assert answers(client) == before
    assert default_storage.listdir("pictures")[1] == picture
    assert client.get("/search/?q=kosovo").content.count(b"/missions/kfor/")
    assert Correction.objects.get().email == "ana@example.org"
    again = manifest_of(saved(tmp_path / "two.zip"))
    differ = {name for name, table in first["tables"].items() if again["tables"][name] != table}
    assert differ <= {"editorial.IntegrityCheck"}  # the record was checked
    assert again["files"] == first["files"]
    assert author(username="later").pk > Editor.objects.exclude(username="later").order_by("pk").last().pk
    published(Mission.objects.get(number=None))
    assert client.get("/missions/kfor/editions/2/").status_code == 200


@pytest.mark.django_db
def test_rows_are_written_alike_by_every_database(record):
    at = timezone.datetime(2026, 11, 22, 13, 0, 0, 120, tzinfo=timezone.get_fixed_timezone(60))
    Edition._base_manager.filter(pk=record.pk).update(published_at=at)
    Disagreement.objects.create(edition=record.record.editions.last(), question="Đ?", positions=[{"b": 1, "a": "đ"}])

    def first(model, *columns):
        named = tables.columns(model)
        row = next(tables.rows(model))
        return tables.line([row[named.index(column)] for column in columns])

    assert first(Figure, "value", "low", "as_of") == f'["49120.5000",null,"{Figure.objects.first().as_of}"]\n'.encode()
    assert first(Edition, "published_at", "minor") == b'["2026-11-22T12:00:00.000120+00:00",false]\n'
    assert first(Disagreement, "positions", "question") == '[[{"a":"đ","b":1}],"Đ?"]\n'.encode()


@pytest.mark.django_db(transaction=True)
def test_a_backup_is_written_whole_over_no_other_and_not_believed_once_it_was_changed(record, tmp_path, monkeypatch):
    path = saved(tmp_path / "one.zip")
    saved(path, "--verify")
    whole = path.read_bytes()
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(tmp_path / "changed.zip", "w") as new:
        for name in old.namelist():
            new.writestr(name, old.read(name).replace(b"49120.5", b"49120.6"))
    (tmp_path / "cut.zip").write_bytes(whole[: len(whole) // 2])
    (tmp_path / "none.zip").write_bytes(b"")
    for name in ("changed", "cut", "none"):
        for command in (["backup", "--verify"], ["restore"]):
            with pytest.raises(CommandError, match=r"as it was written|cannot be read as a backup"):
                call_command(*command, tmp_path / f"{name}.zip", verbosity=0)

    with pytest.raises(CommandError, match="exists already"):
        saved(path)
    assert path.read_bytes() == whole

    folder = tmp_path / "folder"
    folder.mkdir()
    for name in ("kosovo-peace-2020-01-01T000000Z.zip", "kosovo-peace-2021-01-01T000000Z.zip", "other.zip"):
        (folder / name).touch()
    killed, running = (folder / f".kosovo-peace-2021-01-01T000000Z.zip.{number}.partial" for number in (1, 2))
    killed.touch()
    running.touch()
    os.utime(killed, (1, 1))
    saved(folder, "--keep", "2")
    made = next(file.name for file in folder.iterdir() if file.stat().st_size)
    left = {running.name, "kosovo-peace-2021-01-01T000000Z.zip", "other.zip", made}
    assert {file.name for file in folder.iterdir()} == left

    def full(row):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(tables, "line", full)
    with pytest.raises(CommandError, match="No space left"):
        saved(folder / "two.zip")
    assert {file.name for file in folder.iterdir()} == left
