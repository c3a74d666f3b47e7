"""CSL items, the plain data all writers start from and all readers end with, and CSL-JSON, their text.

https://docs.citationstyles.org/en/stable/specification.html#appendix-iv-variables
What only this site says of a source, such as its standing, stands in the item's `custom` object.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from typing import Any

from sources.bibliography.reading import BadText, Entry, Item, Reading, named, one_line, prepared, require_few
from sources.bibliography.work import Work
from sources.dates import PartialDate
from sources.models import Source

__all__ = ["Item", "date_parts", "iso_date", "item", "read", "source_values", "write"]

# Variables of an item whose value a source has as it is.
PLAIN = {
    "title": "title", "container-title": "container", "publisher": "publisher", "publisher-place": "publisher_place",
    "number": "symbol", "DOI": "doi", "ISBN": "isbn", "URL": "url", "archive_location": "archived_url",
    "language": "language", "note": "note",
}  # fmt: skip
# What only this site says; `origin` is the key of the source it draws on.
OWN = ("standing", "stake", "stake_reason", "status", "consulted_at", "origin")
READ_BY_NAME = {"id", "type", "author", "issued", "custom", "citation-key", *PLAIN}
# Types of CSL that are none of ours, and the nearest that is.
TYPES = {
    "article-magazine": "article-newspaper", "broadcast": "article-newspaper", "paper-conference": "chapter",
    "entry": "chapter", "entry-dictionary": "chapter", "entry-encyclopedia": "chapter", "post": "post-weblog",
    "bill": "legislation", "regulation": "legislation", "standard": "legislation", "hearing": "legal_case",
    "interview": "speech", "review": "article-journal", "review-book": "article-journal", "collection": "book",
    "document": "report", "manuscript": "report", "pamphlet": "report", "preprint": "report",
    "periodical": "book", "software": "dataset",
}  # fmt: skip
LANGUAGES = {
    "english": "en", "american": "en", "british": "en", "ukenglish": "en", "usenglish": "en", "albanian": "sq",
    "serbian": "sr", "serbianc": "sr", "croatian": "hr", "bosnian": "bs", "macedonian": "mk", "german": "de",
    "ngerman": "de", "french": "fr", "italian": "it", "spanish": "es", "dutch": "nl", "russian": "ru",
    "greek": "el", "turkish": "tr", "swedish": "sv", "norwegian": "no", "danish": "da", "finnish": "fi",
}  # fmt: skip
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,2}")
_ISBN = re.compile(r"(?:97[89][- ]?)?(?:\d[- ]?){9}[\dXx]")
_LINE_END = re.compile(r"\s*\n\s*")
_START = re.compile(r'\s*(?:\{\s*"items"\s*:\s*)?(\[)?\s*')
_BETWEEN = re.compile(r"\s*,?\s*")
_DOI_ADDRESS = re.compile(r"(?:https?://)?(?:dx\.)?doi\.org/", re.IGNORECASE)


def item(thing: Source | Work, *, origin: str = "") -> Item:
    """A source or a page of this site as a CSL item, without what is not known.

    `origin` is the key of what a source draws on: who writes for readers names only what is public.
    """
    values = _from_work(thing) if isinstance(thing, Work) else _from_source(thing, origin)
    return {name: value for name, value in values.items() if value}


def write(items: Iterable[Item]) -> str:
    """Items as CSL-JSON."""
    return json.dumps(list(items), ensure_ascii=False, indent=2) + "\n"


def read(text: str) -> Reading:
    """The items of CSL-JSON: a list of them, one alone, or an object whose `items` they are.

    What is broken in its grammar ends the reading: all before it is kept. Raises BadText.
    """
    text = prepared(text)
    reading = Reading()
    require_few(text.count('"id"'))
    decoder = json.JSONDecoder()
    start: Any = _START.match(text)  # it matches nothing at all, too
    position, is_list, line, seen = start.end(), bool(start[1]), 1, 0
    while position < len(text) and text[position] != "]":
        line, seen = line + text.count("\n", seen, position), position
        number = len(reading.entries) + len(reading.bad) + 1
        try:
            found, position = decoder.raw_decode(text, position)
        except (ValueError, RecursionError) as error:
            where = line + text.count("\n", position, getattr(error, "pos", position))
            reason = f"this is no JSON (line {where}): it and all after it could not be read."
            reading.refuse(f"item {number}", line, reason)
            break
        require_few(number)
        if isinstance(found, dict):
            left_out = named(str(name) for name in found if name not in READ_BY_NAME)
            reading.entries.append(Entry(found, line, left_out))
        else:
            reading.refuse(f"item {number}", line, "it is no object.")
        between: Any = _BETWEEN.match(text, position)
        position = between.end()
        if not is_list:
            break
    if not (reading.entries or reading.bad or is_list):
        raise BadText("There is no CSL-JSON in this text.")
    return reading


def source_values(item: Item) -> tuple[dict[str, Any], list[str]]:
    """What an item says of a source, by field, and what it says that a source has no place for.

    The key is empty where the item's own cannot be one. Raises ValueError with a sentence.
    """
    left_out: list[str] = []
    custom = item.get("custom")
    custom = custom if isinstance(custom, dict) else {}
    key = _text(item.get("id") or item.get("citation-key") or "", "key")
    values: dict[str, Any] = {"key": key, "type": _type(item, left_out), "authors": _authors(item.get("author"))}
    for variable, name in PLAIN.items():
        values[name] = _text(item.get(variable), variable)
    for name in OWN:
        values[name] = _text(custom.get(name), name)
    values["issued"] = _issued(item.get("issued"), left_out)
    values["doi"] = _DOI_ADDRESS.sub("", values["doi"], count=1)
    if len(values["isbn"]) > 20:
        left_out.append(f"ISBN {values['isbn']}")
        found = _ISBN.search(values["isbn"])
        values["isbn"] = found[0] if found else ""
    if language := values["language"]:
        values["language"] = LANGUAGES.get(language.lower(), language if _LANGUAGE.fullmatch(language) else "")
        if not values["language"]:
            left_out.append(f"language {language}")
    if not values["title"].strip():
        raise ValueError("it has no title.")
    return {name: value for name, value in values.items() if value}, left_out


def _type(item: Item, left_out: list[str]) -> str:
    given = _text(item.get("type"), "type")
    if given in Source.Type.values:
        return given
    if given not in TYPES:
        left_out.append(f"type {given}" if given else "")
    return TYPES.get(given) or ("webpage" if item.get("URL") else "report")


def _text(value: Any, name: str) -> str:
    """A value that is text. Raises ValueError for what cannot be stored as such."""
    if value is None or isinstance(value, bool):
        return ""
    if isinstance(value, int | float):
        return str(value)
    if not isinstance(value, str):
        raise ValueError(f"its {name} is no text.")
    if "\0" in value or any("\ud800" <= sign <= "\udfff" for sign in value):
        raise ValueError(f"its {name} holds a broken character.")
    return value.strip() if name == "note" else _LINE_END.sub(" ", value.strip())


def _authors(given: Any) -> list[dict[str, str]]:
    """Authors as a source has them. Raises ValueError."""
    if not given:
        return []
    if not isinstance(given, list) or not all(isinstance(one, dict) for one in given):
        raise ValueError("its authors are no list of names.")
    return [author for one in given if (author := _author(one))]


def _author(given: Item) -> dict[str, str]:
    parts = {name: _text(value, "author") for name, value in given.items() if isinstance(value, str)}
    if literal := parts.get("literal"):
        return {"literal": literal}
    family = " ".join(part for name in ("non-dropping-particle", "family") if (part := parts.get(name)))
    first = " ".join(part for name in ("given", "dropping-particle") if (part := parts.get(name)))
    first = ", ".join(part for part in (first, parts.get("suffix")) if part)
    if not family:
        return {"literal": first} if first else {}
    return {"family": family, "given": first} if first else {"family": family}


def _issued(given: Any, left_out: list[str]) -> str:
    """A date as far as it can be read; what cannot is said to be left out."""
    if not given:
        return ""
    words = given
    if isinstance(given, dict):
        parts = given.get("date-parts")
        words = given.get("raw") or given.get("literal") or ""
        if isinstance(parts, list) and parts and isinstance(parts[0], list):
            words = "-".join(f"{part:0>{2 if n else 4}}" for n, part in enumerate(map(str, parts[0][:3])))
            if len(parts) > 1:
                left_out.append("end of the date")
    words = one_line(str(words))
    try:
        return PartialDate.parse(words[:40])
    except ValueError:
        left_out.append(f"date {words}")
        return ""


def _from_source(source: Source, origin: str) -> Item:
    custom = {
        "standing": source.standing,
        "stake": source.stake,
        "stake_reason": source.stake_reason,
        "status": source.status if source.status != "available" else "",
        "consulted_at": source.consulted_at,
        "origin": origin,
    }
    return {
        "id": source.key,
        "type": source.type,
        "title": source.title,
        "author": source.plain_authors(),
        "container-title": source.container,
        "publisher": source.publisher,
        "publisher-place": source.publisher_place,
        "issued": _date(str(source.issued)),
        "number": source.symbol,
        "DOI": source.doi,
        "ISBN": source.isbn,
        "URL": source.url,
        "archive_location": source.archived_url,
        "language": source.language,
        "note": source.note,
        "custom": {name: value for name, value in custom.items() if value},
    }


def _from_work(work: Work) -> Item:
    return {
        "id": work.key,
        "type": "webpage",
        "title": work.title,
        "author": [{"literal": name} for name in work.authors or [work.site]],
        "container-title": work.site,
        "genre": work.kind,
        "version": str(work.edition),
        "issued": _date(work.published.isoformat()),
        "accessed": _date(work.accessed.isoformat()) if work.accessed else None,
        "URL": work.url,
        "language": "en-GB",
        "note": ". ".join(filter(None, [f"Edition {work.edition}. SHA-256 of its text: {work.sha256}", work.evidence])),
    }


def _date(text: str) -> dict[str, list[list[int]]] | None:
    """`1999-06` as CSL writes it: only as much as is known."""
    return {"date-parts": [[int(part) for part in text.split("-")]]} if text else None


def date_parts(item: Item, name: str = "issued") -> list[int]:
    """Year, month and day of a date of an item, as far as they are known."""
    parts: list[int] = item.get(name, {}).get("date-parts", [[]])[0]
    return parts


def iso_date(item: Item, name: str = "issued") -> str:
    """A date of an item as `1999-06-10`, `1999-06` or `1999`; empty where none is known."""
    return "-".join(f"{part:02}" for part in date_parts(item, name))
