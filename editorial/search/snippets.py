"""The place in a text that answers a question, with the words that were asked for marked."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from editorial.search.question import Question
from editorial.search.words import words

LENGTH = 240  # characters of a snippet, about
BEFORE = 70  # characters of them before the first word that is marked, at most
DIVIDER = " · "  # between paragraphs
SENTENCE_END = re.compile(r"(?:[.!?]\s+|\n+)")


class Mark(NamedTuple):
    """Where a word that was asked for stands in a text, and for which term."""

    start: int
    end: int
    term: int


class Snippet(NamedTuple):
    """A piece of plain text and the places in it, from and to, that are marked."""

    text: str
    marks: list[tuple[int, int]]

    def as_html(self) -> SafeString:
        """The piece escaped, the places in `<mark>`."""
        edges = [0, *(edge for mark in self.marks for edge in mark), len(self.text)]
        pieces = [self.text[start:end] for start, end in pairwise(edges)]
        plain, marked = pieces[::2], [*pieces[1::2], ""]
        pairs = zip(plain, marked, strict=True)
        return format_html_join(
            "", "{}{}", ((text, format_html("<mark>{}</mark>", word) if word else "") for text, word in pairs)
        )


def whole(text: str, question: Question) -> Snippet:
    """The whole of a short text, marked."""
    return Snippet(text, _places(marks(text, question), 0, len(text)))


def best(text: str, question: Question) -> Snippet:
    """The stretch of a text in which most of what was asked for stands together, the first of those."""
    found: list[Mark] = []
    best_start, most, at = 0, 0, 0
    for mark in marks(text, question):
        found.append(mark)
        while mark.end - found[at].start > LENGTH - BEFORE:
            at += 1
        terms = len({one.term for one in found[at:]})
        if terms > most:
            best_start, most = found[at].start, terms
        if found[-1].start > best_start + LENGTH and most == len(question.terms):
            break
    start = _beginning(text, best_start)
    end = _end(text, start)
    cut = text[start:end]
    before, after = "… " if start else "", " …" if end < len(text) else ""

    def moved(place: int) -> int:
        return len(before) + place + cut.count("\n", 0, place) * (len(DIVIDER) - 1)

    places = [(moved(first), moved(last)) for first, last in _places(found, start, end)]
    return Snippet(before + cut.replace("\n", DIVIDER) + after, places)


def marks(text: str, question: Question) -> Iterator[Mark]:
    """Every place in the text that is asked for; words that stand together are marked together."""
    by_last: dict[str, list[tuple[tuple[str, ...], int]]] = {}
    beginnings: list[tuple[str, tuple[str, ...], int]] = []
    for number, term in enumerate(question.terms):
        for form in term.forms:
            by_last.setdefault(form[-1], []).append((form, number))
        if term.beginning:
            beginnings.append((term.beginning, term.forms[0][:-1], number))
    longest = max(len(form) for term in question.terms for form in term.forms)
    last = deque[tuple[str, int]](maxlen=longest)
    for word in words(text):
        last.append((word.key, word.start))
        wanted = by_last.get(word.key, [])
        for beginning, before, number in beginnings:
            if word.spelled.startswith(beginning):
                wanted = [*wanted, ((*before, word.key), number)]
        for form, number in sorted(wanted, key=lambda one: -len(one[0])):
            recent = list(last)[-len(form) :]
            if tuple(key for key, _ in recent) == form:
                yield Mark(recent[0][1], word.end, number)
                break


def _places(found: Iterator[Mark] | list[Mark], start: int, end: int) -> list[tuple[int, int]]:
    """The marks inside a stretch, counted from its start, none over another."""
    places: list[tuple[int, int]] = []
    for mark in found:
        if mark.start >= start and mark.end <= end:
            while places and places[-1][1] > mark.start - start:
                places.pop()
            places.append((mark.start - start, mark.end - start))
    return places


def _beginning(text: str, at: int) -> int:
    """Where to begin so that `at` is soon read: at a sentence if one begins near, else at a word."""
    if at == 0:
        return 0
    earliest = max(0, at - BEFORE)
    sentence = [match.end() for match in SENTENCE_END.finditer(text, earliest, at)]
    if sentence:
        return sentence[-1]
    if earliest == 0:
        return 0
    space = text.find(" ", earliest, at)
    return space + 1 if space >= 0 else at


def _end(text: str, start: int) -> int:
    if len(text) <= start + LENGTH:
        return len(text)
    space = text.rfind(" ", start, start + LENGTH)
    return space if space > start else start + LENGTH
