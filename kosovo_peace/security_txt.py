"""Whom to tell of a hole in the site: /.well-known/security.txt (RFC 9116)."""

from __future__ import annotations

import datetime

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

HALF_A_YEAR = 6  # months; a file that nobody renews is not to be believed for longer than a year


@require_safe
def security_txt(request: HttpRequest) -> HttpResponse:
    """Contact and expiry from SECURITY_CONTACT and SECURITY_EXPIRES; without the latter it holds for half a year."""
    lines = [f"Contact: {contact}" for contact in settings.SECURITY_CONTACT]
    lines += [
        f"Expires: {_expires():%Y-%m-%d}T00:00:00Z",
        "Preferred-Languages: en, sq, sr",
        f"Canonical: {settings.SITE_URL}{reverse('security-txt')}",
    ]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


def _expires() -> datetime.date:
    if settings.SECURITY_EXPIRES:
        return datetime.date.fromisoformat(settings.SECURITY_EXPIRES)
    today = timezone.localdate()
    month = today.month - 1 + HALF_A_YEAR
    return datetime.date(today.year + month // 12, month % 12 + 1, 1)
