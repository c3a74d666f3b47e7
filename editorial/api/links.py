"""Addresses as the API gives them: with scheme and host."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.conf import settings

from editorial.paths import path_to


def absolute(path: str) -> str:
    """The address of a path of this site as others would quote it."""
    return f"{settings.SITE_URL}{path}"


def api_address(name: str, *args: Any, **query: object) -> str:
    """The address of an endpoint, such as `mission-detail`, with its query string."""
    path = path_to(f"api:{name}", *args)
    # Keys such as mission/kfor stay readable: a slash means nothing in a query string.
    return absolute(f"{path}?{urlencode(query, safe='/')}" if query else path)
