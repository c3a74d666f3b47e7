"""How sources are written out."""

from __future__ import annotations

import pytest

from sources import citing
from sources.dates import PartialDate
from sources.models import Source


def source(**fields):
    values = {"key": "s", "type": "webpage", "title": "A title", "authors": [], "language": "en"} | fields
    values["issued"] = PartialDate(values["issued"]) if values.get("issued") else ""
    values["authors"] = [{"literal": a} if isinstance(a, str) else a for a in values["authors"]]
    return Source(**values)


EVERTS = {"family": "Everts", "given": "Daan W."}

RESOLUTION = {
    "type": "legislation",
    "title": "Resolution 1244 (1999)",
    "authors": ["United Nations Security Council"],
    "publisher": "United Nations",
    "symbol": "S/RES/1244 (1999)",
    "issued": "1999-06-10",
}
BOOK = {
    "type": "book",
    "title": "Peacekeeping in Albania and Kosovo",
    "authors": [EVERTS],
    "publisher": "I.B. Tauris",
    "issued": "2020",
}


@pytest.mark.parametrize(
    ("fields", "full", "short"),
    [
        (
            RESOLUTION,
            "United Nations Security Council, Resolution 1244 (1999), S/RES/1244 (1999), 10 June 1999",
            "Security Council, Resolution 1244 (1999)",
        ),
        (
            BOOK,
            "Daan W. Everts, Peacekeeping in Albania and Kosovo (I.B. Tauris, 2020)",
            "Everts 2020",
        ),
        (
            {
                "type": "article-newspaper",
                "title": "A force leaves",
                "authors": [{"family": "Bytyci", "given": "Fatos"}],
                "container": "The Newspaper",
                "issued": "2025-03-12",
            },
            "Fatos Bytyci, “A force leaves”, The Newspaper, 12 March 2025",
            "Bytyci, “A force leaves”",
        ),
        (
            {"type": "article-newspaper", "title": "A force leaves", "container": "The Newspaper"},
            "“A force leaves”, The Newspaper, no date",
            "“A force leaves”, The Newspaper",
        ),
        (
            {
                "type": "report",
                "title": "Report on the United Nations Interim Administration Mission in Kosovo",
                "authors": ["United Nations Secretary-General"],
                "publisher": "United Nations",
                "symbol": "S/2008/458",
                "issued": "2008-07-15",
            },
            (
                "United Nations Secretary-General, Report on the United Nations Interim Administration Mission"
                " in Kosovo, S/2008/458, 15 July 2008"
            ),
            "Secretary-General, S/2008/458",
        ),
        (
            {
                "type": "chapter",
                "title": "Multilateral peace missions",
                "authors": [{"family": "Wiharta", "given": "Sharon"}],
                "container": "SIPRI Yearbook 2003",
                "publisher": "Oxford University Press",
                "publisher_place": "Oxford",
                "issued": "2003-06",
            },
            (
                "Sharon Wiharta, “Multilateral peace missions”, in SIPRI Yearbook 2003"
                " (Oxford: Oxford University Press, June 2003)"
            ),
            "Wiharta 2003",
        ),
        (
            {
                "type": "article",
                "title": "[Statement on the deployment]",
                "publisher": "UNMIK",
                "issued": "2008-12",
            },
            "UNMIK, [Statement on the deployment], December 2008",
            "UNMIK, [Statement on the deployment]",
        ),
        (
            {
                "type": "thesis",
                "title": "The OSCE Verification Mission",
                "authors": [{"family": "Randáček", "given": "Vladimír"}],
                "publisher": "Charles University",
                "issued": "2008",
            },
            "Vladimír Randáček, The OSCE Verification Mission (thesis, Charles University, 2008)",
            "Randáček 2008",
        ),
        ({"title": ""}, "“”, no date", "“”"),
    ],
)
def test_each_kind_of_source_is_written_out_in_full_and_in_short(fields, full, short):
    assert citing.plain(source(**fields)) == full
    assert citing.plain(source(**fields), short=True) == short


def test_the_publisher_is_not_repeated_when_it_is_the_author():
    text = citing.plain(source(authors=["NATO"], publisher="NATO", title="A page", issued="2023"))
    assert text == "NATO, “A page”, 2023"


def test_a_publisher_is_kept_when_its_name_is_only_part_of_a_word_of_the_author():
    text = citing.plain(source(authors=["Unite Foundation"], publisher="Unit", title="A page"))
    assert text == "Unite Foundation, “A page”, Unit, no date"


def test_a_symbol_that_the_title_names_is_not_repeated():
    fields = RESOLUTION | {"title": "Joint Action 2008/124/CFSP", "symbol": "2008/124/CFSP"}
    assert citing.plain(source(**fields)).count("2008/124/CFSP") == 1


@pytest.mark.parametrize(
    ("count", "names"),
    [(2, "A One and B Two"), (3, "A One, B Two and C Three"), (4, "A One and others")],
)
def test_authors_are_listed_up_to_three(count, names):
    people = [("One", "A"), ("Two", "B"), ("Three", "C"), ("Four", "D")][:count]
    authors = [{"family": family, "given": given} for family, given in people]
    assert citing.plain(source(authors=authors, title="T")) == f"{names}, “T”, no date"


def test_html_escapes_whatever_a_source_holds():
    html = citing.html(source(title='<script>"x"</script>', authors=["<b>A</b>"], publisher="&", language='"><i>'))
    assert "<script" not in html
    assert "<b>" not in html
    assert "<i>" not in html
    assert "&lt;script&gt;" in html


def test_works_that_stand_alone_are_in_cite_and_foreign_titles_carry_their_language():
    assert "<cite>Peacekeeping in Albania and Kosovo</cite>" in citing.html(source(**BOOK))
    assert '<cite lang="sq">Libër</cite>' in citing.html(source(**BOOK | {"title": "Libër", "language": "sq"}))
    news = source(type="article-newspaper", title="Burg", container="Koha", language="sq")
    assert citing.html(news).startswith('“<span lang="sq">Burg</span>”, <cite>Koha</cite>')


def test_a_description_in_brackets_is_ours_and_carries_no_foreign_language():
    html = citing.html(source(title="[Article on the mission]", language="sr"))
    assert html == "[Article on the mission], no date"


def test_long_titles_are_shortened_at_a_word():
    title = "A very long title that goes on and on beyond what any short form should have to hold"
    short = citing.plain(source(title=title), short=True)
    assert short == "“A very long title that goes on and on beyond what any short…”"


def test_a_source_is_shown_in_its_short_form_to_editors():
    assert str(source(**BOOK)) == "Everts 2020"
