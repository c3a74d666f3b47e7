"""RIS: from CSL items, and back. A tag a line, `ER` at the end of each record, CRLF as the format asks.

What RIS has no place for stands as JSON under the tag `C8`, one of those kept for such use.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from rispy import RisParser

from sources.bibliography.csl import date_parts, iso_date
from sources.bibliography.reading import (
    LONGEST_VALUE,
    OWN_TAG,
    BadText,
    Entry,
    Item,
    Reading,
    found_again,
    lost,
    named,
    one_line,
    prepared,
    require_few,
    without_empty,
)

TYPES = {
    "book": "BOOK", "chapter": "CHAP", "report": "RPRT", "article-journal": "JOUR",
    "article-newspaper": "NEWS", "webpage": "ELEC", "post-weblog": "BLOG", "legislation": "STAT",
    "legal_case": "CASE", "thesis": "THES", "dataset": "DATA",
}  # fmt: skip
FIELDS = {
    "title": "TI", "container-title": "T2", "publisher": "PB", "publisher-place": "CY",
    "number": "M1", "version": "ET", "DOI": "DO", "ISBN": "SN", "URL": "UR",
    "archive_location": "L2", "language": "LA", "note": "N1",
}  # fmt: skip

KINDS = {ris: ours for ours, ris in TYPES.items()} | {
    "EBOOK": "book", "EDBOOK": "book", "ECHAP": "chapter", "CONF": "chapter", "CPAPER": "chapter",
    "ENCYC": "chapter", "EJOUR": "article-journal", "JFULL": "article-journal", "ABST": "article-journal",
    "INPR": "article-journal", "MGZN": "article-newspaper", "GOVDOC": "report", "PAMP": "report",
    "UNPB": "report", "MANSCPT": "report", "BILL": "legislation", "UNBILL": "legislation", "LEGAL": "legislation",
    "HEAR": "legal_case", "ICOMM": "webpage", "DBASE": "dataset", "AGGR": "dataset", "SLIDE": "speech",
}  # fmt: skip
# The first tag of these that has a value is taken.
READ = {
    "title": ("TI", "T1", "CT"), "container-title": ("T2", "JO", "JF", "JA", "J2", "BT"), "publisher": ("PB",),
    "publisher-place": ("CY", "PP"), "DOI": ("DO",), "URL": ("UR", "LK"), "archive_location": ("L2",),
    "language": ("LA",), "note": ("N1",),
}  # fmt: skip
WITH_NUMBERS_OF_THEIR_OWN = {"article-journal", "article-newspaper", "book", "chapter"}
AUTHORS = ("AU", "A1")
DATES = ("DA", "PY", "Y1")
ALWAYS_READ = {"TY", "ID", OWN_TAG, *AUTHORS}
REPEATED = ["AU", "A1", "A2", "A3", "A4", "ED", "KW", "N1", "UR"]
_LINE = re.compile(r"([A-Z][A-Z0-9])  -(?: (.*))?")
_DATE = re.compile(r"(\d{4})(?:[/-](\d{0,2})(?:[/-](\d{0,2}))?)?(?![\d-])")


class _Tags(dict[str, str]):
    """For rispy: each tag under its own name, whichever it is."""

    def __missing__(self, tag: str) -> str:
        return tag


def write(items: Iterable[Item]) -> str:
    """One record for each item."""
    return "".join(_written(item) for item in items)


def _written(item: Item) -> str:
    lines = [(tag, one_line(value)) for tag, value in _lines(item)]
    if own := lost(item, _item(_gathered(lines))[0]):
        lines.append((OWN_TAG, own))
    text = "".join(f"{tag}  - {value}\r\n" for tag, value in lines)
    return f"{text}ER  - \r\n\r\n"


def _lines(item: Item) -> list[tuple[str, str]]:
    lines = [("TY", TYPES.get(item["type"], "GEN")), ("ID", item["id"])]
    lines += [("AU", _author(author)) for author in item.get("author", [])]
    lines += [(tag, item[name]) for name, tag in FIELDS.items() if item.get(name)]
    if parts := date_parts(item):
        numbers = [f"{part:02}" for part in parts] + ["", ""]
        # Four parts, the last for words; what is not known stays empty.
        lines += [("PY", numbers[0]), ("DA", "/".join([*numbers[:3], ""]))]
    if accessed := iso_date(item, "accessed"):
        lines.append(("Y2", accessed.replace("-", "/") + "/"))
    return lines


def _author(author: dict[str, str]) -> str:
    if "literal" in author:
        return author["literal"]
    return ", ".join(author[part] for part in ("family", "given") if author.get(part))


def read(text: str) -> Reading:
    """The records of an RIS text. Raises BadText."""
    text = prepared(text)
    require_few(text.count("TY  -"))
    reading = Reading()
    record: list[str] = []
    start = 0
    for number, line in enumerate(text.split("\n"), start=1):
        tag = found[1] if (found := _LINE.match(line.lstrip())) else ""
        if tag == "TY" and record:
            reading.refuse(_name_of(record), start, "the next record begins before it ends: its line ER is missing.")
            record = []
        if tag and not record:
            start = number
        if tag or record:
            record.append(line.lstrip() if tag else line)
        if tag == "ER":
            _read_record(record, start, reading)
            record = []
    if record:
        reading.refuse(_name_of(record), start, "it has no end: its line ER is missing.")
    if not (reading.entries or reading.bad):
        raise BadText("There is no RIS record in this text: each begins with a line “TY  - ”.")
    return reading


def _read_record(record: list[str], line: int, reading: Reading) -> None:
    if not record[0].startswith("TY"):
        if len(record) > 1:
            reading.refuse(_name_of(record), line, "it does not begin with its type: its line TY is missing.")
        return
    try:
        if any(len(one) > LONGEST_VALUE for one in record):
            raise ValueError(f"a value is longer than {LONGEST_VALUE} characters.")
        tags = RisParser(mapping=_Tags(), list_tags=REPEATED, delimiter_tags_mapping={}).parse("\n".join(record))[0]
        tags = {tag: value if isinstance(value, list) else [value] for tag, value in tags.items()}
        item, left_out = _item(tags)
        own = " ".join(tags.get(OWN_TAG, []))
        own = own if own.startswith("{") else ""
        reading.entries.append(Entry(found_again(item, own), line, () if own else left_out))
    except KeyError:  # what rispy says of it
        reading.refuse(_name_of(record), line, "the line after its type belongs to no tag.")
    except ValueError as error:
        reading.refuse(_name_of(record), line, str(error))


def _name_of(record: list[str]) -> str:
    values = {found[1]: found[2] or "" for one in reversed(record) if (found := _LINE.match(one))}
    return next((values[tag] for tag in ("ID", "TI", "T1") if values.get(tag)), record[0])


def _gathered(lines: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    tags: dict[str, list[str]] = {}
    for tag, value in lines:
        tags.setdefault(tag, []).append(value)
    return tags


def _item(tags: dict[str, list[str]]) -> tuple[Item, tuple[str, ...]]:
    """An item from the values of each tag, and the names of those tags that have no place."""
    tags = {tag: [value for value in values if value] for tag, values in tags.items()}
    kind = next(iter(tags.get("TY", [])), "")
    used, left_out = set(ALWAYS_READ), []
    ours = KINDS.get(kind) or ("webpage" if tags.get("UR") else "report")
    if kind not in KINDS and kind not in ("", "GEN"):
        left_out.append(f"type {kind}")
    item: Item = {"id": "".join(tags.get("ID", [])[:1]), "type": ours}
    for variable, choices in READ.items():
        for tag in choices:
            if tags.get(tag):
                item[variable] = "\n".join(tags[tag]) if tag == "N1" else tags[tag][0]
                used.add(tag)
                left_out += tags[tag][1:] if tag == "UR" else []
                break
    number = " ".join(tags.get("SN", []))
    if re.fullmatch(r"[\dXx -]{10,20}", number):
        item["ISBN"] = number
        used.add("SN")
    if ours not in WITH_NUMBERS_OF_THEIR_OWN:
        item["number"] = next((tags[tag][0] for tag in ("M1", "SN") if tags.get(tag) and tag not in used), "")
        used |= {"M1"} if tags.get("M1") else {"SN"}
    item["author"] = [_name(name) for tag in AUTHORS for name in tags.get(tag, [])]
    item["issued"] = _issued(tags, used, left_out)
    left_out += [tag for tag in tags if tag not in used and tags[tag]]
    return without_empty(item), named(left_out)


def _name(name: str) -> dict[str, str]:
    family, comma, given = (part.strip() for part in name.partition(","))
    if not (comma and family and given):
        return {"literal": name.strip(" ,")}
    return {"family": family, "given": given}


def _issued(tags: dict[str, list[str]], used: set[str], left_out: list[str]) -> Item | None:
    """The date of the tag that knows most of it."""
    best: list[int] = []
    for tag in DATES:
        for value in tags.get(tag, []):
            if found := _DATE.match(value):
                used.add(tag)
                parts: list[int] = []
                for part in found.groups():
                    if not part or not int(part):
                        break
                    parts.append(int(part))
                best = max(best, parts, key=len)
    return {"date-parts": [best]} if best else None
