"""Two editors at work in their browsers: one changes a text, the other publishes it."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from benchmarks.load.browser import NO_ANSWER, Answer, Browser, Where
from benchmarks.load.forms import Form
from benchmarks.load.tally import Tally, status_in_words

SEEN_WITHIN = 10.0  # seconds to wait for readers to see what was published, before giving up
LOOKED_AGAIN = 0.05


class NotDone(Exception):
    """A step of the editors did not lead where it should; `answer` is what they were told."""

    def __init__(self, step: str, answer: Answer) -> None:
        self.step, self.answer = step, answer
        super().__init__(f"{step}: {status_in_words(answer.status)}")


@dataclass
class Work:
    """A public edition that the editors may follow up: its kind, its number in the admin, its address for readers."""

    kind: str
    number: int
    address: str


@dataclass
class Desk:
    """An author and a reviewer; `work` is what they publish next editions of, in turns.

    `published` are words that were acknowledged to be public, with the address of their page; `seen_after` in how many
    seconds readers saw each.
    """

    where: Where
    author: tuple[str, str]
    reviewer: tuple[str, str]
    work: list[Work]
    tally: Tally
    published: list[tuple[str, str]] = field(default_factory=list)
    seen_after: list[float] = field(default_factory=list)
    not_seen: list[str] = field(default_factory=list)
    interrupted: list[NotDone] = field(default_factory=list)
    clear_pages: list[Answer] = field(default_factory=list)
    allowed: tuple[int, ...] = ()  # further statuses that are planned, while something is away
    _turn: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def __post_init__(self) -> None:
        self._authors = Browser(self.where, address="127.8.0.1")
        self._reviewers = Browser(self.where, address="127.8.0.2")

    def log_in(self) -> None:
        """Raises NotDone where one of them is not let in."""
        for browser, (name, password) in ((self._authors, self.author), (self._reviewers, self.reviewer)):
            browser.cookies.clear()
            page = self._note("log in", browser.get("/accounts/login/"))
            form = self._form("log in", page, "login")
            self._note("log in", browser.send(page, form, login=name, password=password), 302)

    def step(self) -> Callable[[], None]:
        """Publishes the next edition of one of the works, and looks when readers see it."""

        def step() -> None:
            with self._lock:
                self._turn += 1
                turn = self._turn
            work = self.work[turn % len(self.work)]
            try:
                self.publish(work, f"publication {turn}")
                self._look(work, f"publication {turn}")
            except NotDone as error:
                self.interrupted.append(error)
                self.clear_pages.append(error.answer)

        return step

    def publish(self, work: Work, word: str) -> None:
        """Publish the next edition of a work, with a word in its title. Raises NotDone where a step is refused."""
        author, reviewer = self._authors, self._reviewers
        started = self._press(author, work, work.number, "start")
        found = re.search(r"/(\d+)/change/", started.headers["location"])
        if found is None:
            raise NotDone("start", started)
        draft = int(found[1])
        page = self._note("open the form", author.get(f"/admin/missions/{work.kind}/{draft}/change/"))
        form = self._form("open the form", page, "title")
        title = f"{form['title'].partition(' (publication ')[0]} ({word})"
        typed = {"title": title, "change_note": f"Nothing but the title: {word}.", "_save": "Save"}
        self._note("save", author.send(page, form, **typed), 302)
        self._press(author, work, draft, "submit")
        self._press(reviewer, work, draft, "publish")
        work.number = draft
        self.published.append((work.address, word))

    def look_at(self, address: str) -> Answer:
        """What the author is shown there, whatever it is."""
        return self._authors.get(address)

    def look_at_form(self) -> Answer:
        return self.look_at(f"/admin/missions/{self.work[0].kind}/{self.work[0].number}/change/")

    def _press(self, browser: Browser, work: Work, number: int, action: str) -> Answer:
        address = f"/admin/missions/{work.kind}/{number}/do/{action}/"
        page = self._note(action, browser.get(address))
        return self._note(action, browser.send(page, self._form(action, page, "csrfmiddlewaretoken")), 302)

    def _look(self, work: Work, word: str) -> None:
        """Ask for the page as a reader until the word stands there."""
        began, reader = time.monotonic(), Browser(self.where, address="127.8.0.3")
        while time.monotonic() - began < SEEN_WITHIN:
            if f"({word})" in reader.get(work.address).text:
                self.seen_after.append(time.monotonic() - began)
                reader.leave()
                return
            time.sleep(LOOKED_AGAIN)
        self.not_seen.append(word)

    def _note(self, step: str, answer: Answer, expected: int = 200) -> Answer:
        self.tally.note("editors", answer, (expected, *self.allowed))
        if answer.status != expected:
            raise NotDone(step, answer)
        return answer

    @staticmethod
    def _form(step: str, page: Answer, field_name: str) -> Form:
        """The form of a page to which they are to write: the last with this field, after those for logging out."""
        found = [form for form in page.forms if field_name in form and form.method == "post"]
        if not found:
            raise NotDone(step, Answer(NO_ANSWER, page.headers, b"no form: " + page.body, page.seconds, page.address))
        return found[-1]
