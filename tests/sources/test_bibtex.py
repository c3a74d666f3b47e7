"""BibTeX: sources and our own pages."""

from __future__ import annotations

import pytest

from sources.bibliography import written_as
from sources.bibliography.bibtex import escaped
from sources.models import Source
from tests.sources.references import RESOLUTION, WORK


def test_a_resolution_keeps_its_body_in_braces_and_its_address_as_it_is():
    text, media_type = written_as("bib", [RESOLUTION])
    assert media_type.startswith("application/x-bibtex")
    assert text == (
        "@misc{un1999res1244,\n"
        "  author = {{United Nations Security Council}},\n"
        "  title = {{Resolution 1244 (1999)}},\n"
        "  howpublished = {United Nations},\n"
        "  year = {1999},\n"
        "  number = {S/RES/1244 (1999)},\n"
        "  url = {https://example.org/a_b%20c?x=1&y=%7B2%7D#p},\n"
        "  language = {en},\n"
        "  month = jun,\n"
        "}\n"
    )


@pytest.mark.parametrize(
    ("type", "entry", "fields"),
    [
        ("book", "@book{", ["publisher = {P}", "howpublished"]),
        ("chapter", "@incollection{", ["booktitle = {C}", "publisher = {P}"]),
        ("report", "@techreport{", ["institution = {P}"]),
        ("article-journal", "@article{", ["journal = {C}"]),
        ("article-newspaper", "@article{", ["journal = {C}"]),
        ("webpage", "@misc{", ["howpublished = {C, P}"]),
        ("thesis", "@misc{", ["note = {Thesis}"]),
    ],
)
def test_each_kind_of_source_has_its_entry(type, entry, fields):
    source = Source(key="k", type=type, title="T", container="C", publisher="P")
    text, _ = written_as("bib", [source])
    assert text.startswith(entry)
    for field in fields:
        assert (field in text) is (field != "howpublished")
    assert "year" not in text


def test_people_are_family_name_first_and_divided_by_and():
    authors = [{"family": "King", "given": "Iain"}, {"family": "Mason"}, {"literal": "Smith and Sons"}]
    text, _ = written_as("bib", [Source(key="k", type="book", title="T", authors=authors)])
    assert "author = {King, Iain and Mason and {Smith and Sons}}," in text


def test_what_would_be_a_command_is_escaped():
    assert escaped(r"100% of $5 & #1_a {b} \c ~^") == (
        r"100\% of \$5 \& \#1\_a \textbraceleft{}b\textbraceright{} \textbackslash{}c \textasciitilde{}\textasciicircum{}"
    )
    text, _ = written_as("bib", [Source(key="k", type="book", title="One\n@misc{x,\n}")])
    assert text.count("\n@") == 0


def test_entries_are_divided_by_an_empty_line():
    text, _ = written_as("bib", [RESOLUTION, RESOLUTION])
    assert text.count("\n}\n\n@misc") == 1


def test_a_page_of_ours_carries_its_edition_its_hash_and_when_it_was_read():
    text, _ = written_as("bib", [WORK])
    assert text.startswith("@misc{kosovo-peace-missions-kfor-editions-4,")
    assert "author = {{Ana, Ben}}," in text
    assert f"note = {{Edition 4. SHA-256 of its text: {'ab' * 32}}}," in text
    assert "urldate = {2026-06-01}," in text
    assert "version = {4}," in text


def test_plain_text_is_what_a_reader_would_write_below_an_essay():
    text, media_type = written_as("txt", [RESOLUTION, WORK])
    assert media_type.startswith("text/plain")
    assert text == (
        "United Nations Security Council, Resolution 1244 (1999), S/RES/1244 (1999), 10 June 1999, "
        "https://example.org/a_b%20c?x=1&y={2}#p\n\n"
        "Ana, Ben, “Kosovo Force”, Kosovo Peace, edition 4, 3 May 2026, "
        f"https://peace.example/missions/kfor/editions/4/ (accessed 1 June 2026). SHA-256: {'ab' * 32}\n"
    )


def test_an_unknown_format_is_a_key_error():
    with pytest.raises(KeyError):
        written_as("docx", [WORK])
