"""A page of this site as others cite it."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.text import slugify


@dataclass(frozen=True)
class Work:
    """One edition of a record, or a fact within it, at its permanent address."""

    title: str
    author: str  # names as frozen at publication; empty where the site itself speaks
    published: datetime.date
    url: str
    edition: int
    sha256: str
    kind: str  # mission, event, article, figure
    accessed: datetime.date | None = None

    @property
    def key(self) -> str:
        """A name for it in other people's libraries: `kosovo-peace-missions-kfor-editions-4`."""
        return slugify(f"{settings.SITE_NAME} {urlsplit(self.url).path.replace('/', ' ')}")

    @property
    def site(self) -> str:
        return settings.SITE_NAME
