"""Whether a cookie is that of somebody who has logged in: asked before anything else of a request is read."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth import get_user
from django.contrib.sessions.backends.db import SessionStore
from django.db import close_old_connections
from django.http import HttpRequest, parse_cookie


def is_logged_in(cookies: str) -> bool:
    """Whether this Cookie header names a living session of an editor: not expired, of the password they have now."""
    key = parse_cookie(cookies).get(settings.SESSION_COOKIE_NAME, "")
    if not key or "\0" in key:
        return False
    request = HttpRequest()
    request.session = SessionStore(key)
    close_old_connections()  # no request has begun yet, which would do so
    try:
        return bool(get_user(request).is_authenticated)
    finally:
        close_old_connections()
