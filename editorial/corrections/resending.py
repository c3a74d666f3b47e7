"""Mails to readers that did not go out are put in line again by an editor."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from editorial.models import Editor, Mail
from editorial.workflow import WorkflowError, require_permission


@transaction.atomic
def send_again(mail: Mail, *, by: Editor) -> None:
    """Let the worker send a mail in its next round that was given up, or waits for a later one. Raises WorkflowError."""
    require_permission(by, "change_correction")
    locked = Mail.objects.select_for_update(no_key=True).get(pk=mail.pk)
    if locked.sent_at:
        raise WorkflowError("This mail has been sent: nothing is left to do.")
    if not locked.to:
        raise WorkflowError("The address was erased: this mail can go to nobody.")
    locked.due_at, locked.given_up_at, locked.attempts = timezone.now(), None, 0
    locked.save(update_fields=["due_at", "given_up_at", "attempts"])
    mail.refresh_from_db()
