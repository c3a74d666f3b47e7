"""Which questions are about deaths and losses: these are never drawn, ranked or added up."""

from __future__ import annotations

import re

_LOSS = re.compile(
    r"killed|kill\b|dea(?:d|ths?)\b|died|fatalit|casualt|victims|injur|wounded|missing|displaced"
    r"|refugees|without-shelter|evacuated|fled|destroyed",
    re.IGNORECASE,
)


def is_loss(*words: str) -> bool:
    """Whether any of these words (a measure, a fact, a question) is about people or things lost."""
    return any(_LOSS.search(some) for some in words)
