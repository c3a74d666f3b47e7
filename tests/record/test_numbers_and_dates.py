"""Every number and date of the founding record is one that the cited sources give, or one that was looked at.

What remains stands in numbers-reviewed.yaml with a reason: words of the passage that hold the number, by
record. A finding that is neither given nor listed is a mistake in the prose, a marker that is missing or wrong,
or a source of which facts-of-sources.yaml does not yet tell what was `read` in it.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

import pytest

from sources.markers import markers_in
from tests.record.given import facts, figure_says, given_for, given_for_figure, given_in
from tests.record.passages import PROSE, Data, Passage, RecordFile, load, record_files, without_markers
from tests.record.said import is_among, said_in

REVIEWED = Path(__file__).with_name("numbers-reviewed.yaml")
SENTENCE = re.compile(r"[“‘(]?[^\W_a-z](?:\S*\s+){3,}.*[.!?][”’)]*", re.DOTALL)  # no heading, no item of a list


@cache
def reviewed() -> Data:
    return load(REVIEWED)


class Listed:
    """The entries of one list of the file, each of which must be needed."""

    def __init__(self, name: str) -> None:
        self.unused = {
            (record, words) for group in reviewed()[name] for record, listed in group["in"].items() for words in listed
        }
        self.words: dict[str, list[str]] = defaultdict(list)
        for record, words in sorted(self.unused):
            self.words[record].append(words)

    def has(self, record: str, text: str, holding: str = "") -> bool:
        """Whether words of `text` are listed that hold `holding`."""
        found = [words for words in self.words[record] if words in text and holding in words]
        self.unused -= {(record, words) for words in found}
        return bool(found)


def plain_text(text: str) -> str:
    return " ".join(without_markers(text).split())


def not_given(record: RecordFile, passages: Iterable[Passage]) -> Iterator[tuple[Passage, str, str]]:
    """What passages say that the sources covering them do not give: the number or date, and its words."""
    given = given_in(record)
    for passage in passages:
        known = set().union(*(given.get(key, ()) for key in passage.cites))
        for what, words in said_in(without_markers(passage.text)):
            if not is_among(what, known):
                yield passage, what, words


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("On 12 June 1999 about 42,000 troops", ["1999-06-12", "42000"]),
        ("17 and 18 March 2004, from 30 June to 2 July", ["2004-03-17", "2004-03-18", "--06-30", "--07-02"]),
        ("in May, in the 1990s and 1999–2002", ["--05", "1990s", "1999", "2002"]),
        ("twenty-three of two dozen, two thirds of 1.5 million", ["23", "24", "2/3", "1500000"]),
        ("three hundred and fifty; the ninth; half of them", ["350", "9", "1/2"]),
        ("Regulation 1999/1, S/1999/779, one police officer, the first of one kind", ["1999/1", "1"]),
    ],
)
def test_numbers_and_dates_are_read_in_figures_and_in_words(text, said):
    assert [what for what, _ in said_in(text)] == said


def test_a_date_is_given_by_one_that_says_as_much_or_more():
    assert is_among("1999-06", ["1999-06-12"])
    assert is_among("--06-12", ["1999-06-12"])
    assert is_among("1999-06-12", ["--06-12", "1999-03"])
    assert not is_among("1999-06-12", ["1999-06"])
    assert not is_among("--06", ["1999-12-06"])


def test_a_wrong_number_and_a_wrong_date_in_the_prose_are_found():
    record = next(record for record in record_files() if record.name == "event/march-riots-2004")
    passage = Passage(record.name, "body", "UNMIK counted 4,172 displaced people on 24 March.", ("unmik2004sitrep",))

    assert [what for _, what, _ in not_given(record, [passage])] == ["--03-24", "4172"]


def test_every_number_and_date_is_given_by_the_sources_cited_or_was_reviewed():
    listed = Listed("numbers")
    found = [
        f"{record.name}, {passage.where}: “{words}” ({what}) in “{passage.text}”"
        for record in record_files()
        for passage, what, words in not_given(record, record.passages())
        if not listed.has(record.name, plain_text(passage.text), words)
    ]

    assert found == []
    assert listed.unused == set()


def test_every_figure_is_given_by_its_source_or_was_reviewed():
    listed = Listed("figures")
    found = [
        f"{record.name}, {figure['key']}: {name} {what} is not among what {figure['source']} gives"
        for record in record_files()
        for figure in record.figures
        for name, what in figure_says(figure).items()
        if not is_among(what, given_for_figure(figure)) and not listed.has(record.name, figure["key"])
    ]

    assert found == []
    assert listed.unused == set()


def test_every_paragraph_has_a_marker_whose_source_the_facts_give_for_what_it_tells_of():
    without_marker, elsewhere = Listed("paragraphs without a marker"), Listed("sources given for another record")
    related = _related()

    def is_given(source: str, name: str) -> bool:
        # A source that was added later is given for where it was read.
        return bool(given_for(source) & related[name]) or (source in facts() and not given_for(source))

    found = []
    for record in record_files():
        for where, block in record.blocks():
            if block.startswith("#"):
                continue
            sources = {record.sources[key] for key in markers_in(block)}
            if not sources:
                fits = without_marker.has(record.name, plain_text(block))
            else:
                fits = any(is_given(source, record.name) for source in sources)
                fits = fits or elsewhere.has(record.name, plain_text(block))
            if not fits:
                found.append(f"{record.name}, {where}: “{block[:90]}…” ({', '.join(sorted(sources)) or 'no marker'})")

    assert found == []
    assert without_marker.unused == elsewhere.unused == set()


def _related() -> dict[str, set[str]]:
    """Each record with the records that it names and those that name it; an article draws on all of them."""
    related = {record.name: {record.name} for record in record_files()}
    for record in record_files():
        named = {f"mission/{slug}" for slug in record.fields.get("missions", ())}
        named |= {f"event/{slug}" for slug in record.fields.get("events", ())}
        named |= {row["record"] for row in record.fields.get("relations", ())}
        related[record.name] |= set(related) if record.name.startswith("article/") else named
        if not record.name.startswith("article/"):
            for name in named:
                related[name].add(record.name)
    return related


def test_no_two_records_share_a_sentence():
    records: dict[str, set[str]] = defaultdict(set)
    for record in record_files():
        for passage in record.passages():
            text = plain_text(passage.text)
            if passage.where in PROSE and SENTENCE.fullmatch(text):
                records[text].add(record.name)
    shared = {text: names for text, names in records.items() if len(names) > 1}

    assert shared == {}
