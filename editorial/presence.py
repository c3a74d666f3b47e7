"""Who has the form of an open edition before them now, so that two need not find out when they save.

It is a courtesy, not a lock: nobody is kept from saving, and a page is never refused because of it.
An entry goes when its editor saves, when the edition is submitted, and after some hours by itself.
"""

from __future__ import annotations

import datetime
import logging

from django.db import DatabaseError, transaction
from django.utils import timezone

from editorial.models import Edition, Editor, OpenForm

FORGOTTEN_AFTER = datetime.timedelta(hours=4)

logger = logging.getLogger(__name__)


def note_open(edition: Edition, *, by: Editor) -> None:
    """Remember that an editor has opened the form; who has it open already is remembered as of then."""
    try:
        with transaction.atomic():
            OpenForm.objects.filter(edition=edition, since__lt=_oldest()).delete()
            entry = OpenForm(edition_id=edition.pk, editor=by, since=timezone.now())
            OpenForm.objects.bulk_create([entry], ignore_conflicts=True)
    except DatabaseError:  # the page matters more
        logger.warning("Could not note who opened edition %s", edition.pk, exc_info=True)


def note_closed(edition: Edition, *, by: Editor) -> None:
    """Forget that an editor has the form open: what was typed there is saved."""
    OpenForm.objects.filter(edition=edition.pk, editor=by).delete()


def note_all_closed(edition: Edition) -> None:
    """Forget all who have the form open: it can no longer be saved."""
    OpenForm.objects.filter(edition=edition.pk).delete()


def others_editing(edition: Edition, *, than: Editor) -> list[OpenForm]:
    """Who else has the form open, the one who began first before the others."""
    entries = OpenForm.objects.filter(edition=edition.pk, since__gte=_oldest()).exclude(editor=than)
    return list(entries.select_related("editor"))


def forget_old() -> None:
    """Delete the entries of forms that were left open and never saved."""
    OpenForm.objects.filter(since__lt=_oldest()).delete()


def in_words(entry: OpenForm) -> str:
    """Who, and since when: "Ana has had this form open for 8 minutes."."""
    minutes = int((timezone.now() - entry.since).total_seconds() // 60)
    if minutes < 1:
        return f"{entry.editor} opened this form just now."
    if minutes < 120:
        return f"{entry.editor} has had this form open for {minutes} minute{'s' if minutes > 1 else ''}."
    return f"{entry.editor} has had this form open for {minutes // 60} hours."


def _oldest() -> datetime.datetime:
    return timezone.now() - FORGOTTEN_AFTER
