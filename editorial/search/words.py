"""Words as search compares them: one spelling, one stem. The same for texts, questions and marks in texts."""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Iterator
from typing import NamedTuple

from editorial.letters import folded
from editorial.search.stems import stem

# Letters and digits; thousands belong together: 50,000 is one word.
WORD = re.compile(r"\d{1,3}(?:,\d{3})+(?!\d)|[^\W_]+")
LONGEST = 60  # letters of a word that are looked at

# Left out of a question that has other words. Not among them: May, and US.
STOP_WORDS = frozenset(
    """
    a about after all also an and any are as at be because been before but by can could d did do does for from had has
    have he her him his how i if in into is it its ll many me more much my no not of off on or our out over s she
    should so some such t than that the their them then there these they this those to under up was we were what when
    where which who why will with would you your
    """.split()  # noqa: SIM905
)


class Word(NamedTuple):
    """A word of a text: where it stands, its one spelling, and its stem."""

    start: int
    end: int
    spelled: str
    key: str


@functools.lru_cache(maxsize=20_000)
def spelled(word: str) -> str:
    """The one spelling of a word; empty where nothing of it can be compared."""
    return folded(word)[:LONGEST]


@functools.lru_cache(maxsize=20_000)
def key(word: str) -> str:
    """What a word is found by: the stem of its one spelling."""
    return stem(spelled(word))


def words(text: str) -> Iterator[Word]:
    """The words of a text in normal form C, in their order."""
    for match in WORD.finditer(text):
        word = match.group()
        if one := spelled(word):
            yield Word(match.start(), match.end(), one, key(word))


def keys(text: str) -> tuple[str, ...]:
    """What the words of a text, in any form, are found by."""
    return tuple(word.key for word in words(normal(text)))


def normal(text: str) -> str:
    """The text in normal form C, in which a letter with its accent is one."""
    return text if text.isascii() else unicodedata.normalize("NFC", text)
