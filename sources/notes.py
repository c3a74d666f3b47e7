"""Numbered notes: one numbering over a whole page, and the notes written out below it.

A note stands for a group of evidence: the keys of adjacent markers, of a row's citations, or of the
citations that support a field. The same group again has the same number and one more way back.
Keys are those of citations; `figure:<key>` stands for a figure's own evidence.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.html import format_html
from django.utils.safestring import SafeString

from sources import citing
from sources.models import Citation, Evidence

FIGURE = "figure:"


@dataclass(frozen=True)
class NumberedNote:
    """A note as it is referred to: its number, its keys, and the ids of the places that refer to it."""

    number: int
    keys: tuple[str, ...]
    back_links: tuple[str, ...]


@dataclass(frozen=True)
class WrittenNote:
    """A note as readers see it: each piece of evidence with its source written out."""

    number: int
    parts: list[tuple[Evidence, SafeString]]
    back_links: tuple[str, ...]
    first: frozenset[str] = frozenset()  # keys of the sources which the page mentions here first


class Notebook:
    """Gives out note numbers, in the order in which it is asked."""

    def __init__(self, known: Iterable[str]) -> None:
        """`known` are the keys that lead to evidence; all others are passed over."""
        self.known = frozenset(known)
        self._groups: dict[frozenset[str], tuple[int, tuple[str, ...]]] = {}
        self._references: Counter[int] = Counter()

    def ref(self, keys: Iterable[str]) -> SafeString:
        """The superscript link to the note of these keys; empty when none of them is known."""
        group = tuple(dict.fromkeys(key for key in keys if key in self.known))
        if not group:
            return SafeString("")
        number, _ = self._groups.setdefault(frozenset(group), (len(self._groups) + 1, group))
        self._references[number] += 1
        return format_html(
            '<sup class="ref"><a id="ref-{0}-{1}" href="#note-{0}" role="doc-noteref"'
            ' aria-label="Note {0}">{0}</a></sup>',
            number,
            self._references[number],
        )

    @property
    def notes(self) -> list[NumberedNote]:
        return [
            NumberedNote(
                number,
                group,
                tuple(f"ref-{number}-{n}" for n in range(1, self._references[number] + 1)),
            )
            for number, group in self._groups.values()
        ]


def written_notes(
    notes: Iterable[NumberedNote],
    citations: Iterable[Citation],
    figures: Iterable[Evidence] = (),
) -> list[WrittenNote]:
    """Notes with their sources written out: in full at the first mention, in short after that.

    `citations` and `figures` are the edition's rows, loaded with their source. A source whose short
    form another one on the page shares is always written in full. Evidence that is gone is left out.
    """
    evidence: dict[str, Evidence] = {citation.key: citation for citation in citations}
    evidence |= {f"{FIGURE}{figure.key}": figure for figure in figures}
    notes = list(notes)
    rows = [[evidence[key] for key in note.keys if key in evidence] for note in notes]
    ambiguous = _shared_short_forms(rows)
    mentioned: set[int] = set()
    written = []
    for note, group in zip(notes, rows, strict=True):
        parts = []
        first = frozenset(row.source.key for row in group if row.source_id not in mentioned)
        for row in group:
            short = row.source_id in mentioned and row.source_id not in ambiguous
            mentioned.add(row.source_id)
            parts.append((row, citing.html(row.source, short=short)))
        written.append(WrittenNote(note.number, parts, note.back_links, first))
    return written


def _shared_short_forms(rows: Iterable[Iterable[Evidence]]) -> set[int]:
    """The sources that cannot be told apart by their short forms."""
    sources = {row.source_id: row.source for group in rows for row in group}
    forms = {pk: citing.plain(source, short=True) for pk, source in sources.items()}
    counts = Counter(forms.values())
    return {pk for pk, form in forms.items() if counts[form] > 1}
