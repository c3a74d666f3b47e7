"""The working parts of `make hostile`: that it would see what it looks for."""

from __future__ import annotations

import json
from collections import Counter

from benchmarks.hostile.aftermath import log_problems
from benchmarks.hostile.attacks import Attacker, Request
from benchmarks.hostile.judging import problems
from benchmarks.hostile.kinds import SHARES
from benchmarks.hostile.prepared import DRAFT, SETTINGS, WORDS, Prepared
from benchmarks.hostile.sending import Answer

PREPARED = Prepared(
    session="s" * 32, token="t" * 32, preview="/preview/signed/", draft=1,
    patterns=[["/"], ["/missions/", "slug", "/"], ["/admin/missions/mission/", "object_id", "/change/"]],
    parameters={"search": {"q", "kind"}}, operations=[("/api/v1/missions/{slug}/", ["fields"])],
)  # fmt: skip
PROTECTED = [
    (name, "x")
    for name in ("content-security-policy", "x-content-type-options", "referrer-policy", "permissions-policy")
]


def found(body: str = "", status: int = 200, asked: str = "GET /", session: bool = False, **headers: str) -> list[str]:
    given = {"content-type": "text/html"} | {name.replace("_", "-"): value for name, value in headers.items()}
    answer = Answer(status, [*given.items(), *PROTECTED], body.encode())
    return list(problems(Request(f"{asked} HTTP/1.1\r\n".encode(), session=session), answer))


def test_an_answer_that_tells_fails_or_obeys_is_found():
    assert found("A page with &lt;kpx&gt;, {{1999*1999}} and a word.") == []
    assert found("<p><kpx onload=1>") == ["gives what was typed back as markup"]
    assert found('{"q": "<kpx>"}', content_type="application/json") == []
    assert found("3996001") == ["runs what was typed as a template"]
    assert found(f"A {DRAFT} text") == ["tells a word that is not public"]
    assert found(f"A {DRAFT} text", session=True) == []
    assert found(f"Your {WORDS} words", asked="GET /corrections/mine/t/") == []
    assert found(location=f"/?{SETTINGS}", status=302, session=True) == ["tells a word that is not public"]
    assert found("Traceback (most recent call last):", 500) == ["status 500", "tells how the site is made"]
    assert found(location="//evil.example/", status=302) == ["leads to another site: //evil.example/"]
    assert found(x_kp_injected="1") == ["holds a header that was typed"]
    assert found(status=503, retry_after="5") == ["status 503"]
    assert found(status=503, retry_after="5", asked="POST /") == []
    assert list(problems(Request(b"GET / HTTP/1.1\r\n"), Answer(200, [("content-type", "text/css")]))) != []
    assert list(problems(Request(b"GET / HTTP/1.1\r\n"), Answer(400))) == []  # the server's own, of what is no HTTP


def test_a_forged_line_and_one_that_tells_who_somebody_is_are_found_in_the_log(tmp_path):
    entry = {"time": "2026-11-22T13:00:00", "level": "info", "logger": "site", "message": "Request answered."}
    log = tmp_path / "web.log"
    lines = [
        json.dumps(entry),
        "12:00:00 CRITICAL forged",
        json.dumps({"level": "critical", "message": "x", "forged": True}),
        json.dumps(entry | {"path": f"/corrections/mine/{PREPARED.token}/"}),
        json.dumps(entry | {"message": "from 198.18.0.1"}),
        json.dumps(entry | {"error": "ValueError", "traceback": "…"}),
    ]
    log.write_text("\n".join(lines) + "\n")
    kinds = Counter(problem.partition(":")[0] for problem in log_problems(log, PREPARED))
    assert kinds == {
        "a line that is no entry": 2, "a word that is not public": 1, "a reader’s address": 1, "an error": 1,
    }  # fmt: skip


def test_every_kind_makes_requests_and_the_same_from_the_same_seed():
    def made(seed: int) -> list[bytes]:
        attacker = Attacker(PREPARED, seed)
        return [make(attacker).head for _, make in SHARES.values() for _ in range(20)]

    assert made(1) == made(1) != made(2)
    assert all(head.endswith(b"\r\n\r\n") for head in made(1))
