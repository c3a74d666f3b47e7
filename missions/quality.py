"""How well each published record is supported, counted from what is public now.

`qualities` counts every published record in a fixed number of queries: the public page adds them up
(`by_kind`), the editors' page lists those that need a hand most (`weakest_first`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, Exists, OuterRef

from editorial.models import Edition
from missions.evidence_meter import Meter, Stated, stated_in_public
from missions.facts import facts_that_differ
from missions.models import KINDS, Disagreement, Figure
from sources.cautions import is_grave, on_tertiary_alone
from sources.models import Citation, Source, evidence_models


@dataclass
class RecordQuality:
    """What the evidence of a published record has and lacks."""

    edition: Edition
    meter: Meter = field(default_factory=Meter)
    on_tertiary_alone: int = 0  # sentences of the text
    grave_on_tertiary_alone: int = 0  # those of them about deaths, harm or blame
    out_of_reach: int = 0  # citations and figures whose source is out of reach or retracted
    open_questions: int = 0

    @property
    def kind(self) -> str:
        return self.edition.record.kind

    @property
    def tertiary_alone(self) -> int:
        """Facts and sentences that only tertiary sources support."""
        return self.meter.tertiary_alone + self.on_tertiary_alone

    @property
    def weak_points(self) -> int:
        """What an editor can mend: more evidence, better evidence, or evidence that can be opened."""
        return self.meter.without_source + self.tertiary_alone + self.out_of_reach

    @property
    def weakness(self) -> tuple[Any, ...]:
        """The weakest come first: by grave sentences, by weak points, by facts whose place is not given."""
        unplaced = self.meter.facts - self.meter.with_locator
        return (-self.grave_on_tertiary_alone, -self.weak_points, -unplaced, self.edition.title, self.edition.pk)


@dataclass(frozen=True)
class KindQuality:
    """The same of all records of a kind together, or of all."""

    kind: str  # empty for all
    records: int
    meter: Meter
    on_tertiary_alone: int
    grave_on_tertiary_alone: int


def qualities() -> list[RecordQuality]:
    """Every published record, in no order that matters."""
    stated = stated_in_public()
    editions = Edition.objects.published().select_related("record").only("title", "record__kind", "record__slug")
    found = {edition.pk: RecordQuality(edition) for edition in editions}
    for pk, here in stated.items():
        if quality := found.get(pk):
            quality.meter = here.meter
    for pk, sentence in _sentences_on_tertiary_alone(stated):
        if quality := found.get(pk):
            quality.on_tertiary_alone += 1
            quality.grave_on_tertiary_alone += is_grave(sentence)
    for model in evidence_models():
        rows: Any = model._default_manager.all()
        lost = rows.of_published().exclude(source__status=Source.Status.AVAILABLE)
        for pk, count in lost.order_by().values_list("edition").annotate(Count("pk")):
            if quality := found.get(pk):
                quality.out_of_reach += count
    for pk in _open_questions():
        if quality := found.get(pk):
            quality.open_questions += 1
    return list(found.values())


def weakest_first(found: Iterable[RecordQuality]) -> list[RecordQuality]:
    return sorted(found, key=lambda quality: quality.weakness)


def by_kind(found: Iterable[RecordQuality]) -> list[KindQuality]:
    """The sums of each kind that has records, in the order of the site, and last those of all."""
    found = list(found)
    kinds = [(kind, [one for one in found if one.kind == kind]) for kind in KINDS]
    return [_sum(kind, records) for kind, records in [*kinds, ("", found)] if records]


def _sum(kind: str, records: list[RecordQuality]) -> KindQuality:
    return KindQuality(
        kind,
        len(records),
        sum((one.meter for one in records), Meter()),
        sum(one.on_tertiary_alone for one in records),
        sum(one.grave_on_tertiary_alone for one in records),
    )


def _sentences_on_tertiary_alone(stated: dict[int, Stated]) -> Iterator[tuple[int, str]]:
    """(edition, sentence) of each; only the texts of editions that cite a tertiary source are loaded."""
    tertiary = Citation.objects.filter(edition=OuterRef("pk"), source__standing=Source.Standing.TERTIARY)
    for model in KINDS.values():
        citing = model.objects.published().filter(Exists(tertiary))
        for pk, *texts in citing.values_list("pk", *model.markdown_fields).iterator():
            standing = {key: backing.standing for key, backing in stated[pk].citations.items()} if pk in stated else {}
            for text in texts:
                for sentence, _ in on_tertiary_alone(text, standing):
                    yield pk, sentence


def _open_questions() -> Iterator[int]:
    """The edition of each question on which its sources differ, but for those that are settled.

    A question is a row of its own, or a fact with several amounts that no row asks about.
    """
    asked = set()
    questions: Any = Disagreement.objects.of_published().order_by()
    for pk, about, settled in questions.values_list("edition", "about", "settled"):
        asked.add((pk, about))
        if not settled:
            yield pk
    for row in facts_that_differ(Figure.objects.of_published()):
        if (row["edition"], row["fact"]) not in asked:
            yield row["edition"]
