"""What a set of files is called, as of when it is, and how it is cited."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.conf import settings
from django.db import connection, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.text import slugify

from editorial.api.links import absolute
from editorial.models import Change, PublicSerial
from missions import synthetic

LICENCE = {
    "name": "CC-BY-4.0",
    "title": "Creative Commons Attribution 4.0 International",
    "path": "https://creativecommons.org/licenses/by/4.0/",
}
BEFORE_ALL = datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)  # as of when an empty record is


@dataclass(frozen=True)
class About:
    """`stem` begins the name of each file; `version` is the release, or the serial."""

    stem: str
    version: str
    serial: int
    at: datetime.datetime  # of the last change in it
    address: str

    @classmethod
    def now(cls, release: str = "") -> About:
        """Of what is public now; of a release where one is named."""
        serial = PublicSerial.now()
        at = Change.objects.order_by("-serial").values_list("at", flat=True).first() or BEFORE_ALL
        site = slugify("Synthetic record" if synthetic.is_synthetic() else settings.SITE_NAME)
        version = release or f"{serial}-{timezone.localdate(at)}"
        address = reverse("data-release", args=[release]) if release else reverse("data")
        return cls(f"{site}-{version}", release or str(serial), serial, at, absolute(address))

    @property
    def day(self) -> str:
        """`22 November 2026`"""
        day = timezone.localtime(self.at)
        return f"{day.day} {day:%B %Y}"

    @property
    def title(self) -> str:
        if synthetic.is_synthetic():
            return "Synthetic record: invented for measurements, no data on anything"
        return f"{settings.SITE_NAME}: dataset of the record of international missions in Kosovo since 1989"

    @property
    def cite_as(self) -> str:
        which = f"release {self.version}, " if self.version != str(self.serial) else ""
        return f"{self.title}, {which}serial {self.serial}, {self.day}, {self.address}"

    def short(self, name: str) -> str:
        """The name of a file without what changes from set to set: `figures.csv`, `kosovo-peace.zip`."""
        rest = name.removeprefix(self.stem)
        return rest[1:] if rest.startswith("-") else f"{slugify(settings.SITE_NAME)}{rest}"


@contextmanager
def one_moment() -> Iterator[None]:
    """All that is read within it is of one moment, however long it takes. Nothing is locked, nothing written.

    On SQLite Django's own transactions are a writer's, so a reader's is opened by hand.
    """
    if connection.in_atomic_block:
        yield
    elif connection.vendor == "sqlite":
        connection.ensure_connection()
        with connection.cursor() as cursor:
            cursor.execute("BEGIN DEFERRED")
        try:
            yield
        finally:
            with connection.cursor() as cursor:
                cursor.execute("ROLLBACK")
    else:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            yield
