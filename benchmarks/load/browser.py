"""Asks as a browser does: one connection that stays open, cookies, forms with what the page says."""

from __future__ import annotations

import gzip
import http.client
import ssl
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from pathlib import Path
from urllib.parse import urlencode, urljoin, urlsplit

from benchmarks.load.forms import Form, forms

PATIENCE = 30.0  # seconds
NO_ANSWER = 0  # in the status's place
FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True)
class Answer:
    """What came back; `status` is NO_ANSWER, and `body` says why, where nothing did."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    seconds: float = 0.0
    address: str = ""

    @property
    def text(self) -> str:
        return self.body.decode(errors="replace")

    @property
    def forms(self) -> list[Form]:
        return forms(self.text)


@dataclass
class Where:
    """A site, without a slash at its end, the certificate it shows where that is its own, and what goes with each question.

    `headers` are for asking a web process as its proxy does.
    """

    url: str
    certificate: Path | None = None
    headers: Mapping[str, str] = field(default_factory=dict)

    def context(self) -> ssl.SSLContext | None:
        if not self.url.startswith("https:"):
            return None
        return ssl.create_default_context(cafile=str(self.certificate) if self.certificate else None)


class Browser:
    """One who asks, from a network address of its own; not for several threads at once."""

    def __init__(self, where: Where, *, address: str = "127.0.0.1", patience: float = PATIENCE) -> None:
        self.where = where
        self.cookies: dict[str, str] = {}
        self._address, self._patience = address, patience
        self._context = where.context()
        self._connection: http.client.HTTPConnection | None = None

    def get(self, address: str, **headers: str) -> Answer:
        return self._ask("GET", address, headers=headers)

    def post(self, address: str, fields: Sequence[tuple[str, str]], **headers: str) -> Answer:
        return self._ask("POST", address, urlencode(fields).encode(), {"Content-Type": FORM} | headers)

    def send(self, page: Answer, form: Form, **typed: str) -> Answer:
        """Send a form of a page with what stands in it, and what is typed over that, from the page it stands on."""
        target = urljoin(page.address, form.action or page.address)
        site = {"Origin": self.where.url, "Referer": self.where.url + page.address}
        return self.post(target, form.filled(typed), **site)

    def leave(self) -> None:
        """Close the connection; the next question opens another."""
        if self._connection:
            with suppress(OSError):
                self._connection.close()
            self._connection = None

    def _ask(
        self, method: str, address: str, body: bytes | None = None, headers: Mapping[str, str] | None = None
    ) -> Answer:
        asked = {"Accept-Encoding": "gzip", **self.where.headers, **(headers or {})}
        if self.cookies:
            asked["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        began = time.perf_counter()
        if method == "POST":  # what is sent is sent once: never over a connection that may have ended meanwhile
            self.leave()
        while True:
            was_open = self._connection is not None
            try:
                answer = self._once(method, address, body, asked)
                return Answer(answer.status, answer.headers, answer.body, time.perf_counter() - began, address)
            except (OSError, http.client.HTTPException) as error:
                self.leave()
                if not was_open:
                    why = type(error).__name__.encode()
                    return Answer(NO_ANSWER, {}, why, time.perf_counter() - began, address)

    def _once(self, method: str, address: str, body: bytes | None, headers: Mapping[str, str]) -> Answer:
        if self._connection is None:
            self._connection = self._connected()
        self._connection.request(method, address, body, dict(headers))
        response = self._connection.getresponse()
        content = response.read()
        self._keep_cookies(response)
        if response.getheader("Content-Encoding") == "gzip" and content:
            content = gzip.decompress(content)
        if response.will_close:
            self.leave()
        return Answer(response.status, {name.lower(): value for name, value in response.getheaders()}, content)

    def _connected(self) -> http.client.HTTPConnection:
        parts = urlsplit(self.where.url)
        place, port, source = str(parts.hostname), parts.port, (self._address, 0)
        if self._context is None:
            return http.client.HTTPConnection(place, port, timeout=self._patience, source_address=source)
        return http.client.HTTPSConnection(
            place, port, timeout=self._patience, source_address=source, context=self._context
        )

    def _keep_cookies(self, response: http.client.HTTPResponse) -> None:
        for line in response.headers.get_all("Set-Cookie", []):
            for name, morsel in SimpleCookie(line).items():
                if morsel["max-age"] == "0" or not morsel.value:
                    self.cookies.pop(name, None)
                else:
                    self.cookies[name] = morsel.value
