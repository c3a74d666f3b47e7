"""Mails to readers: written with what they tell, sent by a real mail server at least once, and nothing of the report in them."""

from __future__ import annotations

import datetime
import os
import signal
import smtplib
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.mail.backends import smtp
from django.db import connections
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from editorial import outbox
from editorial.corrections import letters, receiving
from editorial.corrections.resending import send_again
from editorial.models import Correction, Mail
from editorial.workflow import WorkflowError
from tests.admin_forms import at_work
from tests.factories import MissionFactory, author, published, reported
from tests.mail_server import MailServer, free_port, running
from tests.other_processes import database_url

pytestmark = pytest.mark.django_db

State = Correction.State
READER = "reader@example.org"


@pytest.fixture
def server(settings):
    """A mail server, and the site set to send through it."""
    server = MailServer()
    with running(server) as port:
        set_to(settings, port)
        yield server


def set_to(settings, port):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", port, 10
    settings.EMAIL_HOST_USER, settings.EMAIL_USE_TLS, settings.EMAIL_USE_SSL = "", False, False


@pytest.fixture
def later(monkeypatch):
    """Moves the time on."""
    now = timezone.now

    def move(passed):
        monkeypatch.setattr(timezone, "now", lambda: now() + passed)

    return move


def post(*recipients):
    return [outbox.post(to, "Report 1: received", "It has come in.\n") for to in recipients]


def fresh(mail):
    return Mail.objects.get(pk=mail.pk)


# What is sent


def test_a_report_is_confirmed_by_one_mail_that_repeats_nothing_of_it(client, server, settings):
    settings.DEFAULT_FROM_EMAIL = "Kosovo Peace <no-reply@kosovo-peace.example>"
    record = published(MissionFactory()).record
    canaries = {
        "name": "Canary-name\r\nBcc: other@example.org", "message": "Canary-message\r\nBcc: other@example.org",
        "passage": "Canary-passage", "should_say": "Canary-instead", "evidence_url": "https://canary.example/",
        "figure": "canary-figure",
    }  # fmt: skip
    answer = client.post(
        reverse("correction-new"), {"record": f"mission/{record.slug}", "email": "Reader@Example.org", **canaries}
    )
    assert answer.status_code == 303

    assert (outbox.send_due(), outbox.send_due()) == (1, 0)
    (mail,) = Mail.objects.all()
    (taken,) = server.taken
    assert server.envelopes == [("no-reply@kosovo-peace.example", ["Reader@Example.org"])]
    assert (taken["From"], taken["To"]) == (settings.DEFAULT_FROM_EMAIL, "Reader@Example.org")
    assert taken["Message-ID"] == mail.message_id
    assert taken["Auto-Submitted"] == "auto-generated"
    assert taken["Subject"] == f"Report {mail.correction_id}: received"
    assert (taken["Bcc"], taken["Cc"]) == (None, None)
    body = taken.get_content()
    assert "canary" not in str(taken).lower()
    assert "canary" not in body.lower()
    private = next(line for line in body.splitlines() if answer["Location"] in line)
    assert private == f"{settings.SITE_URL}{answer['Location']}"
    assert answer["Location"].rstrip("/").rsplit("/", 1)[1] not in mail.body  # no secret is kept
    assert mail.sent_at
    assert not mail.error


def test_letters_of_all_languages_stand_in_subject_and_text(server):
    outbox.post(READER, "Gjakovë/Đakovica: Ђаковица", "Përgjigja jonë: Đorđe.\n" + "word " * 300)

    assert outbox.send_due() == 1
    (taken,) = server.taken
    assert taken["Subject"] == "Gjakovë/Đakovica: Ђаковица"
    assert taken.get_content_charset() == "utf-8"
    assert "Përgjigja jonë: Đorđe." in taken.get_content()


def test_no_header_can_be_smuggled_in(client, server):
    record = published(MissionFactory()).record
    data = {"record": f"mission/{record.slug}", "message": "It is wrong."}
    for address in ("a@example.org\r\nBcc: b@example.org", "a@example.org, b@example.org", "a@example.org\0"):
        assert client.post(reverse("correction-new"), {**data, "email": address}).status_code == 422
    assert not Mail.objects.exists()

    outbox.post(READER, "Report 1\r\nBcc: b@example.org", "It has come in.")
    behind_the_form = outbox.post("a@example.org\r\nBcc: b@example.org", "Report 1", "It has come in.")
    assert outbox.send_due() == 1
    assert server.recipients == [READER]
    assert server.taken[0]["Subject"] == "Report 1 Bcc: b@example.org"
    assert fresh(behind_the_form).error


def test_each_state_has_a_letter_that_reads_well():
    record = published(MissionFactory()).record
    long = (
        "The two documents were compared again, and the later one repeats the earlier, so the number stands as it is. "
    )
    address = "https://example.org/" + "a-long-address/" * 8
    reports = {
        state: reported(record, state=state, public_answer=f"{long}\r\n\r\nSee {address} for both.", email=READER)
        for state in (State.NEW, State.CONFIRMED, State.IN_WORK, State.NEEDS_INFORMATION, State.DECLINED, State.CLOSED)
    }
    reports[State.DUPLICATE] = reported(record, state=State.DUPLICATE, duplicate_of=reports[State.NEW], email=READER)
    same = reported(record, state=State.DUPLICATE, duplicate_of=reports[State.IN_WORK], email=READER)
    published(reports[State.IN_WORK].attached_to)
    assert same.mails.filter(subject__endswith="corrected").count() == 1
    for number, words in [
        *[(report.pk, "") for report in reports.values()],
        (reports[State.IN_WORK].pk, f"/missions/{record.slug}/editions/1..2/"),
        (same.pk, f"/missions/{record.slug}/editions/1..2/"),
        (reports[State.DECLINED].pk, address),
        (reports[State.DUPLICATE].pk, f"/corrections/{reports[State.NEW].pk}/"),
    ]:
        report = Correction.objects.get(pk=number)
        subject, body = letters.written(report)
        text = outbox._message(outbox.post(READER, subject, body, correction=report)).body
        assert words in text
        assert f"/corrections/{number}/\n" in text
        assert not [line for line in text.splitlines() if len(line) > outbox.WIDTH and "://" not in line]
        assert not [words for words in ("\n\n\n", "\r", "None", "&#", "{", " \n") if words in text]
        assert text[0] != "\n"
        assert text.endswith("Kosovo Peace\n")
        assert subject.startswith(f"Report {number}: ")


# What goes wrong


def test_while_the_server_is_down_mails_wait_with_growing_pauses_and_go_out_when_it_is_back(settings, later):
    port, server = free_port(), MailServer()
    set_to(settings, port)
    first, second = post(READER, "second@example.org")

    passed = datetime.timedelta()
    for attempt, pause in enumerate(outbox.PAUSES[:4], start=1):
        Mail.objects.filter(pk=second.pk).update(due_at=timezone.now() + datetime.timedelta(days=1))
        assert outbox.send_due() == 0
        tried = fresh(first)
        assert (tried.attempts, tried.sent_at, tried.given_up_at) == (attempt, None, None)
        assert tried.error.startswith("ConnectionRefusedError")
        passed += pause - outbox.MINUTE / 2
        later(passed)
        assert outbox.send_due() == 0
        assert fresh(first).attempts == attempt  # not before its time
        passed += outbox.MINUTE
        later(passed)
    assert sorted(outbox.PAUSES) == outbox.PAUSES
    later(passed + datetime.timedelta(days=2))
    with running(server, port):
        assert outbox.send_due() == 2
    assert server.recipients == [READER, "second@example.org"]


def test_of_many_mails_one_is_tried_while_the_server_is_down(settings):
    set_to(settings, free_port())
    post(*[f"{number}@example.org" for number in range(5)])
    outbox.send_due()
    assert sum(Mail.objects.values_list("attempts", flat=True)) == 1


def test_a_mail_that_fails_for_days_is_given_up(settings):
    set_to(settings, free_port())
    (mail,) = post(READER)
    Mail.objects.update(attempts=len(outbox.PAUSES))
    outbox.send_due()
    assert fresh(mail).given_up_at
    assert not Mail.objects.waiting().exists()


def test_an_address_refused_for_good_is_given_up_and_the_others_get_theirs(server):
    server.answers = {"gone@example.org": "550 5.1.1 No such user", "busy@example.org": "450 4.2.0 Come back later"}
    gone, busy, _ = post("gone@example.org", "busy@example.org", READER)

    assert outbox.send_due() == 1
    assert server.recipients == [READER]
    assert fresh(gone).given_up_at
    assert fresh(gone).error == "550 5.1.1 No such user"
    assert fresh(busy).given_up_at is None
    assert fresh(busy).due_at > timezone.now()

    server.answers = {}
    Mail.objects.update(due_at=timezone.now())
    assert outbox.send_due() == 1
    assert server.recipients == [READER, "busy@example.org"]


def test_a_connection_closed_in_mid_sentence_costs_the_others_nothing(server):
    server.breaks_off_at = {"second@example.org"}
    _, second, _ = post("first@example.org", "second@example.org", "third@example.org")

    assert outbox.send_due() == 2
    assert server.recipients == ["first@example.org", "third@example.org"]
    assert fresh(second).error.startswith("SMTPServerDisconnected")

    server.breaks_off_at = set()
    Mail.objects.update(due_at=timezone.now())
    assert outbox.send_due() == 1


def test_one_address_gets_so_many_mails_a_day_and_no_more(settings, later):
    settings.MAILS_PER_DAY = 2
    port, server = free_port(), MailServer()
    set_to(settings, port)
    *_, third, _ = post(READER, "Reader@Example.org", "READER@example.org", "other@example.org")
    for _ in range(4):
        outbox.send_due()  # that the server was down at first opens no back door
    Mail.objects.update(due_at=timezone.now())
    with running(server, port):
        assert outbox.send_due() == 3
    assert [to.lower() for to in server.recipients] == [READER, READER, "other@example.org"]
    assert "limit" in fresh(third).error


@pytest.mark.parametrize("refused", [False, True])
def test_an_address_erased_while_its_mail_is_being_sent_is_named_nowhere(server, monkeypatch, refused):
    report = reported(published(MissionFactory()).record, email=READER)
    mail = outbox.post(READER, "Report 1: received", "It has come in.", correction=report)

    def erase_meanwhile(self, messages):
        receiving.forget_address(report)
        if refused:
            raise smtplib.SMTPRecipientsRefused({READER: (550, b"No such user")})

    monkeypatch.setattr(smtp.EmailBackend, "send_messages", erase_meanwhile)
    assert outbox.send_due() == (0 if refused else 1)
    mail = fresh(mail)
    assert mail.to == ""
    assert READER not in mail.error
    assert bool(mail.given_up_at) == refused
    assert bool(mail.sent_at) != refused


def test_what_a_server_said_of_an_address_is_erased_with_it(server):
    server.answers = {READER: f"550 <{READER}> is unknown"}
    report = reported(published(MissionFactory()).record, email=READER)
    mail = outbox.post(READER, "Report 1: received", "It has come in.", correction=report)
    outbox.send_due()
    assert READER in fresh(mail).error
    receiving.forget_address(report)
    assert READER not in f"{fresh(mail).error}{fresh(mail).to}"


# At least once


@pytest.mark.django_db(transaction=True)
def test_several_workers_at_once_send_each_mail_once(server):
    server.pause = 0.01
    addresses = [f"{number}@example.org" for number in range(24)]
    post(*addresses)
    start = threading.Barrier(3, timeout=10)

    def work():
        try:
            start.wait()
            return outbox.send_due()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(3) as workers:
        sent = [future.result(timeout=60) for future in [workers.submit(work) for _ in range(3)]]
    assert sum(sent) == 24
    assert sorted(server.recipients) == sorted(addresses)
    assert len({mail["Message-ID"] for mail in server.taken}) == 24


SEND_AND_DIE = """
import os, signal, django
django.setup()
from django.core.mail.backends import smtp
from editorial import outbox
send = smtp.EmailBackend.send_messages
def send_and_die(self, messages):
    send(self, messages)
    os.kill(os.getpid(), signal.SIGKILL)
smtp.EmailBackend.send_messages = send_and_die
outbox.send_due()
"""


@pytest.mark.django_db(transaction=True)
def test_a_worker_killed_between_sending_and_noting_it_leads_to_a_double_that_can_be_told(
    settings, server, later, tmp_path
):
    (mail,) = post(READER)
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "kosovo_peace.settings", "DATABASE_URL": database_url(), "DATA_DIR": str(tmp_path),
        "EMAIL_URL": f"smtp://127.0.0.1:{settings.EMAIL_PORT}",
    }  # fmt: skip
    killed = subprocess.run(
        [sys.executable, "-c", SEND_AND_DIE],
        cwd=settings.BASE_DIR, env=environment, capture_output=True, check=False, timeout=60,
    )  # fmt: skip
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    assert server.recipients == [READER]
    assert fresh(mail).sent_at is None

    assert outbox.send_due() == 0  # the other worker may be alive still
    later(outbox.CLAIMED_FOR + outbox.MINUTE)
    assert (outbox.send_due(), outbox.send_due()) == (1, 0)
    assert [one["Message-ID"] for one in server.taken] == [mail.message_id] * 2


# Told to monitors and editors


def test_healthz_says_that_mails_wait_or_were_given_up_and_names_nobody(client, later):
    mails = post(READER, "gone@example.org", "erased@example.org")
    now = timezone.now()
    Mail.objects.filter(pk__in=[mails[1].pk, mails[2].pk]).update(given_up_at=now, error="gone@example.org")
    Mail.objects.filter(pk=mails[2].pk).update(to="")
    answer = client.get("/healthz")
    assert (answer.status_code, answer.json()["status"]) == (200, "degraded")
    assert answer.json()["checks"]["mail"] == "mails given up within a day: 1"

    later(datetime.timedelta(hours=25))
    answer = client.get("/healthz")
    assert answer.json()["checks"]["mail"] == "mails waiting for more than an hour: 1"
    assert "example.org" not in answer.text


def in_every_state():
    report = reported(published(MissionFactory()).record)
    new, sent, failed, given_up, erased = [
        outbox.post(f"{name}@example.org", f"Report {report.pk}: {name}", "It has come in.", correction=report)
        for name in ("new", "sent", "failed", "given-up", "erased")
    ]
    at = timezone.now()
    Mail.objects.filter(pk=sent.pk).update(sent_at=at, attempts=1)
    Mail.objects.filter(pk=failed.pk).update(attempts=2, due_at=at + outbox.DAY * outbox.MINUTE, error="Refused: <b>")
    Mail.objects.filter(pk=given_up.pk).update(attempts=10, given_up_at=at, error="No such user")
    Mail.objects.filter(pk=erased.pk).update(attempts=1, given_up_at=at, to="", error="The address was erased.")
    return new, sent, failed, given_up, erased


def test_editors_see_what_became_of_each_mail_and_can_change_none(django_assert_max_num_queries):
    _, _, _, given_up, _ = in_every_state()
    client = at_work(author())
    every = reverse("admin:editorial_mail_changelist")
    with django_assert_max_num_queries(10):
        page = client.get(every).text
    in_every_state()
    with django_assert_max_num_queries(10):
        client.get(every)
    for words in (
        "Mails to readers", "goes out within a minute or two", "tried 2 times, next try", "Refused: &lt;b&gt;",
        "No such user", "(address erased)", "failed@example.org",
    ):  # fmt: skip
        assert words in page
    assert "sent@example.org" in client.get(f"{every}?state=sent").text
    assert "sent@example.org" not in client.get(f"{every}?state=given_up").text
    assert client.get(f"{every}?state=nonsense&q=%00").status_code == 400
    one = client.get(reverse("admin:editorial_mail_change", args=[given_up.pk]))
    assert 'name="subject"' not in one.text
    assert given_up.correction.token() not in one.text
    assert client.post(reverse("admin:editorial_mail_change", args=[given_up.pk]), {"to": "x@y.org"}).status_code == 403
    assert client.get(reverse("admin:editorial_mail_add")).status_code == 403


def test_a_mail_that_did_not_go_out_is_put_in_line_again(server):
    new, sent, failed, given_up, erased = in_every_state()
    client = at_work(author())

    def again(mail):
        return reverse("admin:editorial_mail_do", args=[mail.pk, "try-again"])

    for mail, is_offered in ((new, False), (sent, False), (failed, True), (given_up, True), (erased, False)):
        page = client.get(reverse("admin:editorial_mail_change", args=[mail.pk])).text
        assert (again(mail) in page) == is_offered
    for mail in (sent, erased):
        assert client.post(again(mail)).status_code == 409
    for mail in (failed, given_up):
        assert client.get(again(mail)).status_code == 200
        assert client.post(again(mail)).status_code == 302
    assert outbox.send_due() == 3
    assert sorted(server.recipients) == ["failed@example.org", "given-up@example.org", "new@example.org"]


def test_who_may_not_answer_reports_sends_none_again():
    *_, given_up, _ = in_every_state()
    nobody = author()
    nobody.groups.clear()
    with pytest.raises(WorkflowError):
        send_again(given_up, by=nobody)
    assert at_work(nobody).get(reverse("admin:editorial_mail_changelist")).status_code in {302, 403}
    assert Client().get(reverse("admin:editorial_mail_changelist")).status_code == 302
