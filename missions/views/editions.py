"""A record's history: its editions, each at its permanent address, and what differs between two."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, F, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from editorial.addresses import at_record
from editorial.models import ClaimCheck, Correction, Edition, Record
from editorial.models.editions import heavy
from missions import pages
from missions.describing_pages import describe_part
from missions.views.records import edition_citation_file, gone, show_edition
from sources.models import Citation


@require_safe
@at_record
def record_editions(request: HttpRequest, *, record: Record) -> HttpResponse:
    """All editions that are or were public, newest first."""
    editions = list(
        record.editions.once_public().light().select_related("based_on").defer(*heavy("based_on")).order_by("-number")
    )
    fixed: dict[int, list[Correction]] = {}
    for report in Correction.objects.ledger().filter(fixed_in__in=[e.pk for e in editions]):
        fixed.setdefault(report.fixed_in_id or 0, []).append(report)
    facts = _review_facts(editions)
    steps = [
        (edition, editions[n + 1] if n + 1 < len(editions) else None, fixed.get(edition.pk, []), facts[edition.pk])
        for n, edition in enumerate(editions)
    ]
    live = record.live
    context: dict[str, Any] = {"record": record, "live": live, "steps": steps, "canonical": request.path}
    if live and not live.is_suppressed:
        context["description"] = describe_part(live, "editions", "Every public edition, and what changed.")
    return render(request, "missions/edition_list.html", context)


@require_safe
@at_record
def record_edition(request: HttpRequest, *, record: Record, number: int) -> HttpResponse:
    """One edition for ever. 410 with the reason where it was removed for legal cause."""
    edition = _edition(record, number)
    if edition.is_suppressed:
        return gone(request, edition)
    return show_edition(request, edition, permanent=True)


@require_safe
@at_record
def edition_json(request: HttpRequest, *, record: Record, number: int) -> HttpResponse:
    """The frozen text, byte for byte: its SHA-256 is the edition's."""
    edition = _edition(record, number)
    if edition.is_suppressed:
        return gone(request, edition)
    return HttpResponse(edition.frozen.encode(), content_type="application/json; charset=utf-8")


@require_safe
@at_record
def edition_citation(request: HttpRequest, *, record: Record, number: int, format: str) -> HttpResponse:
    """How to cite one edition, as a file."""
    edition = _edition(record, number)
    return gone(request, edition) if edition.is_suppressed else edition_citation_file(edition, format)


@require_safe
@at_record
def edition_difference(request: HttpRequest, *, record: Record, older: int, newer: int) -> HttpResponse:
    """What differs between two editions, in words and in evidence."""
    if older >= newer:
        raise Http404("The older edition comes first: 3..4.")
    old, new = _edition(record, older), _edition(record, newer)
    for edition in (old, new):
        if edition.is_suppressed:
            return gone(request, edition)
    context = {
        "record": record, "old": old, "new": new, "difference": new.difference_from(old), "canonical": request.path,
        "description": describe_part(new, f"what changed from edition {older} to edition {newer}", new.change_note),
    }  # fmt: skip
    return render(request, "missions/edition_difference.html", context)


def _review_facts(editions: list[Edition]) -> dict[int, dict[str, int]]:
    """For each edition: claims that its checker ticked, its citations, and those compared with their source."""
    facts = {edition.pk: {"ticked": 0, "citations": 0, "compared": 0} for edition in editions}
    ticked = ClaimCheck.objects.filter(edition__in=facts, by=F("edition__reviewed_by")).order_by()
    for pk, ticks in ticked.values_list("edition").annotate(Count("pk")):
        facts[pk]["ticked"] = ticks
    is_compared = Q(checked=Citation.Checked.COMPARED)
    cited = Citation.objects.filter(edition__in=facts).order_by().values_list("edition")
    for pk, citations, compared in cited.annotate(Count("pk"), compared=Count("pk", filter=is_compared)):
        facts[pk] |= {"citations": citations, "compared": compared}
    return facts


def _edition(record: Record, number: int) -> Any:
    """The edition with this number, suppressed or not. Raises Http404."""
    edition = pages.numbered_edition(record.kind, record.slug, number)
    if edition is None:
        raise Http404(f"There is no edition {number} here.")
    return edition
