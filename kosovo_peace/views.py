"""The site's home page, and the small files that programs ask for."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from kosovo_peace.feeds import latest_changes
from missions import disagreements
from missions.comparing import led_by
from missions.drawings.mission_lanes import mission_lanes
from missions.models import Event, Mission
from missions.together import Line, Together, counts_of, together

MISSIONS_SHOWN = 60
EVENTS_SHOWN = CHANGES_SHOWN = 5
OF_MISSIONS = ("acronym", "start", "end", "status", "peace_mission")
DISAGREEMENTS_SHOWN = 3
# Whose people through time are drawn: a mission by its slug, and what is counted of it.
STRENGTH_SHOWN = {"kfor": "military-personnel", "unmik": "police", "eulex": "total-personnel"}


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """What the site is, the missions in their order, how many people they had, and what is new and open."""
    published: Any = Mission.objects.published_in_turn()
    first = list(published.order_by("start", "pk").values_list("pk", flat=True)[: MISSIONS_SHOWN + 1])
    missions = _in_lists(Mission, first[:MISSIONS_SHOWN], *OF_MISSIONS, prefetched=[led_by()])
    events: Any = Event.objects.published_in_turn()
    last = list(events.order_by("-date", "-pk").values_list("pk", flat=True)[:EVENTS_SHOWN])
    return render(
        request,
        "home.html",
        {
            "missions": missions,
            "more_missions": len(first) > MISSIONS_SHOWN,
            "lanes": mission_lanes(missions, today=timezone.localdate()),
            "together": _strength(missions),
            "events": _in_lists(Event, last, "date"),
            "open_questions": disagreements.latest_open(DISAGREEMENTS_SHOWN),
            "changes": latest_changes()[:CHANGES_SHOWN],
            "canonical": reverse("home"),
            "noindex": bool(request.GET),
        },
    )


def _in_lists(model: Any, keys: list[int], *shown: str, prefetched: list[Any] | None = None) -> list[Any]:
    """These published editions in this order: their titles and addresses, and what else is shown of them."""
    found = model.objects.published().select_related("record").prefetch_related(*(prefetched or []))
    by_key = found.only("title", "record__kind", "record__slug", *shown).in_bulk(keys)
    return [by_key[key] for key in keys]


def _strength(missions: list[Any]) -> Together | None:
    """The people of those among these missions that STRENGTH_SHOWN names, in its order."""
    by_slug = {mission.record.slug: mission for mission in missions}
    drawn = [(by_slug[slug], measure) for slug, measure in STRENGTH_SHOWN.items() if slug in by_slug]
    counts = counts_of([mission for mission, _ in drawn], set(STRENGTH_SHOWN.values()))
    return together(
        Line(mission, counts[mission.pk][measure])
        for mission, measure in drawn
        if measure in counts.get(mission.pk, {})
    )


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
