"""Feeds: what became public, and what became of reports, as Atom."""

from __future__ import annotations

import datetime
import re
from operator import itemgetter
from typing import Any

from django.conf import settings
from django.db.models import OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.views.decorators.http import require_safe

from editorial.models import Change, Correction, Edition

ENTRIES = 50
NOT_IN_XML = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


def latest_changes() -> QuerySet[Change]:
    """The changes that are not minor, newest first, with what names them."""
    return Change.objects.to_show().filter(minor=False).order_by("-serial")


@require_safe
def changes_feed(request: HttpRequest) -> HttpResponse:
    """The latest changes that are not minor, newest first."""
    changes = list(latest_changes()[:ENTRIES])
    feed = _feed(request, "what changed", reverse("changes"), "What became public, was changed, withdrawn or answered.")
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


@require_safe
def corrections_feed(request: HttpRequest) -> HttpResponse:
    """Reports that are decided on, as they stand now, and the editions that corrected something, newest first.

    A report keeps its entry: when its state moves on the entry is updated.
    """
    ledger = reverse("correction-list")
    feed = _feed(request, "corrections", ledger, "What became of reports, and what was corrected.")
    entries = [*_answered_reports(), *_corrections_made()]
    for entry in sorted(entries, key=itemgetter("updateddate"), reverse=True)[:ENTRIES]:
        feed.add_item(unique_id=entry["link"], **entry)
    return HttpResponse(feed.writeString("utf-8"), content_type=f"{feed.content_type}")


def _answered_reports() -> list[dict[str, Any]]:
    told = Change.objects.filter(correction=OuterRef("pk")).order_by("-serial").values("at")[:1]
    reports = Correction.objects.ledger().decided().annotate(told_at=Coalesce(Subquery(told), "decided_at"))
    return [
        {
            "title": _in_xml(f"Report {report.number}, about {report.about}: {report.public_state}"),
            "link": _absolute(report.get_absolute_url()),
            "description": _in_xml(report.answer),
            "pubdate": report.decided_at,
            "updateddate": report.told_at,
        }
        for report in reports.order_by("-told_at", "-pk")[:ENTRIES]
    ]


def _corrections_made() -> list[dict[str, Any]]:
    editions = Edition.objects.corrections().light().select_related("record").order_by("-published_at", "-pk")
    return [
        {
            "title": _in_xml(f"{edition.title}: corrected in edition {edition.number}"),
            "link": _absolute(edition.get_absolute_url()),
            "description": _in_xml(edition.change_note),
            "pubdate": edition.published_at,
            "updateddate": edition.published_at,
        }
        for edition in editions[:ENTRIES]
    ]


class _Feed(Atom1Feed):
    """While it has no entries it was updated when anything was last made public, not whenever somebody asks."""

    def latest_post_date(self) -> datetime.datetime:
        last = None if self.items else Change.objects.order_by("-serial").values_list("at", flat=True).first()
        return last or super().latest_post_date()


def _feed(request: HttpRequest, title: str, page: str, description: str) -> _Feed:
    return _Feed(
        title=f"{settings.SITE_NAME}: {title}",
        link=_absolute(page),
        description=description,
        feed_url=_absolute(request.path),
        language="en-GB",
        author_name=settings.SITE_NAME,
        feed_guid=_absolute(page),
    )


def _in_xml(text: str) -> str:
    """Text without what XML cannot hold, such as the line breaks that word processors paste."""
    return NOT_IN_XML.sub(" ", text)


def _absolute(path: str) -> str:
    return f"{settings.SITE_URL}{path}"
