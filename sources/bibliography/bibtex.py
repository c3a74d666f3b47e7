"""BibTeX from CSL items, readable by BibTeX and biblatex alike.

Bodies and titles stand in braces of their own, so that no style reorders or lower-cases them;
addresses stay as they are, since both read them verbatim; everything else is escaped.
"""

from __future__ import annotations

from collections.abc import Iterable

from sources.bibliography.csl import Item, date_parts, iso_date

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
ESCAPES = str.maketrans(
    {
        # Braces by name: BibTeX counts those of an escape too, and one without its pair would end the entry.
        "\\": r"\textbackslash{}", "{": r"\textbraceleft{}", "}": r"\textbraceright{}", "~": r"\textasciitilde{}",
        "^": r"\textasciicircum{}", "&": r"\&", "%": r"\%", "$": r"\$", "#": r"\#", "_": r"\_",
    }
)  # fmt: skip
IN_ADDRESSES = str.maketrans({"{": "%7B", "}": "%7D", "\\": "%5C", " ": "%20"})


def write(items: Iterable[Item]) -> str:
    """One entry for each item, divided by empty lines."""
    return "\n".join(_entry(item) for item in items)


def _entry(item: Item) -> str:
    kind = TYPES.get(item["type"], "misc")
    container = item.get("container-title", "")
    publisher = item.get("publisher", "")
    date = date_parts(item)
    howpublished = "" if kind in PUBLISHERS else publisher
    if kind not in CONTAINERS:
        howpublished = ", ".join(name for name in (container, howpublished) if name)
    note = [GENRES.get(item["type"], ""), item.get("note", "")]
    fields = {
        "author": " and ".join(_author(author) for author in item.get("author", [])),
        "title": f"{{{escaped(item['title'])}}}",
        CONTAINERS.get(kind, ""): escaped(container),
        PUBLISHERS.get(kind, ""): escaped(publisher),
        "howpublished": escaped(howpublished) if kind == "misc" else "",
        "address": escaped(item.get("publisher-place", "")),
        "year": str(date[0]) if date else "",
        "number": escaped(item.get("number", "")),
        "version": escaped(item.get("version", "")),
        "doi": _address(item.get("DOI", "")),
        "isbn": escaped(item.get("ISBN", "")),
        "url": _address(item.get("URL", "")),
        "urldate": iso_date(item, "accessed"),
        "language": escaped(item.get("language", "")),
        "note": escaped(". ".join(text.rstrip(".") for text in note if text)),
    }
    lines = [f"  {name} = {{{value}}}," for name, value in fields.items() if name and value]
    if len(date) > 1:
        lines.append(f"  month = {MONTHS[date[1] - 1]},")  # a macro: styles print it in their language
    return "\n".join([f"@{kind}{{{item['id']},", *lines, "}", ""])


def _author(author: dict[str, str]) -> str:
    if "literal" in author:
        return f"{{{escaped(author['literal'])}}}"
    return ", ".join(escaped(author[part]) for part in ("family", "given") if author.get(part))


def escaped(text: str) -> str:
    """Text on one line in which nothing is a command."""
    return " ".join(text.split()).translate(ESCAPES)


def _address(url: str) -> str:
    return "".join(url.splitlines()).translate(IN_ADDRESSES)
