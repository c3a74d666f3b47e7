"""References for other programs: sources, and this site's own pages, as BibTeX, RIS, CSL-JSON or text.

`csl` turns a Source or a `Work` into a CSL item, plain data; the writers take such items. Nothing
here reads the database. `written_as` does it all for a download.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from sources.bibliography import bibtex, csl, ris, text
from sources.bibliography.work import Work

if TYPE_CHECKING:
    from sources.models import Source

__all__ = ["FORMATS", "Work", "written_as"]

# The ending of a download's address: its media type and its writer.
FORMATS: dict[str, tuple[str, Callable[[Iterable[csl.Item]], str]]] = {
    "bib": ("application/x-bibtex; charset=utf-8", bibtex.write),
    "ris": ("application/x-research-info-systems; charset=utf-8", ris.write),
    "json": ("application/vnd.citationstyles.csl+json", csl.write),
}
TEXT = "text/plain; charset=utf-8"


def written_as(format: str, things: Iterable[Source | Work]) -> tuple[str, str]:
    """Sources and works in one of the formats `bib`, `ris`, `json` or `txt`, and its media type.

    Raises KeyError for any other format.
    """
    if format == "txt":
        return text.write(things), TEXT
    media_type, write = FORMATS[format]
    return write(csl.item(thing) for thing in things), media_type
