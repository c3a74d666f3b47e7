"""Who must set up a second factor before anything else, and that no code of one counts twice."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from allauth.core.internal.cryptokit import compare_user_code
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from allauth.mfa.utils import decrypt
from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect

from editorial import people
from kosovo_peace.middleware import Handler

# Browsers ask for the icon by themselves: led to the set-up, they would have another key made than the one that is shown.
LEAVING = {"account_logout", "logout", "jsi18n", "favicon"}
CHOOSING_A_PASSWORD = LEAVING | {"account_change_password", "password_change"}
SETTING_UP = LEAVING | {"mfa_activate_totp", "account_reauthenticate"}


def require_what_comes_first(get_response: Handler) -> Handler:
    """A logged-in editor goes nowhere before having a password nobody else set, and a second factor."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        return get_response(request)

    def process_view(request: HttpRequest, view: Callable[..., Any], *args: Any) -> HttpResponseBase | None:
        if settings.SESSION_COOKIE_NAME not in request.COOKIES:  # readers cost no query
            return None
        name = request.resolver_match.url_name if request.resolver_match else None
        editor = request.user
        if not editor.is_authenticated:
            return None
        if editor.must_choose_password:
            return None if name in CHOOSING_A_PASSWORD else redirect("account_change_password")
        if settings.SECOND_FACTOR and name not in SETTING_UP and not people.has_second_factor(editor):
            return redirect("mfa_activate_totp")
        return None

    middleware.process_view = process_view  # type: ignore[attr-defined]
    return middleware


def is_right(authenticator: Authenticator, code: str) -> bool:
    """Whether the code is right and was not used before; if so, it is used now.

    Of codes by the clock, only one later than the last that was right counts. That is kept in the
    database, with the row locked: allauth remembers used codes in the cache, which each process has for
    itself, and for less time than they are good.
    """
    if authenticator.type != Authenticator.Type.TOTP:
        return bool(authenticator.wrap().validate_code(code))
    with transaction.atomic():
        locked = Authenticator.objects.select_for_update().get(pk=authenticator.pk)
        secret = decrypt(locked.data["secret"])
        for step in yield_hotp_counters_from_time():
            right = compare_user_code(actual=code, expected=format_hotp_value(hotp_value(secret, step)))
            if right and step > locked.data.get("last_step", 0):
                locked.data["last_step"] = step
                locked.save(update_fields=["data"])
                return True
    return False
