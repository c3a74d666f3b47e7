"""Feeds: what became public, as Atom."""

from __future__ import annotations

import re

from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.views.decorators.http import require_safe

from editorial.models import Change
from editorial.models.editions import HEAVY

ENTRIES = 50
NOT_IN_XML = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


def latest_changes() -> QuerySet[Change]:
    """The changes that are not minor, newest first, with what names them."""
    return (
        Change.objects.filter(minor=False)
        .select_related("record", "edition")
        .defer(*(f"edition__{name}" for name in HEAVY))
        .order_by("-serial")
    )


@require_safe
def changes_feed(request: HttpRequest) -> HttpResponse:
    """The latest changes that are not minor, newest first."""
    changes = list(latest_changes()[:ENTRIES])
    feed = Atom1Feed(
        title=f"{settings.SITE_NAME}: what changed",
        link=_absolute(reverse("changes")),
        description="What became public, was changed, withdrawn or answered.",
        feed_url=_absolute(request.path),
        language="en-GB",
        author_name=settings.SITE_NAME,
        feed_guid=_absolute(reverse("changes")),
    )
    for change in changes:
        what = change.get_kind_display()
        if change.kind == Change.Kind.PUBLISHED and change.edition:
            what = f"edition {change.edition.number} published"
        feed.add_item(
            title=_in_xml(f"{change.shown_label}: {what}"),
            link=_absolute(change.address),
            description=_in_xml(change.shown_note),
            unique_id=f"{_absolute(reverse('changes'))}#change-{change.serial}",
            pubdate=change.at,
            updateddate=change.at,
        )
    return HttpResponse(feed.writeString("utf-8"), content_type=f"{feed.content_type}")


def _in_xml(text: str) -> str:
    """Text without what XML cannot hold, such as the line breaks that word processors paste."""
    return NOT_IN_XML.sub(" ", text)


def _absolute(path: str) -> str:
    return f"{settings.SITE_URL}{path}"
