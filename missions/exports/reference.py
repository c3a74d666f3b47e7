"""The tables of reference data in public use: sources, organisations, places and the vocabularies."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from django.db.models import Prefetch

from missions.exports.columns import Column, Reference, Table, address, in_pieces, of_model, text
from missions.models import Organisation, Place, Term
from sources import citing
from sources.models import Source


def _in_public_use(model: Any, *order: str, names: str = "", of: Any = None) -> Callable[[], Iterator[Any]]:
    """`names` is a field that names reference data of the model `of`: shown where that is in public use too."""

    def rows() -> Iterator[Any]:
        things = model.objects.in_public_use().order_by(*order)
        if names:
            things = things.prefetch_related(Prefetch(names, of.objects.in_public_use().only("key")))
        return in_pieces(things)

    return rows


def _authors(source: Source) -> str:
    """`Everts, Daan W.; United Nations`: in order, people by family name."""
    return "; ".join(
        author.get("literal") or ", ".join(name for name in (author.get("family"), author.get("given")) if name)
        for author in source.authors
    )


KEY = Column("key", "string", "Its lasting name; other tables name it by this.", lambda row: row.key)
PAGE = address("address", "Its page.", lambda row: row.get_absolute_url())

SOURCES = Table(
    "sources",
    "Sources",
    "Documents that claims rest on: every source that a public edition cites.",
    (
        KEY,
        text("as_printed", "The source written out in full.", citing.plain),
        *of_model(Source, "type", "title"),
        text("authors", "In order, divided by semicolons; people with the family name first.", _authors),
        *of_model(
            Source, "container", "publisher", "publisher_place", "issued", "url", "archived_url", "consulted_at",
            "symbol", "doi", "isbn", "language", "standing", "stake", "stake_reason", "origin", "status", "note",
        ),
        PAGE,
    ),
    _in_public_use(Source, "key", names="origin", of=Source),
    key=("key",),
    references=(Reference(("origin",), "sources"),),
)  # fmt: skip
ORGANISATIONS = Table(
    "organisations",
    "Organisations",
    "Bodies that public editions name. Names that are not known in a language are left empty.",
    (
        KEY,
        *of_model(
            Organisation, "name", "name_sq", "name_sr_latn", "name_sr_cyrl", "acronym", "kind", "parent", "website",
            "founded", "dissolved", "note",
        ),
        PAGE,
    ),
    _in_public_use(Organisation, "key", names="parent", of=Organisation),
    key=("key",),
    references=(Reference(("parent",), "organisations"),),
)  # fmt: skip
PLACES = Table(
    "places",
    "Places",
    "Where things happened. Names that are not known in a language are left empty.",
    (
        KEY,
        *of_model(
            Place, "name", "name_sq", "name_sr_latn", "name_sr_cyrl", "kind", "municipality", "country", "latitude",
            "longitude", "note",
        ),
    ),
    _in_public_use(Place, "key"),
    key=("key",),
)  # fmt: skip
TERMS = Table(
    "terms",
    "Terms",
    "Words of the vocabularies that public editions use, with their definitions: measures, bases, themes and so on. "
    "A column such as “measure” names one by its key, in the vocabulary of the same name.",
    (
        *of_model(Term, "vocabulary", "key", "name", "definition", "as_in_source", "source", "note"),
        address("address", "Its place on the page of definitions.", lambda row: row.get_absolute_url()),
    ),
    _in_public_use(Term, "vocabulary", "rank", "key", names="source", of=Source),
    key=("vocabulary", "key"),
    references=(Reference(("source",), "sources"),),
)
