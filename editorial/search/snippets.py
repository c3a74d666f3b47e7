"""The place in a text that answers a question, with the words that were asked for marked."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import NamedTuple

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from editorial.search.question import Question
from editorial.search.words import WORD, key, spelled

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
    mark_at = _marking(question)
    for word in WORD.finditer(text):
        if most == len(question.terms) and word.start() > best_start + LENGTH:
            break
        if not (mark := mark_at(word)):
            continue
        found.append(mark)
        while mark.end - found[at].start > LENGTH - BEFORE:
            at += 1
        terms = len({one.term for one in found[at:]})
        if terms > most:
            best_start, most = found[at].start, terms
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
    mark_at = _marking(question)
    return (mark for word in WORD.finditer(text) if (mark := mark_at(word)))


def _marking(question: Question) -> Callable[[re.Match[str]], Mark | None]:
    """What is to be told each word of a text in turn, and says which place ends there that is asked for, if any."""
    by_last: dict[str, list[tuple[tuple[str, ...], int]]] = {}
    beginnings: list[tuple[str, tuple[str, ...], int]] = []
    for number, term in enumerate(question.terms):
        for form in term.forms:
            by_last.setdefault(form[-1], []).append((form, number))
        if term.beginning:
            beginnings.append((term.beginning, term.forms[0][:-1], number))
    longest = max(len(form) for term in question.terms for form in term.forms)
    last = deque[tuple[str, int]](maxlen=longest)

    def mark_at(match: re.Match[str]) -> Mark | None:
        word = match.group()
        if not (found := key(word)):
            return None
        last.append((found, match.start()))
        wanted = by_last.get(found, [])
        for beginning, before, number in beginnings:
            if spelled(word).startswith(beginning):
                wanted = [*wanted, ((*before, found), number)]
        if not wanted:  # as nearly all words of a text: thousands in a page of hits
            return None
        for form, number in sorted(wanted, key=lambda one: -len(one[0])):
            recent = list(last)[-len(form) :]
            if tuple(one for one, _ in recent) == form:
                return Mark(recent[0][1], match.end(), number)
        return None

    return mark_at


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
