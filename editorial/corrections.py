"""How a reader's report comes in, the same for the form and the API, and how its sender is forgotten."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from editorial import limits
from editorial.forms import CorrectionForm
from editorial.models import Correction

HOUR = 3600
OVER = [
    Correction.State.FIXED,
    Correction.State.DECLINED,
    Correction.State.DUPLICATE,
    Correction.State.CLOSED,
]


class ReportRefused(Exception):
    """The report is not complete; `form` has the errors, field by field, and what was sent."""

    def __init__(self, form: CorrectionForm) -> None:
        self.form = form
        super().__init__("The report is not complete.")


@dataclass(frozen=True)
class Receipt:
    """A report taken in, and the secret of the reader's private page, which is told only once."""

    correction: Correction
    token: str

    @property
    def private_address(self) -> str:
        return reverse("correction-mine", args=[self.token])


def erase_reporters() -> int:
    """Erase names and addresses of readers some time after the answer, or after suspected spam came in.

    Returns of how many reports. The reports and their answers stay.
    """
    now = timezone.now()
    due = now - datetime.timedelta(days=settings.REPORTERS_ERASED_AFTER_DAYS)
    over = Q(state__in=OVER, decided_at__lt=due) | Q(is_spam=True, received_at__lt=due)
    return Correction.objects.filter(over, erased_at=None).update(name="", email="", erased_at=now)


def receive(data: Mapping[str, Any], *, address: str) -> Receipt:
    """Take in a report with the fields of CorrectionForm, sent from a network address.

    Raises ReportRefused when it is not complete or about nothing public, limits.TooOften when too
    many have come from the address. Suspected spam is answered like any other.
    """
    form = CorrectionForm(data)
    if not form.is_valid():
        raise ReportRefused(form)
    # Outside the transaction of the report, so that the count of a refused one stays.
    limits.count("correction", address, limit=settings.CORRECTIONS_PER_HOUR, seconds=HOUR)
    with transaction.atomic():
        correction = form.save(commit=False)
        token = correction.new_token()
        correction.save()
    return Receipt(correction, token)
