"""What readers of references give back: entries as CSL items, and those that cannot be read, with the reason.

Readers take text and return a `Reading`; they never fail on what somebody wrote, and their time and
memory are bounded by the limits here. `source_values` in `csl` turns an item into values of a Source.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

Item = dict[str, Any]

LARGEST = 5 * 1024 * 1024  # characters of a text
MOST_ENTRIES = 10_000
LONGEST_VALUE = 20_000  # characters
DEEPEST = 20  # braces within each other
LONGEST_NAME = 80

# The field of BibTeX, and the tag of RIS, that hold what the format itself has no place for: part of
# a CSL item, as JSON. Our own fields stand there under `custom`, as they do in CSL-JSON.
OWN_FIELD = "kosovopeace"
OWN_TAG = "C8"
# What a source is made of, besides the key.
VARIABLES = (
    "type", "title", "author", "container-title", "publisher", "publisher-place", "issued", "number",
    "DOI", "ISBN", "URL", "archive_location", "language", "note", "custom",
)  # fmt: skip


class BadText(ValueError):
    """A text that cannot be read as a whole; its words are a sentence for the editor."""


@dataclass(frozen=True)
class Entry:
    """One reference of a text: a CSL item, where it begins, and what a source has no place for."""

    item: Item
    line: int
    left_out: tuple[str, ...] = ()


@dataclass(frozen=True)
class BadEntry:
    """A reference that cannot be taken over: its key or title, where it begins, and why."""

    name: str
    line: int
    reason: str


@dataclass
class Reading:
    """All that a text holds."""

    entries: list[Entry] = field(default_factory=list)
    bad: list[BadEntry] = field(default_factory=list)

    def refuse(self, name: str, line: int, reason: str) -> None:
        """One more that cannot be read."""
        self.bad.append(BadEntry(one_line(name)[:LONGEST_NAME] or "without a name", line, reason))


def prepared(text: str) -> str:
    """A text as readers take it: no mark of byte order, and line feeds as line ends.

    Raises BadText when it is too large, or no text.
    """
    if len(text) > LARGEST:
        raise BadText(f"This is too large: at most {LARGEST // 1024 // 1024} MB at a time. Divide it.")
    if "\0" in text:
        raise BadText("This is no text: it holds a NUL character.")
    return text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")


def require_few(number: int) -> None:
    """Raises BadText when there are more entries than one reading may have."""
    if number > MOST_ENTRIES:
        raise BadText(f"There are more than {MOST_ENTRIES} entries: divide the text.")


def one_line(text: str) -> str:
    return " ".join(text.split())


def lost(item: Item, back: Item) -> str:
    """What a format does not give back of an item as it is, as JSON in ASCII; empty where nothing is lost.

    `back` is the item as its reader would see it; what that has too much is null.
    """
    missing = {name: item.get(name) for name in VARIABLES if back.get(name) != item.get(name)}
    if not missing:
        return ""
    return json.dumps(missing, ensure_ascii=True, separators=(", ", ": "))


def found_again(item: Item, own: str) -> Item:
    """An item completed by what `lost` had kept. Raises ValueError when that is damaged."""
    if not own:
        return item
    try:
        kept = json.loads(own)
    except (ValueError, RecursionError):
        kept = None
    if not isinstance(kept, dict):
        raise ValueError(f"its {OWN_FIELD} field is damaged.")
    return without_empty(item | {name: kept[name] for name in VARIABLES if name in kept})


def without_empty(item: Item) -> Item:
    return {name: value for name, value in item.items() if value}


def named(values: Iterable[str]) -> tuple[str, ...]:
    """Names of what is left out, each once, in their order."""
    return tuple(dict.fromkeys(one_line(value)[:LONGEST_NAME] for value in values if value))
