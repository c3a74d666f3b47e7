"""What answers a question, in its order.

Where the words stand decides first: a thing of that name, then names that have all the words, then texts.
What is found late, such as a source, comes before texts only where several words or a number name it.
Names come by kind and length, texts as the database ranks them. Only the newest `MOST` hits are looked
at, beside the newest `MOST` by name, so that a common word costs little in a record of any size.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from django.utils import timezone

from editorial.models import SearchEntry
from editorial.search import question as questions
from editorial.search.backends import backend
from editorial.search.columns import Hit, Narrowed
from editorial.search.question import Question
from editorial.search.snippets import Snippet, best, whole
from editorial.search.suggesting import suggestion

MOST = 1000
MANY_WORDS = 3  # so many name a source
YEARS_TOGETHER = 5
AT_ONCE_SEEN = 3  # of the hits
MOST_NAMED = 3


@dataclass(frozen=True)
class Facets:
    """How many hits there are of each kind, on each theme, and in each five years, named by the first of them.

    Each is counted as if it alone were not chosen. They are `at_least` so many where not all were looked at.
    """

    kinds: Counter[str] = field(default_factory=Counter)
    themes: Counter[str] = field(default_factory=Counter)
    years: Counter[int] = field(default_factory=Counter)
    at_least: bool = False


@dataclass(frozen=True)
class Answer:
    """What was found: `entries` are numbers of entries in their order, at most MOST; `more` says there are others.

    `begun` and `some` tell that nothing had all the words: then the last was taken for the beginning of
    one, or some of them were enough. `suggestion` is a question like it that does find something.
    `elsewhere` tells that there are hits, but none that is left by what was chosen. `named` are a few of the
    entries, not among the first, whose whole name is in the question ("who led UNMIK in 2004").
    """

    question: Question
    entries: list[int] = field(default_factory=list)
    more: bool = False
    begun: bool = False
    some: bool = False
    elsewhere: bool = False
    suggestion: str = ""
    facets: Facets = field(default_factory=Facets)
    named: list[int] = field(default_factory=list)

    @property
    def count_in_words(self) -> str:
        """`188`, or "more than 1,000"."""
        return f"more than {MOST:,}" if self.more else f"{len(self.entries):,}"


def ask(text: str, narrowed: Narrowed | None = None) -> Answer:
    """Answer a question as it was typed. Nothing typed is an error."""
    asked, narrowed = questions.read(text), narrowed or Narrowed()
    if not asked:
        return Answer(asked)
    answer = _answer(asked, narrowed)
    if answer.entries or answer.elsewhere:
        return answer
    if (begun := asked.with_last_word_begun()) and (answer := _answer(begun, narrowed)).entries:
        return replace(answer, begun=True)
    if (meant := suggestion(asked)) and _answer(questions.read(meant), narrowed).entries:
        return Answer(asked, suggestion=meant, facets=answer.facets)
    if len(asked.terms) > 1:
        return replace(_answer(asked, narrowed, some=True), some=True)
    return Answer(asked, facets=answer.facets)


def _answer(asked: Question, narrowed: Narrowed, *, some: bool = False) -> Answer:
    every = _hits(asked, Narrowed(), some=some)
    more = len(every) > MOST
    if not narrowed:
        found = every
    elif more:
        found = _hits(asked, narrowed, some=some)
    else:
        found = {number: entry for number, entry in every.items() if narrowed.takes(entry[1])}
    ordered = sorted(found, key=lambda number: found[number][0])
    facets = _facets([hit for _, hit in every.values()], narrowed, at_least=more)
    elsewhere = bool(every and not found)
    said = [f"|{' '.join(form)}|" for term in asked.terms for form in term.forms]
    later = [(number, found[number][1]) for number in ordered[AT_ONCE_SEEN:]]
    named = [number for number, hit in later if not hit.found_late and any(name in hit.names for name in said)]
    return Answer(
        asked,
        ordered[:MOST],
        len(found) > MOST,
        some=some,
        elsewhere=elsewhere,
        facets=facets,
        named=named[:MOST_NAMED],
    )


Place = tuple[int, float, int, int]
Found = dict[int, tuple[Place, Hit]]


def _hits(asked: Question, narrowed: Narrowed, *, some: bool) -> Found:
    """Hits by number, each with its place in the order."""
    most = MOST + 1
    anywhere = backend().hits(asked, narrowed, in_names=False, some=some, most=most)
    in_names = [] if some else backend().hits(asked, narrowed, in_names=True, some=False, most=most)
    wanted = [f"|{name}|" for name in asked.names_asked]
    named = asked.words >= MANY_WORDS or asked.has_number
    found: Found = {hit.entry: ((5 if hit.found_late else 3, -hit.rank, 0, -hit.entry), hit) for hit in anywhere}
    for hit in in_names:
        if hit.found_late and not named:
            level = 4
        elif any(name in hit.names for name in wanted):
            level = 0
        else:
            level = 2 if hit.found_late else 1
        found[hit.entry] = ((level, hit.priority, len(hit.names), -hit.entry), hit)
    return found


def _facets(hits: Sequence[Hit], narrowed: Narrowed, *, at_least: bool) -> Facets:
    any_kind, any_theme = replace(narrowed, kinds=()), replace(narrowed, themes=())
    any_year = replace(narrowed, first=None, last=None)
    kinds = Counter(hit.kind for hit in _taken(hits, any_kind))
    # Of a thousand hits few differ in what is counted: what they say is taken apart once.
    themes: Counter[str] = Counter()
    for of_hit, count in Counter(hit.themes for hit in _taken(hits, any_theme)).items():
        themes.update(dict.fromkeys(of_hit.split(), count))
    years: Counter[int] = Counter()
    for (first, last), count in Counter((hit.first_year, hit.last_year) for hit in _taken(hits, any_year)).items():
        if first is not None:
            until = min(last or first, timezone.localdate().year)
            years.update(dict.fromkeys(range(_five(first), _five(until) + 1, YEARS_TOGETHER), count))
    return Facets(kinds, themes, years, at_least)


def _taken(hits: Sequence[Hit], narrowed: Narrowed) -> Sequence[Hit]:
    return [hit for hit in hits if narrowed.takes(hit)] if narrowed else hits


def _five(year: int) -> int:
    return year // YEARS_TOGETHER * YEARS_TOGETHER


@dataclass(frozen=True)
class Shown:
    """A hit as it is shown: its entry, and where the words stand in its title and text."""

    entry: SearchEntry
    title: Snippet
    snippet: Snippet


def show(answer: Answer, numbers: list[int]) -> list[Shown]:
    """Some of the entries of an answer, to be shown. One query."""
    entries = SearchEntry.objects.in_bulk(numbers) if numbers else {}
    there = [entries[number] for number in numbers if number in entries]  # one may have gone since
    return [_shown(entry, answer.question) for entry in there]


def _shown(entry: SearchEntry, question: Question) -> Shown:
    snippet = best(f"{entry.lead}\n{entry.text}".strip(), question)
    if not snippet.marks and not entry.lead:
        snippet = Snippet("", [])  # found by its name, and nothing else in it says what it is
    return Shown(entry, whole(entry.title, question), snippet)
