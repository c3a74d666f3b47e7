"""What a second editor must look at before a text is public: claims without evidence, and other doubts."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cached_property


@dataclass(frozen=True)
class Claim:
    """A sentence of a Markdown field, as an editor reads it, and why it is thought to need a source."""

    field: str
    sentence: str
    reason: str = ""

    @cached_property
    def digest(self) -> str:
        """What a tick is bound to: the same words in the same field, whatever else has changed."""
        return hashlib.sha256(f"{self.field}\n{self.sentence}".encode()).hexdigest()


@dataclass(frozen=True)
class Caution:
    """Something to look at that keeps nothing from going on, and the places it is about where they are many."""

    text: str
    places: tuple[str, ...] = ()

    def __str__(self) -> str:
        return self.text
