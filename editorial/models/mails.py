from __future__ import annotations

import uuid
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone


def new_message_id() -> str:
    """What tells a mail from all others, so that who gets it twice can drop one."""
    return f"<{uuid.uuid4()}@{settings.MAIL_DOMAIN}>"


class MailQuerySet(models.QuerySet["Mail"]):
    def waiting(self) -> Self:
        """Neither sent nor given up."""
        return self.filter(sent_at=None, given_up_at=None)

    def sent(self) -> Self:
        return self.filter(sent_at__isnull=False)

    def given_up(self) -> Self:
        """Those that could not be sent, or whose address was erased before they were."""
        return self.filter(given_up_at__isnull=False)

    def due(self) -> Self:
        """Those whose turn it is, and that no other worker is sending, the oldest first."""
        now = timezone.now()
        return self.waiting().filter(Q(claimed_until=None) | Q(claimed_until__lt=now), due_at__lte=now).order_by("pk")


class Mail(models.Model):
    """A mail that is to go out: written with the decision it tells of, sent by the worker after it.

    The way to the reader's private page is added when it is sent: no secret stands here.
    """

    correction = models.ForeignKey(
        "editorial.Correction", null=True, editable=False, on_delete=models.PROTECT, related_name="mails"
    )
    to = models.EmailField(blank=True, help_text="Erased with the address in the report.")
    subject = models.CharField(max_length=250)
    body = models.TextField()
    message_id = models.CharField(max_length=250, unique=True, default=new_message_id, editable=False)
    written_at = models.DateTimeField(auto_now_add=True)
    attempts = models.PositiveIntegerField(default=0)
    due_at = models.DateTimeField(default=timezone.now, help_text="When it is tried next.")
    claimed_until = models.DateTimeField(null=True, help_text="Until then a worker is sending it.")
    sent_at = models.DateTimeField(null=True)
    given_up_at = models.DateTimeField(null=True)
    error = models.TextField(blank=True, help_text="What went wrong the last time.")

    objects = MailQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["due_at"], condition=Q(sent_at=None, given_up_at=None), name="mail_waiting"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(sent_at=None) | Q(given_up_at=None), name="mail_sent_or_given_up"),
            models.CheckConstraint(
                condition=~Q(to="") | Q(sent_at__isnull=False) | Q(given_up_at__isnull=False),
                name="mail_waiting_has_an_address",
            ),
        ]

    def __str__(self) -> str:
        return self.subject

    @property
    def may_be_tried_again(self) -> bool:
        """Whether it did not go out at the first try, and there is still somebody to send it to."""
        return bool(self.to) and self.sent_at is None and self.attempts > 0
