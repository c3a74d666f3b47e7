"""How often a password or a code may be tried: by network address, by account, by known browser.

Counted in the database (`editorial.limits`), right tries too, before anything is compared, so that many
processes or many tries at once gain nothing. A count by account would let anybody keep an editor out by
trying from elsewhere: therefore a browser in which that editor has logged in before, which it shows
with a signed cookie, is counted for itself and none of the others' tries count against it.
"""

from __future__ import annotations

import secrets
import unicodedata

from django.conf import settings
from django.core import signing
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse

from editorial import limits, notices
from editorial.models import Editor

QUARTER, FEW_MINUTES, DAY = 900, 300, 86400  # seconds
PASSWORDS_BY_ADDRESS = 30  # a quarter of an hour
PASSWORDS_BY_ACCOUNT = 10  # in five minutes
CODES = 5  # in five minutes
CODES_A_DAY = 20  # from browsers not known; whoever tries these has the password already

COOKIE, SALT = "known_browser", "kosovo_peace.accounts.known_browser"
KNOWN_FOR = 90 * DAY


def count_password(request: HttpRequest, username: str) -> None:
    """Count one try of a password. Raises ValidationError, the same for any name, when there were too many."""
    account = _folded(username)
    try:
        if browser := _known_browser(request, account):
            limits.count("password, browser", browser, limit=PASSWORDS_BY_ACCOUNT, seconds=FEW_MINUTES)
            return
        address = limits.client_address(request)
        limits.count("password, address", address, limit=PASSWORDS_BY_ADDRESS, seconds=QUARTER)
        limits.count("password, account", f"account {account}", limit=PASSWORDS_BY_ACCOUNT, seconds=FEW_MINUTES)
    except limits.TooOften as too_often:
        raise _refusal(too_often) from None


def count_code(request: HttpRequest, editor: Editor) -> None:
    """Count one try of a second factor's code. Raises ValidationError when there were too many."""
    try:
        if browser := _known_browser(request, _folded(editor.username)):
            limits.count("code, browser", browser, limit=CODES, seconds=FEW_MINUTES)
            return
        account = f"account {editor.pk}"
        limits.count("code, account", account, limit=CODES, seconds=FEW_MINUTES)
        # A new password begins a new count: who tried the codes does not know it.
        limits.count("code, day", editor.get_session_auth_hash(), limit=CODES_A_DAY, seconds=DAY)
    except limits.TooOften as too_often:
        _warn_once_a_day(editor)
        raise _refusal(too_often) from None


def remember_browser(request: HttpRequest, response: HttpResponse, editor: Editor) -> None:
    """Let the browser show from now on that this editor has logged in with it."""
    account = _folded(editor.username)
    if _known_browser(request, account):
        return
    response.set_cookie(
        COOKIE,
        signing.dumps([account, secrets.token_urlsafe(12)], salt=SALT),
        max_age=KNOWN_FOR,
        path="/accounts/",
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def _known_browser(request: HttpRequest, account: str) -> str:
    """The browser's own number, if this editor has logged in with it; else nothing."""
    try:
        known, browser = signing.loads(request.COOKIES.get(COOKIE, ""), salt=SALT, max_age=KNOWN_FOR)
    except (signing.BadSignature, ValueError):
        return ""
    return browser if known == account else ""


def _folded(username: str) -> str:
    return unicodedata.normalize("NFKC", username).strip().casefold()


def _refusal(too_often: limits.TooOften) -> ValidationError:
    minutes = -(-too_often.retry_after // 60)
    when = "in a minute" if minutes == 1 else f"in {minutes} minutes" if minutes < 100 else "tomorrow"
    return ValidationError(f"There were too many attempts. Try again {when}.", code="too_often")


def _warn_once_a_day(editor: Editor) -> None:
    try:
        limits.count("warned of codes", f"account {editor.pk}", limit=1, seconds=DAY)
    except limits.TooOften:
        return
    warning = (
        "Somebody gave your right password and then too many wrong codes of the second factor. "
        "If it was not you, change your password now."
    )
    notices.tell([editor], warning)
