"""How a source is written out: full and short, in plain text and in HTML."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sources.models import Source


def plain(source: Source, *, short: bool = False) -> str:
    return source.title
