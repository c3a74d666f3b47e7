"""A question as it is typed, taken apart.

Words must all be found; "words in quotes" stand together, and so does what is written without a space
(S/RES/1244); word* is the beginning of a word; -word must not be there. Nothing typed is an error.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from editorial.search.names import other_forms
from editorial.search.words import STOP_WORDS, normal, words

LONGEST = 200  # letters of a question
MOST_TERMS = 10
SHORTEST_BEGINNING = 3  # letters of a word that is completed unasked
QUOTES = re.compile("[“”„‟«»″]")
PART = re.compile(r'(?P<minus>(?<!\S)-)?(?:"(?P<quoted>[^"]*)"|(?P<bare>[^\s"]+))')

Form = tuple[str, ...]


@dataclass(frozen=True)
class Term:
    """One thing asked for: any of its forms, each of which is one or more words that stand together."""

    typed: str
    forms: tuple[Form, ...]
    beginning: str = ""  # what the last word of the form begins with, where it need not be whole
    excluded: bool = False
    is_phrase: bool = False


@dataclass(frozen=True)
class Question:
    """What is asked: `terms` are wanted, `excluded` are not; `typed` is the whole as it was typed."""

    typed: str
    terms: tuple[Term, ...] = ()
    excluded: tuple[Term, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.terms)

    @property
    def words(self) -> int:
        """How many words are wanted, each name in its shortest form."""
        return sum(min(map(len, term.forms)) for term in self.terms)

    @property
    def has_number(self) -> bool:
        return any(letter.isdigit() for term in self.terms for word in term.forms[0] for letter in word)

    @property
    def names_asked(self) -> list[str]:
        """The whole as a name would be written in the index, in its forms where it is one term."""
        if len(self.terms) == 1:
            return [" ".join(form) for form in self.terms[0].forms]
        return [" ".join(word for term in self.terms for word in term.forms[0])]

    def with_last_word_begun(self) -> Question | None:
        """The same with the last word taken for the beginning of one; None where that cannot be meant."""
        *before, last = self.terms
        spelled = next(words(normal(last.typed)), None)
        alone = len(last.forms[0]) == 1 and not last.is_phrase and not last.beginning
        if not alone or spelled is None or len(spelled.spelled) < SHORTEST_BEGINNING:
            return None
        return replace(self, terms=(*before, replace(last, beginning=spelled.spelled)))


def read(text: str) -> Question:
    """Take a question apart. One of which nothing is left to look for is false."""
    typed = " ".join(normal(text.replace("\0", " "))[:LONGEST].split())
    found = list(_terms(QUOTES.sub('"', typed)))
    wanted = [term for term in found if not term.excluded]
    telling = [term for term in wanted if not _is_stop_word(term)]
    excluded = tuple(term for term in found if term.excluded)
    return Question(typed, tuple(_with_names(telling or wanted))[:MOST_TERMS], excluded[:MOST_TERMS])


def _terms(text: str) -> Iterator[Term]:
    for part in PART.finditer(text):
        typed = part["quoted"] if part["quoted"] is not None else part["bare"]
        found = list(words(typed))
        if not found:
            continue
        form = tuple(word.key for word in found)
        begun = part["bare"] is not None and typed.endswith("*")
        yield Term(
            typed=typed,
            forms=(form,),
            beginning=found[-1].spelled if begun else "",
            excluded=bool(part["minus"]),
            is_phrase=part["quoted"] is not None or len(form) > 1,
        )


def _is_stop_word(term: Term) -> bool:
    return not term.is_phrase and not term.beginning and term.typed.lower().strip(".,;:!?()") in STOP_WORDS


def _with_names(terms: list[Term]) -> Iterator[Term]:
    """The terms, those that are a name (“Kosovo Polje”) as one that has its other forms."""
    position = 0
    while position < len(terms):
        length, forms = _name_at(terms, position)
        typed = " ".join(term.typed for term in terms[position : position + length])
        yield replace(terms[position], typed=typed, forms=forms) if length > 1 or forms else terms[position]
        position += length


def _name_at(terms: list[Term], position: int) -> tuple[int, tuple[Form, ...]]:
    """How many terms from here are one name, the longest first, and the forms of that name."""
    for length in (4, 3, 2, 1):
        some = terms[position : position + length]
        together = length == 1 or not any(term.is_phrase for term in some)
        if len(some) == length and together and not any(term.beginning for term in some):
            form = tuple(word for term in some for word in term.forms[0])
            if forms := other_forms(form):
                return length, (form, *forms)
    return 1, ()
