"""What monitors ask: whether the process answers, and whether all is well behind it."""

from __future__ import annotations

import datetime

from django.db import DatabaseError, InterfaceError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from editorial import integrity
from editorial.models import Edition, State

LATE = datetime.timedelta(minutes=5)  # the worker looks every minute


@require_safe
@never_cache
def livez(request: HttpRequest) -> HttpResponse:
    """The process answers; the middleware of the same name says so to proxies, whatever the Host."""
    return HttpResponse("ok\n", content_type="text/plain")


@require_safe
@never_cache
def healthz(request: HttpRequest) -> HttpResponse:
    """Database, overdue publications, integrity at a glance and as last checked in full: 503 when something is wrong."""
    try:
        checks = {
            "database": "ok",
            "schedule": _problem(overdue(), "scheduled editions overdue"),
            "integrity": _problem(len(integrity.quick()), "faults that check_record names"),
            "record": integrity.kept_problem() or "ok",
        }
    except (DatabaseError, InterfaceError):
        checks = {"database": "does not answer"}
    well = set(checks.values()) == {"ok"}
    report = {"status": "ok" if well else "failing", "checks": checks}
    return JsonResponse(report, status=200 if well else 503)


def overdue() -> int:
    """How many editions should have been public for some minutes."""
    due = timezone.now() - LATE
    return Edition.objects.filter(state=State.SCHEDULED, publish_at__lt=due).count()


def _problem(count: int, what: str) -> str:
    return f"{what}: {count}" if count else "ok"
