"""How a page names other records, and where its own facts are."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import F

from editorial.models import Edition, Record
from editorial.paths import path_to
from missions.models import Mission


@dataclass(frozen=True)
class Link:
    """Another record as it may be named: by its published edition."""

    title: str
    address: str
    acronym: str = ""
    is_running: bool = False


def public_links(records: Iterable[int]) -> dict[int, Link]:
    """The records that have a published edition, by id, as they may be named. One query."""
    editions = (
        Edition.objects.published()
        .filter(record__in=records)
        .select_related("record")
        .annotate(acronym=F("as_mission__acronym"), status=F("as_mission__status"))
        .only("title", "record__kind", "record__slug")
    )
    return {
        edition.record_id: Link(
            edition.title,
            edition.record.get_absolute_url(),
            edition.acronym or "",
            edition.status == Mission.Status.RUNNING,
        )
        for edition in editions
    }


def fact_address(record: Record, slug: str) -> str:
    """Where a fact of a record has its page, by the slug of the fact."""
    return path_to(f"{record.kind}-fact", record.slug, slug)
