"""The files to download: made once, given out as HTTP means it, and gone when a text they hold must go."""

from __future__ import annotations

import hashlib
import re
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.management import CommandError, call_command
from django.db import close_old_connections, connection, connections
from django.test.utils import CaptureQueriesContext

from editorial import workflow
from editorial.models import PublicSerial
from kosovo_peace import page_cache
from kosovo_peace.data_files import keeping, serving
from kosovo_peace.management.commands import work
from missions import dataset
from tests.factories import EventFactory, MissionFactory, managing_editor, published

pytestmark = pytest.mark.django_db

FIGURES = "/data/latest/figures.csv"
MISSIONS = "/data/latest/missions.csv"


@pytest.fixture
def kfor():
    return published(MissionFactory(slug="kfor"))


def body(response) -> bytes:
    return b"".join(response) if response.streaming else response.content


def address_of(client, latest: str = MISSIONS) -> str:
    response = client.get(latest)
    assert (response.status_code, response["Cache-Control"]) == (302, "no-cache")
    return response["Location"]


# The page and the addresses


def test_the_page_lists_every_file_with_size_and_hash(client, kfor):
    text = client.get("/data/").content.decode()
    made = keeping.newest()

    for file in made.files.values():
        assert f'href="/data/1/{file.name}"' in text
        assert file.sha256 in text
    assert all(word in text for word in ("serial 1", "Creative Commons Attribution 4.0", made.about.cite_as))
    assert made.about.stem.startswith("kosovo-peace-1-20")


def test_before_anything_is_public_there_are_no_files(client):
    assert "Nothing is public yet" in client.get("/data/").content.decode()
    assert client.get(FIGURES).status_code == 404
    assert not keeping.root().exists()


def test_no_address_leads_out_of_a_set(client, kfor, settings):
    name = keeping.newest().files["missions.csv"].name
    (settings.DATA_DIR / "secret_key").write_text("secret")
    for address in (
        "/data/1/manifest.json", "/data/1/..%2fmanifest.json", "/data/1/../../secret_key", "/data/1/%2fetc%2fpasswd",
        f"/data/2/{name}", f"/data/999999999/{name}", "/data/latest/..%2f..%2fsecret_key", "/data/latest/.lock",
        "/data/releases/..%2f1/", f"/data/releases/..%2f1/{name}", "/data/releases/2026.1/", f"/data/releases/1/{name}",
    ):  # fmt: skip
        response = client.get(address)
        assert response.status_code == 404, address
        assert b"secret\n" not in body(response)


# HTTP


def test_a_file_is_given_in_ranges_and_only_to_those_who_have_not_got_it(client, kfor):
    address = address_of(client)
    whole = client.get(address)
    content, etag = body(whole), whole["ETag"]
    assert etag == f'"{hashlib.sha256(content).hexdigest()}"'
    assert whole["Content-Length"] == str(len(content))
    assert whole["Content-Type"] == "text/csv; charset=utf-8"
    assert re.search(r'filename="kosovo-peace-1-[\d-]+-missions\.csv"', whole["Content-Disposition"])

    head = client.head(address)
    assert (head["Content-Length"], head["Last-Modified"], head.content) == (
        str(len(content)),
        whole["Last-Modified"],
        b"",
    )
    assert client.get(address, headers={"if-none-match": etag}).status_code == 304
    assert client.get(address, headers={"if-modified-since": whole["Last-Modified"]}).status_code == 304
    assert client.get(address, headers={"if-match": '"another"'}).status_code == 412
    assert client.post(address).status_code == 405

    last = len(content) - 1
    for asked, part in (
        ("0-9", slice(0, 10)),
        ("10-", slice(10, None)),
        ("-5", slice(-5, None)),
        (f"5-{last + 99}", slice(5, None)),
    ):
        response = client.get(address, headers={"range": f"bytes={asked}"})
        assert (response.status_code, body(response)) == (206, content[part])
        assert response["Content-Length"] == str(len(content[part]))
        assert response["Content-Range"].endswith(f"/{len(content)}")
    beyond = client.get(address, headers={"range": f"bytes={last + 1}-"})
    assert (beyond.status_code, beyond["Content-Range"]) == (416, f"bytes */{len(content)}")
    for asked in ("bytes=9-1", "bytes=-", "lines=1-2", "bytes=0-1,5-6", "bytes=١-٢"):
        assert client.get(address, headers={"range": asked}).status_code == 200
    of_another = {"range": "bytes=0-9", "if-range": '"another"'}
    assert client.get(address, headers=of_another).status_code == 200
    assert client.get(address, headers=of_another | {"if-range": etag}).status_code == 206


def test_large_files_hold_some_threads_and_leave_the_others_to_readers(client, kfor, monkeypatch):
    address = address_of(client)
    content = body(client.get(address))
    monkeypatch.setattr(serving, "IN_ONE_PIECE", 10)
    monkeypatch.setattr(serving, "being_sent", threading.BoundedSemaphore(1))
    slow = client.get(address)
    refused = client.get(address)

    assert (slow.streaming, refused.status_code, refused["Retry-After"]) == (True, 503, "20")
    assert client.get(address, headers={"range": "bytes=0-9"}).status_code == 206
    assert body(slow) == content
    part = client.get(address, headers={"range": "bytes=5-"})
    assert (part.status_code, body(part)) == (206, content[5:])


def test_files_are_not_kept_with_the_pages(client, kfor, kept_pages):
    body(client.get(address_of(client)))
    client.get("/data/")

    assert not page_cache.memory.pages


# Made once


@pytest.mark.django_db(transaction=True)
def test_of_two_who_ask_at_once_one_makes_the_files_and_no_writing_transaction_is_opened(client, monkeypatch):
    published(MissionFactory())
    made, asked = [], []

    def make(*args, **kwargs):
        made.append(1)
        time.sleep(0.3)  # the other comes meanwhile
        with CaptureQueriesContext(connection) as captured:
            result = real(*args, **kwargs)
        asked.extend(query["sql"] for query in captured)
        return result

    def ask(_):
        try:
            return keeping.newest().about
        finally:
            connections.close_all()

    real = dataset.make
    monkeypatch.setattr(dataset, "make", make)
    with ThreadPoolExecutor(2) as both:
        first, second = both.map(ask, range(2))

    assert first == second
    assert made == [1]
    assert not [sql for sql in asked if re.match(r"INSERT|UPDATE|DELETE|BEGIN IMMEDIATE", sql)]
    close_old_connections()


def test_who_asks_while_another_makes_the_files_is_told_to_come_back(client, kfor, monkeypatch):
    monkeypatch.setattr(keeping, "WAIT", 0)
    with keeping._one_at_a_time(0):
        response = client.get(FIGURES)
        page = client.get("/data/").content.decode()

    assert (response.status_code, response["Retry-After"]) == (503, "20")
    assert "being made at this moment" in page
    assert client.get(FIGURES).status_code == 302


def test_the_page_shows_the_files_before_until_the_next_are_made(client, kfor, monkeypatch):
    follow = "Files with it follow"
    assert follow not in client.get("/data/").content.decode()
    published(EventFactory())
    with keeping._one_at_a_time(0):  # the worker is at it
        monkeypatch.setattr(keeping, "_wait_for", lambda *args: pytest.fail("a reader waits"))
        page = client.get("/data/").content.decode()
    assert "serial 1</dd>" in page
    assert follow in page
    work.make_data_files()

    page = client.get("/data/").content.decode()
    assert "serial 2</dd>" in page
    assert follow not in page


def test_the_page_shows_no_files_with_a_text_that_was_removed(client, kfor):
    event = published(EventFactory(slug="named"))
    keeping.newest()
    workflow.suppress(event, by=managing_editor(), reason="A court said so.")

    assert f"serial {PublicSerial.now()}</dd>" in client.get("/data/").content.decode()


def test_the_files_of_a_large_record_are_made_by_the_worker_alone(client, kfor, monkeypatch):
    monkeypatch.setattr(keeping, "MOST_FOR_READERS", 0)
    assert client.get(FIGURES).status_code == 503
    work.make_data_files()

    assert client.get(FIGURES).status_code == 302


def test_what_was_left_half_made_is_never_given_out_and_goes(client, kfor, monkeypatch):
    keeping.root().mkdir(parents=True)
    left = keeping.root() / ".making-left"
    left.mkdir()
    monkeypatch.setattr(dataset, "make", lambda folder, **kwargs: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        keeping.newest()
    monkeypatch.undo()
    keeping.newest()

    assert {path.name for path in keeping.root().iterdir()} == {".lock", "1"}


# What becomes public, and what must go


def test_a_new_serial_makes_new_files_and_the_older_stay_for_a_while(client, kfor):
    before = address_of(client)
    published(EventFactory())
    after = address_of(client)

    assert before != after
    assert client.get(before).status_code == 200
    for _ in range(keeping.OLDER_KEPT):
        published(EventFactory())
        work.make_data_files()
    gone = client.get(before)
    assert gone.status_code == 410
    assert "/data/" in gone.content.decode()


def test_a_text_removed_for_legal_cause_goes_from_all_files_at_once(client, kfor):
    event = published(EventFactory(slug="named", body="A word that must go.[^a]"))
    address = address_of(client, "/data/latest/events.csv")
    assert b"must go" in body(client.get(address))
    workflow.suppress(event, by=managing_editor(), reason="A court said so.")

    assert client.get(address).status_code == 410
    assert b"must go" not in body(client.get(address_of(client, "/data/latest/events.csv")))
    folders = [path for path in keeping.root().iterdir() if path.is_dir()]
    assert [folder.name for folder in folders] == [str(PublicSerial.now())]
    assert not any(b"must go" in path.read_bytes() for path in folders[0].iterdir())


def test_the_worker_deletes_what_must_go_even_when_new_files_cannot_be_made(kfor, monkeypatch):
    event = published(EventFactory(slug="named"))
    keeping.newest()
    workflow.suppress(event, by=managing_editor(), reason="A court said so.")
    monkeypatch.setattr(dataset, "make", lambda folder, **kwargs: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        work.make_data_files()

    assert {path.name for path in keeping.root().iterdir()} == {".lock"}


# Releases


def test_a_release_is_made_once_and_stays_as_it_is(client, kfor, capsys):
    call_command("make_release", "2026.1")
    said = capsys.readouterr().out
    published(EventFactory())
    keeping.newest()

    page = client.get("/data/releases/2026.1/").content.decode()
    assert "release 2026.1, serial 1" in page
    assert '<a href="/data/releases/2026.1/">Release 2026.1</a>' in client.get("/data/").content.decode()
    sums = body(client.get("/data/releases/2026.1/kosovo-peace-2026.1-SHA256SUMS")).decode()
    for line in sums.splitlines():
        sha256, name = line.split()
        given = body(client.get(f"/data/releases/2026.1/{name}"))
        assert hashlib.sha256(given).hexdigest() == sha256
        assert line in said
    assert "kosovo-peace-2026.1-codebook.md" in sums
    with pytest.raises(CommandError, match="never changes"):
        call_command("make_release", "2026.1")
    with pytest.raises(CommandError, match="no name of a release"):
        call_command("make_release", "../1")


def test_a_release_removed_by_hand_says_why(client, kfor):
    call_command("make_release", "2026.1", verbosity=0)
    folder = keeping.root() / "releases" / "2026.1"
    for path in folder.iterdir():
        path.unlink()
    (folder / keeping.REMOVED).write_text("A court said so.")

    for address in ("/data/releases/2026.1/", "/data/releases/2026.1/figures.csv"):
        response = client.get(address)
        assert (response.status_code, "A court said so." in response.content.decode()) == (410, True)
    assert "removed for legal cause" in client.get("/data/").content.decode()
    with pytest.raises(CommandError, match="never changes"):
        call_command("make_release", "2026.1")
