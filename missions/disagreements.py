"""Everything on which the sources of published editions differ, for the page that lists it all.

An entry is a fact with several amounts, a question with its positions, or both. Deaths and losses
stand apart, by date; they are never summed or ranked. Everything else is grouped by what it is about.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Case, F, Max, Min, OuterRef, Subquery, Value, When
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.text import capfirst

from editorial.models import Edition
from missions.facts import Fact, facts_of, facts_that_differ
from missions.losses import is_loss
from missions.models import Disagreement, Figure
from sources.dates import PartialDate

LOSSES = "Deaths and losses"
DATES = "Dates"
PLACES = "Places and names"
OTHER = "Other questions"
OPEN_LOOKED_AT = 200  # open questions, of which home shows some
_DATE_FIELDS = {"start", "end", "date", "end_date", "mandate_until"}
_PLACE_FIELDS = {"place", "headquarters", "title", "acronym", "actors"}
_DATE = re.compile(r"(?:(?:\d{1,2} )?[A-Z][a-z]+ )?(?:19|20)\d\d\b")


@dataclass(frozen=True)
class Key:
    """Where an entry belongs, before it is loaded."""

    edition: int
    fact: str  # empty where there are no figures
    disagreement: int | None
    subject: str
    date: str

    @property
    def is_loss(self) -> bool:
        return self.subject == LOSSES


@dataclass(frozen=True)
class Entry:
    """One thing on which sources differ, as the list shows it."""

    key: Key
    edition: Edition
    fact: Fact | None
    disagreement: Disagreement | None

    @property
    def subject(self) -> str:
        return self.key.subject

    @property
    def question(self) -> str:
        if self.disagreement:
            return self.disagreement.question
        return self.fact.title if self.fact else ""

    @property
    def address(self) -> str:
        """The page of the fact or, for a question in words, its place on the record's page."""
        record = self.edition.record
        if self.fact:
            return reverse(f"{record.kind}-fact", args=[record.slug, self.fact.slug])
        return record.get_absolute_url() + (f"#differ-{self.disagreement.key}" if self.disagreement else "")


def keys() -> list[Key]:
    """All entries in the order of the page: losses by date first, then the rest by subject and date."""
    facts = {
        (row["edition"], row["fact"]): row
        for row in facts_that_differ(Figure.objects.of_published()).annotate(
            measure_key=Min("measure__key"), measure_name=Min("measure__name"), date=Max("as_of")
        )
    }
    of_fact = Figure.objects.filter(edition=OuterRef("edition"), fact=OuterRef("about"))
    questions = (
        Disagreement.objects.of_published()
        .annotate(
            measure_key=Subquery(of_fact.values("measure__key")[:1]),
            measure_name=Subquery(of_fact.values("measure__name")[:1]),
            as_of=Subquery(of_fact.values("as_of")[:1]),
            record_date=Coalesce(
                F("edition__as_event__date"), F("edition__as_mission__start"), Value("")
            ),
            fact=Case(When(measure_key__isnull=False, then=F("about")), default=Value("")),
        )
        .values(
            "pk", "edition", "about", "question", "fact",
            "measure_key", "measure_name", "as_of", "record_date",
        )
    )  # fmt: skip
    found = []
    for row in questions:
        facts.pop((row["edition"], row["fact"]), None)
        found.append(
            Key(
                row["edition"],
                row["fact"],
                row["pk"],
                _subject(row["measure_key"], row["measure_name"], row["about"], row["question"]),
                row["as_of"] or row["record_date"] or _date_in(row["question"]),
            )
        )
    found += [
        Key(
            edition,
            fact,
            None,
            _subject(row["measure_key"], row["measure_name"], fact, ""),
            row["date"],
        )
        for (edition, fact), row in facts.items()
    ]
    last = [PLACES, OTHER]
    return sorted(
        found,
        key=lambda key: (
            not key.is_loss,
            last.index(key.subject) + 1 if key.subject in last else 0,
            key.subject,
            key.date,
            key.edition,
            key.fact,
            key.disagreement or 0,
        ),
    )


def _date_in(question: str) -> str:
    """The first date a question names, for its place in the order; empty where it names none."""
    if not (found := _DATE.search(question)):
        return ""
    try:
        return str(PartialDate.parse(found[0]))
    except ValueError:
        return found[0][-4:]


def _subject(measure_key: str | None, measure_name: str | None, about: str, question: str) -> str:
    if is_loss(measure_key or question):
        return LOSSES
    if measure_name:
        return capfirst(measure_name)
    if about in _DATE_FIELDS:
        return DATES
    return PLACES if about in _PLACE_FIELDS else OTHER


def entries(wanted: Sequence[Key]) -> list[Entry]:
    """The entries of these keys, in their order, in a fixed number of queries."""
    editions = Edition.objects.published().light().select_related("record").in_bulk({key.edition for key in wanted})
    disagreements = Disagreement.objects.in_bulk([key.disagreement for key in wanted if key.disagreement])
    figures = Figure.objects.filter(
        edition__in={key.edition for key in wanted if key.fact},
        fact__in={key.fact for key in wanted if key.fact},
    ).select_related("measure", "basis", "source")
    by_edition: dict[int, list[Figure]] = {}
    for figure in figures:
        by_edition.setdefault(figure.edition_id, []).append(figure)
    facts = {(edition, fact.slug): fact for edition, rows in by_edition.items() for fact in facts_of(rows)}
    return [
        Entry(
            key,
            editions[key.edition],
            facts.get((key.edition, key.fact)),
            disagreements.get(key.disagreement) if key.disagreement else None,
        )
        for key in wanted
    ]


def latest_open(count: int) -> list[Entry]:
    """Some questions on missions that are still open, one of each mission; no count of deaths or losses.

    Of those of the editions published last, the ones on which the most positions are told.
    """
    of_fact = Figure.objects.filter(edition=OuterRef("edition"), fact=OuterRef("about"))
    rows = (
        Disagreement.objects.of_published()
        .filter(settled="", edition__record__kind="mission")
        .annotate(measure_key=Subquery(of_fact.values("measure__key")[:1]))
        .order_by("-edition__published_at", "edition__title", "rank", "key")
        .values_list("pk", "edition", "about", "question", "measure_key", "positions")[:OPEN_LOOKED_AT]
    )
    of_each: dict[int, Key] = {}
    for pk, edition, about, question, measure_key, _ in sorted(rows, key=lambda row: -len(row[-1])):
        if len(of_each) < count and edition not in of_each and not is_loss(about, question, measure_key or ""):
            of_each[edition] = Key(edition, "", pk, OTHER, "")
    return entries(list(of_each.values()))
