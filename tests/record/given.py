"""What the sources of the record give: the numbers and dates that a passage may say with a citation.

`facts-of-sources.yaml` tells of each source in the library for which records the facts gathered before the
prose was written name it (`for`), and which numbers and dates they take from it (`says`), as said.py writes
them; it was made once from those facts and holds no sentence of theirs. `read` is what was found in the source
itself afterwards: whoever adds a source, or takes more from one, writes it there. Quotations, figures and
the notes of citations speak for a source too.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from decimal import Decimal
from functools import cache
from pathlib import Path

from tests.record.passages import Data, RecordFile, library, load, record_files
from tests.record.said import plain, said_in

FACTS = Path(__file__).with_name("facts-of-sources.yaml")
LIBRARY_FIELDS = ("title", "container", "issued", "note")
CITATION_FIELDS = ("quote", "locator", "note")
FIGURE_NUMBERS = ("value", "low", "high")


@cache
def facts() -> dict[str, Data]:
    """`for`, `says` and `read` of each source, as sets."""
    return {source: {name: set(text.split()) for name, text in row.items()} for source, row in load(FACTS).items()}


def given_for(source: str) -> set[str]:
    """The records for which the facts name the source."""
    return facts().get(source, {}).get("for", set())


@cache
def _of_source(source: str) -> frozenset[str]:
    """What the facts and the library say of a source."""
    entry = library()[source]
    given = facts().get(source, {})
    known = {*given.get("says", ()), *given.get("read", ()), *re.findall(r"\d+(?:/\d+)?", entry.get("symbol", ""))}
    return frozenset(known | _words(entry, LIBRARY_FIELDS))


def _words(row: Data, names: Iterable[str]) -> set[str]:
    return {said.what for name in names for said in said_in(str(row.get(name, "")))}


def figure_says(figure: Data) -> dict[str, str]:
    """The numbers and the date of a figure, by field."""
    numbers = {name: plain(Decimal(str(figure[name]))) for name in FIGURE_NUMBERS if name in figure}
    return numbers | ({"as_of": str(figure["as_of"])} if figure.get("as_of") else {})


def given_for_figure(figure: Data) -> set[str]:
    """What its source gives for a figure, the figure itself left out."""
    return {*_of_source(figure["source"]), *_words(figure, CITATION_FIELDS)}


@cache
def _figures_of_sources() -> dict[str, set[str]]:
    """What the figures of all records take from each source."""
    found = defaultdict(set)
    for record in record_files():
        for figure in record.figures:
            found[figure["source"]] |= {*figure_says(figure).values(), *_words(figure, ("quote",))}
    return found


def given_in(record: RecordFile) -> dict[str, set[str]]:
    """What may be said with each citation of a record, by its key and by its source's."""
    sources = {*record.sources.values(), *(figure["source"] for figure in record.figures)}
    known = {source: {*_of_source(source), *_figures_of_sources().get(source, ())} for source in sources}
    for citation in record.fields["citations"]:
        known[citation["source"]] |= _words(citation, CITATION_FIELDS)
    return known | {key: known[source] for key, source in record.sources.items()}
