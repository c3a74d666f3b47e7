"""What differs between two editions: in words, and in evidence.

Works on the content of editions as `freezing.content` gives it and frozen text keeps it, so that old
editions can be compared whatever has become of the columns since. Text is compared by paragraphs
first and by words within changed paragraphs; rows by their key.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from itertools import zip_longest
from typing import Any, Literal

EVIDENCE = ("citations", "figures")
_WORD = re.compile(r"\w+")
_WORDS = re.compile(r"\w+|\s+|[^\w\s]")

Kind = Literal["same", "added", "removed"]


@dataclass(frozen=True)
class Piece:
    """A stretch of text that both editions have, or only one of them."""

    kind: Kind
    text: str


@dataclass
class TextChange:
    """A long text that differs: its changed paragraphs, each in pieces."""

    name: str
    paragraphs: list[list[Piece]]


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
        paragraphs = list(changed_paragraphs(old.get(name, ""), new.get(name, "")))
        if paragraphs:
            result.texts.append(TextChange(name, paragraphs))
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
    changed = (piece for text in found.texts for part in text.paragraphs for piece in part if piece.kind != "same")
    return sum(len(_WORD.findall(piece.text)) for piece in changed), len(found.evidence)


def changed_paragraphs(old: str, new: str) -> Iterator[list[Piece]]:
    """The paragraphs of a Markdown text that differ, each as pieces of both editions."""
    before, after = _paragraphs(old), _paragraphs(new)
    for tag, i1, i2, j1, j2 in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if tag != "equal":
            for was, became in zip_longest(before[i1:i2], after[j1:j2], fillvalue=""):
                yield list(_pieces(was, became))


def _paragraphs(text: str) -> list[str]:
    return [part for part in re.split(r"\n\s*\n", text.strip()) if part]


def _pieces(old: str, new: str) -> Iterator[Piece]:
    before, after = _WORDS.findall(old), _WORDS.findall(new)
    for tag, i1, i2, j1, j2 in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
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
