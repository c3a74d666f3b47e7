"""What the processes of the stack promise together, each tried on the running stack: `make stack CHECK=1`.

An editor publishes, withdraws and removes by the workflow; readers ask through nginx and each web process meanwhile.
Each proof gives back what was seen, or raises NotAsPromised with it; the others go on.
"""

from __future__ import annotations

import http.client
import os
import signal
import threading
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import redis

from benchmarks.errors import BenchmarkError
from benchmarks.stack.asking import Answer, Door, Editor, doors, editor_of, logged, slowest_answer
from benchmarks.stack.editor import REASON
from benchmarks.stack.services import Stack

THROUGH_NGINX, ON_WORKERS = 2.0, 1.0  # seconds after it was committed in which a change is seen
WATCHED = 4.0  # seconds for which readers go on asking
MISSION, API = "/missions/kfor/", "/api/v1/missions/kfor/"
REMOVED, WITHDRAWN = "donors-1999", "education-agreement-1996"  # events of the founding record
Proof = Callable[[Stack, Editor], str]


class NotAsPromised(Exception):
    """A promise was not kept; the message says what was seen."""


def run(stack: Stack) -> int:
    """Try all; 1 where one was not as promised."""
    failed = 0
    with editor_of(stack) as editor:
        for proof in PROOFS:
            began = time.monotonic()
            try:
                seen = proof(stack, editor)
            except (NotAsPromised, BenchmarkError, OSError) as error:
                failed += 1
                seen = f"NOT AS PROMISED: {error}"
            print(f"- {(proof.__doc__ or '').strip()}\n  {seen} ({time.monotonic() - began:.0f} s)", flush=True)
    return 1 if failed else 0


def answers_are_protected(stack: Stack, editor: Editor) -> str:
    """HTTP leads to HTTPS, answers carry what protects readers, and logs hold nothing of them."""
    nginx = doors(stack)[0]
    plain = next(line for line in (stack.folder / "nginx" / "nginx.conf").read_text().splitlines() if "listen" in line)
    connection = http.client.HTTPConnection(plain.split()[1].rstrip(";"), timeout=5)
    connection.request("GET", f"{MISSION}?x=1", headers={"Host": "elsewhere.example"})
    moved = connection.getresponse()
    require(moved.status == 301, f"HTTP: {moved.status}")
    require(moved.headers["Location"] == f"{stack.url}{MISSION}?x=1", f"to {moved.headers['Location']}")
    kept = nginx.ask(f"{MISSION}?canary=words")
    for name in ("strict-transport-security", "content-security-policy", "x-content-type-options", "x-request-id"):
        require(name in kept.headers, f"{name} is missing")
    nginx.ask("/corrections/mine/canary-token/")
    log = (stack.folder / "nginx" / "access.log").read_text()
    require("canary" not in log and "127.0.0.1" not in log, "the access log holds a query, a token or an address")
    return "yes"


def kept_for_nobody_else(stack: Stack, editor: Editor) -> str:
    """Who sends a cookie is answered by the site, and nothing of it is kept; nor what the site forbids to keep."""
    nginx = doors(stack)[0]
    for _ in range(2):
        with_cookie = nginx.ask("/events/", Cookie="sessionid=abc")
        require(logged(stack, with_cookie.headers["x-request-id"])["cache"] == "BYPASS", "a cookie was not passed by")
    require(_cached(stack, nginx.ask("/events/")) == "MISS", "what was answered to a cookie was kept")
    for address in ("/admin/login/", "/corrections/new/?record=mission/kfor", "/corrections/", "/healthz", "/data/"):
        nginx.ask(address)
        require(_cached(stack, nginx.ask(address)) in ("", "MISS"), f"{address} was kept")
    return "yes"


def asked_once_a_second(stack: Stack, editor: Editor) -> str:
    """A page is kept for a second or two, then nginx asks by ETag whether it is still good."""
    nginx = doors(stack)[0]
    states: Counter[str] = Counter()
    for encoding in ("br", "gzip", "") * 8:
        states[_cached(stack, nginx.ask(MISSION, Accept_Encoding=encoding))] += 1
        time.sleep(0.15)
    require(states["REVALIDATED"] > 0 and states["HIT"] > states["REVALIDATED"], f"{dict(states)}")
    return ", ".join(f"{count} {state}" for state, count in states.items())


def a_publication_is_seen(stack: Stack, editor: Editor) -> str:
    """A publication is seen on every web process within a second and through nginx within two, and stays seen."""
    latest: dict[str, float] = {}
    pages = [MISSION, API, "/missions/", "/changes/feed/"]
    for number in range(4):
        word = f"Proof{number}x"
        found = watched(stack, editor, f"publish mission kfor {word}", partial(_says, word), pages)
        latest = {name: max(found[name], latest.get(name, 0)) for name in found}
    return told(latest)


def a_withdrawn_text_says_so(stack: Stack, editor: Editor) -> str:
    """That a text is withdrawn is said by every web process within a second and through nginx within two."""
    address = f"/events/{WITHDRAWN}/"
    return told(watched(stack, editor, f"withdraw event {WITHDRAWN}", partial(_says, REASON), [address]))


def a_removed_text_is_gone(stack: Stack, editor: Editor) -> str:
    """A text removed for legal cause is gone as fast, also for those who ask for it only later, all at once."""
    address = f"/events/{REMOVED}/"
    words = doors(stack)[0].ask(f"/api/v1{address}?fields=summary").text.partition('"summary":"')[2][:60]
    require(len(words) == 60, "the event is not there")
    seen = watched(stack, editor, f"suppress event {REMOVED}", lambda page: words not in page.text, [address])
    time.sleep(5)
    with ThreadPoolExecutor(16) as pool:
        late = list(pool.map(lambda _: doors(stack)[0].ask(f"/events/{REMOVED}/").status, range(32)))
    require(set(late) == {410}, f"later: {Counter(late)}")
    return told(seen)


def made_once(stack: Stack, editor: Editor) -> str:
    """A page that many want at once after a publication is made once, by one of the web processes."""
    editor.do("publish", "mission", "unmik", "Proof")
    puts: list[str] = []
    with redis.Redis.from_url(stack.cache_url).monitor() as monitor:
        listener = threading.Thread(target=_listen, args=(monitor, puts), daemon=True)
        listener.start()
        with ThreadPoolExecutor(24) as pool:
            web = doors(stack)[1:]
            answers = list(pool.map(lambda number: web[number % 2].ask("/missions/unmik/").status, range(24)))
        time.sleep(0.3)
    require(set(answers) == {200}, f"{Counter(answers)}")
    require(len(puts) == 1, f"made {len(puts)} times")
    return "24 readers at two processes, made once"


def without_redis(stack: Stack, editor: Editor) -> str:
    """Without Redis the site is slower, and not down; once it is back, pages are shared again."""
    stack.redis.kill()
    began = time.monotonic()
    ways = doors(stack)
    answers = [ways[year % 3].ask(f"{MISSION}figures/?year={year}").status for year in range(2000, 2018)]
    each = (time.monotonic() - began) / len(answers)
    stack.redis.start()
    require(set(answers) == {200}, f"{Counter(answers)}")
    return f"{len(answers)} new pages, {each * 1000:.0f} ms each"


def a_web_process_dies(stack: Stack, editor: Editor) -> str:
    """A web process killed with -9, and then all of them: readers of kept pages do not notice; others are told."""
    nginx, first = doors(stack)[0], stack.web[0]
    for door in doors(stack):
        door.ask(MISSION)
    stop = threading.Event()
    answered: Counter[str] = Counter()
    asking = threading.Thread(target=_ask_until, args=(stop, nginx, MISSION, answered))
    asking.start()
    time.sleep(0.5)
    os.kill(first.pids()[-1], signal.SIGKILL)  # the one that answers; granian begins another
    time.sleep(3)
    first.kill()
    time.sleep(1)
    stack.web[1].kill()
    time.sleep(1)
    other = nginx.ask("/articles/no-such-page/")
    first.start()
    time.sleep(1)
    stop.set()
    asking.join()
    stack.web[1].start()
    require(set(answered) == {"200"}, f"{dict(answered)}")
    require(other.status == 503 and "retry-after" in other.headers, f"not kept: {other.status}")
    return f"{answered['200']} answers of a kept page; another page: 503 with Retry-After"


PROOFS: list[Proof] = [
    answers_are_protected,
    kept_for_nobody_else,
    asked_once_a_second,
    a_publication_is_seen,
    a_withdrawn_text_says_so,
    a_removed_text_is_gone,
    made_once,
    without_redis,
    a_web_process_dies,
]


# What proofs share


def require(promised: bool, seen: str) -> None:
    """Raises NotAsPromised."""
    if not promised:
        raise NotAsPromised(seen)


def watched(
    stack: Stack, editor: Editor, change: str, is_seen: Callable[[Answer], bool], addresses: list[str]
) -> dict[str, float]:
    """Readers ask everywhere while the editor makes a change; by door, after how many seconds the last old page was shown."""
    last_old = {door.name: 0.0 for door in doors(stack)}
    stop = threading.Event()

    def ask(door: Door, address: str) -> None:
        while not stop.is_set():
            asked_at = time.time()
            if not is_seen(door.ask(address, Accept_Encoding="br")):
                last_old[door.name] = max(last_old[door.name], asked_at)
            time.sleep(0.05)

    with ThreadPoolExecutor(16) as pool:
        asking = [pool.submit(ask, door, address) for door in doors(stack) for address in addresses]
        try:
            time.sleep(1.5)
            committed = editor.do(*change.split())
            time.sleep(WATCHED)
        finally:
            stop.set()
        for one in asking:
            one.result()
    found = {name: max(0.0, at - committed) for name, at in last_old.items()}
    # nginx keeps an answer from the moment it has it: one that took long, on a busy machine, is older by that.
    slowest = slowest_answer(stack, addresses)
    for name, seconds in found.items():
        allowed = THROUGH_NGINX + slowest if name == "nginx" else ON_WORKERS
        require(
            seconds <= allowed, f"{name} showed the old page {seconds:.2f} s later (slowest answer {slowest:.2f} s)"
        )
    return found


def told(found: dict[str, float]) -> str:
    return "the last old page: " + ", ".join(f"{name} after {seconds:.2f} s" for name, seconds in found.items())


def _says(word: str, answer: Answer) -> bool:
    return word in answer.text


def _cached(stack: Stack, answer: Answer) -> str:
    return str(logged(stack, answer.headers["x-request-id"])["cache"])


def _listen(monitor: redis.client.Monitor, puts: list[str]) -> None:
    try:
        for command in monitor.listen():
            words = command["command"].split(maxsplit=2)
            if words[0] == "SET" and ":page:" in words[1]:
                puts.append(words[1])
    except (redis.RedisError, OSError, ValueError):
        return  # the proof is over


def _ask_until(stop: threading.Event, door: Door, address: str, answered: Counter[str]) -> None:
    while not stop.is_set():
        try:
            answered[str(door.ask(address).status)] += 1
        except OSError as error:
            answered[repr(error)] += 1
        time.sleep(0.05)
