"""“Did you mean”: the words of titles and names that are like a word nothing has."""

from __future__ import annotations

import difflib
import re

from django.db.models.functions import Length

from editorial.models import SearchWord
from editorial.search.backends import backend
from editorial.search.columns import Narrowed
from editorial.search.question import Question, Term
from editorial.search.words import spelled

LIKE_ENOUGH = 0.72
LONG = 8  # letters; shorter words must be more alike
SHORT_LIKE_ENOUGH = 0.75
LONGER_OR_SHORTER = 2  # letters; among short words one
COMPARED = 3000  # words, the most used ones
# As many as a search asks for: for one alone, PostgreSQL may read all texts from the last to the first.
HITS = 1000


def suggestion(asked: Question) -> str:
    """The question with words that are in the record for those that are not; empty where there are none.

    It is one that nothing answers: a single word is known to be in nothing.
    """
    typed, changed = asked.typed, False
    for term in asked.terms:
        if term.beginning or term.is_phrase or len(term.forms) > 1 or (len(asked.terms) > 1 and _is_known(term)):
            continue
        if not (meant := closest(spelled(term.typed.strip('"*')))):
            return ""
        whole_word = rf"(?<!\w){re.escape(term.typed)}(?!\w)"
        typed, changed = re.sub(whole_word, lambda _, meant=meant: meant, typed), True  # type: ignore[misc]
    return typed if changed else ""


def _is_known(term: Term) -> bool:
    question = Question(term.typed, (term,))
    return bool(backend().hits(question, Narrowed(), in_names=False, some=False, most=HITS))


def closest(word: str) -> str:
    """The word of a title or name that is most like this one, as it is written there; of equals the most used."""
    if len(word) < 3:
        return ""
    is_short = len(word) < LONG
    difference = LONGER_OR_SHORTER - is_short
    # A mistake in the first letter is rare, but the first two change places.
    candidates = (
        SearchWord.objects.filter(first_letter__in=set(word[:2]))
        .alias(length=Length("word"))
        .filter(length__gte=len(word) - difference, length__lte=len(word) + difference)
        .order_by("-uses", "word", "shown")
        .values_list("word", "shown")
    )
    forms: dict[str, str] = {}
    for like, shown in candidates[:COMPARED]:
        forms.setdefault(like, shown)
    found = difflib.get_close_matches(word, forms, n=1, cutoff=SHORT_LIKE_ENOUGH if is_short else LIKE_ENOUGH)
    return forms[found[0]] if found else ""
