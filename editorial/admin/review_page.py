"""What the review page shows of an edition: what changed, what is claimed without evidence, what is left to do."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from django.utils.text import capfirst

from editorial import freezing, reviewing
from editorial.claims import Caution, Claim
from editorial.differences import amount_changed
from editorial.models import ClaimCheck, Correction, Edition, Editor, Transition, label_of
from editorial.models.editions import heavy

Content = dict[str, Any]


@dataclass
class Comparison:
    """What differs from an earlier text: in words for the page, and how much."""

    difference: Any
    words: int
    evidence: int

    @property
    def amount(self) -> str:
        """Such as "12 words and 1 piece of evidence"."""
        words = "1 word" if self.words == 1 else f"{self.words} words"
        evidence = "1 piece" if self.evidence == 1 else f"{self.evidence} pieces"
        return f"{words} and {evidence} of evidence"


@dataclass
class ClaimLine:
    """A claim without a marker, and who has ticked it on which ground."""

    claim: Claim
    label: str  # of the field it stands in
    ground: str = ""  # of the reader's own tick, or what they chose just now
    earlier: ClaimCheck | None = None  # with which an earlier edition was approved
    others: list[ClaimCheck] = field(default_factory=list)

    @property
    def is_left(self) -> bool:
        return not (self.ground or self.earlier)


@dataclass
class ReviewPage:
    """All of it. `public` is the edition it is compared with; none for a first one."""

    edition: Edition
    public: Edition | None
    against_public: Comparison | None
    since: Comparison | None  # since this reviewer sent it back
    sent_back: Transition | None
    claims: list[ClaimLine]
    cautions: list[Caution]
    notes: list[Any]
    reports: list[Correction]  # those it is to answer and may answer; once public, those it answered

    @property
    def scope(self) -> str:
        """What follows the headings of the difference."""
        return f", against edition {self.public.number}" if self.public else ""

    @property
    def claims_left(self) -> list[ClaimLine]:
        return [line for line in self.claims if line.is_left]

    @property
    def claims_to_tick(self) -> list[ClaimLine]:
        return [line for line in self.claims if not line.earlier]

    @property
    def claims_ticked_before(self) -> list[ClaimLine]:
        return [line for line in self.claims if line.earlier]

    @property
    def notes_open(self) -> int:
        return sum(note.resolved_at is None for note in self.notes)


def review_page(edition: Edition, *, by: Editor, chosen: dict[str, str] | None = None) -> ReviewPage:
    """Gather it for one editor. `chosen` are grounds typed and not kept. The number of queries is always the same."""
    now = freezing.unprinted(reviewing.content_now(edition))
    public = compared_with(edition)
    sent_back = reviewing.last_sent_back(edition, by=by)
    last = reviewing.content_sent_back(edition, sent_back) if sent_back else None
    checker = by if edition.is_open else edition.reviewed_by
    return ReviewPage(
        edition=edition,
        public=public,
        against_public=_compare(edition, json.loads(public.frozen)["content"], now) if public else None,
        since=_compare(edition, last, now) if last else None,
        sent_back=sent_back,
        claims=_claim_lines(edition, by=checker, chosen=chosen or {}),
        cautions=edition.publication_warnings(),
        notes=list(edition.review_notes.select_related("by", "resolved_by")),
        reports=_reports(edition),
    )


def _reports(edition: Edition) -> list[Correction]:
    reports = Correction.objects.to_answer_in(edition) if edition.is_open else edition.corrections_fixed.all()
    return list(reports.select_related("record").order_by("pk"))


def compared_with(edition: Edition) -> Edition | None:
    """The edition now public; for one that is or was public itself, the one before. None that was removed."""
    earlier = edition.record.editions.public()
    if edition.is_open:
        return earlier.filter(pk=edition.record.live_id or 0).first()
    return earlier.filter(number__lt=edition.number or 0).order_by("-number").first()


def _compare(edition: Edition, old: Content, new: Content) -> Comparison:
    old = freezing.unprinted(old)
    words, evidence = amount_changed(old, new, texts=edition.typed.markdown_fields)
    return Comparison(edition.typed.difference_in_words(old, new, to_editors=True), words, evidence)


def _claim_lines(edition: Edition, *, by: Editor | None, chosen: dict[str, str]) -> list[ClaimLine]:
    lines = {
        claim.digest: ClaimLine(claim, str(capfirst(label_of(edition, claim.field))))
        for claim in edition.uncited_claims()
    }
    for check in edition.ticks_that_count(by=by).select_related("by", "edition").defer(*heavy("edition")):
        if line := lines.get(check.digest):
            if check.edition_id == edition.pk:
                line.ground, line.earlier = check.ground, None
            elif not line.ground:
                line.earlier = check
    for check in edition.claim_checks.exclude(by=by).select_related("by"):
        if line := lines.get(check.digest):
            line.others.append(check)
    for digest, ground in chosen.items():
        if line := lines.get(digest):
            line.ground = ground
    return list(lines.values())
