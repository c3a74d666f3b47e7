"""What a record's pages tell of corrections: what is being corrected, and what editions have corrected."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import F

from editorial.models import Correction, Edition

State = Correction.State


@dataclass(frozen=True)
class CorrectionNotice:
    """An edition that says the one before was wrong, with the reports it has answered."""

    edition: Edition
    reports: list[Correction]

    @property
    def number(self) -> int:
        """That of the edition."""
        return self.edition.number or 0


class BeingCorrected:
    """Reports found right and not yet answered, by the figure, fact or citation that they name."""

    def __init__(self, reports: Iterable[Correction]) -> None:
        self.reports = list(reports)
        self._by_figure: dict[str, list[Correction]] = defaultdict(list)
        self._by_citation: dict[str, list[Correction]] = defaultdict(list)
        for report in self.reports:
            if report.figure:
                self._by_figure[report.figure].append(report)
            if report.citation:
                self._by_citation[report.citation].append(report)

    def of_figure(self, *names: str) -> list[Correction]:
        """Those that name one of these figures or facts by its key, each once."""
        return list({report.pk: report for name in names for report in self._by_figure.get(name, ())}.values())

    def of_citation(self, key: str) -> list[Correction]:
        return self._by_citation.get(key, [])

    def not_at(self, figures: set[str], citations: set[str]) -> list[Correction]:
        """Those that name none of these: what is being corrected is told at no place of the page."""
        return [report for report in self.reports if report.figure not in figures and report.citation not in citations]


def reports_on(edition: Any) -> list[Correction]:
    """The reports on its record that were found right, answered or not, oldest first. One query.

    Those not yet answered only where the reader had this edition, or an earlier one, before them.
    """
    reports = Correction.objects.ledger().filter(record=edition.record_id)
    found = reports.seen_as(State.CONFIRMED, State.FIXED).annotate(seen=F("edition_seen__number")).order_by("pk")
    return [
        report
        for report in found
        if report.state == State.FIXED or not report.seen or report.seen <= (edition.number or 0)
    ]


def being_corrected(reports: Iterable[Correction]) -> BeingCorrected:
    """What is being corrected, of the reports that `reports_on` gives."""
    return BeingCorrected(report for report in reports if report.state != State.FIXED)


def notices_of(editions: Iterable[Edition], reports: Iterable[Correction]) -> list[CorrectionNotice]:
    """Of these editions those that are corrections, with the reports that each has answered, in their order."""
    answered: dict[int, list[Correction]] = defaultdict(list)
    for report in reports:
        if report.fixed_in_id:
            answered[report.fixed_in_id].append(report)
    return [CorrectionNotice(edition, answered[edition.pk]) for edition in editions if edition.is_correction]
