"""What a page says of itself to programs that read pages: search engines, link previews, Zotero.

A view that shows something particular puts a `Description` into its context as `description`;
`components/_description.html` writes it into the head. Linked data is JSON-LD in the words of schema.org.
"""

from __future__ import annotations

import datetime
import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import Truncator

from editorial.api.links import absolute

LONGEST_SUMMARY = 300
# In a string of JSON these can stand for themselves or be written out; in a page they could end the script.
ESCAPES = {ord(sign): f"\\u{ord(sign):04x}" for sign in "<>&\u2028\u2029"}


@dataclass(frozen=True)
class Alternate:
    """The same in another form: `address` is a path of this site or an address in full."""

    media_type: str
    title: str
    address: str


@dataclass(frozen=True)
class Scholarly:
    """What programs for references ask a page for, in the names that Highwire Press began with."""

    title: str
    authors: tuple[str, ...]
    published: datetime.datetime
    address: str  # for ever
    page: str  # where it is read now

    @property
    def tags(self) -> list[tuple[str, str]]:
        """(name, content); where no person is named the site is the author."""
        day = f"{timezone.localtime(self.published):%Y/%m/%d}"
        return [
            ("citation_title", self.title),
            *(("citation_author", name) for name in self.authors or [settings.SITE_NAME]),
            ("citation_publication_date", day),
            ("citation_online_date", day),
            ("citation_public_url", absolute(self.address)),
            ("citation_abstract_html_url", absolute(self.page)),
            ("citation_language", "en-GB"),
            ("citation_publisher", settings.SITE_NAME),
        ]


@dataclass(frozen=True)
class Description:
    """A page in a few words, where else the same is, and how it is cited."""

    title: str
    text: str = ""
    first_published: datetime.datetime | None = None  # articles only
    modified: datetime.datetime | None = None
    alternates: tuple[Alternate, ...] = ()
    scholarly: Scholarly | None = None
    linked_data: dict[str, Any] | None = None

    @property
    def summary(self) -> str:
        """One line of plain text."""
        return Truncator(" ".join(self.text.split())).chars(LONGEST_SUMMARY)

    @property
    def times(self) -> list[tuple[str, str]]:
        """(name, time) of an article: when its first edition became public, and the one shown."""
        if not (self.first_published and self.modified):
            return []
        return [
            ("article:published_time", self.first_published.isoformat(timespec="seconds")),
            ("article:modified_time", self.modified.isoformat(timespec="seconds")),
        ]

    @property
    def data_block(self) -> SafeString:
        """The linked data as a block for the page; nothing in it can end the block."""
        data = {"@context": "https://schema.org", **without_empty(self.linked_data or {})}
        escaped = mark_safe(json.dumps(data, ensure_ascii=False, separators=(",", ":")).translate(ESCAPES))
        return format_html('<script type="application/ld+json">{}</script>', escaped)


# Pieces of linked data


def without_empty(data: Any) -> Any:
    """The same without what is not known, however deep it stands."""
    if isinstance(data, dict):
        kept = {name: without_empty(value) for name, value in data.items()}
        return {name: value for name, value in kept.items() if value not in (None, "", [], {}, ())}
    return [without_empty(value) for value in data] if isinstance(data, list | tuple) else data


def publisher() -> dict[str, Any]:
    """The site as an organisation."""
    return {
        "@type": "Organization",
        "name": settings.SITE_NAME,
        "url": absolute(reverse("home")),
        "correctionsPolicy": absolute(reverse("about-corrections")),
    }


def page_within(address: str, *above: tuple[str, str]) -> dict[str, Any]:
    """The page as a place on the site: `above` are (name, path) of the pages that lead to it."""
    steps = [("Home", reverse("home")), *above]
    return {
        "@type": "WebPage",
        "@id": absolute(address),
        "breadcrumb": {
            "@type": "BreadcrumbList",
            "itemListElement": [
                {"@type": "ListItem", "position": number, "name": name, "item": absolute(path)}
                for number, (name, path) in enumerate(steps, start=1)
            ],
        },
    }


def names_of(thing: Any) -> list[dict[str, str]]:
    """The names of a thing in other languages, each with its language; `thing` has `other_forms`."""
    return [{"@value": form, "@language": tag} for tag, _, form in thing.other_forms]


def people(names: Iterable[str]) -> list[dict[str, str]]:
    return [{"@type": "Person", "name": name} for name in names]
