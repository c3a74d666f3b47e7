"""What a reader's report can be about: a public record, or reference data at its own public address."""

from __future__ import annotations

import re
from dataclasses import dataclass

from django.conf import settings

from editorial.addresses import now_or_formerly_at
from editorial.models import Edition, Record, ReferenceData, reference_kinds
from editorial.models.editions import LIVE


@dataclass(frozen=True)
class Subject:
    """`record`, or for reference data none; its address, and its label as readers see it."""

    address: str
    label: str
    record: Record | None = None

    def public_edition(self, number: str) -> Edition | None:
        """The record's public edition with this number; None for nonsense, and where there is none."""
        if self.record is None or not (number.isascii() and number.isdigit() and len(number) < 9):
            return None
        return self.record.editions.public().light().filter(number=int(number)).first()

    def passage(self, *, edition: str, figure: str, citation: str) -> str:
        """The words of a figure or note that a reader came from, in the edition they saw or else the live one.

        Empty where there is none, and for what is not public.
        """
        seen = self.public_edition(edition) or (self.record.live if self.record else None)
        return seen.typed.passage_for(figure=figure, citation=citation) if seen and (figure or citation) else ""


def find_subject(*, record: str = "", subject: str = "") -> Subject | None:
    """What `mission/kfor`, or else the address `/sources/un1999res1244/`, names.

    None for what is unknown and for what is not public: nobody learns of a draft here.
    """
    return _record(record) if record else _reference_data(subject)


def _record(name: str) -> Subject | None:
    if not re.fullmatch(r"[a-z]{1,16}/[-a-zA-Z0-9_]{1,100}", name):
        return None
    kind, slug = name.split("/")
    found = now_or_formerly_at(kind, slug).filter(live__state__in=LIVE, live__suppressed_at=None).first()
    if found is None or found.live is None:
        return None
    return Subject(found.get_absolute_url(), found.live.title, found)


def reference_data_at(address: str) -> ReferenceData | None:
    """The source, organisation or other reference data at an address, public or not; None where there is none."""
    address = address.removeprefix(settings.SITE_URL)
    if not (named := re.fullmatch(r"/[a-z]+/([-a-zA-Z0-9_]{1,100})/", address)):
        return None
    key = named[1]
    for model in reference_kinds():
        own_address = getattr(model(key=key), "get_absolute_url", str)
        if own_address() == address and (thing := model._default_manager.filter(key=key).first()):
            return thing
    return None


def _reference_data(address: str) -> Subject | None:
    thing = reference_data_at(address)
    if thing is None or not thing.in_public_use():
        return None
    return Subject(address.removeprefix(settings.SITE_URL), str(thing)[:300])
