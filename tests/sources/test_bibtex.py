"""BibTeX: sources and our own pages."""

from __future__ import annotations

from contextlib import suppress

import pytest

from sources.bibliography import BadText, bibtex, written_as
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
        "  day = {10},\n"
        "  number = {S/RES/1244 (1999)},\n"
        "  url = {https://example.org/a_b%20c?x=1&y=%7B2%7D#p},\n"
        "  language = {en},\n"
        '  kosovopeace = {{"type": "legislation", "container-title": null, "publisher": "United Nations", '
        r'"URL": "https://example.org/a_b%20c?x=1&y=\u007b2\u007d#p"}},'
        "\n"
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
    assert "author = {{Ana} and {Ben}}," in text
    assert f"note = {{Edition 4. SHA-256 of its text: {'ab' * 32}}}," in text
    assert "urldate = {2026-06-01}," in text
    assert "version = {4}," in text


def test_plain_text_is_what_a_reader_would_write_below_an_essay():
    text, media_type = written_as("txt", [RESOLUTION, WORK])
    assert media_type.startswith("text/plain")
    assert text == (
        "United Nations Security Council, Resolution 1244 (1999), S/RES/1244 (1999), 10 June 1999, "
        "https://example.org/a_b%20c?x=1&y={2}#p\n\n"
        "Ana and Ben, “Kosovo Force”, Kosovo Peace, edition 4, 3 May 2026, "
        f"https://peace.example/missions/kfor/editions/4/ (accessed 1 June 2026). SHA-256: {'ab' * 32}\n"
    )


def test_an_unknown_format_is_a_key_error():
    with pytest.raises(KeyError):
        written_as("docx", [WORK])


# Reading


def item(text):
    """The one item of a text, without its key."""
    (entry,) = bibtex.read(text).entries
    return {name: value for name, value in entry.item.items() if name != "id"}


def bad(text):
    return [(one.name, one.line, one.reason) for one in bibtex.read(text).bad]


@pytest.mark.parametrize(
    ("latex", "text"),
    [
        (r"{\"o} \"{o} \"o {\'c} \v{c} \dj{} {\DJ}or{\dj}e \c{C}elik \ss{}", "ö ö ö ć č đ Đorđe Çelik ß"),
        (r"Pages 1--20, and 3---4", "Pages 1–20, and 3—4"),
        ("``Quoted'' {\\em set} off", "“Quoted” set off"),
        ("{KFOR}: {T}he {{Nested} braces}", "KFOR: The Nested braces"),
        (r"100\% of \$5 \& \#1\_a", "100% of $5 & #1_a"),
        ("100% of M&S #1", "100% of M&S #1"),
        ("One\n   and two~lines", "One and two lines"),
        ("<i>Set</i> in <script>x</script>", "<i>Set</i> in <script>x</script>"),
        ("$x^2$", "x^2"),
    ],
)
def test_latex_becomes_text(latex, text):
    assert item(f"@book{{k, title = {{{latex}}}}}")["title"] == text


def test_abbreviations_are_written_in_full_and_joined():
    text = (
        '@string{ny = "New York"} @string{pub = ny # " Press"} @book{k, title = {A} # " B", publisher = pub # {, Ltd}}'
    )
    assert item(text) == {"type": "book", "title": "A B", "publisher": "New York Press, Ltd"}
    assert bad("@string{a = b} @string{b = a} @book{k, title = a}")[0][2] == "its abbreviations go round in circles."
    grows = '@string{a0 = "xxxxxxxxxx"}' + "".join(f"@string{{a{n} = a{n - 1} # a{n - 1}}}" for n in range(1, 40))
    assert "longer than" in bad(f"{grows} @book{{k, title = a39}}")[0][2]


def test_comments_preambles_and_what_stands_between_entries_are_passed_over():
    text = '\ufeffSome words\r\n@comment{x @book}\r\n@preamble{"y"}\r\n% z\r\n@Book(k,\r\n TITLE = "A {B}"\r\n)\r\n'
    assert item(text) == {"type": "book", "title": "A B"}


@pytest.mark.parametrize(
    ("names", "authors"),
    [
        ("King, Iain and Whit Mason", [{"family": "King", "given": "Iain"}, {"family": "Mason", "given": "Whit"}]),
        ("{Smith and Sons} and {NATO}", [{"literal": "Smith and Sons"}, {"literal": "NATO"}]),
        ("van der Berg, Jan", [{"family": "van der Berg", "given": "Jan"}]),
        ("Jan van der Berg", [{"family": "van der Berg", "given": "Jan"}]),
        ("King, Jr, Iain", [{"family": "King", "given": "Iain, Jr"}]),
        (r"{\"O}zg{\"u}r {\c C}elik and others", [{"family": "Çelik", "given": "Özgür"}]),
        ("NATO", [{"literal": "NATO"}]),
        ("{King, Iain and Mason, Whit}", [{"family": "King", "given": "Iain"}, {"family": "Mason", "given": "Whit"}]),
    ],
)
def test_people_and_bodies_are_told_apart(names, authors):
    assert item(f"@book{{k, title = {{T}}, author = {{{names}}}}}")["author"] == authors


@pytest.mark.parametrize(
    ("fields", "date"),
    [
        ("year = 1999", [1999]),
        ("year = {1999}, month = jun", [1999, 6]),
        ("year = {1999}, month = {June}", [1999, 6]),
        ("year = {1999}, month = 6, day = 10", [1999, 6, 10]),
        ("date = {1999-06}", [1999, 6]),
        ("date = {1999-06-10/1999-07-01}, year = 1998", [1999, 6, 10]),
    ],
)
def test_dates_are_read_as_far_as_they_are_known(fields, date):
    assert item(f"@book{{k, title = {{T}}, {fields}}}")["issued"] == {"date-parts": [date]}


def test_what_is_no_date_is_left_out_and_named():
    (entry,) = bibtex.read("@book{k, title = {T}, year = {in press}, pages = {1--2}}").entries
    assert "issued" not in entry.item
    assert entry.left_out == ("year in press", "pages")


@pytest.mark.parametrize(
    ("url", "read"),
    [
        (r"\url{https://x.org/a_b}", "https://x.org/a_b"),
        (r"https://x.org/a\_b?c\&d\%20", "https://x.org/a_b?c&d%20"),
        ("{https://x.org/a%20b#c}", "https://x.org/a%20b#c"),
    ],
)
def test_addresses_are_read_as_they_are(url, read):
    assert item(f"@misc{{k, title = {{T}}, url = {{{url}}}}}")["URL"] == read


@pytest.mark.parametrize(
    ("text", "name", "line", "reason"),
    [
        ("\n@book{k, title = {No end", "k", 2, "it has no end"),
        ("@book{k, title = {No end}\n@book{l, title = {T}}", "k", 1, "the next entry begins before it ends"),
        ("@book{k title = {T}}", "k", 1, "a comma"),
        ("@book{k, title {T}}", "k", 1, "equals sign"),
        ("@book{k, title = {T}, title = {U}}", "k", 1, "a field stands twice in it: title"),
        ("@book{l, title={T}}\n\n@book{l, title={U}}", "l", 3, "the key stands twice: first on line 1"),
        ("@book{k, title = undefined}", "k", 1, "the abbreviation “undefined” is defined nowhere"),
        ("@book{k, title = {T}, kosovopeace = {x}}", "k", 1, "damaged"),
        (r"@book{k, title = {\href{a}{b}}}", "k", 1, "a LaTeX command in it cannot be read"),
        ("@book{k, author = {A, B, C, D}, title={T}}", "k", 1, "too many commas"),
    ],
)
def test_broken_entries_are_named_with_line_and_reason(text, name, line, reason):
    ((found, where, why),) = bad(text)
    assert (found, where) == (name, line)
    assert reason in why


@pytest.mark.parametrize(
    "text",
    ["@" * 500_000, "{" * 500_000, "@a{x, t = {" + "a" * 1_000_000, "@a{x," + "{" * 500_000, "@" + " \t" * 200_000,
     "@book{k, title = {" + "{" * 5_000 + "\\o" + "}" * 5_000 + "}}", "@book{k, title = {" + "\\" * 19_000 + " }}",
     "@book{k, title = {" + "\\begin{a}" * 2_000 + "}}", "@book{k, author = {" + "a and " * 3_000 + "}, title = {T}}"],
    ids=range(9),
)  # fmt: skip
def test_what_is_meant_to_break_the_reader_is_refused_in_words(text):
    with suppress(BadText):
        reading = bibtex.read(text)
        assert reading.bad or len(reading.entries) == 1
