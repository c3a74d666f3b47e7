"""The tables of the rows of published editions: figures, citations, disagreements and all the others."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef
from django.urls import reverse

from editorial.models import Row
from editorial.models.editions import texts_of
from missions.exports.columns import Column, Reference, Table, address, in_pieces, of_model, text
from missions.exports.records import LISTED, published_records
from missions.models import (
    Area,
    Classification,
    Disagreement,
    Figure,
    Illustration,
    Instrument,
    Leader,
    Objective,
    Participation,
    Phase,
    Relation,
    Responsibility,
    Statement,
)
from sources.models import Citation

CITES = "Keys of citations of the same record that prove it."
EVIDENCE = ("source", "locator", "quote", "note", "checked", "checked_by", "checked_on")
BY_SOURCE = Reference(("source",), "sources")


def _rows(model: type[Row], *joined: str, named: str = "") -> Iterator[Any]:
    """Rows of published editions; `named` is a record that they name, and `names_public` whether readers find it."""
    rows: Any = model._default_manager.of_published()  # type: ignore[attr-defined]
    rows = rows.select_related("edition__record", *joined).defer(*texts_of("edition"))
    if named:
        public = published_records().filter(pk=OuterRef(named))
        rows = rows.select_related(named, "edition__record", *joined).annotate(names_public=Exists(public))
    return in_pieces(rows.order_by("edition__record__kind", "edition__record__slug", "rank", "key"))


@dataclass(frozen=True)
class Position:
    """One side of a disagreement, read like a row."""

    of: Disagreement
    number: int
    says: dict[str, Any]


def _positions() -> Iterator[Position]:
    for disagreement in _rows(Disagreement):
        for number, position in enumerate(disagreement.positions, 1):
            yield Position(disagreement, number, position)


def _lead(row: Callable[[Any], Any] = lambda given: given) -> list[Column]:
    """What each row begins with; `row` leads from what is given to the row of the edition."""
    return [
        text("record", "The record it belongs to.", lambda given: row(given).edition.record.frozen_key),
        Column("edition", "integer", "The number of the edition.", lambda given: row(given).edition.number),
        address(
            "permanent_address",
            "Where this edition stands for ever.",
            lambda given: row(given).edition.get_absolute_url(),
        ),
        text("key", "Names it among the rows of its kind in the record, through all editions.", lambda g: row(g).key),
    ]


def _named(name: str, field: str, description: str) -> Column:
    """A record that a row names: its kind and slug, or nothing where readers do not find it."""
    return text(
        name,
        f"{description} As far as it is public.",
        lambda row: getattr(row, field).frozen_key if row.names_public else None,
    )


def _table(
    model: type[Row],
    title: str,
    description: str,
    own: list[Column],
    *joined: str,
    named: str = "",
    references: tuple[Reference, ...] = (),
) -> Table:
    return Table(
        model.plural, title, description, (*_lead(), *own), lambda: _rows(model, *joined, named=named),
        key=("record", "key"), references=references,
    )  # fmt: skip


def _fact_address(figure: Figure) -> str:
    record = figure.edition.record
    return reverse(f"{record.kind}-fact", args=[record.slug, figure.fact])


FIGURES = _table(
    Figure,
    "Figures",
    "Quantities as one source gives them. Rows of one record and one fact answer the same question: where sources "
    "give different values they disagree, and none is preferred. Losses are never to be added up.",
    [
        *of_model(Figure, "fact", "measure", "value", "low", "high", "unit", "qualifier"),
        text("in_words", "The number as the source has it.", lambda row: row.in_words),
        *of_model(
            Figure, "basis", "basis_note", "counted_by", "counted_whom", "group", "country", "as_of", "as_of_note",
            "part_of", *EVIDENCE,
        ),
        address("address", "The page of the fact.", _fact_address),
    ],
    "measure", "basis", "source",
    references=(BY_SOURCE,),
)  # fmt: skip
CITATIONS = _table(
    Citation,
    "Citations",
    "Places in sources that records cite: the markers [^key] in their texts lead here.",
    [
        *of_model(Citation, *EVIDENCE, "accessed"),
        text("supports", f"The fields of the record that it proves. {LISTED}", lambda row: row.supports),
    ],
    "source",
    references=(BY_SOURCE,),
)
STATEMENTS = _table(
    Statement,
    "Statements",
    "What somebody said: each with its holder. Nothing of it is in the site’s own voice.",
    of_model(Statement, "holder", "role", "date", "kind", "quoted", "text", "language", "cites"),
)
DISAGREEMENTS = _table(
    Disagreement,
    "Disagreements",
    "What the sources of a record differ on, and why, as far as we can tell. Where it is about a fact, the figures "
    "of that fact are the positions; the others stand in the table of positions.",
    of_model(Disagreement, "about", "question", "reason", "note", "settled", "cites"),
)
POSITIONS = Table(
    "positions",
    "Positions",
    "Who holds what in a disagreement, side by side.",
    (
        *_lead(lambda position: position.of),
        Column("number", "integer", "Its place in the disagreement, from 1.", lambda row: row.number),
        text("holder", "Who holds it.", lambda row: row.says.get("holder")),
        text("text", "The words, or a paraphrase.", lambda row: row.says.get("text")),
        Column(
            "quoted", "boolean", "The exact words; otherwise a paraphrase.", lambda row: bool(row.says.get("quoted"))
        ),
        text("cites", f"{CITES} {LISTED}", lambda row: " ".join(row.says.get("cites", []))),
    ),
    _positions,
    key=("record", "key", "number"),
    references=(Reference(("record", "key"), "disagreements"),),
)
CLASSIFICATIONS = _table(
    Classification,
    "Classifications",
    "Words of the vocabularies under which a mission falls, and whose judgement that is.",
    [
        text("vocabulary", "The vocabulary of the term.", lambda row: row.term.vocabulary),
        *of_model(Classification, "term", "basis", "reason", "cites"),
    ],
    "term",
    references=(Reference(("vocabulary", "term"), "terms"),),
)
PARTICIPATIONS = _table(
    Participation,
    "Participations",
    "Organisations that led, contributed or supported.",
    of_model(Participation, "organisation", "role", "note", "cites"),
    "organisation",
    references=(Reference(("organisation",), "organisations"),),
)
INSTRUMENTS = _table(
    Instrument,
    "Instruments",
    "Documents of the legal basis.",
    of_model(Instrument, "title", "body", "symbol", "date", "effect", "note", "cites"),
)
OBJECTIVES = _table(Objective, "Objectives", "What a mission was to do.", of_model(Objective, "text", "cites"))
PHASES = _table(
    Phase, "Phases", "Stretches of a mission’s life.", of_model(Phase, "title", "start", "end", "note", "cites")
)
AREAS = _table(
    Area,
    "Areas",
    "Parts of the territory, and who answered there for a mission.",
    of_model(Area, "name", "position", "led_by", "seat", "start", "end", "note", "cites"),
)
RESPONSIBILITIES = _table(
    Responsibility,
    "Responsibilities",
    "Tasks that a mission held, and to whom they went.",
    [
        *of_model(Responsibility, "task", "start", "end"),
        _named("handed_to", "handed_to", "The record to which it went."),
        *of_model(Responsibility, "handed_to_text", "note", "cites"),
    ],
    "task",
    named="handed_to",
)
LEADERS = _table(
    Leader,
    "Leaders",
    "Who led a mission, from when to when.",
    of_model(Leader, "person", "role", "country", "start", "end", "note", "cites"),
)
RELATIONS = _table(
    Relation,
    "Relations",
    "How a mission stands to other records.",
    [
        *of_model(Relation, "kind"),
        _named("other_record", "record", "The other record."),
        *of_model(Relation, "note", "cites"),
    ],
    named="record",
)
ILLUSTRATIONS = _table(
    Illustration,
    "Illustrations",
    "Pictures that records show, each under a licence of its own.",
    [
        text(
            "picture", "The name of the file: the SHA-256 of its content, and its size in pixels.", lambda r: r.picture
        ),
        address("address", "Where the picture is.", lambda row: reverse("picture", args=[row.picture])),
        *of_model(
            Illustration, "alt_text", "caption", "shows", "date", "credit", "licence", "licence_note", "origin", "cites"
        ),
    ],
)

ROWS = (
    FIGURES, CITATIONS, STATEMENTS, DISAGREEMENTS, POSITIONS, CLASSIFICATIONS, PARTICIPATIONS, INSTRUMENTS, OBJECTIVES,
    PHASES, AREAS, RESPONSIBILITIES, LEADERS, RELATIONS, ILLUSTRATIONS,
)  # fmt: skip
