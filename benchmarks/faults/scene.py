"""The stack with people at it, whom every fault meets."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from benchmarks.errors import BenchmarkError
from benchmarks.load import record, visitors
from benchmarks.load.browser import Browser, Where
from benchmarks.load.editors import Desk
from benchmarks.load.mix import Mix, Part
from benchmarks.load.tally import Tally
from benchmarks.load.visitors import Crowd
from benchmarks.stack import Stack

WELL_KNOWN = 40  # pages that readers ask for all the time
WORKS = 20
BACK_WITHIN = 30.0  # seconds


@dataclass
class Scene:
    """`pages` are those of the sitemap; `crowd` reads the well known ones."""

    stack: Stack
    where: Where
    pages: list[str]
    editors: record.Editors
    tally: Tally = field(default_factory=Tally)
    crowd: Crowd = field(init=False)

    def __post_init__(self) -> None:
        self.crowd = Crowd(self.where, self.pages[:WELL_KNOWN], self.tally)

    @classmethod
    def at(cls, stack: Stack) -> Scene:
        where = Where(stack.url, stack.certificate)
        return cls(stack, where, visitors.pages(where), record.fresh(record.editors))

    def direct(self, number: int) -> Browser:
        """Somebody who asks one web process, past nginx and its cache."""
        return Browser(Where(self.stack.web[number].url, None, self.stack.as_proxy))

    def desk(self) -> Desk:
        """An author and a reviewer, logged in, with events to publish next editions of."""
        works = record.fresh(lambda: record.works(WORKS))
        if not works:
            raise BenchmarkError("No event is left of which editors could publish the next edition.")
        desk = Desk(self.where, self.editors.author, self.editors.reviewer, works, self.tally)
        desk.log_in()
        return desk

    @contextmanager
    def people(self, desk: Desk | None = None, *, publish_a_second: float = 0.2) -> Iterator[None]:
        """Readers, a program and reporters at work; with a desk its editors too."""
        parts = {
            "readers": Part(self.crowd.reader, 4, 20),
            "programs": Part(self.crowd.program, 1, 1),
            "reporters": Part(self.crowd.reporter, 1, 1),
        }
        if desk:
            parts["editors"] = Part(desk.step, 1, publish_a_second)
        with Mix(parts).at_work():
            yield

    def keep_pages(self) -> None:
        """Let the first web process and nginx keep the well known pages; the second process is not asked."""
        first, reader = self.direct(0), Browser(self.where)
        for page in self.crowd.pages:
            for browser in (first, reader):
                if browser.get(page).status != 200:
                    raise BenchmarkError(f"{page} does not answer 200 before anything was broken.")
        for browser in (first, reader):
            browser.leave()

    def seconds_until(self, is_so: Callable[[], bool], *, within: float = BACK_WITHIN) -> float | None:
        """How long it took; None where it did not come to be."""
        began = time.monotonic()
        while (waited := time.monotonic() - began) < within:
            if is_so():
                return waited
            time.sleep(0.1)
        return None

    def is_back(self) -> bool:
        """Whether both web processes make a page that nobody has kept."""
        fresh = f"/search/?q=back+{time.monotonic_ns()}"
        return all(self.direct(number).get(fresh).status == 200 for number in range(len(self.stack.web)))


def in_seconds(waited: float | None) -> str:
    return f"after {waited:.1f} s" if waited is not None else f"not within {BACK_WITHIN:.0f} s"


def lost_reports(scene: Scene) -> list[str]:
    """The private pages of acknowledged reports that are not there, in words."""
    reader = Browser(scene.where)
    statuses = {address: reader.get(address).status for address in scene.crowd.reports}
    return [f"A report that was acknowledged answers {status}." for status in statuses.values() if status != 200]


def lost_publications(desk: Desk) -> list[str]:
    """What editors were told is published and is not public, in words."""
    from editorial.models import Edition

    titles = Edition.objects.once_public().values_list("title", flat=True)
    known = {title.rpartition(" (")[2].removesuffix(")") for title in titles}
    return [f"“{word}” was acknowledged and is not public." for _, word in desk.published if word not in known]
