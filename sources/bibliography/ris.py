"""RIS from CSL items: a tag a line, `ER` at the end of each record, CRLF as the format asks."""

from __future__ import annotations

from collections.abc import Iterable

from sources.bibliography.csl import Item, date_parts, iso_date

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


def write(items: Iterable[Item]) -> str:
    """One record for each item."""
    return "".join(_record(item) for item in items)


def _record(item: Item) -> str:
    lines = [("TY", TYPES.get(item["type"], "GEN")), ("ID", item["id"])]
    lines += [("AU", _author(author)) for author in item.get("author", [])]
    lines += [(tag, item[name]) for name, tag in FIELDS.items() if item.get(name)]
    if parts := date_parts(item):
        numbers = [f"{part:02}" for part in parts] + ["", ""]
        # Four parts, the last for words; what is not known stays empty.
        lines += [("PY", numbers[0]), ("DA", "/".join([*numbers[:3], ""]))]
    if accessed := iso_date(item, "accessed"):
        lines.append(("Y2", accessed.replace("-", "/") + "/"))
    text = "".join(f"{tag}  - {' '.join(value.split())}\r\n" for tag, value in lines)
    return f"{text}ER  - \r\n\r\n"


def _author(author: dict[str, str]) -> str:
    if "literal" in author:
        return author["literal"]
    return ", ".join(author[part] for part in ("family", "given") if author.get(part))
