"""Logging in to the editors' site: a password cannot be tried for without end."""

from __future__ import annotations

from typing import Any

from django.contrib.admin.forms import AdminAuthenticationForm
from django.core.exceptions import ValidationError

from editorial import limits

ATTEMPTS = 30  # from one address, right ones too, within
QUARTER = 900  # seconds


class LogInForm(AdminAuthenticationForm):
    """Django's, which counts the attempts from one address."""

    def clean(self) -> Any:
        """Raises ValidationError, whatever the password, once too many have come from the address."""
        if self.request is not None:
            try:
                limits.count("log-in", limits.client_address(self.request), limit=ATTEMPTS, seconds=QUARTER)
            except limits.TooOften as too_often:
                minutes = -(-too_often.retry_after // 60)
                text = f"Many attempts came from your network address. Try again in {minutes} minutes."
                raise ValidationError(text, code="too_often") from None
        return super().clean()
