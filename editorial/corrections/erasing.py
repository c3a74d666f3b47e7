"""Names and addresses of readers are forgotten some time after the answer. Reports and answers stay."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from editorial.models import Correction, Mail, PublicSerial
from editorial.models.mails import MailQuerySet


@dataclass(frozen=True)
class Erased:
    """Of how many reports name or address were erased, and how many mails lost theirs."""

    reports: int
    mails: int


def due() -> QuerySet[Correction]:
    """The reports answered, or taken for spam, longer ago than names and addresses are kept."""
    until = _until()
    over = Q(settled_at__lt=until) | Q(is_spam=True, received_at__lt=until)
    return Correction.objects.filter(over, erased_at=None)


def count_due() -> Erased:
    """What erasing now would erase."""
    found = due()
    return Erased(found.count(), Mail.objects.filter(correction__in=found).exclude(to="").count())


@transaction.atomic
def erase_due() -> Erased:
    """Erase the names and addresses whose time is over. Names that stood in public with consent go as well."""
    _forget_files()
    return _erase(due())


@transaction.atomic
def erase_now(number: int) -> Erased:
    """Erase name and address of one report at once, however it stands, as who sent it asks for."""
    return _erase(Correction.objects.filter(pk=number, erased_at=None))


def _erase(reports: QuerySet[Correction]) -> Erased:
    found = list(reports.select_for_update(no_key=True).order_by("pk"))
    if not found:
        return Erased(0, 0)
    numbers = [report.pk for report in found]
    mails = forget_addresses(Mail.objects.filter(correction__in=numbers))
    Correction.objects.filter(pk__in=numbers).update(
        name="", email="", name_public=False, receipt_key=None, erased_at=timezone.now()
    )
    if any(report.name_public for report in found):
        PublicSerial.move()
    return Erased(len(found), mails)


def forget_addresses(mails: MailQuerySet) -> int:
    """Erase to whom mails go or went; those not yet sent are not sent any more. Returns how many there were."""
    mails.waiting().update(given_up_at=timezone.now(), claimed_until=None)
    mails.exclude(error="").update(error="The address was erased.")  # what a server said may name it
    return mails.exclude(to="").update(to="")


def _until() -> datetime.datetime:
    return timezone.now() - datetime.timedelta(days=settings.REPORTERS_ERASED_AFTER_DAYS)


def _forget_files() -> None:
    """Without a mail server mails are files in a folder, which name the address: they go after the same time."""
    folder = Path(getattr(settings, "EMAIL_FILE_PATH", None) or settings.DATA_DIR / "mail")
    for file in folder.glob("*.log"):
        if file.stat().st_mtime < _until().timestamp():
            file.unlink(missing_ok=True)
