"""CSL-JSON: sources and our own pages."""

from __future__ import annotations

import json

from sources.bibliography import written_as
from sources.dates import PartialDate
from sources.models import Source
from tests.sources.references import RESOLUTION, WORK


def test_a_resolution_is_an_item_with_what_is_known_and_nothing_else():
    text, media_type = written_as("json", [RESOLUTION])
    assert media_type == "application/vnd.citationstyles.csl+json"
    assert json.loads(text) == [
        {
            "id": "un1999res1244",
            "type": "legislation",
            "title": "Resolution 1244 (1999)",
            "author": [{"literal": "United Nations Security Council"}],
            "publisher": "United Nations",
            "number": "S/RES/1244 (1999)",
            "issued": {"date-parts": [[1999, 6, 10]]},
            "URL": "https://example.org/a_b%20c?x=1&y={2}#p",
            "language": "en",
        }
    ]


def test_partial_dates_stay_partial():
    source = Source(key="k", type="book", title="T", issued=PartialDate("1999-06"))
    assert json.loads(written_as("json", [source])[0])[0]["issued"] == {"date-parts": [[1999, 6]]}


def test_foreign_letters_are_written_as_they_are():
    text, _ = written_as("json", [Source(key="k", type="book", title="Ђаковица, Gjakovë")])
    assert "Ђаковица, Gjakovë" in text


def test_every_type_of_source_is_a_csl_type():
    csl_types = {
        "article", "article-journal", "article-newspaper", "book", "chapter", "dataset", "legal_case",
        "legislation", "post-weblog", "report", "speech", "thesis", "treaty", "webpage",
    }  # fmt: skip
    assert set(Source.Type.values) <= csl_types


def test_a_page_of_ours_is_a_page_with_its_edition_as_version():
    (item,) = json.loads(written_as("json", [WORK])[0])
    assert item["type"] == "webpage"
    assert item["version"] == "4"
    assert item["container-title"] == "Kosovo Peace"
    assert item["accessed"] == {"date-parts": [[2026, 6, 1]]}
