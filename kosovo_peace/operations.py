"""What monitors ask: whether the process answers, and whether all is well behind it."""

from __future__ import annotations

import datetime

from django.db import DatabaseError, InterfaceError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from editorial import integrity, outbox
from editorial.models import Edition, State

LATE = datetime.timedelta(minutes=5)  # the worker looks every minute
# What can go wrong while the site is well: a reader who mistypes an address is enough.
DEGRADED = {"mail"}


@require_safe
@never_cache
def livez(request: HttpRequest) -> HttpResponse:
    """The process answers; the middleware of the same name says so to proxies, whatever the Host."""
    return HttpResponse("ok\n", content_type="text/plain")


@require_safe
@never_cache
def healthz(request: HttpRequest) -> HttpResponse:
    """Database, overdue publications, integrity at a glance and as last checked in full: 503 when something is wrong.

    Mail that does not go out is told as well, with 200: the site is degraded, and goes on.
    """
    try:
        checks = {
            "database": "ok",
            "schedule": _problem(overdue(), "scheduled editions overdue"),
            "integrity": _problem(len(integrity.quick()), "faults that check_record names"),
            "record": integrity.kept_problem() or "ok",
            "mail": outbox.problem() or "ok",
        }
    except (DatabaseError, InterfaceError):
        checks = {"database": "does not answer"}
    wrong = {name for name, found in checks.items() if found != "ok"}
    status = "ok" if not wrong else "degraded" if wrong <= DEGRADED else "failing"
    return JsonResponse({"status": status, "checks": checks}, status=503 if status == "failing" else 200)


def overdue() -> int:
    """How many editions should have been public for some minutes."""
    due = timezone.now() - LATE
    return Edition.objects.filter(state=State.SCHEDULED, publish_at__lt=due).count()


def _problem(count: int, what: str) -> str:
    return f"{what}: {count}" if count else "ok"
