"""Log-ins and changes of a second factor, written into the log of deeds. Nothing that was typed is kept."""

from __future__ import annotations

import logging
from typing import Any

from allauth.account.signals import user_logged_in
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_removed
from django.contrib.auth.signals import user_login_failed
from django.db.models.signals import post_save
from django.dispatch import receiver

from editorial import people
from editorial.models import Editor

logger = logging.getLogger(__name__)

NAMES = {
    Authenticator.Type.TOTP: "the second factor",
    Authenticator.Type.RECOVERY_CODES: "recovery codes of the second factor",
}


@receiver(user_logged_in)
def logged_in(sender: Any, user: Editor, **kwargs: Any) -> None:
    people.log(user, "Logged in.")


@receiver(user_login_failed)
def log_in_failed(sender: Any, credentials: dict[str, Any], **kwargs: Any) -> None:
    name = str(credentials.get("username", ""))[:150]
    editor = Editor.objects.filter(username=name).first()
    if editor:
        people.log(editor, "A wrong password was given for this account, or it is not active.")
    else:  # the name itself stays out: people type passwords there by mistake
        logger.info("A log-in failed: there is no account of that name.")


@receiver(post_save, sender=Authenticator)
def set_up(sender: Any, instance: Authenticator, created: bool, **kwargs: Any) -> None:
    if created:
        people.log(instance.user, f"Set up {NAMES.get(instance.type, instance.type)}.")


@receiver(authenticator_removed)
def removed(sender: Any, user: Editor, authenticator: Authenticator, **kwargs: Any) -> None:
    people.log(user, f"Removed {NAMES.get(authenticator.type, authenticator.type)}.")
