"""Looks at an answer: whether it fails, tells what nobody may know, or does what a hostile string asked for."""

from __future__ import annotations

import re
import threading
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from benchmarks.databases import ROOT
from benchmarks.hostile.attacks import Request
from benchmarks.hostile.prepared import CANARIES, DRAFT, SETTINGS
from benchmarks.hostile.sending import Answer
from benchmarks.hostile.strings import INJECTED, MARK, SUM

READ_AS_MARKUP = ("text/html", "xml", "svg")
NEVER = (b"Traceback (most recent call last)", b"site-packages/", str(ROOT).encode(), b"root:x:0:0", b"pbkdf2_sha256$")
ON_EACH = ("content-security-policy", "x-content-type-options", "referrer-policy", "permissions-policy")
MOST_KEPT = 40  # findings told whole


def problems(request: Request, answer: Answer) -> Iterator[str]:
    """What is wrong with an answer, in a few words each."""
    if answer.status >= 500 and not _asked_for(request, answer):
        yield f"status {answer.status}"
    body = answer.body
    if any(word in body for word in NEVER):
        yield "tells how the site is made"
    # Editors read drafts; a reader on the page of their own report reads what they wrote.
    is_own_page = request.head.split(b" ")[1].startswith(b"/corrections/mine/")
    hidden = (SETTINGS,) if request.session else (SETTINGS, DRAFT) if is_own_page else CANARIES
    if any(word.encode() in body for word in hidden) or any(word in str(answer.headers) for word in hidden):
        yield "tells a word that is not public"
    if SUM.encode() in body:
        yield "runs what was typed as a template"
    kind = answer.header("content-type")
    if any(word in kind for word in READ_AS_MARKUP) and re.search(rb"<(?:script>)?" + MARK.encode(), body):
        yield "gives what was typed back as markup"
    if any(name == INJECTED.lower() for name, _ in answer.headers):
        yield "holds a header that was typed"
    place = answer.header("location")
    if place and not re.match(r"/(?![/\\])|\?|http://127\.0\.0\.1(?::\d+)?/", place):
        yield f"leads to another site: {place[:80]}"
    # The server's own refusals, of what is no HTTP, have no content and no type.
    if answer.status not in (0, 304) and kind and (missing := [one for one in ON_EACH if not answer.header(one)]):
        yield f"lacks {', '.join(missing)}"


def _asked_for(request: Request, answer: Answer) -> bool:
    """Whether it is a refusal that is planned: too many bodies are being sent, or large files downloaded."""
    method, target, _ = request.head.split(b" ", 2)
    may_wait = method not in (b"GET", b"HEAD") or target.startswith(b"/data/")
    return answer.status == 503 and bool(answer.header("retry-after")) and may_wait


@dataclass
class Findings:
    """What was asked and answered, by kind; several threads add to it."""

    statuses: dict[str, Counter[int]] = field(default_factory=dict)
    slowest: dict[str, tuple[float, str]] = field(default_factory=dict)
    wrong: Counter[str] = field(default_factory=Counter)
    told: list[str] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def note(self, kind: str, request: Request, answer: Answer, seconds: float) -> None:
        found = list(problems(request, answer))
        with self._lock:
            self.statuses.setdefault(kind, Counter())[answer.status] += 1
            if seconds > self.slowest.get(kind, (0.0, ""))[0]:
                self.slowest[kind] = (seconds, request.head.split(b"\r\n")[0][:120].decode("utf-8", "replace"))
            for problem in found:
                self._add(kind, problem, request, answer)

    def note_silence(self, kind: str, request: Request) -> None:
        with self._lock:
            self._add(kind, "no answer in time", request, Answer(0))

    def _add(self, kind: str, problem: str, request: Request, answer: Answer) -> None:
        self.wrong[f"{kind}: {problem}"] += 1
        if self.wrong[f"{kind}: {problem}"] <= 3 and len(self.told) < MOST_KEPT:
            self.told.append(
                f"{kind}: {problem}\n    {request.head[:600]!r}\n    {request.body[:300]!r}\n    {answer.body[:200]!r}"
            )
