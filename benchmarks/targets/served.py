"""What is kept: requests a second from the page cache, as `make run` serves it, with sixteen connections at once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from benchmarks.bare import Answer, running_bare_site
from benchmarks.bench import Bench
from benchmarks.report import Table
from benchmarks.running_site import running
from benchmarks.targets import table
from benchmarks.targets.founding import API_LIST, ENCODING, EVENT, MISSION, answer_at, etag_at, loaded
from benchmarks.targets.rates import SECONDS, in_between
from benchmarks.wrk import CONNECTIONS

TARGET = 2.0


def measure(bench: Bench) -> Iterator[Table]:
    database = loaded(bench.folder)
    with running(database, bench.folder, workers=2, PAGE_CACHE_MB="16") as site:
        address = f"http://127.0.0.1:{site.port}"
        pages = {"an event": EVENT, "a large mission": MISSION, "a list of the API": API_LIST}
        asked: dict[str, tuple[str, Mapping[str, str]]] = {
            name: (f"{address}{path}", ENCODING) for name, path in pages.items()
        }
        answers = {str(number): answer_at(f"{address}{path}") for number, path in enumerate(pages.values())}
        asked["an event, 304"] = (f"{address}{EVENT}", ENCODING | {"If-None-Match": etag_at(f"{address}{EVENT}")})
        answers[str(len(answers))] = Answer(b"", {})
        with running_bare_site(bench.folder, answers) as bare:
            names = dict(zip(asked, answers, strict=True))
            found = [
                in_between(what, f"{bare.url}/{names[what]}", *one, rounds=bench.rounds, target=TARGET)
                for what, one in asked.items()
            ]
    note = (
        f"Requests a second (wrk, {CONNECTIONS} connections, {SECONDS} s each, in turns: bare, site, bare). The founding "
        "record on SQLite, two web processes; the bare view returns the same compressed bytes, of a 304 none."
    )
    yield table("From the page cache", note, found)
