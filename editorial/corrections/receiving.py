"""How a reader's report comes in, the same for the form and the API, and what its reader does later.

The reader is known by the secret of the private page alone.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import salted_hmac

from editorial import limits
from editorial.corrections.erasing import forget_addresses
from editorial.corrections.moves import lock, post, tell_public
from editorial.forms import CorrectionForm, FollowUpForm
from editorial.models import Correction, CorrectionEntry

HOUR = 3600
MOST_FOLLOW_UPS = 50


class ReportRefused(Exception):
    """The report is not complete; `form` has the errors, field by field, and what was sent."""

    def __init__(self, form: CorrectionForm) -> None:
        self.form = form
        super().__init__("The report is not complete.")


class FollowUpRefused(Exception):
    """What was written again cannot be taken in; `form` has the errors and what was sent."""

    def __init__(self, form: FollowUpForm) -> None:
        self.form = form
        super().__init__("Nothing can be taken in like this.")


@dataclass(frozen=True)
class Receipt:
    """A report taken in, and the secret of the reader's private page, which is told only once."""

    correction: Correction
    token: str

    @property
    def private_address(self) -> str:
        return reverse("correction-mine", args=[self.token])


def receive(data: Mapping[str, Any], *, address: str) -> Receipt:
    """Take in a report with the fields of CorrectionForm, sent from a network address.

    The same report from the same address on the same day is the one that came in before: who presses
    the button twice, or loads the answer again, gets the same number.
    Raises ReportRefused when it is not complete or about nothing public, limits.TooOften when too
    many have come from the address. Suspected spam is answered like any other.
    """
    form = CorrectionForm(data)
    if not form.is_valid():
        raise ReportRefused(form)
    key = _receipt_key(form, address)
    if already := _received(key):
        return already
    # Outside the transaction of the report, so that the count of a refused one stays.
    limits.count("correction", address, limit=settings.CORRECTIONS_PER_HOUR, seconds=HOUR)
    try:
        with transaction.atomic():
            correction = form.save(commit=False)
            correction.receipt_key = key
            token = correction.new_token()
            correction.save()
            if not correction.is_spam:
                post(correction)
    except IntegrityError:  # it was sent twice at the same moment
        if already := _received(key):
            return already
        raise
    return Receipt(correction, token)


def follow_up(correction: Correction, data: Mapping[str, Any], *, address: str) -> None:
    """Take in what the reader writes again, on the private page.

    The same words sent twice in a row are one message; with a filled trap they are kept, and call no editor.
    Raises FollowUpRefused when nothing is written or too much, limits.TooOften as `receive` does.
    """
    form = FollowUpForm(data)
    if form.is_valid() and correction.entries.filter(kind=CorrectionEntry.Kind.FOLLOW_UP).count() >= MOST_FOLLOW_UPS:
        form.add_error(None, "You have written many times to this report: please send a new one.")
    if not form.is_valid():
        raise FollowUpRefused(form)
    limits.count("correction", address, limit=settings.CORRECTIONS_PER_HOUR, seconds=HOUR)
    with transaction.atomic():
        locked = lock(correction)
        text, last = form.cleaned_data["text"], locked.exchanged().last()
        if last and last.kind == CorrectionEntry.Kind.FOLLOW_UP and last.text == text:
            return
        locked.entries.create(kind=CorrectionEntry.Kind.FOLLOW_UP, text=text)
        if not form.cleaned_data["homepage"]:
            locked.reader_wrote_at = timezone.now()
            locked.save(update_fields=["reader_wrote_at"])


@transaction.atomic
def withdraw_name(correction: Correction) -> None:
    """Erase the reader's name, here and where it stood in public, and the leave to publish it."""
    locked = lock(correction)
    if not (locked.name or locked.may_name):
        return
    was_public = locked.name_public
    locked.name, locked.may_name, locked.name_public = "", False, False
    locked.save(update_fields=["name", "may_name", "name_public"])
    _note_reader_did(locked, "The reader has withdrawn the name.")
    if was_public:
        tell_public(locked)


@transaction.atomic
def withdraw_words(correction: Correction) -> None:
    """Take back the leave to publish the reader's words; where they stood in public they are gone."""
    locked = lock(correction)
    if not locked.may_quote:
        return
    was_public = locked.words_public
    locked.may_quote, locked.words_public = False, False
    locked.save(update_fields=["may_quote", "words_public"])
    _note_reader_did(locked, "The reader no longer allows the words to be published.")
    if was_public:
        tell_public(locked)


@transaction.atomic
def forget_address(correction: Correction) -> None:
    """Erase the reader's e-mail address: no more mails go out, not even those that wait."""
    locked = lock(correction)
    if not locked.email:
        return
    locked.email = ""
    locked.save(update_fields=["email"])
    forget_addresses(locked.mails.all())
    _note_reader_did(locked, "The e-mail address was erased at the reader's wish.")


def _received(key: str) -> Receipt | None:
    """The report that came in with the same words; None where it is none, or its page cannot be told again."""
    correction = Correction.objects.filter(receipt_key=key).first()
    token = correction.token() if correction else None
    return Receipt(correction, token) if correction and token else None


def _receipt_key(form: CorrectionForm, address: str) -> str:
    """The same for the same report from the same network address on one day; tells nothing to others."""
    sent = {name: str(value) for name, value in form.cleaned_data.items()}
    text = json.dumps([address, timezone.localdate().isoformat(), sent], sort_keys=True)
    return salted_hmac("editorial.corrections.receipt", text, algorithm="sha256").hexdigest()


def _note_reader_did(correction: Correction, text: str) -> None:
    CorrectionEntry.objects.create(correction=correction, kind=CorrectionEntry.Kind.DONE, text=text)
