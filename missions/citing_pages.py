"""How a page of this site is cited: an edition, or one fact of it, at its permanent address."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode

from editorial.workflow.publication import FOUNDING_RECORD
from missions.facts import Fact
from missions.models import Figure
from missions.pages import fact_address
from sources import citing
from sources.bibliography import TO_CITE, Work
from sources.bibliography.text import reference


@dataclass(frozen=True)
class HowToCite:
    """A reference as text, the same as files, and where to ask later whether what it names has changed."""

    text: str
    links: list[tuple[str, str]]
    changed: str


def citing_edition(edition: Any) -> HowToCite:
    """How an edition is cited: by its own address, whatever follows it."""
    record = edition.record
    route, named = f"{record.kind}-edition-cite", [record.slug, edition.number]
    links = [(name, reverse(route, args=[*named, format])) for format, name in TO_CITE.items()]
    return _how_to_cite(edition_work(edition), links)


def citing_fact(edition: Any, fact: Fact) -> HowToCite:
    """How a fact is cited as an edition gives it."""
    record = edition.record
    route, named, query = f"{record.kind}-fact-cite", [record.slug, fact.slug], {"edition": edition.number}
    links = [(name, reverse(route, args=[*named, format], query=query)) for format, name in TO_CITE.items()]
    return _how_to_cite(fact_work(edition, fact), links)


def _how_to_cite(work: Work, links: list[tuple[str, str]]) -> HowToCite:
    return HowToCite(reference(work), links, reverse("changed", query={"address": work.url}))


def edition_work(edition: Any) -> Work:
    """A public edition, loaded with its record, as others cite it."""
    return _work(edition, edition.title, edition.record.kind, edition.get_absolute_url())


def fact_work(edition: Any, fact: Fact) -> Work:
    """One fact of a public edition: its title says who gives what, its address which edition says so."""
    address = f"{fact_address(edition.record, fact.slug)}?{urlencode({'edition': edition.number})}"
    evidence = "; ".join(figure.in_one_line for figure in fact.figures)
    title = f"{edition.title}: {values_in_words(fact)}"
    return _work(edition, title, "figure", address, f"Sources: {evidence}")


def values_in_words(fact: Fact) -> str:
    """A fact with its sources: "Military personnel: about 4,600 (RFE/RL, 13 March 2025); others say …".

    The values stand in the order of their dates; no value goes before another for its size.
    """
    names = _names_of_sources(fact.figures)
    by_amount: dict[str, list[str]] = {}
    for figure in fact.figures:
        by_amount.setdefault(figure.in_words, []).append(names[figure.source_id])
    (first, sources), *others = [(amount, "; ".join(dict.fromkeys(said))) for amount, said in by_amount.items()]
    text = f"{fact.title}: {first} ({sources})"
    if others:
        text += "; others say " + "; ".join(f"{amount} ({sources})" for amount, sources in others)
    return text


def _names_of_sources(figures: list[Figure]) -> dict[int, str]:
    """Who says it and when; with the title where that does not tell one source from another."""
    sources = {figure.source_id: figure.source for figure in figures}
    names = {pk: citing.who_and_when(source) for pk, source in sources.items()}
    several = {name for name, count in Counter(names.values()).items() if count > 1}
    return {
        pk: citing.who_and_when(sources[pk], with_title=True) if name in several else name for pk, name in names.items()
    }


def authors_of(edition: Any) -> tuple[str, ...]:
    """Who wrote a public edition, by name as frozen; nobody where it is from the founding record."""
    if edition.written_by == FOUNDING_RECORD:
        return ()
    return tuple(edition.written_by.split(", "))


def _work(edition: Any, title: str, kind: str, address: str, evidence: str = "") -> Work:
    return Work(
        title=title,
        authors=authors_of(edition),
        published=timezone.localdate(edition.published_at),
        url=f"{settings.SITE_URL}{address}",
        edition=edition.number,
        sha256=edition.sha256,
        kind=kind,
        evidence=evidence,
    )
