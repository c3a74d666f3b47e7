"""How a page of this site is cited: an edition, or one fact of it, at its permanent address."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.utils import timezone

from missions.facts import Fact
from missions.models import Figure
from sources.bibliography import Work


def edition_work(edition: Any) -> Work:
    """A public edition, loaded with its record, as others cite it."""
    return _work(edition, edition.title, edition.record.kind)


def fact_work(edition: Any, fact: Fact) -> Work:
    """One fact of a public edition: its address is the edition's, its title says who gives what."""
    return _work(edition, f"{edition.title}: {values_in_words(fact)}", "figure")


def values_in_words(fact: Fact) -> str:
    """A fact with its sources: "Military personnel: about 4,600 (RFE/RL, 13 March 2025); others say …".

    The values stand in the order of their dates; no value goes before another for its size.
    """
    by_amount: dict[str, list[Figure]] = {}
    for figure in fact.figures:
        by_amount.setdefault(figure.in_words, []).append(figure)
    (first, figures), *others = by_amount.items()
    text = f"{fact.title}: {first} ({_sources(figures)})"
    if others:
        text += "; others say " + "; ".join(f"{amount} ({_sources(figures)})" for amount, figures in others)
    return text


def _sources(figures: list[Figure]) -> str:
    return "; ".join(dict.fromkeys(str(figure.source) for figure in figures))


def _work(edition: Any, title: str, kind: str) -> Work:
    return Work(
        title=title,
        author=edition.written_by,
        published=timezone.localdate(edition.published_at),
        url=f"{settings.SITE_URL}{edition.get_absolute_url()}",
        edition=edition.number,
        sha256=edition.sha256,
        kind=kind,
    )
