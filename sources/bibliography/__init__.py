"""References for other programs: sources, and this site's own pages, as BibTeX, RIS, CSL-JSON or text.

`csl` turns a Source or a `Work` into a CSL item, plain data; the writers take such items, and the
readers give them back with those entries that cannot be read. Nothing here reads the database.
`written_as` does it all for a download, `read` for a text that somebody brings.

What a format has no place for, such as the standing of a source, travels in a place of our own: under
`custom` in CSL-JSON, in the field `kosovopeace` in BibTeX, under the tag `C8` in RIS. So the library
comes back from each of them as it went.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from sources.bibliography import bibtex, csl, ris, text
from sources.bibliography.reading import BadEntry, BadText, Entry, Reading
from sources.bibliography.work import Work

if TYPE_CHECKING:
    from sources.models import Source

__all__ = [
    "FORMATS", "MEDIA_TYPES", "NAMES", "TO_CITE", "BadEntry", "BadText", "Entry", "Reading", "Work", "detected", "read", "written_as",
]  # fmt: skip

# The ending of a download's address: its media type and its writer.
FORMATS: dict[str, tuple[str, Callable[[Iterable[csl.Item]], str]]] = {
    "bib": ("application/x-bibtex; charset=utf-8", bibtex.write),
    "ris": ("application/x-research-info-systems; charset=utf-8", ris.write),
    "json": ("application/vnd.citationstyles.csl+json", csl.write),
}
TEXT = "text/plain; charset=utf-8"
NAMES = {"bib": "BibTeX", "ris": "RIS", "json": "CSL-JSON"}
TO_CITE = NAMES | {"txt": "Plain text"}  # what readers are offered
# Of the formats by the names that readers see, without their character sets.
MEDIA_TYPES = {NAMES[format]: media_type.partition(";")[0] for format, (media_type, _) in FORMATS.items()}
READERS: dict[str, Callable[[str], Reading]] = {"bib": bibtex.read, "ris": ris.read, "json": csl.read}


def written_as(format: str, things: Iterable[Source | Work]) -> tuple[str, str]:
    """Sources and works in one of the formats `bib`, `ris`, `json` or `txt`, and its media type.

    Raises KeyError for any other format.
    """
    if format == "txt":
        return text.write(things), TEXT
    media_type, write = FORMATS[format]
    return write(csl.item(thing) for thing in things), media_type


def read(format: str, text: str) -> Reading:
    """The references of a text in one of the formats `bib`, `ris` or `json`.

    Raises BadText, whose words are for the editor, when nothing of it can be read.
    """
    return READERS[format](text)


def detected(text: str) -> str:
    """The format of a text. Raises BadText when it has none of ours."""
    start = text.removeprefix("\ufeff").lstrip()
    if start.startswith(("[", "{")):
        return "json"
    if re.search(r"^\s*TY  -", start[:20_000], re.MULTILINE):
        return "ris"
    if re.search(r"@[A-Za-z]+[ \t]*[{(]", start):
        return "bib"
    raise BadText("This is neither BibTeX nor RIS nor CSL-JSON.")
