"""Asking the stack as readers do, through nginx or one web process, and telling an editor what to do meanwhile."""

from __future__ import annotations

import gzip
import http.client
import json
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.parse import urlsplit

import brotli

from benchmarks.databases import ROOT
from benchmarks.errors import BenchmarkError
from benchmarks.stack.services import Stack

LOGGED_WITHIN = 2.0  # seconds after the reader has the answer
UNPACK = {"br": brotli.decompress, "gzip": gzip.decompress}


@dataclass(frozen=True)
class Answer:
    status: int
    headers: Mapping[str, str]  # by lower-case names
    text: str


@dataclass(frozen=True)
class Door:
    """One way in: `stack.url`, or one web process as nginx asks it."""

    name: str
    url: str
    stack: Stack

    def ask(self, address: str, **headers: str) -> Answer:
        """One request on a connection of its own. Raises OSError where nobody answers."""
        place = urlsplit(self.url)
        if place.scheme == "https":
            tls = self.stack.tls
            connection = http.client.HTTPSConnection(place.hostname or "", place.port, timeout=30, context=tls)
        else:
            connection = http.client.HTTPConnection(place.hostname or "", place.port, timeout=30)  # type: ignore[assignment]
            headers = {**self.stack.as_proxy, **headers}
        try:
            connection.request("GET", address, headers={name.replace("_", "-"): text for name, text in headers.items()})
            answer = connection.getresponse()
            body = answer.read()
        except http.client.HTTPException as error:
            raise ConnectionError(repr(error)) from None
        finally:
            connection.close()
        said = {name.lower(): text for name, text in answer.getheaders()}
        body = UNPACK.get(said.get("content-encoding", ""), bytes)(body)
        return Answer(answer.status, said, body.decode(errors="replace"))


def doors(stack: Stack) -> list[Door]:
    """nginx, then each web process."""
    return [Door("nginx", stack.url, stack), *(Door(one.name, one.url, stack) for one in stack.web)]


def logged(stack: Stack, request_id: str) -> dict[str, object]:
    """What nginx wrote down of a request. Raises BenchmarkError where that is nothing."""
    until = time.monotonic() + LOGGED_WITHIN
    while time.monotonic() < until:
        for line in reversed((stack.folder / "nginx" / "access.log").read_text().splitlines()):
            entry: dict[str, object] = json.loads(line)
            if entry["request_id"] == request_id:
                return entry
        time.sleep(0.02)
    raise BenchmarkError(f"nginx has logged no request {request_id}.")


def slowest_answer(stack: Stack, addresses: list[str], *, of_the_last: int = 2000) -> float:
    """Seconds that the site took for one of these pages, by nginx's log."""
    entries = map(json.loads, (stack.folder / "nginx" / "access.log").read_text().splitlines()[-of_the_last:])
    taken = [entry["web_seconds"] for entry in entries if entry["path"] in addresses]
    return max((float(one) for one in taken if one.replace(".", "").isdigit()), default=0.0)


class Editor:
    """Does what it is told, in a process of its own that is ready before."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def do(self, *words: str) -> float:
        """The clock when the change was committed. Raises BenchmarkError where it was refused."""
        assert self._process.stdin is not None  # noqa: S101  it was begun with pipes
        assert self._process.stdout is not None  # noqa: S101
        self._process.stdin.write(" ".join(words) + "\n")
        self._process.stdin.flush()
        answer = self._process.stdout.readline().strip()
        try:
            return float(answer)
        except ValueError:
            raise BenchmarkError(f"{' '.join(words)}: {answer}") from None


@contextmanager
def editor_of(stack: Stack) -> Iterator[Editor]:
    with subprocess.Popen(
        [sys.executable, "-m", "benchmarks.stack.editor"],
        cwd=ROOT,
        env=dict(stack.environment),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None  # noqa: S101
        if process.stdout.readline() != "ready\n":
            raise BenchmarkError("The editor's process did not start.")
        try:
            yield Editor(process)
        finally:
            assert process.stdin is not None  # noqa: S101
            process.stdin.close()
