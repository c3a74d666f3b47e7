"""How often one reader may do a thing, counted in the database: all processes share the count.

Addresses are kept only as keyed hashes, and only until their count expires.
"""

from __future__ import annotations

import datetime
import functools
import ipaddress
import time

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.http import HttpRequest
from django.utils.crypto import salted_hmac

from editorial.models import RateLimit

clock = time.time  # of the stretches in which is counted


class TooOften(Exception):
    """The limit is reached; `retry_after` says in how many seconds it ends."""

    def __init__(self, retry_after: int) -> None:
        self.retry_after = retry_after
        super().__init__(f"Too often: try again in {retry_after} seconds.")


def client_address(request: HttpRequest) -> str:
    """The reader's network address; what X-Forwarded-For says counts only from TRUSTED_PROXIES."""
    address = request.META.get("REMOTE_ADDR", "")
    hops = request.headers.get("x-forwarded-for", "").split(",")
    while hops and is_trusted_proxy(address):
        hop = hops.pop().strip()
        if _parsed(hop) is None:
            break
        address = hop
    return address


def is_trusted_proxy(address: str) -> bool:
    """Whether what this neighbour says of others is believed: it is one of TRUSTED_PROXIES."""
    return bool(settings.TRUSTED_PROXIES) and _is_within(address, tuple(settings.TRUSTED_PROXIES))


def count(what: str, address: str, *, limit: int, seconds: int) -> None:
    """Count one more `what` from this address. Raises TooOften when it is beyond the limit.

    Counted in stretches of `seconds`, each a row; a single UPDATE adds, so none is lost.
    """
    now = clock()
    stretch = int(now // seconds)
    bucket = f"{what}:{stretch}:{hashed(address)}"
    ends = datetime.datetime.fromtimestamp((stretch + 1) * seconds, tz=datetime.UTC)
    with transaction.atomic():
        RateLimit.objects.bulk_create([RateLimit(bucket=bucket, expires_at=ends)], ignore_conflicts=True)
        RateLimit.objects.filter(bucket=bucket).update(count=F("count") + 1)
        counted = RateLimit.objects.values_list("count", flat=True).get(bucket=bucket)
    if counted > limit:
        raise TooOften(max(1, int(ends.timestamp() - now) + 1))


def forget_expired() -> int:
    """Delete counts whose time is over; returns how many."""
    now = datetime.datetime.fromtimestamp(clock(), tz=datetime.UTC)
    return RateLimit.objects.filter(expires_at__lte=now).delete()[0]


def hashed(address: str) -> str:
    """A network address as we keep it; of IPv6 the network of one reader."""
    parsed = _parsed(address)
    if isinstance(parsed, ipaddress.IPv6Address):  # one reader has a whole /64
        address = str(ipaddress.ip_network((parsed, 64), strict=False))
    elif parsed:
        address = str(parsed)
    return salted_hmac("editorial.limits", address, algorithm="sha256").hexdigest()[:40]


@functools.lru_cache(maxsize=1000)
def _is_within(address: str, networks: tuple[str, ...]) -> bool:
    parsed = _parsed(address)
    return parsed is not None and any(parsed in ipaddress.ip_network(one, strict=False) for one in networks)


def _parsed(address: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return None
    return getattr(parsed, "ipv4_mapped", None) or parsed
