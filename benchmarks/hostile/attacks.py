"""Who makes hostile requests, of the strings, the addresses and their own random numbers."""

from __future__ import annotations

import random
from dataclasses import dataclass
from urllib.parse import quote

from benchmarks.hostile import strings
from benchmarks.hostile.prepared import PARTS, Prepared, filled, parts_of

FORM = "application/x-www-form-urlencoded"
HOST = "127.0.0.1"


@dataclass(frozen=True)
class Request:
    """Bytes as they are sent. `session` says that an editor sends it, who may read drafts; `closes`: nothing follows it."""

    head: bytes
    body: bytes = b""
    session: bool = False
    closes: bool = False


@dataclass
class Attacker:
    """Makes requests, always the same from the same seed. Each comes from a reader nobody has seen before."""

    prepared: Prepared
    seed: int

    def __post_init__(self) -> None:
        self.random = random.Random(self.seed)  # noqa: S311  the same again is what is wanted
        self._sent = 0

    def request(
        self, method: str, target: str, *headers: str, body: bytes = b"", session: bool = False, closes: bool = False,
        host: str = HOST, length: str | None = None,
    ) -> Request:  # fmt: skip
        self._sent += 1
        reader = f"198.18.{self._sent // 250 % 250}.{self._sent % 250 + 1}"
        given = {line.partition(":")[0].lower() for line in headers}
        lines = [f"{method} {target} HTTP/1.1", *([f"Host: {host}"] if host else []), *headers]
        if "x-forwarded-for" not in given:
            lines.append(f"X-Forwarded-For: {reader}")
        if session:
            lines.append(f"Cookie: sessionid={self.prepared.session}; csrftoken={'c' * 32}")
        if body or length is not None:
            lines.append(f"Content-Length: {len(body) if length is None else length}")
        head = "\r\n".join(lines).encode("utf-8", "surrogatepass") + b"\r\n\r\n"
        return Request(head, body, session, closes)

    # Pieces

    def string(self) -> str:
        return self.random.choice(strings.ALL)

    def in_address(self, text: str) -> str:
        """Percent-encoded, sometimes as bytes that are no text."""
        if self.random.random() < 0.1:
            return self.random.choice(strings.BROKEN_UTF8)
        return quote(text.encode("utf-8", "surrogatepass"), safe=self.random.choice(("", "/", "/.:;,")))[:7000]

    def real(self, pattern: list[str]) -> str:
        return filled(pattern, {name: self.random.choice(PARTS.get(name, ("1",))) for name in parts_of(pattern)})

    def public(self) -> list[str]:
        """A pattern of an address that is no editors'."""
        while True:
            pattern = self.random.choice(self.prepared.patterns)
            if not pattern[0].startswith("/admin/"):
                return pattern
