"""The page of one edition of a record."""

from __future__ import annotations

import datetime
import json
from dataclasses import dataclass, field
from typing import Any

from django.utils import timezone
from django.utils.functional import cached_property

from editorial.models import Correction, Edition, Record, State
from missions.correction_notices import BeingCorrected, CorrectionNotice, being_corrected, notices_of, reports_on
from missions.currently import CurrentFigure, infobox_figures, what_was_not_found
from missions.drawings.of_pages import Drawings, of_article, of_event, of_mission, of_numbers
from missions.evidence_meter import Meter, evidence_meter
from missions.facts import Fact, facts_of
from missions.pages.gathering import GATHER, Gathered
from missions.pages.links import Link, public_links
from missions.pages.numbers import STRENGTH, Dispute, Series, contributions, disputes, strength
from missions.rendering import Rendered, rendered
from sources import citing
from sources.notes import WrittenNote, written_notes


@dataclass(frozen=True)
class Section:
    """An entry of the contents list."""

    id: str
    title: str
    deeper: bool = False


@dataclass
class RecordPage:
    """Everything the page of one public edition shows."""

    edition: Any
    kind: str
    rows: dict[str, list[Any]]
    rendered: Rendered
    notes: list[WrittenNote]
    meter: Meter
    current: list[CurrentFigure] = field(default_factory=list)
    strength: list[Series] = field(default_factory=list)
    contributions: list[Fact] = field(default_factory=list)
    other_facts: list[Fact] = field(default_factory=list)
    disputes: list[Dispute] = field(default_factory=list)
    links: dict[int, Link] = field(default_factory=dict)
    drawings: Drawings = field(default_factory=Drawings)
    themes: list[Any] = field(default_factory=list)
    missions: list[Any] = field(default_factory=list)
    events: list[Any] = field(default_factory=list)
    articles: list[Any] = field(default_factory=list)
    more: list[Any] = field(default_factory=list)
    gathered: list[Gathered] = field(default_factory=list)
    editions: list[Edition] = field(default_factory=list)
    reports: list[Correction] = field(default_factory=list)

    @property
    def record(self) -> Record:
        return self.edition.record

    @property
    def sections(self) -> list[Section]:
        """The contents list: the parts the page has, in its order, with the headings of the text."""
        return [section for section, present in _parts(self) if present]

    @property
    def has(self) -> set[str]:
        """The ids of the parts the page has."""
        return {section.id for section in self.sections}

    @property
    def other_contributions(self) -> list[Fact]:
        """The latest of each country, but for those that stand in the table of what is drawn."""
        drawn = self.drawings.contributions
        told = {fact.slug for country in drawn.countries for fact in country.facts} if drawn else set()
        return [fact for fact in self.contributions if fact.slug not in told]

    @property
    def relations(self) -> list[Any]:
        """Relations to published records, and those that say something without naming one."""
        return [row for row in self.rows.get("relations", []) if row.record_id in self.links or row.note]

    @cached_property
    def disputes_by_fact(self) -> dict[str, str]:
        """The ids of the entries that show the values of facts on which sources differ."""
        return {dispute.fact.slug: dispute.id for dispute in self.disputes if dispute.fact and dispute.values}

    @property
    def no_count_found(self) -> str:
        """What is said of its present size where no current count was found; empty where one was."""
        return what_was_not_found(self.edition, self.current)

    @property
    def withdrawn_now(self) -> Edition | None:
        """The withdrawn edition at the record's address, where this page shows an earlier one."""
        last = self.editions[0] if self.editions else None
        return last if last and last.state == State.WITHDRAWN and last.pk != self.edition.pk else None

    @cached_property
    def correcting(self) -> BeingCorrected:
        """What of this page is being corrected; nothing in a preview."""
        return being_corrected(self.reports if self.edition.number else [])

    @property
    def correcting_elsewhere(self) -> list[Correction]:
        """Reports being answered that name no figure, fact or note of the page."""
        facts = [fact for series in self.strength for fact in series.shown]
        facts += [*self.contributions, *self.other_facts, *(dispute.fact for dispute in self.disputes if dispute.fact)]
        figures = [current.figure for current in self.current] + [figure for fact in facts for figure in fact.figures]
        keys = {key for note in self.rendered.notes for key in note.keys}
        return self.correcting.not_at({name for figure in figures for name in (figure.key, figure.fact)}, keys)

    @cached_property
    def corrections(self) -> list[CorrectionNotice]:
        """The corrections this edition and those before it have made, the latest first."""
        return [notice for notice in self._all_corrections if notice.number <= (self.edition.number or 0)]

    @property
    def corrected_in(self) -> CorrectionNotice | None:
        """The first later edition that says this one was wrong."""
        later = [notice for notice in self._all_corrections if notice.number > (self.edition.number or 0)]
        return later[-1] if later else None

    @cached_property
    def _all_corrections(self) -> list[CorrectionNotice]:
        return notices_of(self.editions, self.reports)


def record_page(edition: Any, *, today: datetime.date | None = None) -> RecordPage:
    """Gather the page of a public edition, loaded as `live_edition` loads it.

    `today` decides only which figures are called last known.
    """
    kind = edition.record.kind
    rows: dict[str, list[Any]] = {**edition.rows()}
    figures, citations = rows["figures"], rows["citations"]
    made = rendered(edition, rows)
    page = RecordPage(
        edition=edition,
        kind=kind,
        rows=rows,
        rendered=made,
        notes=written_notes(made.notes, citations, figures),
        meter=evidence_meter(kind, edition, rows),
        current=infobox_figures(edition, figures, today or timezone.localdate()),
    )
    facts = facts_of(figures)
    page.disputes = disputes(facts, rows["disagreements"])
    page.strength = strength(facts)
    page.contributions = contributions(facts)
    shown = {fact.slug for series in page.strength for fact in series.facts}
    shown |= {fact.slug for fact in page.contributions}
    shown |= {dispute.fact.slug for dispute in page.disputes if dispute.fact}
    page.other_facts = [
        fact
        for fact in facts
        if fact.slug not in shown
        and not fact.is_part
        and not (fact.figures[0].country and fact.figures[0].measure.key in STRENGTH)
    ]
    page.links = public_links(_records_named(edition, rows))
    GATHER[kind](page)
    page.drawings = of_numbers(_drawings(page, today or timezone.localdate()), page, facts, STRENGTH)
    page.editions = list(
        edition.record.editions.once_public()
        .only(
            "record_id", "number", "published_at", "change_note", "change_kind", "minor", "state",
            "written_by", "checked_by", "imported", "suppressed_at", "withdrawn_at", "withdrawn_reason",
        )
        .order_by("-number")
    )  # fmt: skip
    page.reports = reports_on(edition)
    return page


def _records_named(edition: Any, rows: dict[str, list[Any]]) -> set[int]:
    """The records its rows and its notice of withdrawal point at."""
    named = {row.record_id for row in rows.get("relations", [])}
    named |= {row.handed_to_id for row in rows.get("responsibilities", []) if row.handed_to_id}
    return named | ({edition.replacement_id} if edition.replacement_id else set())


def _drawings(page: RecordPage, today: datetime.date) -> Drawings:
    if page.kind == "mission":
        return of_mission(page.edition, page.rows, page.links, today)
    if page.kind == "article":
        return of_article(page.edition, page.missions, public_links, today)
    return of_event(page.edition)


def recall_printed_forms(page: RecordPage) -> None:
    """Where a source is written otherwise today than when the edition was published, say how it was.

    Sets `cited_then` on the citations and figures concerned, from the frozen text.
    """
    content = json.loads(page.edition.frozen)["content"]
    for name in ("citations", "figures"):
        for row in page.rows[name]:
            printed = content.get(name, {}).get(row.key, {}).get("as_printed", "")
            if printed and printed != citing.plain(row.source):
                row.cited_then = printed


def _parts(page: RecordPage) -> list[tuple[Section, bool]]:
    rows, made = page.rows, page.rendered
    headings = [Section(h.id, h.text, h.level > 2) for h in made.contents if h.level <= 3]
    parts: list[tuple[Section, Any]] = [
        (Section("legal-basis", "Legal basis"), rows.get("instruments")),
        (Section("mandate", "Mandate"), made.html.get("mandate")),
        (Section("objectives", "Objectives"), rows.get("objectives")),
        *((heading, True) for heading in headings),
        (Section("strength", "Strength through time"), page.strength),
        (Section("contributions", "Contributions by country"), page.contributions),
        (Section("other-figures", "Other figures" if page.strength else "Figures"), page.other_facts),
        (Section("handovers", "Who held which task when"), page.drawings.held),
        (Section("phases", "Phases"), rows.get("phases")),
        (Section("areas", "Areas and who led them"), rows.get("areas")),
        (Section("responsibilities", "Responsibilities and handovers"), rows.get("responsibilities")),
        (Section("leaders", "Who led it"), rows.get("leaders")),
        (Section("relations", "Relations with other missions and bodies"), page.relations),
        (Section("differ", "Where sources disagree"), page.disputes),
        (Section("statements", "What was said of it"), rows["statements"]),
        (Section("events", "Events"), page.events),
        (Section("articles", "Articles"), page.articles),
        (Section("sources", "Sources"), page.notes),
        (Section("evidence", "How well it is supported"), page.meter.facts),
        (Section("edition", "This edition"), True),
        (Section("cite", "Cite this page"), page.edition.number),
    ]
    return [(section, bool(present)) for section, present in parts]
