"""RIS: sources and our own pages."""

from __future__ import annotations

import pytest

from sources.bibliography import BadText, ris, written_as
from sources.dates import PartialDate
from sources.models import Source
from tests.sources.references import RESOLUTION, WORK


def test_a_resolution_is_one_record_with_a_tag_a_line():
    text, media_type = written_as("ris", [RESOLUTION])
    assert media_type.startswith("application/x-research-info-systems")
    assert text == (
        "TY  - STAT\r\n"
        "ID  - un1999res1244\r\n"
        "AU  - United Nations Security Council\r\n"
        "TI  - Resolution 1244 (1999)\r\n"
        "PB  - United Nations\r\n"
        "M1  - S/RES/1244 (1999)\r\n"
        "UR  - https://example.org/a_b%20c?x=1&y={2}#p\r\n"
        "LA  - en\r\n"
        "PY  - 1999\r\n"
        "DA  - 1999/06/10/\r\n"
        "ER  - \r\n\r\n"
    )


def test_dates_say_only_what_is_known():
    def written(issued):
        source = Source(key="k", type="book", title="T", issued=PartialDate(issued) if issued else "")
        return written_as("ris", [source])[0]

    assert "DA  - 1999/06//\r\n" in written("1999-06")
    assert "DA  - 1999///\r\n" in written("1999")
    assert "DA  -" not in written("")


def test_a_line_break_in_a_value_cannot_end_the_record():
    text, _ = written_as("ris", [Source(key="k", type="book", title="One\r\nER  - \r\nTY  - BOOK")])
    assert text.count("\r\nER  - ") == 1
    assert "TI  - One ER - TY - BOOK\r\n" in text


def test_a_page_of_ours_says_when_it_was_read():
    text, _ = written_as("ris", [WORK])
    assert "ET  - 4\r\n" in text
    assert "Y2  - 2026/06/01/\r\n" in text


# Reading


def record(*lines, ends="\n"):
    return ends.join(["TY  - RPRT", "ID  - k", "TI  - T", *lines, "ER  - ", ""])


def item(text):
    (entry,) = ris.read(text).entries
    return {name: value for name, value in entry.item.items() if name not in ("id", "type", "title")}


def test_a_record_of_another_program_is_read():
    text = (
        "\ufeffProvider: Somebody\r\n\r\nTY  - JOUR\r\nA1  - Çelik, Ana\r\nA1  - NATO\r\nT1  - A title\r\n"
        "that goes on\r\nJO  - A journal\r\nY1  - 1999/06/10/\r\nVL  - 3\r\nSN  - 1234-5678\r\n"
        "UR  - https://example.org/a;b=1\r\nUR  - https://example.org/2\r\nER  -\r\n"
    )
    (entry,) = ris.read(text).entries
    assert entry.line == 3
    assert entry.item == {
        "type": "article-journal",
        "author": [{"family": "Çelik", "given": "Ana"}, {"literal": "NATO"}],
        "title": "A title that goes on",
        "container-title": "A journal",
        "issued": {"date-parts": [[1999, 6, 10]]},
        "URL": "https://example.org/a;b=1",
    }
    assert entry.left_out == ("https://example.org/2", "VL", "SN")


@pytest.mark.parametrize(
    ("line", "date"),
    [
        ("PY  - 1999", [1999]),
        ("PY  - 1999///", [1999]),
        ("PY  - 1999/06//", [1999, 6]),
        ("DA  - 1999-06-10", [1999, 6, 10]),
        ("DA  - 1999/6/1/spring", [1999, 6, 1]),
    ],
)
def test_dates_are_read_as_far_as_they_are_known(line, date):
    assert item(record(line))["issued"] == {"date-parts": [date]}


def test_what_is_no_date_is_left_out_and_named():
    (entry,) = ris.read(record("PY  - soon")).entries
    assert "issued" not in entry.item
    assert entry.left_out == ("PY",)


def test_the_number_of_a_report_is_its_symbol_and_of_a_book_an_isbn():
    assert item(record("SN  - S/2004/348")) == {"number": "S/2004/348"}
    assert item(record("SN  - 978-3-16-148410-0", "M1  - 7")) == {"ISBN": "978-3-16-148410-0", "number": "7"}


@pytest.mark.parametrize(
    ("text", "name", "line", "reason"),
    [
        ("TY  - BOOK\nTI  - No end", "No end", 1, "it has no end"),
        ("TY  - BOOK\nTI  - One\n\nTY  - BOOK\nTI  - Two\nER  - ", "One", 1, "the next record begins"),
        ("\nTI  - No type\nER  - ", "No type", 2, "its line TY is missing"),
        ("TY  - BOOK\nof no tag\nER  - ", "TY - BOOK", 1, "belongs to no tag"),
        (record("C8  - {broken"), "k", 1, "damaged"),
        (record("AB  - " + "x" * 30_000), "k", 1, "longer than"),
    ],
)
def test_broken_records_are_named_with_line_and_reason(text, name, line, reason):
    (bad,) = ris.read(text).bad
    assert (bad.name, bad.line) == (name, line)
    assert reason in bad.reason


@pytest.mark.parametrize("text", ["", "hello", "TY - BOOK", "x" * 1_000_000, "ER  - \n" * 100_000])
def test_what_is_no_ris_is_refused_in_words(text):
    with pytest.raises(BadText, match="no RIS record"):
        ris.read(text)
