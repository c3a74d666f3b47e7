"""Speaks HTTP as it is told, byte by byte: what a proper client would refuse to send is what is wanted here."""

from __future__ import annotations

import socket
from contextlib import suppress
from dataclasses import dataclass, field

PATIENCE = 60.0  # seconds
MOST_READ = 3_000_000  # bytes of a body that are looked at


@dataclass(frozen=True)
class Answer:
    """`status` is 0 where the connection was closed without an answer."""

    status: int
    headers: list[tuple[str, str]] = field(default_factory=list)
    body: bytes = b""

    def header(self, name: str) -> str:
        return next((value for one, value in self.headers if one == name), "")


@dataclass
class Connection:
    """One connection, opened anew whenever it was closed."""

    port: int
    _socket: socket.socket | None = None
    _rest: bytes = b""

    def ask(self, head: bytes, body: bytes = b"", *, closes: bool = False) -> Answer:
        """Send a request as it stands; `closes` where nothing more can be sent after it. TimeoutError: no answer came."""
        for again in (False, True):
            new = self._socket is None
            if self._socket is None:
                self._socket, self._rest = socket.create_connection(("127.0.0.1", self.port), timeout=PATIENCE), b""
            try:
                with suppress(BrokenPipeError, ConnectionResetError):  # refused before all was sent: there is an answer
                    self._socket.sendall(head + body)
                answer = self._answer(is_head=head.startswith(b"HEAD "))
            except (BrokenPipeError, ConnectionResetError):
                answer = Answer(0)
            except TimeoutError:
                self.close()
                raise
            if answer.status == 0 or closes or answer.header("connection") == "close":
                self.close()
            if answer.status or new or again:
                return answer
        return Answer(0)

    def close(self) -> None:
        if self._socket is not None:
            self._socket.close()
        self._socket = None

    def _answer(self, *, is_head: bool) -> Answer:
        while True:
            while b"\r\n\r\n" not in self._rest:
                if not self._more():
                    return Answer(0)
            head, _, self._rest = self._rest.partition(b"\r\n\r\n")
            first, *lines = head.decode("latin-1").split("\r\n")
            status = int(first.split(" ")[1])
            if status != 100:
                break
        headers = [(name.lower(), value.strip()) for name, _, value in (line.partition(":") for line in lines)]
        answer = Answer(status, headers)
        if is_head or status in (204, 304):
            return answer
        if "chunked" in answer.header("transfer-encoding"):
            body = self._chunks()
        elif length := answer.header("content-length"):
            body = self._exactly(int(length))
        else:
            while self._more():
                pass
            body, self._rest = self._rest, b""
        return Answer(status, headers, body[:MOST_READ])

    def _more(self) -> bool:
        assert self._socket is not None  # noqa: S101
        piece = self._socket.recv(262_144)
        self._rest += piece
        return bool(piece)

    def _exactly(self, size: int) -> bytes:
        while len(self._rest) < size and self._more():
            pass
        body, self._rest = self._rest[:size], self._rest[size:]
        return body

    def _chunks(self) -> bytes:
        pieces: list[bytes] = []
        while True:
            while b"\r\n" not in self._rest and self._more():
                pass
            size, _, self._rest = self._rest.partition(b"\r\n")
            piece = self._exactly(int(size or b"0", 16) + 2)
            if len(piece) <= 2:
                return b"".join(pieces)
            pieces.append(piece[:-2])
