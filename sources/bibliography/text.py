"""References as plain text, one a paragraph, as a reader would write them below an essay."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.utils.text import get_text_list

from sources import citing
from sources.bibliography.work import Work
from sources.dates import PartialDate

if TYPE_CHECKING:
    from sources.models import Source


def write(things: Iterable[Source | Work]) -> str:
    """Sources and works in full, divided by empty lines; below a fact what it rests on."""
    return "\n".join(f"{reference(thing)}\n{_evidence(thing)}" for thing in things)


def _evidence(thing: Source | Work) -> str:
    return f"{thing.evidence}\n" if isinstance(thing, Work) and thing.evidence else ""


def reference(thing: Source | Work) -> str:
    """One source or work in full, with its address."""
    if isinstance(thing, Work):
        return _work(thing)
    doi = f"https://doi.org/{thing.doi}" if thing.doi and thing.doi not in thing.url else ""
    return ", ".join(part for part in (citing.plain(thing), doi, thing.url) if part)


def _work(work: Work) -> str:
    authors = get_text_list([name for name in work.authors if name != work.site], "and")
    date = PartialDate(work.published.isoformat()).written_out
    if work.is_fact:  # what it says is what is quoted: it comes first
        said, parts = f"{work.title}; edition {work.edition}. ", [authors, work.site, date, work.url]
    else:
        said, parts = "", [authors, f"“{work.title}”", work.site, f"edition {work.edition}", date, work.url]
    accessed = ""
    if work.accessed:
        accessed = f" (accessed {PartialDate(work.accessed.isoformat()).written_out})"
    return f"{said}{', '.join(part for part in parts if part)}{accessed}. SHA-256: {work.sha256}"
