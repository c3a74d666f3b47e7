"""Records as linked data: an Article with its versions and corrections, and what it is about."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.text import capfirst

from editorial.api.links import absolute
from editorial.describing import names_of, page_within, people, publisher
from missions.citing_pages import authors_of
from missions.correction_notices import CorrectionNotice
from missions.models import Event, Mission
from missions.pages import RecordPage
from sources.describing_sources import reference


def document(page: RecordPage) -> dict[str, Any]:
    """The page of a public edition. Dates are those of the first edition and of this one."""
    edition = page.edition
    before = next((one for one in page.editions if one.number < edition.number), None)
    here = edition.record.get_absolute_url()
    return {
        "@type": "Article",
        "headline": edition.title,
        "url": absolute(here),
        "identifier": absolute(edition.get_absolute_url()),
        "inLanguage": "en-GB",
        "version": edition.number,
        "datePublished": _date(page.editions[-1]),
        "dateModified": _date(edition),
        "author": people(authors_of(edition)) or publisher(),
        "isBasedOn": absolute(before.get_absolute_url()) if before and not before.is_suppressed else None,
        "about": _subject(edition),
        "citation": _citations(page),
        "correction": [_correction(notice) for notice in page.corrections],
        "publisher": publisher(),
        "mainEntityOfPage": page_within(here, (f"{capfirst(page.kind)}s", reverse(f"{page.kind}-list"))),
    }


def _subject(edition: Any) -> dict[str, Any] | None:
    """The mission or event itself, apart from the page about it."""
    here = f"{absolute(edition.record.get_absolute_url())}#subject"
    if isinstance(edition, Mission):
        return {
            "@type": "Organization",
            "@id": here,
            "name": edition.title,
            "alternateName": [*filter(None, [edition.acronym]), *names_of(edition)],
            "foundingDate": str(edition.start),
            "dissolutionDate": str(edition.end),
        }
    if isinstance(edition, Event):
        return {
            "@type": "Event",
            "@id": here,
            "name": edition.title,
            "startDate": str(edition.date),
            "endDate": str(edition.end_date),
            "location": _place(edition.place) if edition.place else None,
        }
    return None


def _place(place: Any) -> dict[str, Any]:
    found = {"@type": "Place", "name": place.name, "alternateName": names_of(place)}
    if place.latitude is not None and place.longitude is not None:  # both or neither
        found["geo"] = {
            "@type": "GeoCoordinates",
            "latitude": float(place.latitude),
            "longitude": float(place.longitude),
        }
    return found


def _citations(page: RecordPage) -> list[dict[str, Any]]:
    """Every source that the edition rests on, once, in the order of its rows: what it is called its own page says."""
    rows = [*page.rows["citations"], *page.rows["figures"]]
    return [reference(source) for source in {row.source_id: row.source for row in rows}.values()]


def _correction(notice: CorrectionNotice) -> dict[str, Any]:
    """Leads to the report it answers or, where no reader reported it, to what was changed."""
    reports = notice.reports
    address = reports[0].get_absolute_url() if reports else notice.edition.difference_address()
    return {
        "@type": "CorrectionComment",
        "text": notice.edition.change_note,
        "datePublished": _date(notice.edition),
        "url": absolute(address),
    }


def _date(edition: Any) -> str:
    text: str = edition.published_at.isoformat(timespec="seconds")
    return text
