"""The tables of records: missions, events and articles, each with its published edition."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import Exists, OuterRef, Prefetch

from editorial.models import Edition, Record
from missions.exports.columns import Column, Reference, Table, address, in_pieces, of_model, text
from missions.models import Article, Event, Mission

LISTED = "Divided by spaces."


def published_records() -> Any:
    """Records as others may name them: those with a published edition, each looked up in its turn."""
    return Record.objects.filter(Exists(Edition.objects.published().filter(pk=OuterRef("live"))))


RECORD = text("record", "The record: its kind and the last part of its address.", lambda row: row.record.frozen_key)
NUMBER = Column("edition", "integer", "The number of its published edition.", lambda row: row.number)
ABOUT_EDITION = [
    address("address", "Its page.", lambda row: row.record.get_absolute_url()),
    NUMBER,
    address("permanent_address", "Where this edition stands for ever.", lambda row: row.get_absolute_url()),
    *of_model(Edition, "sha256", "published_at", "written_by", "checked_by", "imported", "change_kind", "change_note"),
]


def with_what_they_name(editions: Any) -> Any:
    """Editions of one kind with all that the columns read."""
    model = editions.model
    joined = [field.name for field in model._meta.local_fields if field.is_relation and not field.primary_key]
    named = [
        Prefetch(many.name, published_records().order_by("kind", "slug"))
        if many.related_model is Record
        else Prefetch(many.name, many.related_model._default_manager.order_by("key"))
        for many in model._meta.local_many_to_many
    ]
    return editions.select_related("record", *joined).defer("frozen", "rendered").prefetch_related(*named)


def _table(model: type[Edition], name: str, title: str, description: str, own: list[Column]) -> Table:
    def rows() -> Iterator[Any]:
        editions: Any = model._default_manager.published()  # type: ignore[attr-defined]
        return in_pieces(with_what_they_name(editions).order_by("record__slug"))

    columns = (RECORD, *of_model(Edition, "title"), *own, *ABOUT_EDITION)
    references = [Reference((column.name,), f"{column.name}s") for column in own if column.name == "place"]
    return Table(name, title, description, columns, rows, key=("record",), references=tuple(references))


def _terms(name: str, description: str) -> Column:
    return text(name, f"{description} {LISTED}", lambda row: " ".join(term.key for term in getattr(row, name).all()))


def _records(name: str, description: str) -> Column:
    return text(
        name, f"{description} {LISTED}", lambda row: " ".join(one.frozen_key for one in getattr(row, name).all())
    )


MISSIONS = _table(
    Mission,
    "missions",
    "Missions",
    "Missions, related operations and bodies, one row each.",
    of_model(
        Mission, "acronym", "name_sq", "name_sr_latn", "name_sr_cyrl", "other_names", "mission_kind", "peace_mission",
        "status", "start", "end", "mandate_until", "headquarters", "summary", "mandate", "body",
    ),
)  # fmt: skip
EVENTS = _table(
    Event,
    "events",
    "Events",
    "What happened, one row for each event.",
    [
        *of_model(Event, "date", "end_date", "event_kind", "place"),
        _terms("themes", "Keys of its themes."),
        _records("missions", "The missions it belongs to, as far as they are public."),
        *of_model(Event, "actors", "summary", "body"),
    ],
)
ARTICLES = _table(
    Article,
    "articles",
    "Articles",
    "Texts on questions that run through many missions and events, one row each.",
    [
        *of_model(Article, "perspective"),
        _terms("themes", "Keys of its themes."),
        _records("missions", "The missions it is about, as far as they are public."),
        _records("events", "The events it is about, as far as they are public."),
        *of_model(Article, "summary", "body"),
    ],
)
# Not among the files: there each kind has a table of its own.
RECORDS = Table(
    "records",
    "Records",
    "Records of all kinds, one row each.",
    (RECORD, *of_model(Edition, "title"), *ABOUT_EDITION),
    lambda: in_pieces(Edition.objects.published().light().select_related("record").order_by("record")),
    key=("record",),
)
