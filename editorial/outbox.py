"""The outbox: mails are written in the transaction of what they tell, and sent after it by the worker.

A mail is sent at least once. A worker that is killed between sending and noting it leads to the same
mail once more, with the same Message-ID, by which who receives it can drop the double (RFC 5322, 3.6.4).
"""

from __future__ import annotations

import datetime
import logging
import smtplib
import time
from contextlib import suppress
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.db.models import F
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.encoding import force_str
from django.utils.text import wrap

from editorial import limits
from editorial.models import Correction, Mail

logger = logging.getLogger(__name__)

MINUTE = datetime.timedelta(minutes=1)
# After the first failure, the second, …; after the last the mail is given up, and editors see it.
PAUSES = [n * MINUTE for n in (1, 5, 15, 60, 4 * 60, 12 * 60, 24 * 60, 24 * 60, 24 * 60)]
CLAIMED_FOR = 5 * MINUTE  # longer than sending takes, even when the server lets it run into its time limit
LATE = 60 * MINUTE  # what has waited longer is told to who looks after the site
ROUND = 60  # seconds after which a round ends: a slow server must not keep the worker from its other work
DAY = 24 * 3600
WIDTH = 76  # of a line, unless it is an address
CANNOT_SEND = (OSError, ValueError)  # smtplib, sockets, TLS and files; headers that cannot be written


def post(to: str, subject: str, body: str, *, correction: Correction | None = None) -> Mail:
    """Write a mail, to be sent once the transaction it is written in stands."""
    return Mail.objects.create(to=to, subject=" ".join(subject.split()), body=body, correction=correction)


def send_due(most: int = 200) -> int:
    """Send the mails whose turn it is; returns how many were. Each stands for itself.

    Of several workers each mail is claimed by one. When the server cannot be reached at all the others
    are not tried in this round.
    """
    sent = 0
    until = time.monotonic() + ROUND
    connection = get_connection(fail_silently=False)
    for number in list(Mail.objects.due().values_list("pk", flat=True)[:most]):
        if time.monotonic() > until:
            break
        mail = _claim(number)
        if mail is None or not _is_within_limit(mail):
            continue
        try:
            connection.open()
        except CANNOT_SEND as error:
            _failed(mail, error)
            break
        try:
            connection.send_messages([_message(mail)])
        except CANNOT_SEND as error:
            _failed(mail, error)
            _close(connection)  # it may have broken with it
        else:
            Mail.objects.filter(pk=mail.pk).update(
                sent_at=timezone.now(), given_up_at=None, claimed_until=None, error=""
            )
            sent += 1
    _close(connection)
    return sent


def problem() -> str:
    """What is wrong with sending, in numbers that name nobody; empty where nothing is."""
    now = timezone.now()
    late = Mail.objects.waiting().filter(written_at__lt=now - LATE).count()
    lost = Mail.objects.given_up().filter(given_up_at__gt=now - datetime.timedelta(days=1)).exclude(to="").count()
    words = [(late, "mails waiting for more than an hour"), (lost, "mails given up within a day")]
    return ", ".join(f"{what}: {count}" for count, what in words if count)


def _claim(number: int) -> Mail | None:
    """The mail, for this worker alone; None where another has it, or it is sent."""
    claimed = (
        Mail.objects.due()
        .filter(pk=number)
        .update(claimed_until=timezone.now() + CLAIMED_FOR, attempts=F("attempts") + 1)
    )
    return Mail.objects.select_related("correction").get(pk=number) if claimed else None


def _is_within_limit(mail: Mail) -> bool:
    """Whether the address may get one more mail today: who typed it may not own it. Counted once a mail."""
    if mail.attempts > 1:
        return True
    try:
        limits.count("mail", mail.to.lower(), limit=settings.MAILS_PER_DAY, seconds=DAY)
    except limits.TooOften:
        _give_up(mail, f"Not sent: this address has got {settings.MAILS_PER_DAY} mails today, which is the limit.")
        return False
    return True


def _message(mail: Mail) -> EmailMessage:
    token = mail.correction.token() if mail.correction else None
    private = f"{settings.SITE_URL}{reverse('correction-mine', args=[token])}" if token else ""
    closing = render_to_string("editorial/mail/closing.txt", {"private": private, "site_name": settings.SITE_NAME})
    return EmailMessage(
        subject=mail.subject,
        body=wrap(f"{mail.body.strip()}\n\n{closing.strip()}\n", WIDTH),
        from_email=settings.DEFAULT_FROM_EMAIL,
        to=[mail.to],
        headers={"Message-ID": mail.message_id, "Auto-Submitted": "auto-generated"},  # RFC 3834: no vacation replies
    )


def _failed(mail: Mail, error: Exception) -> None:
    """Note what went wrong; try again later, unless the server refused the address for good."""
    said = _in_words(error)[:500]
    logger.warning("Mail %s was not sent: %s", mail.pk, type(error).__name__)  # its words may name the address
    if _is_final(error) or mail.attempts > len(PAUSES):
        _give_up(mail, said)
        return
    due = timezone.now() + PAUSES[mail.attempts - 1]
    _still_waiting(mail).update(due_at=due, claimed_until=None, error=said)


def _give_up(mail: Mail, why: str) -> None:
    _still_waiting(mail).update(given_up_at=timezone.now(), claimed_until=None, error=why)


def _still_waiting(mail: Mail) -> Any:
    """The mail unless its address was erased meanwhile: what a server says of it names it again."""
    return Mail.objects.waiting().filter(pk=mail.pk)


def _in_words(error: Exception) -> str:
    """What the mail server said, as far as it said anything."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return "; ".join(f"{code} {force_str(said, errors='replace')}" for code, said in error.recipients.values())
    if isinstance(error, smtplib.SMTPResponseException):
        return f"{error.smtp_code} {force_str(error.smtp_error, errors='replace')}"
    return f"{type(error).__name__}: {error}"


def _is_final(error: Exception) -> bool:
    """Whether the server said that it will never take mail for this address (RFC 5321, 4.2.1: 5yz)."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return all(500 <= code < 600 for code, _ in error.recipients.values())
    return False


def _close(connection: Any) -> None:
    with suppress(*CANNOT_SEND):  # what was sent is sent
        connection.close()
