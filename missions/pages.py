"""What a record's page is made of, gathered in a number of queries that does not grow with the record.

`record_page` starts from one public edition. Whatever it shows of other records is of their published
editions; a record that has none is not named.
"""

from __future__ import annotations

import datetime
import json
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from itertools import chain
from typing import Any

from django.db.models import F, Q
from django.utils import timezone
from django.utils.functional import cached_property

from editorial.models import Correction, Edition, Record, State
from editorial.paths import path_to
from missions import beside
from missions.correction_notices import BeingCorrected, CorrectionNotice, being_corrected, notices_of, reports_on
from missions.countries import country_name
from missions.currently import CurrentFigure, infobox_figures, what_was_not_found
from missions.drawings.measuring import rank_of, series_of
from missions.drawings.of_pages import Drawings, of_article, of_event, of_mission, of_numbers
from missions.drawings.scale import Scale, scale
from missions.drawings.strength import strength_drawn
from missions.evidence_meter import Meter, evidence_meter
from missions.facts import Fact, Value, facts_of
from missions.models import (
    KINDS,
    Classification,
    Disagreement,
    Figure,
    Mission,
    Participation,
)
from missions.rendering import Rendered, rendered
from sources import citing
from sources.models import Evidence
from sources.notes import WrittenNote, written_notes

# Measures of the table of strength, in its order.
STRENGTH = (
    "military-personnel", "military-liaison-officers", "police", "uniformed-personnel",
    "civilian-personnel", "international-civilian-personnel", "local-civilian-personnel",
    "un-volunteers", "total-personnel", "contributing-countries",
)  # fmt: skip

FEW = 5  # values on which sources differ: so many stand in one line


@dataclass(frozen=True)
class Link:
    """Another record as it may be named: by its published edition."""

    title: str
    address: str
    acronym: str = ""
    is_running: bool = False


@dataclass(frozen=True)
class Section:
    """An entry of the contents list."""

    id: str
    title: str
    deeper: bool = False


@dataclass(frozen=True)
class Series:
    """One measure through time: its facts, oldest first."""

    measure: str
    facts: list[Fact]

    @cached_property
    def shown(self) -> list[Fact]:
        """The first fact, the highest count and the last of each year: the page of figures has them all."""
        by_date = sorted(self.facts, key=lambda fact: max(figure.as_of for figure in fact.figures))
        last = {fact.figures[0].as_of[:4]: fact for fact in by_date}  # a fact begins with its least exact date
        kept = {self.facts[0].slug, self.highest.slug, *(fact.slug for fact in last.values())}
        return [fact for fact in self.facts if fact.slug in kept]

    @property
    def highest(self) -> Fact:
        """The fact with the highest number; one without a date, disputed or planned only where all are."""
        return max(self.facts, key=lambda fact: max(rank_of(figure, fact) for figure in fact.figures))


@dataclass(frozen=True)
class Dispute:
    """Something on which sources differ: a fact with its values, a question with positions, or both."""

    id: str
    question: str
    fact: Fact | None
    disagreement: Disagreement | None
    values: list[Value]  # empty where an earlier entry shows the values of the same fact
    shown_at: Dispute | None = None  # that earlier entry

    @property
    def sources(self) -> int:
        """How many sources give its values."""
        return len({figure.source_id for value in self.values for figure in value.figures})

    @property
    def scale(self) -> Scale | None:
        """Its values on a scale; None for deaths and losses, and for few values: the page of the fact draws them all."""
        return scale(self.fact, self.values, self.question) if len(self.values) > FEW else None


@dataclass(frozen=True)
class Gathered:
    """A line of an article's infobox: values of its missions, each with the places that prove it."""

    label: str
    values: list[tuple[str, list[Link]]]


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


def live_edition(kind: str, slug: str) -> Any | None:
    """The edition at a record's address: published, or withdrawn with its notice. None when none is public."""
    return _loaded(kind, slug).filter(record__live=F("pk")).first()


def numbered_edition(kind: str, slug: str, number: int) -> Any | None:
    """The edition with this number, suppressed ones included, with its frozen text."""
    return (
        KINDS[kind]
        .objects.once_public()
        .filter(record__kind=kind, record__slug=slug, number=number)
        .select_related(*_joined(kind))
        .first()
    )


def edition_on(kind: str, slug: str, day: datetime.date) -> Any | None:
    """The edition that was public at the end of a day (Europe/Belgrade), suppressed ones included."""
    return (
        KINDS[kind]
        .objects.at_end_of(day)
        .select_related(*_joined(kind))
        .filter(record__kind=kind, record__slug=slug)
        .defer("frozen")
        .order_by("-number")
        .first()
    )


def _loaded(kind: str, slug: str) -> Any:
    return (
        KINDS[kind]
        .objects.public()
        .filter(record__kind=kind, record__slug=slug)
        .select_related(*_joined(kind))
        .defer("frozen")
    )


def _joined(kind: str) -> list[str]:
    own = {"mission": ["mission_kind"], "event": ["event_kind", "place"], "article": []}[kind]
    return ["record", "withdrawn_by", *own]


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


def public_links(records: Iterable[int]) -> dict[int, Link]:
    """The records that have a published edition, by id, as they may be named. One query."""
    editions = (
        Edition.objects.published()
        .filter(record__in=records)
        .select_related("record")
        .annotate(acronym=F("as_mission__acronym"), status=F("as_mission__status"))
        .only("title", "record__kind", "record__slug")
    )
    return {
        edition.record_id: Link(
            edition.title,
            edition.record.get_absolute_url(),
            edition.acronym or "",
            edition.status == Mission.Status.RUNNING,
        )
        for edition in editions
    }


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


# Figures


def strength(facts: Iterable[Fact]) -> list[Series]:
    """The table of strength through time: facts about the whole, by measure."""
    by_measure: dict[str, list[Fact]] = defaultdict(list)
    for fact in facts:
        first = fact.figures[0]
        if first.measure.key in STRENGTH and not (fact.is_part or first.country or first.group):
            by_measure[first.measure.key].append(fact)
    return [Series(by_measure[key][0].measure_name, by_measure[key]) for key in STRENGTH if key in by_measure]


def contributions(facts: Iterable[Fact]) -> list[Fact]:
    """The latest fact on the personnel of each country, by the name of the country."""
    latest: dict[str, Fact] = {}
    for fact in facts:  # oldest first
        first = fact.figures[0]
        if first.country and first.measure.key in STRENGTH and first.as_of:
            latest[first.country] = fact
    return [latest[code] for code in sorted(latest, key=country_name)]


def disputes(facts: Iterable[Fact], disagreements: Iterable[Disagreement]) -> list[Dispute]:
    """All on which sources differ: first what the record asks, then facts whose values speak alone."""
    by_slug = {fact.slug: fact for fact in facts}
    found: list[Dispute] = []
    shown: dict[str, Dispute] = {}  # by fact, the entry with its values
    together: dict[str | int, list[Disagreement]] = defaultdict(list)
    for row in disagreements:  # questions about one fact stand together, where the first of them stands
        together[row.about if row.about in by_slug else row.pk].append(row)
    for row in chain.from_iterable(together.values()):
        fact = by_slug.get(row.about)
        earlier = shown.get(fact.slug) if fact else None
        values = fact.values if fact and not earlier else []
        found.append(Dispute(f"differ-{row.key}", row.question, fact, row, values, earlier))
        if fact:
            shown.setdefault(fact.slug, found[-1])
    return found + [
        Dispute(f"differ-{fact.slug}", fact.title, fact, None, fact.values)
        for fact in by_slug.values()
        if fact.sources_differ and fact.slug not in shown
    ]


# What each kind of record shows of others


def _gather_mission(page: RecordPage) -> None:
    page.events = list(beside.events_of(page.edition))
    page.articles = list(beside.articles_of(page.edition))
    page.more = list(beside.more_missions(page.edition))


def _gather_event(page: RecordPage) -> None:
    edition = page.edition
    page.themes = list(edition.themes.all())
    page.missions = list(beside.missions_of(edition))
    page.articles = list(beside.articles_of(edition))
    before, after = beside.more_events(edition)
    page.more = [*reversed(before), *after]


def _gather_article(page: RecordPage) -> None:
    edition = page.edition
    page.themes = list(edition.themes.all())
    page.missions = list(beside.missions_of(edition))
    page.events = list(beside.events_of(edition))
    page.gathered = _gathered(page.missions)
    page.more = list(beside.more_articles(edition))


GATHER = {"mission": _gather_mission, "event": _gather_event, "article": _gather_article}


def _gathered(missions: list[Any]) -> list[Gathered]:
    """The infobox of an article: what its missions say, each value with links to where it is proved."""
    values: dict[str, dict[str, list[Link]]] = defaultdict(lambda: defaultdict(list))

    def add(label: str, value: str, mission: Any, anchor: str) -> None:
        title = mission.acronym or mission.title
        address = f"{mission.record.get_absolute_url()}#{anchor}"
        values[label][value].append(Link(title, address))

    for mission in missions:
        if mission.start:
            add("Start year", str(mission.start.year), mission, "start")
        if mission.end:
            add("End year", str(mission.end.year), mission, "end")
        elif mission.status == Mission.Status.RUNNING:
            add("End year", "running", mission, "status")
        else:
            add("End year", "not established", mission, "status")
    by_pk = {mission.pk: mission for mission in missions}
    labels = {
        "regional-group": "UN regional group",
        "conflict-type": "Type of conflict",
        "initiative-type": "Type of initiative",
    }
    in_turn = ("rank", "edition_id", "pk")  # of equal ranks a database would put either first
    for row in Classification.objects.filter(edition__in=by_pk).select_related("term").order_by(*in_turn):
        mission = by_pk[row.edition_id]
        add(labels[row.term.vocabulary], row.term.name, mission, f"classification-{row.key}")
    leads = Participation.objects.filter(edition__in=by_pk, role=Participation.Role.LEAD, organisation__isnull=False)
    for lead in leads.select_related("organisation").order_by(*in_turn):
        anchor, name = f"participation-{lead.key}", str(lead.organisation)
        add("Main implementing organisations", name, by_pk[lead.edition_id], anchor)
    order = ["Start year", "End year", *labels.values(), "Main implementing organisations"]
    return [
        Gathered(
            label,
            sorted(values[label].items()) if label.endswith("year") else list(values[label].items()),
        )
        for label in order
        if label in values
    ]


# The parts of the page


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


# One fact


@dataclass(frozen=True)
class EarlierValues:
    """What an edition said on a fact."""

    edition: Edition
    figures: list[Figure]
    as_later: bool = False  # it gave the same numbers from the same sources as the next edition that gave any
    corrects: bool = False  # it gave others than the edition before, and says that those were wrong


@dataclass
class FactPage:
    """One fact of a record: what the edition says, and what public editions have said."""

    edition: Any
    slug: str
    fact: Fact | None  # None where only earlier editions give it
    total: str  # the fact of which it is a part, where there is one
    questions: list[tuple[Disagreement, list[tuple[dict[str, Any], list[Evidence]]]]]  # each with its positions
    history: list[EarlierValues]
    drawings: Drawings  # its measure through time, where that is the strength of a mission

    @property
    def title(self) -> str:
        fact = self.fact or facts_of(self.history[0].figures)[0]
        return fact.title

    @property
    def address(self) -> str:
        return fact_address(self.edition.record, self.slug)

    @property
    def scale(self) -> Scale | None:
        """Its values on a scale, where sources differ; None for deaths and losses."""
        asked = [disagreement.question for disagreement, _ in self.questions]
        return scale(self.fact, self.fact.values, *asked) if self.fact and self.fact.sources_differ else None


def fact_page(edition: Any, slug: str) -> FactPage | None:
    """Gather one fact of an edition and its history; None where no public edition gives it."""
    history: dict[int, list[Figure]] = defaultdict(list)
    public = edition.record.editions.public()
    for figure in (
        Figure.objects.filter(edition__in=public, fact=slug)
        .select_related("source", "measure", "basis")
        .order_by("edition__number", "as_of", "rank", "key")
    ):
        history[figure.edition_id].append(figure)
    if not history:
        return None
    editions = {row.pk: row for row in public.filter(pk__in=history).select_related("record").light()}
    disagreements = list(edition.disagreements.filter(about=slug))
    cited = {key for disagreement in disagreements for key in disagreement.all_cited_keys()}
    citations = {row.key: row for row in edition.citations.filter(key__in=cited).select_related("source")}
    questions = [
        (
            disagreement,
            [
                (position, [citations[key] for key in position.get("cites", []) if key in citations])
                for position in disagreement.positions
            ],
        )
        for disagreement in disagreements
    ]
    here = history.get(edition.pk)
    fact = facts_of(here)[0] if here else None
    return FactPage(
        edition,
        slug,
        fact,
        _total_of(edition, here),
        questions,
        _history([(editions[pk], figures) for pk, figures in history.items()]),
        _through_time(edition, fact) if fact else Drawings(),
    )


def _through_time(edition: Any, fact: Fact) -> Drawings:
    """The strength of its mission by the measure of a fact, with the dates of the fact; none for parts of it."""
    if not strength([fact]) or edition.record.kind != "mission":
        return Drawings()
    asked = edition.figures.filter(measure=fact.figures[0].measure_id).values("fact")
    figures = edition.figures.filter(fact__in=asked).select_related("source", "measure", "basis")
    leads = edition.participations.filter(role=Participation.Role.LEAD).order_by("rank", "key")
    return Drawings(
        strength=strength_drawn(strength(facts_of(figures)), here=fact),
        series=series_of(leads.values_list("organisation__key", flat=True)),
    )


def _history(said: list[tuple[Edition, list[Figure]]]) -> list[EarlierValues]:
    """What editions said, newest first."""
    found: list[EarlierValues] = []
    older: list[Any] | None = None
    for edition, figures in sorted(said, key=lambda one: one[0].number or 0):
        values = [(figure.in_words, figure.as_of, figure.basis_id, figure.source_id) for figure in figures]
        if found and values == older:
            found[-1] = replace(found[-1], as_later=True)
        corrects = edition.is_correction and older is not None and values != older
        found.append(EarlierValues(edition, figures, corrects=corrects))
        older = values
    return found[::-1]


def _total_of(edition: Any, figures: list[Figure] | None) -> str:
    whole = figures[0].part_of if figures else ""
    if not whole:
        return ""
    named = edition.figures.filter(Q(fact=whole) | Q(key=whole))
    return named.values_list("fact", flat=True).first() or ""


def fact_address(record: Record, slug: str) -> str:
    return path_to(f"{record.kind}-fact", record.slug, slug)
