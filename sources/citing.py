"""How a source is written out: full and short, in plain text and in HTML.

    Daan W. Everts, Peacekeeping in Albania and Kosovo (I.B. Tauris, 2020)
    United Nations Security Council, Resolution 1244 (1999), S/RES/1244 (1999), 10 June 1999
    “NATO deploys troops in Kosovo after 31 die”, ABC News (Australia), 19 March 2004

Works that stand alone have their title in italics, parts of others in quotation marks; laws and
descriptions in [square brackets] are printed plain. Addresses are no part of it: pages link them.
Both forms are put together once, from pieces of text, and only then turned into text or HTML.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.text import get_text_list

if TYPE_CHECKING:
    from sources.models import Source

NO_DATE = "no date"
ALONE = {"book", "report", "thesis", "dataset", "legal_case"}
PLAIN_TITLE = {"legislation", "treaty"}
PUBLISHER_SPEAKS = {"report", "legislation", "article", "treaty", "legal_case", "dataset"}
NEWS = {"article-newspaper"}
YEAR_IN_SHORT = {"book", "chapter", "article-journal", "thesis"}
UN_ORGANS = ("Security Council", "General Assembly", "Secretary-General")
SHORT_TITLE = 60


class Piece(NamedTuple):
    """A stretch of text: `style` is empty, `title` (italic) or `quoted`; `lang` where it is foreign."""

    text: str
    style: str = ""
    lang: str = ""


def plain(source: Source, *, short: bool = False) -> str:
    """The source as one line of plain text, without a full stop."""
    return "".join(f"“{piece.text}”" if piece.style == "quoted" else piece.text for piece in _written(source, short))


def html(source: Source, *, short: bool = False) -> SafeString:
    """The same in HTML: italic titles in `cite`, foreign ones with their language."""
    return format_html_join("", "{}", ((_piece_html(piece),) for piece in _written(source, short)))


def who_and_when(source: Source, *, with_title: bool = False) -> str:
    """Who says it and when, as it is named in passing: "RFE/RL, 13 March 2025"; if need be where they say it."""
    outlet = source.container or source.publisher if source.type in NEWS else ""
    names = _list([_short_name(author) for author in source.authors]) or _shortened(_body(source))
    who = outlet or names or source.container or source.publisher
    if with_title or not who:
        who = plain(source, short=True)
    return f"{who}, {source.issued.written_out if source.issued else NO_DATE}"


def _piece_html(piece: Piece) -> str:
    if piece.style == "title":
        return format_html("<cite{}>{}</cite>", _lang(piece), piece.text)
    text = format_html("<span{}>{}</span>", _lang(piece), piece.text) if piece.lang else piece.text
    return format_html("“{}”", text) if piece.style == "quoted" else text


def _lang(piece: Piece) -> str:
    return format_html(' lang="{}"', piece.lang) if piece.lang else ""


def _written(source: Source, short: bool) -> list[Piece]:
    parts = _short(source) if short else _full(source)
    joined: list[Piece] = []
    for part in parts:
        joined += [Piece(", "), *part] if joined else part
    return joined


def _full(source: Source) -> list[list[Piece]]:
    """The parts of the full form, to be divided by commas."""
    body = _body(source)
    names = _list([_full_name(author) for author in source.authors]) or body
    publisher = source.publisher if not _says(names, source.publisher) else ""
    container = source.container if not _says(names, source.container) else ""
    date = source.issued.written_out if source.issued else NO_DATE
    parts = [[Piece(names)]] if names else []
    title = [_title(source, source.title)]

    if source.type in {"book", "chapter", "thesis"}:
        imprint = [source.publisher_place, publisher] if publisher else [source.publisher_place]
        imprint_text = ": ".join(text for text in imprint if text)
        kind = "thesis" if source.type == "thesis" else ""
        brackets = ", ".join(text for text in (kind, imprint_text, date) if text)
        if container:
            title += [Piece(", in "), Piece(container, "title")]
        return [*parts, [*title, Piece(f" ({brackets})")]]

    parts.append(title)
    if source.symbol and source.symbol not in source.title:
        parts.append([Piece(source.symbol)])
    if container:
        parts.append([Piece(container, "title" if source.type.startswith("article-") else "")])
    if publisher and not (container and source.type.startswith("article-")):
        parts.append([Piece(publisher)])
    return [*parts, [Piece(date)]]


def _short(source: Source) -> list[list[Piece]]:
    """The parts of the short form: whose it is and, in short, what."""
    names = _list([_short_name(author) for author in source.authors]) or _shortened(_body(source))
    if source.type in YEAR_IN_SHORT and source.issued and names and "family" in source.authors[0]:
        return [[Piece(f"{names} {source.issued.year}")]]
    if names and source.symbol and source.type in PUBLISHER_SPEAKS and len(source.title) > SHORT_TITLE:
        return [[Piece(names)], [Piece(source.symbol)]]
    title = [_title(source, _short_title(source.title))]
    if names:
        return [[Piece(names)], title]
    where = source.container or source.publisher
    return [title, [Piece(where)]] if where else [title]


def _title(source: Source, text: str) -> Piece:
    if text.startswith("["):
        return Piece(text)  # a description of ours, in English
    lang = source.language if source.language.split("-")[0] not in ("", "en") else ""
    if source.type in PLAIN_TITLE:
        return Piece(text, "", lang)
    return Piece(text, "title" if source.type in ALONE else "quoted", lang)


def _short_title(title: str) -> str:
    main, colon, _ = title.partition(": ")
    if colon and len(main) >= 12 and not title.startswith("["):
        title = main
    if len(title) <= SHORT_TITLE:
        return title
    return title[:SHORT_TITLE].rsplit(" ", 1)[0].rstrip(" ,;:–-") + "…" + "]" * title.startswith("[")


def _body(source: Source) -> str:
    """The body that speaks through a document which names no author."""
    return source.publisher if not source.authors and source.type in PUBLISHER_SPEAKS else ""


def _says(names: str, body: str) -> bool:
    """Whether the names say already who published it: UN organs are the United Nations."""
    return not body or bool(re.search(rf"(?<!\w){re.escape(body)}(?!\w)", names, re.IGNORECASE))


def _full_name(author: dict[str, str]) -> str:
    if "literal" in author:
        return author["literal"]
    return " ".join(name for name in (author.get("given"), author.get("family")) if name)


def _short_name(author: dict[str, str]) -> str:
    return _shortened(author["literal"]) if "literal" in author else author.get("family", "")


def _shortened(body: str) -> str:
    rest = body.removeprefix("United Nations ")
    return rest if rest in UN_ORGANS else body


def _list(names: list[str]) -> str:
    if len(names) > 3:
        return f"{names[0]} and others"
    return get_text_list(names, "and")
