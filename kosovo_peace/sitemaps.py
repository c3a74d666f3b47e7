"""Every address meant to be found: live records, organisations and sources in public use, fixed pages."""

from __future__ import annotations

import datetime
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.sitemaps import Sitemap
from django.contrib.sitemaps import views as sitemap_views
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from editorial.models import Edition
from kosovo_peace.about import PAGES as ABOUT
from missions.models import Organisation
from sources.models import Source

FIXED = [
    "home",
    "mission-list",
    "event-list",
    "article-list",
    "organisation-list",
    "source-list",
    "disagreement-list",
    "definitions",
    "correction-list",
    "changes",
    "changed",
    "data",
    "api-guide",
    "about",
    *(f"about-{page}" for page in ABOUT),
]


class SitePart(Sitemap):  # type: ignore[type-arg]
    """A part of the sitemap. Its addresses are those of SITE_URL, whoever asks."""

    def get_domain(self, site: Any = None) -> str:
        return urlsplit(settings.SITE_URL).netloc

    def get_protocol(self, protocol: str | None = None) -> str:
        return urlsplit(settings.SITE_URL).scheme


class Records(SitePart):
    """The live pages of published records."""

    def items(self) -> Any:
        return Edition.objects.published().light().select_related("record").order_by("record_id")

    def location(self, item: Edition) -> str:
        return item.record.get_absolute_url()

    def lastmod(self, item: Edition) -> datetime.datetime | None:
        return item.published_at


class Organisations(SitePart):
    def items(self) -> Any:
        return Organisation.objects.in_public_use().only("key").order_by("key")


class Sources(SitePart):
    def items(self) -> Any:
        return Source.objects.in_public_use().only("key").order_by("key")


class Pages(SitePart):
    """Pages that are always there."""

    def items(self) -> list[str]:
        return FIXED

    def location(self, item: str) -> str:
        return reverse(item)


PARTS: dict[str, type[SitePart]] = {
    "pages": Pages,
    "records": Records,
    "organisations": Organisations,
    "sources": Sources,
}


@require_safe
def sitemap(request: HttpRequest) -> HttpResponse:
    """All addresses in one file or, once a part outgrows a file, an index of the parts."""
    parts: dict[str, Any] = dict(PARTS)
    if any(part().paginator.num_pages > 1 for part in PARTS.values()):
        return sitemap_views.index(request, parts, sitemap_url_name="sitemap-part")
    return sitemap_views.sitemap(request, parts)


@require_safe
def sitemap_part(request: HttpRequest, section: str) -> HttpResponse:
    """One part of a sitemap that is divided."""
    return sitemap_views.sitemap(request, dict(PARTS), section=section)
