"""What search is told of a thing that readers see: each kind of thing says it in `to_search`."""

from __future__ import annotations

from dataclasses import dataclass

STILL = 9999  # the last year of what goes on


@dataclass(frozen=True, kw_only=True)
class Searched:
    """The words by which a thing is found, in plain text, and what a list of hits says of it.

    The title, the other names and who made it count most, then the lead, then the text. `years` are the first and
    the last it is about. Among things found equally well those of a low `priority` come first; what is
    `found_late` comes after texts that have the word, unless three words or a number name it.
    """

    title: str
    other_names: tuple[str, ...] = ()
    makers: tuple[str, ...] = ()
    lead: str = ""
    text: str = ""
    detail: str = ""
    themes: tuple[str, ...] = ()
    years: tuple[int, int] | None = None
    priority: int = 5
    found_late: bool = False


def joined(*words: object) -> str:
    """The words that are there, each on a line of its own."""
    return "\n".join(str(word) for word in words if word)
