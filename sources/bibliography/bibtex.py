"""BibTeX: from CSL items, readable by BibTeX and biblatex alike, and back.

Bodies and titles stand in braces of their own, so that no style reorders or lower-cases them;
addresses stay as they are, since both read them verbatim; everything else is escaped. What BibTeX has
no place for stands as JSON in the field `kosovopeace`, which programs that do not know it pass over:
so nothing is lost from here to there and back.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable
from typing import Any

from bibtexparser.model import DuplicateBlockKeyBlock, DuplicateFieldKeyBlock, ParsingFailedBlock
from bibtexparser.splitter import Splitter

from sources.bibliography import latex
from sources.bibliography.csl import date_parts, iso_date
from sources.bibliography.latex import divided, escaped
from sources.bibliography.reading import (
    LONGEST_VALUE,
    OWN_FIELD,
    BadText,
    Entry,
    Item,
    Reading,
    found_again,
    lost,
    named,
    prepared,
    require_few,
    without_empty,
)

logging.getLogger("bibtexparser").setLevel(logging.CRITICAL)  # what it cannot read is in what it returns

TYPES = {
    "book": "book",
    "chapter": "incollection",
    "report": "techreport",
    "article-journal": "article",
    "article-newspaper": "article",
}
CONTAINERS = {"article": "journal", "incollection": "booktitle"}
PUBLISHERS = {"book": "publisher", "incollection": "publisher", "techreport": "institution"}
GENRES = {"thesis": "Thesis", "dataset": "Dataset", "speech": "Speech"}
MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]

# Kinds of entries, and what they are here; of all others an address decides.
KINDS = {
    "article": "article-journal", "book": "book", "mvbook": "book", "booklet": "book", "collection": "book",
    "proceedings": "book", "periodical": "book", "inbook": "chapter", "incollection": "chapter",
    "inproceedings": "chapter", "conference": "chapter", "inreference": "chapter", "techreport": "report",
    "report": "report", "manual": "report", "unpublished": "report", "phdthesis": "thesis",
    "mastersthesis": "thesis", "thesis": "thesis", "online": "webpage", "electronic": "webpage", "www": "webpage",
    "dataset": "dataset", "legislation": "legislation", "jurisdiction": "legal_case", "letter": "article",
}  # fmt: skip
# The first field of these that has a value is taken.
READ = {
    "container-title": ("journal", "journaltitle", "booktitle", "maintitle", "howpublished"),
    "publisher": ("publisher", "institution", "school", "organization"),
    "publisher-place": ("address", "location"),
    "ISBN": ("isbn",),
    "language": ("langid", "language"),
    "note": ("note",),
}
WITH_NUMBERS_OF_THEIR_OWN = {"article", "book", "incollection", "inbook", "inproceedings", "proceedings"}
ALWAYS_READ = {"title", "subtitle", "author", "date", "year", "month", "day", "url", "doi", OWN_FIELD}
_STARTS = re.compile(r"@\w*[ \t]*[{(]")
_COMMANDS = re.compile(r"[\\{~$^]|--|``|''")
_STRINGS_DEEP = 50
MOST_COMMANDS = 400_000  # each takes a moment to read


def write(items: Iterable[Item]) -> str:
    """One entry for each item, divided by empty lines."""
    return "\n".join(_written(item) for item in items)


def _written(item: Item) -> str:
    kind = TYPES.get(item["type"], "misc")
    fields = {name: value for name, value in _fields(item, kind).items() if name and value}
    if own := lost(item, _item(kind, item["id"], fields)[0]):
        # Braces within its texts could be without their pair.
        fields[OWN_FIELD] = _without_braces_in_texts(own)
    lines = [f"  {name} = {{{value}}}," for name, value in fields.items() if name != "month"]
    if month := fields.get("month"):
        lines.append(f"  month = {month},")  # a macro: styles print it in their language
    return "\n".join([f"@{kind}{{{item['id']},", *lines, "}", ""])


def _fields(item: Item, kind: str) -> dict[str, str]:
    container = item.get("container-title", "")
    publisher = item.get("publisher", "")
    date = date_parts(item)
    howpublished = "" if kind in PUBLISHERS else publisher
    if kind not in CONTAINERS:
        howpublished = ", ".join(name for name in (container, howpublished) if name)
    note = [GENRES.get(item["type"], ""), item.get("note", "")]
    return {
        "author": " and ".join(_author(author) for author in item.get("author", [])),
        "title": f"{{{escaped(item['title'])}}}",
        CONTAINERS.get(kind, ""): escaped(container),
        PUBLISHERS.get(kind, ""): escaped(publisher),
        "howpublished": escaped(howpublished) if kind == "misc" else "",
        "address": escaped(item.get("publisher-place", "")),
        "year": str(date[0]) if date else "",
        "day": str(date[2]) if len(date) > 2 else "",
        "number": escaped(item.get("number", "")),
        "version": escaped(item.get("version", "")),
        "doi": latex.written_address(item.get("DOI", "")),
        "isbn": escaped(item.get("ISBN", "")),
        "url": latex.written_address(item.get("URL", "")),
        "urldate": iso_date(item, "accessed"),
        "language": escaped(item.get("language", "")),
        "note": escaped(". ".join(text.rstrip(".") for text in note if text)),
        "month": MONTHS[date[1] - 1] if len(date) > 1 else "",
    }


def _author(author: dict[str, str]) -> str:
    if "literal" in author:
        return f"{{{escaped(author['literal'])}}}"
    return ", ".join(escaped(author[part]) for part in ("family", "given") if author.get(part))


def _without_braces_in_texts(text: str) -> str:
    def harmless(quoted: re.Match[str]) -> str:
        return quoted[0].replace("{", r"\u007b").replace("}", r"\u007d").replace("@", r"\u0040")

    return re.sub(r'"(?:[^"\\]|\\.)*"', harmless, text)


def read(text: str) -> Reading:
    """The entries of a BibTeX text; comments and what stands between entries are passed over. Raises BadText."""
    text = prepared(text)
    require_few(len(_STARTS.findall(text)))
    if len(_COMMANDS.findall(text)) > MOST_COMMANDS:
        raise BadText("There is more LaTeX in this BibTeX than can be read at once: divide the text.")
    library = Splitter(text).split()
    reading = Reading()
    strings = {string.key.lower(): string.value for string in library.strings}
    seen: dict[str, int] = {}
    for block in library.blocks:
        line = (block.start_line or 0) + 1
        if isinstance(block, DuplicateFieldKeyBlock):
            doubled = ", ".join(sorted(block.duplicate_keys))
            reading.refuse(_name_of(block.raw), line, f"a field stands twice in it: {doubled}.")
            continue
        if isinstance(block, ParsingFailedBlock) and not isinstance(block, DuplicateBlockKeyBlock):
            reading.refuse(_name_of(block.raw), line, _reason(getattr(block.error, "abort_reason", "")))
            continue
        entry: Any = block.ignore_error_block if isinstance(block, DuplicateBlockKeyBlock) else block
        if not hasattr(entry, "entry_type"):
            continue  # a string, a comment, a preamble
        if entry.key and entry.key in seen:
            reading.refuse(entry.key, line, f"the key stands twice: first on line {seen[entry.key]}.")
            continue
        seen[entry.key] = line
        try:
            fields = {one.key.lower(): _value(one.key.lower(), one.value, strings) for one in entry.fields}
            item, left_out = _item(entry.entry_type.lower(), entry.key, fields)
            own = fields.get(OWN_FIELD, "")
            reading.entries.append(Entry(found_again(item, own), line, () if own else left_out))
        except ValueError as error:
            reading.refuse(entry.key, line, str(error))
    if not (reading.entries or reading.bad):
        raise BadText("There is no BibTeX entry in this text.")
    return reading


def _name_of(raw: str | None) -> str:
    start = re.match(r"@\w*\s*[{(]\s*([^\s,={}]*)", raw or "")
    return (start[1] if start else "") or (raw or "")[:60]


def _reason(error: str) -> str:
    """What the splitter says is wrong, in our words."""
    if "reached end of file" in error:
        return "it has no end: a closing brace or quotation mark is missing."
    if "Unexpected block start" in error:
        return "the next entry begins before it ends: a closing brace or quotation mark is missing."
    if "comma after entry key" in error:
        return "after its key a comma is missing."
    return "it is no BibTeX: after a field’s name an equals sign, or after its value a comma, is missing."


def _value(name: str, raw: str, strings: dict[str, str], deep: int = 0) -> str:
    """A field's value without its outer braces or quotation marks, its abbreviations written in full."""
    if deep > _STRINGS_DEEP:
        raise ValueError("its abbreviations go round in circles.")
    text = ""
    for part in _parts(raw):
        if len(part) > 1 and (part[0], part[-1]) in (("{", "}"), ('"', '"')):
            text += part[1:-1]
        elif part.isdecimal() or not part:
            text += part
        elif part.lower() in strings:
            text += _value(name, strings[part.lower()], strings, deep + 1)
        elif name == "month":
            text += part
        else:
            raise ValueError(f"the abbreviation “{part[:60]}” is defined nowhere.")
        if len(text) > LONGEST_VALUE:
            raise ValueError(f"a value is longer than {LONGEST_VALUE} characters.")
    return text.strip()


def _parts(raw: str) -> list[str]:
    """The parts of a value that `#` joins: in braces, in quotation marks, numbers and abbreviations."""
    parts, start, braces, quoted = [], 0, 0, False
    for place, sign in enumerate(raw):
        if sign in "{}":
            braces += 1 if sign == "{" else -1
        elif sign == '"' and not braces:
            quoted = not quoted
        elif sign == "#" and not braces and not quoted:
            parts.append(raw[start:place])
            start = place + 1
    return [part.strip() for part in [*parts, raw[start:]]]


def _item(kind: str, key: str, fields: dict[str, str]) -> tuple[Item, tuple[str, ...]]:
    """An item from the fields of an entry, still in LaTeX, and the names of those that have no place."""
    used = set(ALWAYS_READ)
    left_out: list[str] = []
    url = latex.address(fields.get("url", ""))
    item: Item = {"id": key, "type": KINDS.get(kind) or ("webpage" if url else "report")}
    if kind not in KINDS and kind != "misc":
        left_out.append(f"type @{kind}")
    titles = [latex.decoded(fields.get(name, "")) for name in ("title", "subtitle")]
    item["title"] = ": ".join(title for title in titles if title)
    item["author"] = latex.names(_unbraced(fields.get("author", "")))
    for variable, choices in READ.items():
        for name in choices:
            if value := latex.decoded(fields.get(name, "")):
                item[variable] = value
                used.add(name)
                break
    if kind not in WITH_NUMBERS_OF_THEIR_OWN:
        item["number"] = latex.decoded(fields.get("number", ""))
        used.add("number")
    if not url and item.get("container-title", "").startswith("<http"):  # \howpublished{\url{…}}
        url = item.pop("container-title").strip("<>")
    item |= {"URL": url, "DOI": latex.address(fields.get("doi", "")), "issued": _issued(fields, left_out)}
    left_out += [name for name in fields if name not in used]
    return without_empty(item), named(left_out)


def _unbraced(author: str) -> str:
    """A list of authors without braces around the whole of it, which some programs add to people's names."""
    inner = author[1:-1] if latex.is_braced(author) else author
    return inner if len(divided(inner, r"\s+and\s+")) > 1 and "," in inner else author


def _issued(fields: dict[str, str], left_out: list[str]) -> Item | None:
    date, end = re.fullmatch(r"([^/]*)(/.*)?", latex.decoded(fields.get("date", ""))).groups()  # type: ignore[union-attr]
    if end:
        left_out.append("end of the date")
    if re.fullmatch(r"\d{4}(-\d{2}){0,2}", date):
        return {"date-parts": [[int(part) for part in date.split("-")]]}
    if date:
        left_out.append(f"date {date}")
    year, month, day = (latex.decoded(fields.get(name, "")).strip(" .") for name in ("year", "month", "day"))
    if not re.fullmatch(r"\d{4}", year):
        left_out.append(f"year {year}" if year else "")
        return None
    parts = [int(year)]
    if number := _month(month):
        parts.append(number)
        if day.isdecimal() and 0 < int(day) < 32:
            parts.append(int(day))
    elif month:
        left_out.append(f"month {month}")
    return {"date-parts": [parts]}


def _month(text: str) -> int:
    if text.isdecimal() and 1 <= int(text) <= 12:
        return int(text)
    return MONTHS.index(text[:3].lower()) + 1 if text[:3].lower() in MONTHS and text.isalpha() else 0
