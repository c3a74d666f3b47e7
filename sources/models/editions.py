"""Editions that may not be public uncited."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from editorial.models import Edition, Row, label_of
from sources.markers import markers_in
from sources.models.evidence import Citation, CitedRow
from sources.models.library import Source


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

    def submission_problems(self) -> list[str]:
        problems = super().submission_problems()
        rows = self.rows()
        keys = {row.key for row in rows["citations"]}
        for name in self.markdown_fields:
            for marker in dict.fromkeys(markers_in(getattr(self, name))):
                if marker not in keys:
                    label = label_of(self, name).capitalize()
                    problems.append(f"{label}: the marker [^{marker}] leads to no citation.")
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

    def publication_warnings(self) -> list[str]:
        warnings = super().publication_warnings()
        for citation in self.citations.select_related("source"):
            if citation.source.status == Source.Status.UNREACHABLE:
                warnings.append(f"Citation {citation.key}: its source is out of reach.")
            if not citation.locator:
                warnings.append(f"Citation {citation.key}: no place in the source is given.")
        return warnings
