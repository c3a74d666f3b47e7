"""Names and addresses of readers are erased some time after the answer, wherever they stood."""

from __future__ import annotations

import datetime
import io
import os
import smtplib
from collections.abc import Iterator

import pytest
from django.contrib.sessions.models import Session
from django.core.mail.backends.locmem import EmailBackend
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection
from django.test import Client
from django.utils import timezone
from django.utils.encoding import force_str

from editorial import outbox
from editorial.corrections import deciding, erasing, receiving
from editorial.models import Change, Correction, CorrectionEntry, Editor, Mail, PublicSerial
from editorial.workflow import WorkflowError
from tests.factories import MissionFactory, author, managing_editor, published

pytestmark = pytest.mark.django_db

NAME, EMAIL = "Zeqirja Unmistakable", "zeqirja.unmistakable@example.org"


class Refuses(EmailBackend):
    """A mail server that refuses the reader's address, and names it when it does."""

    def send_messages(self, messages):
        raise smtplib.SMTPRecipientsRefused({EMAIL: (550, f"no such user: {EMAIL}".encode())})


def report(**fields) -> Correction:
    data = {"record": "mission/kfor", "message": "It is wrong.", "name": NAME, "email": EMAIL} | fields
    return receiving.receive(data, address="203.0.113.7").correction


def whole_database() -> Iterator[tuple[str, str]]:
    """(table and column, text) of everything that stands anywhere, tables of Django and packages included."""
    quote = connection.ops.quote_name
    kind = "BLOB" if connection.vendor == "sqlite" else "TEXT"  # the search index holds bytes that are no text
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            columns = [column.name for column in connection.introspection.get_table_description(cursor, table)]
            for column in columns:
                cursor.execute(f"SELECT CAST({quote(column)} AS {kind}) FROM {quote(table)}")  # noqa: S608  names of ours
                yield from ((f"{table}.{column}", force_str(text, errors="replace")) for (text,) in cursor if text)
    yield from (("session", str(session.get_decoded())) for session in Session.objects.all())


def where_found(*wanted: str) -> set[str]:
    return {place for place, text in whole_database() if any(word.casefold() in text.casefold() for word in wanted)}


def let_days_pass(monkeypatch, days: int) -> None:
    later = timezone.now() + datetime.timedelta(days=days)
    monkeypatch.setattr(timezone, "now", lambda: later)


@pytest.fixture
def kfor():
    return published(MissionFactory(slug="kfor"))


def test_after_erasure_neither_name_nor_address_stands_anywhere_but_in_the_readers_own_words(
    kfor, settings, monkeypatch
):
    editor = managing_editor()
    desk = Client()
    desk.force_login(editor)
    found = report(may_name="true", may_quote="true")
    outbox.send_due()
    settings.EMAIL_BACKEND = f"{__name__}.Refuses"
    deciding.note(found, by=editor, text="Looks right.")
    deciding.ask(found, by=editor, question="Which page?")
    outbox.send_due()  # the server's answer, with the address in it, is kept with the mail
    receiving.follow_up(found, {"text": f"Page 9. Regards, {NAME}"}, address="203.0.113.7")
    deciding.describe(found, by=editor, assignee=editor, living_person=True)
    desk.get(f"/admin/editorial/correction/{found.pk}/change/")
    desk.get("/admin/editorial/correction/", {"q": EMAIL})
    deciding.confirm(found, by=editor, answer="You are right.")
    deciding.release(found, by=editor, words=True, name=True)
    deciding.decline(found, by=editor, answer="After all it is not so.")
    assert where_found(EMAIL) == {
        "editorial_correction.email",
        "editorial_mail.to",
        "editorial_mail.error",
    }
    assert found.public_name == NAME
    serial = PublicSerial.now()

    let_days_pass(monkeypatch, settings.REPORTERS_ERASED_AFTER_DAYS + 1)
    assert erasing.erase_due().reports == 1

    assert where_found(NAME, EMAIL) == {"editorial_correctionentry.text"}
    signed = CorrectionEntry.objects.filter(text__contains=NAME)
    assert [entry.kind for entry in signed] == [CorrectionEntry.Kind.FOLLOW_UP]  # words of the report itself: they stay
    found.refresh_from_db()
    assert (found.message, found.public_answer) == ("It is wrong.", "After all it is not so.")
    assert found.receipt_key is None
    assert PublicSerial.now() > serial  # the pages that showed the name are stale
    assert NAME not in Client().get(found.get_absolute_url()).text
    assert not Mail.objects.waiting().exists()


def test_a_name_and_an_address_taken_back_are_gone_at_once(kfor):
    found = report(may_name="true")
    deciding.confirm(found, by=author())
    deciding.release(found, by=author(), words=False, name=True)

    receiving.withdraw_name(found)
    receiving.forget_address(found)

    assert where_found(NAME, EMAIL) == set()
    assert not Mail.objects.waiting().exists()
    assert Change.objects.filter(correction=found).count() == 3


def test_what_editors_write_for_ever_may_not_hold_the_readers_address(kfor):
    found, editor = report(), author()
    for write in (
        lambda: deciding.note(found, by=editor, text=f"Wrote to {EMAIL.upper()} myself."),
        lambda: deciding.ask(found, by=editor, question=f"Is {EMAIL} yours?"),
        lambda: deciding.decline(found, by=editor, answer=f"See my mail to {EMAIL}."),
    ):
        with pytest.raises(WorkflowError, match="e-mail address"):
            write()
    desk = Client()
    desk.force_login(editor)
    again = desk.post(f"/admin/editorial/correction/{found.pk}/change/", {"note": f"Wrote to {EMAIL} myself."})
    assert "Leave the reader" in again.text
    assert f"Wrote to {EMAIL} myself." in again.text
    assert not found.entries.exists()


def test_the_command_counts_without_changing_and_then_erases(kfor, settings, monkeypatch):
    answered, spam, waiting = report(), report(message="Buy!", homepage="x"), report(message="Another.")
    deciding.decline(answered, by=author(), answer="No.")

    def run(*arguments):
        out = io.StringIO()
        call_command("erase_reporters", *arguments, stdout=out)
        return out.getvalue()

    assert "in 0 reports" in run("--dry-run")
    let_days_pass(monkeypatch, settings.REPORTERS_ERASED_AFTER_DAYS + 1)
    said = "name and address in 2 reports answered more than 180 days ago, the address in 2 mails.\n"
    assert run("--dry-run") == f"To be erased: {said}"
    assert Correction.objects.filter(email=EMAIL).count() == 3
    assert run() == f"Erased: {said}"
    assert [report.email for report in Correction.objects.order_by("pk")] == ["", "", EMAIL]
    assert "in 0 reports" in run()
    assert waiting.pk == Correction.objects.get(email=EMAIL).pk
    assert Correction.objects.get(pk=spam.pk).erased_at
    assert not Editor.objects.filter(email=EMAIL).exists()


def test_the_command_erases_one_report_at_once_and_is_not_taken_for_done_twice(kfor):
    asked, other = report(), report(message="Another.")
    call_command("erase_reporters", "--report", str(asked.pk), stdout=io.StringIO())
    assert [it.email for it in Correction.objects.order_by("pk")] == ["", EMAIL]
    assert not Mail.objects.waiting().filter(correction=asked).exists()
    assert Correction.objects.get(pk=other.pk).name == NAME
    for number in (asked.pk, 99):
        with pytest.raises(CommandError, match=f"no report {number}"):
            call_command("erase_reporters", "--report", str(number))


def test_mails_written_to_a_folder_go_after_the_same_time(settings, tmp_path):
    settings.EMAIL_FILE_PATH = str(tmp_path)
    old, new, other = (tmp_path / name for name in ("old.log", "new.log", "notes.txt"))
    for file in (old, new, other):
        file.write_text(EMAIL)
    long_ago = timezone.now() - datetime.timedelta(days=settings.REPORTERS_ERASED_AFTER_DAYS + 1)
    os.utime(old, (long_ago.timestamp(), long_ago.timestamp()))
    os.utime(other, (long_ago.timestamp(), long_ago.timestamp()))

    erasing.erase_due()

    assert sorted(file.name for file in tmp_path.iterdir()) == ["new.log", "notes.txt"]
