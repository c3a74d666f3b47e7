"""Markdown to HTML, notes and anchors included; and nothing that could harm a reader."""

from __future__ import annotations

from html.parser import HTMLParser
from urllib.parse import urlsplit

import pytest

from sources.markdown import ALLOWED, Heading, Page, to_html
from sources.notes import Notebook


def render(text, *, known=("a", "b"), page=None):
    return to_html(text, page or Page(Notebook(known)))


class Findings(HTMLParser):
    """Everything in HTML that a browser could run or load."""

    def __init__(self, html):
        super().__init__()
        self.found = []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        if tag not in ALLOWED:
            self.found.append(tag)
        for name, value in attrs:
            if name not in ALLOWED.get(tag, ()):
                self.found.append(name)
            if name == "href" and urlsplit(value or "").scheme not in ("", "http", "https"):
                self.found.append(value)

    handle_startendtag = handle_starttag


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "<svg/onload=alert(1)>",
        "text <iframe src='https://example.org'></iframe> text",
        "<style>body{display:none}</style>",
        "<a href='javascript:alert(1)'>x</a>",
        "[x](javascript:alert(1))",
        "[x](JaVaScRiPt:alert(1))",
        "[x](&#106;avascript:alert(1))",
        "[x](java\tscript:alert(1))",
        "[x](<java script:alert(1)>)",
        "[x](\x01javascript:alert(1))",
        "[x](data:text/html;base64,PHNjcmlwdD4=)",
        "[x](vbscript:msgbox(1))",
        "[x](file:///etc/passwd)",
        "[x](ftp://example.org)",
        "[x](http://[::1)",
        "<javascript:alert(1)>",
        "[x][y]\n\n[y]: javascript:alert(1)",
        '[x](https://example.org "a\\" onmouseover=\\"alert(1)")',
        "![x](https://example.org/x.png)",
        "![x](data:image/png;base64,AAAA)",
        "# <script>alert(1)</script>",
        "| <script>x</script> |\n|---|\n| <img src=x onerror=x> |",
        "`<script>alert(1)</script>`",
        "    <script>alert(1)</script>",
        '```"><script>alert(1)</script>\nx\n```',
        "[^a<script>]",
        '[^a"onclick="x]',
        "a\x00b",
        "*" * 5000 + "[" * 5000,
        "> " * 3000 + "x",
    ],
)
def test_nothing_that_runs_or_loads_leaves_the_renderer(text):
    html = render(text)
    assert Findings(html).found == []
    assert "\x00" not in html


def test_raw_html_is_shown_as_text():
    assert render("<b>bold</b>") == "<p>&lt;b&gt;bold&lt;/b&gt;</p>\n"


def test_links_lead_to_the_web_or_within_the_site():
    assert '<a href="/missions/kfor/">KFOR</a>' in render("[KFOR](/missions/kfor/)")
    assert '<a href="https://example.org/?a=1&amp;b=2">x</a>' in render("[x](https://example.org/?a=1&b=2)")


def test_a_marker_is_a_link_to_its_note():
    assert render("It came.[^a]") == (
        '<p>It came.<sup class="ref"><a id="ref-1-1" href="#note-1" role="doc-noteref" '
        'aria-label="Note 1">1</a></sup></p>\n'
    )


def test_adjacent_markers_make_one_note_and_separated_ones_two():
    page = Page(Notebook(["a", "b"]))
    render("One.[^a][^b] Two.[^a] [^b]", page=page)
    assert [note.keys for note in page.notebook.notes] == [("a", "b"), ("a",), ("b",)]


def test_a_marker_without_a_citation_stays_as_typed():
    html = render("It came.[^zz][^a][^99]")
    assert "[^zz]<sup" in html
    assert "</sup>[^99]" in html


def test_markers_in_code_stay_as_typed():
    assert "<code>[^a]</code>" in render("`[^a]`")


@pytest.mark.parametrize("link", ["(https://example.org)", "[there]"])
def test_a_note_never_stands_inside_a_link(link):
    html = render(f"[see [^a] here]{link}\n\n[there]: https://example.org")
    assert html.count("<a ") - html.count("</a>") == 0
    assert 'href="https://example.org"' not in html.partition("doc-noteref")[0]


def test_markers_work_in_emphasis_lists_and_tables():
    html = render("**bold[^a]**\n\n- item[^b]\n\n| x[^a] |\n|---|\n| y[^b] |")
    assert html.count('role="doc-noteref"') == 4


def test_headings_keep_to_levels_two_to_four():
    html = render("# One\n\n## Two\n\n### Three\n\n#### Four\n\n##### Five")
    assert [tag for tag in ("h1", "h2", "h3", "h4", "h5") if f"<{tag}" in html] == ["h2", "h3", "h4"]
    assert html.count("<h2") == html.count("</h2>") == 2
    assert html.count("<h4") == html.count("</h4>") == 2


def test_headings_have_anchors_of_their_own_over_the_whole_page():
    page = Page(Notebook(["a"]))
    to_html("## *First* steps[^a]\n\n## First steps\n\n## Први", page, prefix="mandate")
    to_html("## First steps", page, prefix="body")
    assert page.contents == [
        Heading(2, "mandate-first-steps", "First steps"),
        Heading(2, "mandate-first-steps-2", "First steps"),
        Heading(2, "mandate-section", "Први"),
        Heading(2, "body-first-steps", "First steps"),
    ]


def test_tables_scroll_and_align_without_inline_style():
    html = render("| a | b |\n|:--|--:|\n| 1 | 2 |")
    assert html.startswith('<div class="table-scroll" role="group" aria-label="Table" tabindex="0">')
    assert '<td class="align-right">2</td>' in html
    assert "style" not in html
