"""Sources that may be in the library already: suggested to editors, never merged by themselves.

The same DOI or the same address is a strong sign, a title of nearly the same words a weaker one.
Titles whose numbers differ are of different documents (resolutions 1239 and 1244), and so are
documents of one title whose dates cannot be the same (reports of one series).
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from typing import Self
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit

from sources.dates import PartialDate
from sources.models import Source

MOST = 10  # suggestions: more help nobody
NEAR = 0.9  # how like each other two titles must be, of 1
MOST_STEPS = 200_000_000  # of comparing titles with the library: some seconds
_DOI = re.compile(r"10\.\d{4,9}/\S+")
_ARCHIVE = re.compile(r"https?://web\.archive\.org/web/\d+\w*/(?=https?://)", re.IGNORECASE)
_CAMPAIGN = re.compile(r"(?:utm_\w+|fbclid|gclid|mc_cid|mc_eid)\Z", re.IGNORECASE)


def suspected_duplicates(*, title: str = "", url: str = "", doi: str = "", issued: str = "") -> list[Source]:
    """Sources of the library that may be the same document, the likeliest first. Two queries.

    Who asks about many documents makes one `Library` and asks that.
    """
    return Library.as_it_is().suspected(title=title, url=url, doi=doi, issued=issued)


@dataclass
class Library:
    """What the sources of the library are recognised by, read once."""

    by_address: dict[str, set[int]] = field(default_factory=lambda: defaultdict(set))
    by_word: dict[tuple[frozenset[str], str], set[int]] = field(default_factory=lambda: defaultdict(set))
    titles: dict[int, list[str]] = field(default_factory=dict)
    dates: dict[int, str] = field(default_factory=dict)
    steps_left: int = field(default_factory=lambda: MOST_STEPS)  # below 0, too many titles are alike to be compared

    @classmethod
    def as_it_is(cls) -> Self:
        """All sources but those that were merged into others. One query."""
        library = cls()
        rows = Source.objects.filter(merged_into=None).order_by("pk")
        for pk, title, doi, issued, *addresses in rows.values_list(
            "pk", "title", "doi", "issued", "url", "archived_url", "consulted_at"
        ):
            library.add(pk, title=title, addresses=addresses, doi=doi, issued=issued)
        return library

    def add(self, pk: int, *, title: str, addresses: Iterable[str] = (), doi: str = "", issued: str = "") -> None:
        """One more source, known by its number."""
        for address in _recognised_by(doi, *addresses):
            self.by_address[address].add(pk)
        self.titles[pk], self.dates[pk] = words_of(title), issued
        numbers = _numbers(self.titles[pk])
        for word in self.titles[pk]:
            self.by_word[numbers, word].add(pk)

    def suspected(self, *, title: str = "", url: str = "", doi: str = "", issued: str = "") -> list[Source]:
        """Sources that may be the same document, the likeliest first."""
        best = self.suspected_numbers(title=title, url=url, doi=doi, issued=issued)
        sources = Source.objects.in_bulk(best)
        return [sources[pk] for pk in best if pk in sources]

    def suspected_numbers(self, *, title: str = "", url: str = "", doi: str = "", issued: str = "") -> list[int]:
        """The same by their numbers, without a query: what was added may not be saved yet."""
        found: dict[int, float] = {}
        for address in _recognised_by(doi, url):
            for pk in self.by_address.get(address, ()):
                found[pk] = 3.0 if address.startswith("doi:") else 2.0
        for pk, likeness in self._of_like_title(words_of(title), issued):
            found[pk] = found.get(pk, 0) + likeness
        return sorted(found, key=lambda pk: (-found[pk], pk))[:MOST]

    def _of_like_title(self, words: list[str], issued: str) -> Iterable[tuple[int, float]]:
        # Titles that share half of their words share one of the rarer half: the others need not be looked at.
        numbers, every = _numbers(words), set(words)
        having = sorted((self.by_word.get((numbers, word), set()) for word in every), key=len)
        looked_at = having[: len(every) // 2 + 1]
        self.steps_left -= 10 * sum(map(len, looked_at))
        for pk in set().union(*looked_at) if self.steps_left > 0 else ():
            others = self.titles[pk]
            self.steps_left -= 20 * len(others)
            shared, together = every & set(others), every | set(others)
            if len(shared) * 2 < len(together) or _contradict(issued, self.dates[pk]):
                continue
            self.steps_left -= len(" ".join(words)) * len(" ".join(others))
            if self.steps_left < 0:
                return
            if (likeness := _likeness(words, others)) >= NEAR:
                yield pk, likeness


def normal_doi(text: str) -> str:
    """A DOI as all its ways of writing agree on: `10.1080/13533312.2020`. Empty where there is none."""
    match = _DOI.search(unquote(text).strip())
    return match[0].rstrip(".,;)").lower() if match else ""


def normal_url(text: str) -> str:
    """An address without what makes no difference: scheme, www, marks of campaigns, the copy's archive."""
    text = _ARCHIVE.sub("", text.strip())
    try:
        parts = urlsplit(text if "://" in text else f"//{text}")
        host = (parts.hostname or "").removeprefix("www.")
    except ValueError:
        return ""
    query = sorted((name, value) for name, value in parse_qsl(parts.query) if not _CAMPAIGN.match(name))
    path = unquote(parts.path).rstrip("/")
    return f"{host}{path}" + (f"?{urlencode(query)}" if query else "") if "." in host else ""


def words_of(title: str) -> list[str]:
    """The words of a title without case, accents and signs."""
    folded = unicodedata.normalize("NFKD", title.casefold())
    return re.findall(r"\w+", "".join(sign for sign in folded if not unicodedata.combining(sign)))


def _recognised_by(doi: str, *addresses: str) -> set[str]:
    """What is looked up for a DOI and addresses, among which the DOI's own resolver may be."""
    dois = {normal_doi(doi), *(normal_doi(address) for address in addresses if "doi.org/" in address)}
    return {f"doi:{one}" for one in dois if one} | {url for url in map(normal_url, filter(None, addresses)) if url}


def _likeness(words: list[str], others: list[str]) -> float:
    if words == others:
        return 1.0
    matcher = SequenceMatcher(None, " ".join(words), " ".join(others), autojunk=False)
    return matcher.ratio() if matcher.real_quick_ratio() >= NEAR and matcher.quick_ratio() >= NEAR else 0.0


def _numbers(words: list[str]) -> frozenset[str]:
    return frozenset(word for word in words if word.isdigit())


def _contradict(one: str, other: str) -> bool:
    """Whether two partial dates cannot be the same; of no date anything may be true."""
    if not one or not other:
        return False
    try:
        first, second = PartialDate.parse(one), PartialDate.parse(other)
    except ValueError:
        return False
    return first.low > second.high or second.low > first.high
