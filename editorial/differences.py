"""What differs between two editions: in words, and in evidence.

Works on the content of editions as `freezing.content` gives it and frozen text keeps it, so that old
editions can be compared whatever has become of the columns since. Text is compared by paragraphs
first and by words within changed paragraphs; rows by their key. The time it takes is bounded, whatever
was written: where words would take too long sentences are compared, and what is left is marked as a whole.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from difflib import Match, SequenceMatcher
from itertools import accumulate, zip_longest
from typing import Any, ClassVar, Literal

EVIDENCE = ("citations", "figures")
_MARKER = re.compile(r"\[\^[\w-]+\]")
_WORD = re.compile(r"\w+")
_WORDS = re.compile(r"\[\^[\w-]+\]|\w+|\s+|[^\w\s]")  # a marker changes as a whole
_SENTENCES = re.compile(r"[^.!?\n]+[.!?\s]*|[.!?\n][.!?\s]*")
MOST_STEPS = 20_000_000  # of comparing one text: a second or two
_HEADING = re.compile(r"\A#{1,6} +")

Kind = Literal["same", "added", "removed"]


@dataclass(frozen=True)
class Piece:
    """A stretch of text that both editions have, or only one of them."""

    kind: Kind
    text: str


@dataclass
class Section:
    """The changed paragraphs, each in pieces, that stand under one heading; none above the first."""

    heading: str
    paragraphs: list[list[Piece]]


@dataclass
class TextChange:
    """A long text that differs: its sections in which something changed."""

    name: str
    sections: list[Section]


@dataclass
class ValueChange:
    """A field whose value differs; empty text stands for no value."""

    name: str
    old: str
    new: str


@dataclass
class RowChange:
    """A row added, removed or changed."""

    rows: str  # the kind of row, such as `figures`
    key: str
    change: Literal["added", "removed", "changed"]
    values: list[ValueChange]
    address: ClassVar[str] = ""

    @property
    def title(self) -> str:
        return f"{self.rows}: {self.key}".capitalize()


@dataclass
class Difference:
    """All that differs. `evidence` holds changed citations and figures, `rows` the other rows."""

    texts: list[TextChange] = field(default_factory=list)
    values: list[ValueChange] = field(default_factory=list)
    evidence: list[RowChange] = field(default_factory=list)
    rows: list[RowChange] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.texts or self.values or self.evidence or self.rows)


def difference(old: dict[str, Any], new: dict[str, Any], *, texts: tuple[str, ...]) -> Difference:
    """Compare two contents; `texts` names the long texts, compared word by word, in their order."""
    result = Difference()
    for name in texts:
        if sections := changed_sections(old.get(name, ""), new.get(name, "")):
            result.texts.append(TextChange(name, sections))
    for name in sorted((old.keys() | new.keys()) - set(texts)):
        before, after = old.get(name), new.get(name)
        if before == after:
            continue
        if isinstance(before, dict) or isinstance(after, dict):
            changes = list(_row_changes(name, before or {}, after or {}))
            (result.evidence if name in EVIDENCE else result.rows).extend(changes)
        else:
            result.values.append(ValueChange(name, _in_words(before), _in_words(after)))
    return result


def amount_changed(old: dict[str, Any], new: dict[str, Any], *, texts: tuple[str, ...]) -> tuple[int, int]:
    """(words added or removed, citations and figures added, removed or changed) between two contents."""
    found = difference(old, new, texts=texts)
    paragraphs = (part for text in found.texts for section in text.sections for part in section.paragraphs)
    changed = (_MARKER.sub("", piece.text) for part in paragraphs for piece in part if piece.kind != "same")
    return sum(len(_WORD.findall(text)) for text in changed), len(found.evidence)


def changed_sections(old: str, new: str) -> list[Section]:
    """The paragraphs of a Markdown text that differ, under their headings, without the signs of headings."""
    sections: list[Section] = []
    steps = _Steps()
    for heading, was, became in _changes(old, new, steps):
        pieces = list(_pieces(_HEADING.sub("", was), _HEADING.sub("", became), steps))
        if all(piece.kind == "same" for piece in pieces):
            continue
        if not sections or sections[-1].heading != heading:
            sections.append(Section(heading, []))
        sections[-1].paragraphs.append(pieces)
    return sections


def changed_paragraphs(old: str, new: str) -> Iterator[list[Piece]]:
    """The paragraphs of a Markdown text that differ, each as pieces of both editions."""
    steps = _Steps()
    return (list(_pieces(was, became, steps)) for _, was, became in _changes(old, new, steps))


class _Steps:
    """What comparing one text may still cost."""

    def __init__(self) -> None:
        self.left = MOST_STEPS


class _Comparison(SequenceMatcher[str]):
    """Python's, which gives up where there are no steps left: the rest then counts as different.

    Texts can be written, and are pasted, on which it would work for hours.
    """

    def __init__(self, before: list[str], after: list[str], steps: _Steps) -> None:
        super().__init__(None, before, after, autojunk=False)
        self._steps = steps
        places: dict[str, list[int]] = self.b2j  # type: ignore[attr-defined]  # where each part of `after` stands
        self._up_to = list(accumulate((4 + len(places.get(part, ())) for part in before), initial=0))

    @property
    def is_affordable(self) -> bool:
        """Whether it can be made in full, as texts usually are."""
        return self._up_to[-1] * 4 <= self._steps.left

    def find_longest_match(self, alo: int = 0, ahi: int | None = None, blo: int = 0, bhi: int | None = None) -> Match:
        end = len(self._up_to) - 1 if ahi is None else ahi
        cost = self._up_to[end] - self._up_to[alo]
        if cost > self._steps.left:
            return Match(alo, blo, 0)
        self._steps.left -= cost
        return super().find_longest_match(alo, ahi, blo, bhi)


def _changes(old: str, new: str, steps: _Steps) -> Iterator[tuple[str, str, str]]:
    """The heading it stands under, what it was and what it became, of each paragraph that differs."""
    before, after = _paragraphs(old), _paragraphs(new)
    heading = ""
    for tag, i1, i2, j1, j2 in _Comparison(before, after, steps).get_opcodes():
        for was, became in zip_longest(before[i1:i2], after[j1:j2], fillvalue=""):
            if _HEADING.match(became):
                heading = _HEADING.sub("", became).partition("\n")[0]
            if tag != "equal":
                yield heading, was, became


def _paragraphs(text: str) -> list[str]:
    return [part for part in re.split(r"\n\s*\n", text.strip()) if part]


def _pieces(old: str, new: str, steps: _Steps) -> Iterator[Piece]:
    before, after = _WORDS.findall(old), _WORDS.findall(new)
    compared = _Comparison(before, after, steps)
    if not compared.is_affordable:
        before, after = _SENTENCES.findall(old), _SENTENCES.findall(new)
        compared = _Comparison(before, after, steps)
    for tag, i1, i2, j1, j2 in compared.get_opcodes():
        if tag == "equal":
            yield Piece("same", "".join(before[i1:i2]))
            continue
        if i1 < i2:
            yield Piece("removed", "".join(before[i1:i2]))
        if j1 < j2:
            yield Piece("added", "".join(after[j1:j2]))


def _row_changes(name: str, old: dict[str, Any], new: dict[str, Any]) -> Iterator[RowChange]:
    for key in sorted(old.keys() | new.keys()):
        before, after = old.get(key), new.get(key)
        if before == after:
            continue
        values = [
            ValueChange(part, _in_words((before or {}).get(part)), _in_words((after or {}).get(part)))
            for part in sorted((before or {}).keys() | (after or {}).keys())
            if part != "rank" and (before or {}).get(part) != (after or {}).get(part)
        ]
        if values:
            yield RowChange(name, key, _change(before, after), values)


def _change(before: Any, after: Any) -> Literal["added", "removed", "changed"]:
    if before is None:
        return "added"
    return "removed" if after is None else "changed"


def _in_words(value: Any) -> str:
    if isinstance(value, list):
        return "; ".join(_in_words(part) for part in value)
    if isinstance(value, dict):
        return ", ".join(f"{name}: {_in_words(part)}" for name, part in value.items())
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "" if value is None else str(value)
