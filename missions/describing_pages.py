"""What the pages of records, facts and organisations say of themselves to programs."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.urls import reverse

from editorial.api.links import absolute, api_address
from editorial.describing import Alternate, Description, Scholarly, names_of, page_within
from missions.citing_pages import HowToCite, authors_of, citing_edition, citing_fact, fact_work, values_in_words
from missions.linked_data import document
from missions.models import Organisation
from missions.pages import FactPage, RecordPage
from sources.bibliography import MEDIA_TYPES


def describe_record(page: RecordPage, *, permanent: bool = False) -> Description:
    """The page of a public edition: at its own address for ever where that is `permanent`, else at the record's."""
    edition, record = page.edition, page.record
    name = f"{edition.title} ({edition.acronym})" if getattr(edition, "acronym", "") else edition.title
    frozen = reverse(f"{record.kind}-edition-json", args=[record.slug, edition.number])
    return Description(
        title=f"{name}, edition {edition.number}" if permanent else name,
        text=edition.in_plain_words("summary"),
        first_published=page.editions[-1].published_at,
        modified=edition.published_at,
        alternates=(
            Alternate("application/atom+xml", "Corrections", reverse("corrections-feed")),
            _in_api(edition, permanent=permanent),
            Alternate("application/json", "Frozen text of this edition", frozen),
            *_references(citing_edition(edition)),
        ),
        scholarly=_scholarly(edition, edition.title, edition.get_absolute_url(), record.get_absolute_url()),
        linked_data=document(page),
    )


def describe_fact(page: FactPage) -> Description:
    """The page of one fact as an edition gives it; in few words where it does not."""
    edition = page.edition
    title = f"{edition.title}: {page.title}"
    if page.fact is None:
        return Description(title, "What other editions of this record said.")
    said, work = values_in_words(page.fact), fact_work(edition, page.fact)
    return Description(
        title=title,
        text=f"{said}. Each source with its words, and why they may differ.",
        first_published=page.history[-1].edition.published_at,
        modified=edition.published_at,
        alternates=(
            Alternate("application/atom+xml", "Corrections", reverse("corrections-feed")),
            *_references(citing_fact(edition, page.fact)),
        ),
        scholarly=_scholarly(edition, work.title, work.url.removeprefix(settings.SITE_URL), page.address),
    )


def describe_part(edition: Any, part: str, text: str) -> Description:
    """A page beside that of a record, such as its figures or its history."""
    return Description(f"{edition.title}: {part}", text, alternates=(_in_api(edition),))


def describe_organisation(organisation: Organisation, parent: Organisation | None) -> Description:
    """The page of an organisation; `parent` is the one it is a part of, where that is public."""
    here = organisation.get_absolute_url()
    whole = {"@type": "Organization", "@id": _identifier(parent), "name": parent.name} if parent else None
    api = api_address("organisation-detail", organisation.key)
    return Description(
        title=organisation.name,
        text=organisation.note or f"{organisation.name}: the missions in Kosovo in which it took part.",
        alternates=(Alternate("application/json", "This organisation in the API", api),),
        linked_data={
            "@type": "Organization",
            "@id": _identifier(organisation),
            "name": organisation.name,
            "alternateName": [*filter(None, [organisation.acronym]), *names_of(organisation)],
            "url": organisation.website,
            "foundingDate": str(organisation.founded),
            "dissolutionDate": str(organisation.dissolved),
            "parentOrganization": whole,
            "mainEntityOfPage": page_within(here, ("Organisations", reverse("organisation-list"))),
        },
    )


def _identifier(organisation: Organisation) -> str:
    return f"{absolute(organisation.get_absolute_url())}#organisation"


def _in_api(edition: Any, *, permanent: bool = False) -> Alternate:
    record = edition.record
    if permanent:
        address = api_address(f"{record.kind}-edition", record.slug, edition.number)
        return Alternate("application/json", "This edition in the API", address)
    return Alternate("application/json", "This record in the API", api_address(f"{record.kind}-detail", record.slug))


def _references(cited: HowToCite) -> list[Alternate]:
    return [Alternate(MEDIA_TYPES[name], name, address) for name, address in cited.links if name in MEDIA_TYPES]


def _scholarly(edition: Any, title: str, address: str, page: str) -> Scholarly:
    return Scholarly(title, authors_of(edition), edition.published_at, address, page)
