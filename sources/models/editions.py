"""Editions that may not be public uncited."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils import timezone

from editorial.claims import Caution, Claim
from editorial.models import Edition, Row, label_of
from sources.cautions import about_sources
from sources.claims import uncited_claims
from sources.markers import broken_markers_in, markers_in
from sources.models.checks import EvidenceCheck
from sources.models.evidence import Citation, CitedRow, Evidence
from sources.plain import plain_text


class CitedEdition(Edition):
    """An edition with citations. It may not be public while a marker or a row lacks its evidence."""

    edition = models.OneToOneField(
        Edition,
        parent_link=True,
        primary_key=True,
        on_delete=models.CASCADE,
        related_name="as_%(class)s",
    )

    row_models: ClassVar[tuple[type[Row], ...]] = (Citation,)

    class Meta:
        abstract = True

    def rows_to_copy(self) -> dict[str, list[Row]]:
        """Its rows, with the comparisons that held since a founding edition was published."""
        rows = super().rows_to_copy()
        if self.imported:
            held = {(check.rows, check.key): check for check in EvidenceCheck.objects.held(self)}
            for name, group in rows.items():
                for row in group:
                    if isinstance(row, Evidence) and (check := held.get((name, row.key))):
                        row.enter_comparison(by=check.by.byline, on=timezone.localdate(check.at))
        return rows

    def row_problems(self, rows: dict[str, list[Row]]) -> list[str]:
        problems = super().row_problems(rows)
        keys = {row.key for row in rows["citations"]}
        for name in self.markdown_fields:
            text, label = getattr(self, name), label_of(self, name).capitalize()
            problems += [
                f"{label}: the marker [^{marker}] leads to no citation."
                for marker in dict.fromkeys(markers_in(text))
                if marker not in keys
            ]
            problems += [
                f"{label}: “{broken}” is no marker. A key has letters, digits, - and _ only, and ends with ]."
                for broken in dict.fromkeys(broken_markers_in(text))
            ]
        for name, group in rows.items():
            for row in group:
                if isinstance(row, CitedRow):
                    problems += [
                        f"{name.capitalize()}, {row.key}: there is no citation “{key}”."
                        for key in row.all_cited_keys()
                        if key not in keys
                    ]
        if not keys:
            problems.append("Nothing is cited: a record without a source cannot be public.")
        return problems

    def in_plain_words(self, field: str) -> str:
        return plain_text(getattr(self, field))

    def uncited_claims(self) -> list[Claim]:
        """Of all its texts, in the order of the page."""
        return [claim for name in self.markdown_fields for claim in uncited_claims(getattr(self, name), name)]

    def passage_for(self, *, figure: str = "", citation: str = "") -> str:
        """Of a note: its source, the place in it and its words."""
        row = self.citations.select_related("source").filter(key=citation).first() if citation else None
        return row.in_one_line if row else super().passage_for(figure=figure, citation=citation)

    def publication_warnings(self) -> list[Caution]:
        return [*about_sources(self), *super().publication_warnings()]
