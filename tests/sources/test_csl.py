"""CSL-JSON: sources and our own pages."""

from __future__ import annotations

import json

import pytest

from sources.bibliography import BadText, csl, written_as
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


# Reading


def values(**item):
    return csl.source_values({"id": "k", "type": "book", "title": "T", **item})


def test_what_only_this_site_says_stands_in_custom():
    source = Source(key="k", type="book", title="T", standing="news", status="retracted", consulted_at="in print")
    item = csl.item(source, origin="other")
    assert item["custom"] == {
        "standing": "news", "status": "retracted", "consulted_at": "in print", "origin": "other",
    }  # fmt: skip
    assert "origin" not in csl.item(source)["custom"]
    assert csl.source_values(item)[0] == {
        "key": "k", "type": "book", "title": "T", "standing": "news", "status": "retracted",
        "consulted_at": "in print", "origin": "other",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("item", "expected"),
    [
        ({"author": [{"family": "Berg", "given": "Jan", "non-dropping-particle": "van der", "suffix": "Jr"}]},
         {"authors": [{"family": "van der Berg", "given": "Jan, Jr"}]}),
        ({"author": [{"given": "NATO"}, {}]}, {"authors": [{"literal": "NATO"}]}),
        ({"issued": {"date-parts": [["1999", "6"]]}}, {"issued": "1999-06"}),
        ({"issued": {"raw": "12 June 1999"}}, {"issued": "1999-06-12"}),
        ({"DOI": "https://doi.org/10.1000/x"}, {"doi": "10.1000/x"}),
        ({"ISBN": "978-3-16-148410-0 (hbk); 3161484100"}, {"isbn": "978-3-16-148410-0"}),
        ({"language": "English"}, {"language": "en"}),
        ({"type": "article-magazine"}, {"type": "article-newspaper"}),
        ({"number": 7}, {"symbol": "7"}),
        ({"title": "A\n title"}, {"title": "A title"}),
    ],
)  # fmt: skip
def test_items_of_other_programs_are_understood(item, expected):
    found, _ = values(**item)
    assert {name: found[name] for name in expected} == expected


def test_what_cannot_be_kept_is_said():
    item = {"issued": {"date-parts": [[1999], [2000]]}, "language": "gibberish", "type": "song"}
    assert values(**item)[1] == ["type song", "end of the date", "language gibberish"]
    assert values(issued={"date-parts": [[1999, 13]]})[1] == ["date 1999-13"]


@pytest.mark.parametrize(
    ("item", "reason"),
    [
        ({"title": " "}, "it has no title"),
        ({"title": ["x"]}, "its title is no text"),
        ({"title": "\ud800"}, "its title holds a broken character"),
        ({"title": "a\0"}, "its title holds a broken character"),
        ({"author": "Ana"}, "its authors are no list"),
        ({"author": ["Ana"]}, "its authors are no list"),
        ({"custom": {"standing": {}}}, "its standing is no text"),
    ],
)
def test_what_is_no_reference_is_refused_with_a_reason(item, reason):
    with pytest.raises(ValueError, match=reason):
        values(**item)


def test_items_stand_in_a_list_alone_or_under_their_name():
    for text in ('[{"id": "a"}]', '\ufeff{"id": "a"}', '{"items": [{"id": "a"}]}', '[\r\n{"id": "a"},]'):
        assert [entry.item for entry in csl.read(text).entries] == [{"id": "a"}]


def test_broken_json_keeps_what_stands_before_it_and_says_where():
    reading = csl.read('[{"id": "a"},\n"x",\n{"id": "b",\n\n oops}, {"id": "c"}]')
    assert [entry.item["id"] for entry in reading.entries] == ["a"]
    assert [(bad.name, bad.line) for bad in reading.bad] == [("item 2", 2), ("item 3", 3)]
    assert "line 5" in reading.bad[1].reason


@pytest.mark.parametrize("text", ["[" * 100_000, '[{"a":' * 50_000, "[1e999999]", "[" + "9" * 10_000 + "]", "nul", "{"])
def test_what_is_meant_to_break_the_reader_is_named_as_bad(text):
    assert csl.read(text).bad


def test_what_is_too_much_is_refused():
    with pytest.raises(BadText, match="more than 10000"):
        csl.read("[" + '{"id":1},' * 10_001 + "]")
    with pytest.raises(BadText, match="too large"):
        csl.read("[" + " " * 6_000_000 + "]")


def test_the_parts_of_a_name_are_in_one_order_however_the_database_keeps_them():
    one, other = (
        Source(key="k", type="book", title="T", authors=[names])
        for names in ({"family": "B", "given": "A"}, {"given": "A", "family": "B"})
    )

    assert written_as("json", [one]) == written_as("json", [other])
