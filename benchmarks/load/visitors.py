"""Those who ask: each takes one step at a time and notes what came of it.

A visitor is a function that is called again and again; `Crowd` has one of each kind for each thread that plays it.
"""

from __future__ import annotations

import itertools
import random
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from html import unescape
from urllib.parse import quote, urlsplit

from benchmarks.errors import BenchmarkError
from benchmarks.load.browser import Answer, Browser, Where
from benchmarks.load.tally import Tally

Step = Callable[[], None]

WORDS = (
    "police", "return of refugees", "Zvečan", "customs", "march 2004", "headquarters", "court", "elections", "KFOR",
    "minorities", "soldiers", "electricity", "border", "training", "municipal", "protest", "gjykata", "полиција",
)  # fmt: skip
LISTS = ("missions", "events", "articles", "figures", "sources", "disagreements", "citations", "changes")
CONTINUED = 8  # pages that a reader asks for over one connection
ADDRESSES = 250 * 250


@dataclass
class Crowd:
    """Who comes to a site, the same in each run with one `seed`; `tally` has what they were answered."""

    where: Where
    pages: list[str]
    tally: Tally
    seed: int = 0
    reports: list[str] = field(default_factory=list)  # the private addresses of those that were acknowledged
    _seeds: itertools.count[int] = field(default_factory=itertools.count)
    _reporters: itertools.count[int] = field(default_factory=itertools.count)

    def reader(self) -> Step:
        """Reads pages, the well known ones most; each eighth time another reader, some with a page still at hand."""
        chance, browsers, at_hand = self._chance(), self._one_after_another(), dict[str, str]()

        def step() -> None:
            browser = next(browsers)
            page = self._page(chance)
            known = at_hand.get(page) if chance.random() < 0.3 else None
            answer = browser.get(page, **({"If-None-Match": known} if known else {}))
            self.tally.note("readers", answer, (200, 304))
            if etag := answer.headers.get("etag"):
                at_hand[page] = etag

        return step

    def searcher(self) -> Step:
        """Searches, and looks through lists in a way nobody else does."""
        chance, browsers = self._chance(), self._one_after_another()

        def step() -> None:
            browser = next(browsers)
            year = chance.randint(1989, 2025)
            asked = chance.choice(
                (
                    f"/search/?q={quote(chance.choice(WORDS))}",
                    f"/search/?q={quote(chance.choice(WORDS))}&from={year}",
                    f"/events/?after={year}",
                    f"/missions/?active_on={year}-06-01",
                )
            )
            self.tally.note("searches and filters", browser.get(asked))

        return step

    def program(self) -> Step:
        """Reads lists of the API to their end by cursor; each eighth time it is another program."""
        chance, browsers = self._chance(), self._one_after_another()
        further = ""

        def step() -> None:
            nonlocal further
            browser = next(browsers)
            asked = further or f"/api/v1/{chance.choice(LISTS)}/?cursor=*&page_size={chance.randint(5, 25)}"
            answer = browser.get(asked)
            self.tally.note("programs", answer, (200, 304))
            found = re.search(r'"next": ?"([^"]+)"', answer.text) if answer.status == 200 else None
            further = _path(found[1]) if found else ""

        return step

    def greedy(self) -> Step:
        """Has more made for one address than it may, by API and search in turns: 429 is what it is to get."""
        browser, chance, steps = self._browser("127.9.9.9"), self._chance(), itertools.count()

        def step() -> None:
            api = f"/api/v1/changes/?page_size={chance.randint(1, 100)}"
            asked = api if next(steps) % 2 else f"/search/?q={chance.choice(WORDS)[:3]}{chance.randint(1, 999)}"
            self.tally.note("a greedy program", browser.get(quote(asked, safe="/?=&")), (200, 429))

        return step

    def reporter(self) -> Step:
        """Sends a report from the foot of a page; each time somebody else."""
        chance = self._chance()

        def step() -> None:
            browser = self._browser()
            answer = report(browser, f"Report {next(self._reporters)}: a number on this page is not right.", chance)
            self.tally.note("reporters", answer, (303,))
            if answer.status == 303:
                self.reports.append(answer.headers["location"])
            browser.leave()

        return step

    def insistent(self) -> Step:
        """Reports from one address more often than one may: 429 with the form and all that was typed."""
        chance = self._chance()

        def step() -> None:
            browser = self._browser("127.9.9.8")
            answer = report(browser, f"Again, number {next(self._reporters)}: it is wrong.", chance)
            self.tally.note("an insistent reporter", answer, (303, 429))
            browser.leave()

        return step

    def _page(self, chance: random.Random) -> str:
        """One of the pages; the earlier in the list the likelier."""
        return self.pages[min(int(chance.paretovariate(0.6)) - 1, len(self.pages) - 1)]

    def _chance(self) -> random.Random:
        return random.Random(f"{self.seed}/{next(self._seeds)}")  # noqa: S311  no secret is made of it

    def _one_after_another(self) -> Iterator[Browser]:
        """For each step the one who makes it; each leaves after some, and another comes."""
        while True:
            browser = self._browser()
            yield from itertools.repeat(browser, CONTINUED)
            browser.leave()

    def _browser(self, address: str = "") -> Browser:
        number = next(self._seeds) % ADDRESSES
        return Browser(self.where, address=address or f"127.1.{number // 250 + 1}.{number % 250 + 1}")


def report(browser: Browser, message: str, chance: random.Random) -> Answer:
    """Send a report about a mission as the form on its page sends it; a given address for one in three."""
    mail = f"reader{chance.randint(1, 10**9)}@example.org" if chance.random() < 0.3 else ""
    fields = [
        ("record", "mission/kfor"),
        ("message", message),
        ("email", mail),
        ("kind", "correction"),
        ("homepage", ""),
    ]
    return browser.post("/corrections/new/", fields, Origin=browser.where.url)


def pages(where: Where) -> list[str]:
    """What the sitemap of the founding record names, its records first. Raises BenchmarkError where there is none."""
    browser = Browser(where)
    whole = browser.get("/sitemap.xml")
    found = _named_in(whole)
    if "<sitemapindex" in whole.text:
        found = [address for part in found for address in _named_in(browser.get(part))]
    if not found:
        raise BenchmarkError(f"{where.url}/sitemap.xml names no pages.")
    rank = {"/": 0, "/missions/": 1, "/events/": 1}
    return sorted(found, key=lambda address: (rank.get(address, 2 if address.startswith("/missions/") else 3), address))


def _named_in(sitemap: Answer) -> list[str]:
    return [_path(unescape(found)) for found in re.findall(r"<loc>([^<]+)</loc>", sitemap.text)]


def _path(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path
