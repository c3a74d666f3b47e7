"""A page of this site as others cite it."""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.text import slugify


@dataclass(frozen=True)
class Work:
    """One edition of a record, or a fact within it, at its permanent address."""

    title: str
    authors: tuple[str, ...]  # names as frozen at publication; none where the site itself speaks
    published: datetime.date
    url: str
    edition: int
    sha256: str
    kind: str  # mission, event, article, figure
    accessed: datetime.date | None = None
    evidence: str = ""  # of a fact: what each source gives, where in it and in which words

    @property
    def key(self) -> str:
        """A name for it in other people's libraries: `kosovo-peace-missions-kfor-editions-4`."""
        address = urlsplit(self.url)
        return slugify(re.sub("[/=]", " ", f"{settings.SITE_NAME} {address.path} {address.query}"))

    @property
    def is_fact(self) -> bool:
        return self.kind == "figure"

    @property
    def site(self) -> str:
        return settings.SITE_NAME
