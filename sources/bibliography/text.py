"""References as plain text, one a paragraph, as a reader would write them below an essay."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from sources import citing
from sources.bibliography.work import Work
from sources.dates import PartialDate

if TYPE_CHECKING:
    from sources.models import Source


def write(things: Iterable[Source | Work]) -> str:
    """Sources and works in full, divided by empty lines."""
    return "\n".join(f"{reference(thing)}\n" for thing in things)


def reference(thing: Source | Work) -> str:
    """One source or work in full, with its address."""
    if isinstance(thing, Work):
        return _work(thing)
    return ", ".join(part for part in (citing.plain(thing), thing.url) if part)


def _work(work: Work) -> str:
    parts = [
        work.author if work.author != work.site else "",
        f"“{work.title}”",
        work.site,
        f"edition {work.edition}",
        PartialDate(work.published.isoformat()).written_out,
        work.url,
    ]
    accessed = ""
    if work.accessed:
        accessed = f" (accessed {PartialDate(work.accessed.isoformat()).written_out})"
    return f"{', '.join(part for part in parts if part)}{accessed}. SHA-256: {work.sha256}"
