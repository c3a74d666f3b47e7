"""RIS: sources and our own pages."""

from __future__ import annotations

from sources.bibliography import written_as
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
