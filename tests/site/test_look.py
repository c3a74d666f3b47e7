"""The palette is legible on paper and in the dark, the fonts are those that were made, and the style page shows both."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.template import Engine
from django.template.loader import render_to_string
from django.urls import reverse

from kosovo_peace.templatetags import site

CSS = settings.BASE_DIR / "static/css"
PAIRS = re.compile(r"--([\w-]+): light-dark\((#\w{6}), (#\w{6})\)")
WORDS = ("ink", "ink-soft", "link", "link-visited", "accent")
LINES = (
    "rule",
    "focus",
    "notice-rule",
    "series-un",
    "series-nato",
    "series-eu",
    "series-osce",
    "series-other",
    "density",
)


def palette() -> dict[str, tuple[str, str]]:
    return {name: (light, dark) for name, light, dark in PAIRS.findall((CSS / "tokens.css").read_text())}


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def test_words_and_lines_can_be_told_from_their_ground_on_paper_and_in_the_dark():
    colours = palette()
    grounds = ("paper", "ground", "notice")
    asked = [(name, ground, 4.5) for name in WORDS for ground in grounds]
    asked += [("ink", ground, 4.5) for ground in ("mark", "added", "removed")]
    asked += [(name, ground, 3) for name in LINES for ground in ("paper", "ground")]

    weak = [
        (name, ground, light, round(found, 2))
        for name, ground, least in asked
        for light in (0, 1)
        if (found := contrast(colours[name][light], colours[ground][light])) < least
    ]

    assert weak == []


def test_every_font_that_was_made_is_declared_and_none_else():
    declared = set(re.findall(r'url\("\.\./fonts/(.+?)"\)', (CSS / "fonts.css").read_text()))

    assert declared == {path.name for path in Path(CSS.parent / "fonts").glob("*.woff2")}


@pytest.mark.django_db
def test_the_style_page_shows_every_colour_and_is_not_for_search_engines(client):
    page = client.get(reverse("about-style")).content.decode()

    assert set(re.findall(r'class="swatch swatch-([\w-]+)"', page)) == set(palette())
    assert '<meta name="robots" content="noindex">' in page


def test_templates_lose_their_indentation_but_not_where_white_space_is_shown(tmp_path):
    shown = "<div>\n  <pre>\n    kept\n  </pre>\n</div>\n"
    (tmp_path / "rows.html").write_text("<ul>\n    {% if 1 %}\n      <li>one</li>\n    {% endif %}\n</ul>\n")
    (tmp_path / "pre.html").write_text(shown)
    (tmp_path / "mail.txt").write_text("  - one\n  - two\n")
    engine = Engine(dirs=[str(tmp_path)], loaders=["kosovo_peace.lean_templates.Loader"])

    assert engine.get_template("rows.html").source.splitlines() == [
        "<ul>",
        "{% if 1 %}",
        "<li>one</li>",
        "{% endif %}",
        "</ul>",
    ]
    assert engine.get_template("pre.html").source == shown
    assert engine.get_template("mail.txt").source == "  - one\n  - two\n"


def test_the_page_of_errors_has_its_styles_and_stands_without_them(monkeypatch):
    assert "css/base.css" in render_to_string("500.html")

    def broken(name):
        raise ValueError("Missing staticfiles manifest entry")

    monkeypatch.setattr(site, "static", broken)
    page = render_to_string("500.html")
    assert "stylesheet" not in page
    assert "Something went wrong on our side" in page
