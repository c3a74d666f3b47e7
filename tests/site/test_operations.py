"""What monitors ask, what the worker does, and how the site is set up."""

from __future__ import annotations

import datetime
import io
import os
import re
import signal
import socket
import stat
import subprocess
import sys

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import OperationalError, connection
from django.utils import timezone

from editorial import limits, workflow
from editorial.models import Edition, Editor, IntegrityCheck, RateLimit, Record, State
from kosovo_peace import operations
from kosovo_peace.management.commands import serve, work
from tests.factories import MissionFactory, author, published, reviewer

NOON = timezone.now() + datetime.timedelta(days=1)


def scheduled(slug="kfor"):
    editor = author()
    edition = MissionFactory(slug=slug, by=editor)
    workflow.submit(edition, by=editor)
    workflow.schedule(edition, by=reviewer(), at=NOON)
    return edition


@pytest.fixture
def later(monkeypatch):
    """Moves the time past the one editions are scheduled for, and returns it."""
    moment = NOON + datetime.timedelta(minutes=6)

    def move():
        monkeypatch.setattr(timezone, "now", lambda: moment)
        return moment

    return move


# livez and healthz


def test_livez_answers_without_database_whatever_the_host(client, settings):
    settings.ALLOWED_HOSTS = ["kosovo-peace.example"]
    settings.SECURE_SSL_REDIRECT = True
    response = client.get("/livez", HTTP_HOST="10.0.0.3")
    assert (response.status_code, response.content) == (200, b"ok\n")
    assert "no-store" in response["Cache-Control"]


@pytest.mark.django_db
def test_healthz_says_that_all_is_well(client):
    published(MissionFactory())
    response = client.get("/healthz")
    assert response.status_code == 200
    assert response.json() == {
        "status": "ok",
        "checks": {"database": "ok", "schedule": "ok", "integrity": "ok", "record": "ok", "mail": "ok"},
    }
    assert "no-store" in response["Cache-Control"]


@pytest.mark.django_db
def test_healthz_fails_while_an_edition_is_overdue(client, later):
    scheduled()
    assert client.get("/healthz").status_code == 200
    later()
    response = client.get("/healthz")
    assert response.status_code == 503
    assert response.json()["checks"]["schedule"] == "scheduled editions overdue: 1"


@pytest.mark.django_db
def test_healthz_finds_records_that_lost_their_live_edition(client):
    first = published(MissionFactory())
    second = published(MissionFactory())
    Record.objects.filter(pk=first.record_id).update(live=None)
    assert client.get("/healthz").json()["checks"]["integrity"].endswith(": 1")
    Record.objects.filter(pk=second.record_id).update(live=None)
    Record.objects.filter(pk=first.record_id).update(live=second)
    response = client.get("/healthz")
    assert response.status_code == 503
    assert response.json()["checks"]["integrity"].endswith(": 2")


@pytest.mark.django_db
def test_healthz_fails_when_the_last_check_of_the_record_found_faults(client, monkeypatch):
    edition = published(MissionFactory())
    Edition._base_manager.filter(pk=edition.pk).update(title="Changed behind the workflow's back")
    assert client.get("/healthz").status_code == 200
    monkeypatch.setattr(work, "close_old_connections", lambda: None)
    work.do_what_is_due()
    response = client.get("/healthz")
    assert response.status_code == 503
    assert re.fullmatch(r"faults found on \d+ \w+ \d{4}: 1", response.json()["checks"]["record"])
    Edition._base_manager.filter(pk=edition.pk).update(title=edition.title)
    call_command("check_record", stdout=io.StringIO())
    assert client.get("/healthz").status_code == 200


@pytest.mark.django_db
def test_healthz_fails_when_the_record_was_not_checked_for_two_days(client, monkeypatch):
    published(MissionFactory())
    now = timezone.now()
    assert client.get("/healthz").status_code == 200  # new: the worker will come to it

    def after(days):
        monkeypatch.setattr(timezone, "now", lambda: now + datetime.timedelta(days=days))
        return client.get("/healthz").json()["checks"]["record"]

    assert after(days=1.9) == "ok"
    assert after(days=2.1) == "never checked"
    work.check_record()
    assert after(days=4) == "ok"
    assert after(days=4.2).startswith("last checked on ")


@pytest.mark.django_db
def test_a_site_without_public_content_need_not_be_checked(client, monkeypatch):
    MissionFactory()
    later = timezone.now() + datetime.timedelta(days=30)
    monkeypatch.setattr(timezone, "now", lambda: later)
    assert client.get("/healthz").json()["checks"]["record"] == "ok"


@pytest.mark.django_db
def test_the_worker_checks_the_record_once_a_day(monkeypatch):
    published(MissionFactory())
    now = timezone.now()
    for hours, checks in ((0, 1), (23, 1), (24.1, 2)):
        moment = now + datetime.timedelta(hours=hours)
        monkeypatch.setattr(timezone, "now", lambda moment=moment: moment)
        work.check_record()
        assert IntegrityCheck.objects.count() == checks
    assert set(IntegrityCheck.objects.values_list("editions", flat=True)) == {1}


@pytest.mark.django_db
def test_healthz_fails_when_the_database_does_not_answer(client, monkeypatch):
    def away():
        raise OperationalError("gone, password=secret")

    monkeypatch.setattr(operations, "overdue", away)
    response = client.get("/healthz")
    assert response.status_code == 503
    assert "secret" not in response.text


# What is due


@pytest.mark.django_db
def test_publish_due_publishes_and_says_what(later):
    edition = scheduled()
    later()
    out = io.StringIO()
    call_command("publish_due", stdout=out)
    assert "Published: Kosovo Force, /missions/kfor/editions/1/" in out.getvalue()
    edition.refresh_from_db()
    assert edition.state == State.PUBLISHED


@pytest.mark.django_db
def test_publish_due_ends_with_1_and_the_reason_when_an_edition_could_not_be_published(later):
    edition = scheduled()
    later()
    Edition._base_manager.filter(pk=edition.pk).update(title="Changed behind the workflow's back")
    err = io.StringIO()
    with pytest.raises(SystemExit) as ended:
        call_command("publish_due", stderr=err)
    assert ended.value.code == 1
    assert "not the one that was submitted" in err.getvalue()


@pytest.mark.django_db
def test_one_round_of_work_publishes_and_forgets(later, monkeypatch):
    monkeypatch.setattr(work, "close_old_connections", lambda: None)  # the test's own is in a transaction
    edition = scheduled()
    limits.count("x", "192.0.2.1", limit=1, seconds=1)
    RateLimit.objects.update(expires_at="2001-01-01T00:00:00Z")
    later()
    work.do_what_is_due()
    edition.refresh_from_db()
    assert edition.state == State.PUBLISHED
    assert not RateLimit.objects.exists()


def test_a_job_that_fails_is_logged_and_the_next_is_done_all_the_same(monkeypatch, caplog):
    done = []

    def fails():
        raise OperationalError("the database is away")

    monkeypatch.setattr(work, "JOBS", [fails, lambda: done.append(True)])
    monkeypatch.setattr(work, "close_old_connections", lambda: None)
    work.do_what_is_due()
    assert done == [True]
    assert "the database is away" in caplog.text


def test_the_worker_goes_on_without_its_tables_and_stops_at_once_when_told(settings, tmp_path):
    environment = os.environ | {"DATABASE_URL": f"sqlite:///{tmp_path}/empty.sqlite3", "DATA_DIR": str(tmp_path)}
    worker = subprocess.Popen(
        [sys.executable, settings.BASE_DIR / "manage.py", "work"], env=environment, stderr=subprocess.PIPE, text=True
    )
    assert worker.stderr is not None
    assert "trying again" in worker.stderr.readline()
    worker.send_signal(signal.SIGTERM)
    _, rest = worker.communicate(timeout=20)
    assert worker.returncode == 0, rest


# Setting up


def test_mail_goes_to_files_in_a_private_folder_unless_a_server_is_named(settings, tmp_path):
    environment = os.environ | {"DATA_DIR": str(tmp_path), "EMAIL_URL": ""}
    shown = "import kosovo_peace.settings as it; print(it.EMAIL_BACKEND, it.EMAIL_FILE_PATH)"
    subprocess.run([sys.executable, "-c", shown], cwd=settings.BASE_DIR, env=environment, check=True, timeout=60)
    assert stat.S_IMODE((tmp_path / "mail").stat().st_mode) == 0o700

    settings.EMAIL_BACKEND, settings.EMAIL_FILE_PATH = (
        "django.core.mail.backends.filebased.EmailBackend",
        str(tmp_path / "mail"),
    )
    assert str(tmp_path / "mail") in serve.where_mails_go()
    settings.EMAIL_BACKEND, settings.EMAIL_HOST, settings.EMAIL_PORT = (
        "django.core.mail.backends.smtp.EmailBackend",
        "mail.example",
        587,
    )
    settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD = "canary-user", "canary-password"
    assert "mail.example, port 587" in serve.where_mails_go()
    assert "canary" not in serve.where_mails_go()


@pytest.mark.django_db
def test_three_accounts_are_made_with_passwords_only_their_owner_can_read(tmp_path, client):
    file = tmp_path / "accounts.txt"
    serve.make_accounts(file)

    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    passwords = serve.read_accounts(file)
    assert set(passwords) == {"author", "reviewer", "managing"}
    assert len(set(passwords.values())) == 3
    for name, password in passwords.items():
        assert client.login(username=name, password=password)
    assert Editor.objects.get(username="reviewer").has_perm("editorial.review_edition")
    assert not Editor.objects.get(username="author").has_perm("editorial.review_edition")
    assert not Editor.objects.filter(is_superuser=True).exists()


@pytest.mark.django_db
def test_another_database_gets_accounts_with_the_same_passwords(tmp_path):
    file = tmp_path / "accounts.txt"
    serve.make_accounts(file)
    before = file.read_text()
    Editor.objects.all().delete()
    serve.make_accounts(file)
    assert file.read_text() == before


@pytest.mark.django_db
def test_a_site_that_is_set_up_is_only_looked_at(settings, tmp_path, monkeypatch):
    settings.STATIC_ROOT = settings.DATA_DIR = tmp_path
    (tmp_path / ".collected").write_text(serve.static_stamp())
    published(MissionFactory())
    author()
    command = serve.Command()
    monkeypatch.setattr(serve, "call_command", lambda *args, **options: pytest.fail(f"called {args}"))
    assert command.set_up() is False
    with serve.one_at_a_time():
        assert connection.is_usable()


def test_a_port_that_is_taken_is_told_clearly():
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(CommandError, match=f"Cannot listen on 127.0.0.1, port {port}.*make run PORT={port + 1}"):
            serve.require_free("127.0.0.1", port)
    serve.require_free("127.0.0.1", port)


@pytest.mark.parametrize("nonsense", ["x", "0", "70000", "-1", "٣"])
def test_a_port_that_is_no_number_is_told_clearly(monkeypatch, nonsense):
    monkeypatch.setenv("PORT", nonsense)
    with pytest.raises(CommandError, match="PORT must be a number"):
        serve.whole_number("PORT", 8000)
