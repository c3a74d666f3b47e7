"""The site's home page, and the small files that programs ask for."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from kosovo_peace.feeds import latest_changes
from missions import disagreements
from missions.models import Event, Mission

MISSIONS_SHOWN = 60
EVENTS_SHOWN = DISAGREEMENTS_SHOWN = CHANGES_SHOWN = 5


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """What the site is, the missions in their order, and what is new and open."""
    missions: Any = Mission.objects.published_in_turn()
    first = list(missions.order_by("start", "pk").values_list("pk", flat=True)[: MISSIONS_SHOWN + 1])
    events: Any = Event.objects.published_in_turn()
    last = list(events.order_by("-date", "-pk").values_list("pk", flat=True)[:EVENTS_SHOWN])
    return render(
        request,
        "home.html",
        {
            "missions": _in_lists(Mission, first[:MISSIONS_SHOWN], "record", "mission_kind"),
            "more_missions": len(first) > MISSIONS_SHOWN,
            "events": _in_lists(Event, last, "record"),
            "open_questions": disagreements.latest_open(DISAGREEMENTS_SHOWN),
            "changes": latest_changes()[:CHANGES_SHOWN],
            "canonical": reverse("home"),
            "noindex": bool(request.GET),
        },
    )


def _in_lists(model: Any, keys: list[int], *joined: str) -> list[Any]:
    """These published editions in this order, with what a list shows of them."""
    found = model.objects.published().light().select_related(*joined).in_bulk(keys)
    return [found[key] for key in keys]


ROBOTS = """\
User-agent: *
Disallow: /admin/
Disallow: /accounts/
Disallow: /corrections/new/
Disallow: /corrections/mine/
Disallow: /search/

Sitemap: {sitemap}
"""


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """What crawlers may read, and where all addresses stand."""
    if settings.DEMO:
        return HttpResponse("User-agent: *\nDisallow: /\n", content_type="text/plain; charset=utf-8")
    text = ROBOTS.format(sitemap=f"{settings.SITE_URL}{reverse('sitemap')}")
    return HttpResponse(text, content_type="text/plain; charset=utf-8")


@require_safe
@cache_control(public=True, max_age=7 * 24 * 3600)
def favicon(request: HttpRequest) -> HttpResponse:
    """The icon at the address browsers ask for unasked."""
    icon = (settings.BASE_DIR / "static" / "favicon.ico").read_bytes()
    return HttpResponse(icon, content_type="image/x-icon")
