"""Markdown to HTML: what editors write, with notes for its markers and anchors for its headings.

Headings become h2 to h4; raw HTML is shown as text; pictures are not taken; links lead to http(s)
addresses or within the site. Adjacent markers `[^a][^b]` make one note; a marker without a citation
stays as it was typed. nh3 has the last word on what leaves.
"""

from __future__ import annotations

from collections.abc import MutableMapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any
from urllib.parse import urlsplit

import nh3
from django.utils.safestring import SafeString
from django.utils.text import slugify
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.rules_core import StateCore
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

from sources.markers import MARKER
from sources.notes import Notebook

ALLOWED: dict[str, set[str]] = {
    "h2": {"id"}, "h3": {"id"}, "h4": {"id"},
    "p": set(), "br": set(), "hr": set(), "em": set(), "strong": set(), "s": set(),
    "ul": set(), "ol": {"start"}, "li": set(), "blockquote": set(), "pre": set(), "code": set(),
    "a": {"href", "title", "id", "role", "aria-label"}, "sup": {"class"},
    "div": {"class", "role", "aria-label", "tabindex"},
    "table": set(), "thead": set(), "tbody": set(), "tr": set(),
    "th": {"class", "scope"}, "td": {"class"},
}  # fmt: skip


@dataclass(frozen=True)
class Heading:
    """An entry of the contents list."""

    level: int
    id: str
    text: str


@dataclass
class Page:
    """What the Markdown fields of one page share: the numbering of notes and the anchors in use."""

    notebook: Notebook
    contents: list[Heading] = field(default_factory=list)


def to_html(text: str, page: Page, *, prefix: str = "text") -> SafeString:
    """One Markdown field as HTML. Its notes and headings are added to `page`.

    Anchors begin with the prefix, so that they cannot meet an id of the page around them.
    """
    html = _markdown().render(text, {"page": page, "prefix": prefix})
    return SafeString(
        nh3.clean(
            html,
            tags=set(ALLOWED),
            attributes=ALLOWED,
            url_schemes={"http", "https"},
            link_rel=None,
        )
    )


@cache
def _markdown() -> MarkdownIt:
    md = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])
    md.disable("image")
    md.validateLink = _is_safe_link  # type: ignore[method-assign]
    md.inline.ruler.before("link", "note", _note)
    md.core.ruler.push("headings", _headings)
    md.core.ruler.push("tables", _tables)
    md.add_render_rule("note", _render_note)
    md.add_render_rule("table_open", _render_table_open)
    md.add_render_rule("table_close", _render_table_close)
    return md


def _is_safe_link(url: str) -> bool:
    try:
        return urlsplit(url.strip()).scheme in ("", "http", "https")
    except ValueError:
        return False


def _note(state: StateInline, silent: bool) -> bool:
    """Adjacent markers that lead to citations, as one token; a link that held one would be no link."""
    known = state.env["page"].notebook.known
    keys, position = [], state.pos
    while (match := MARKER.match(state.src, position)) and match[1] in known:
        keys.append(match[1])
        position = match.end()
    if not keys:
        return False
    if not silent:
        state.push("note", "", 0).meta = {"keys": keys}
    state.pos = position
    return True


def _headings(state: StateCore) -> None:
    """Levels within h2 to h4, an anchor for each, and the entry in the contents list."""
    page: Page = state.env["page"]
    used = {heading.id for heading in page.contents}
    last: dict[str, int] = {}  # the number of the last anchor of each stem, or thousands alike would take for ever
    for token, inline in zip(state.tokens, state.tokens[1:], strict=False):
        if token.type == "heading_open":
            level = min(max(int(token.tag[1]), 2), 4)
            text = _plain_text(inline)
            stem = f"{state.env['prefix']}-{slugify(text) or 'section'}"
            anchor, n = stem, last.get(stem, 1)
            while anchor in used:
                n += 1
                anchor = f"{stem}-{n}"
            last[stem] = n
            used.add(anchor)
            token.tag = f"h{level}"
            token.attrSet("id", anchor)
            page.contents.append(Heading(level, anchor, text))
        elif token.type == "heading_close":
            token.tag = f"h{min(max(int(token.tag[1]), 2), 4)}"


def _plain_text(inline: Token) -> str:
    """A heading's words, without its markers and emphasis."""
    words = [
        " " if child.type.endswith("break") else child.content
        for child in inline.children or []
        if child.type != "note"
    ]
    return " ".join("".join(words).split())


def _tables(state: StateCore) -> None:
    """Aligned cells by class, since the site allows no inline style; a scope for each column's head."""
    for token in state.tokens:
        if token.type in ("th_open", "td_open"):
            if style := token.attrs.pop("style", None):
                token.attrSet("class", f"align-{str(style).removeprefix('text-align:')}")
            if token.type == "th_open":
                token.attrSet("scope", "col")


_Environment = MutableMapping[str, Any]


def _render_note(self: RendererHTML, tokens: Sequence[Token], index: int, options: Any, env: _Environment) -> str:
    return env["page"].notebook.ref(tokens[index].meta["keys"])


def _render_table_open(self: RendererHTML, tokens: Sequence[Token], index: int, options: Any, env: _Environment) -> str:
    # Reached by keyboard, so that a wide table can be scrolled without a mouse.
    return '<div class="table-scroll" role="group" aria-label="Table" tabindex="0">\n<table>\n'


def _render_table_close(
    self: RendererHTML, tokens: Sequence[Token], index: int, options: Any, env: _Environment
) -> str:
    return "</table>\n</div>\n"
