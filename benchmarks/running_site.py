"""The site as it is served in production, on a port of this machine, with what is asked of it.

Without its worker, which would make data files meanwhile, and without its page cache, unless a part says otherwise.
"""

from __future__ import annotations

import http.client
import json
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import brotli

from benchmarks.databases import ROOT, environment, manage
from benchmarks.errors import BenchmarkError
from benchmarks.ports import free_port

UP_WITHIN = 60  # seconds
SERVE = (  # as `manage.py serve` does, without its worker
    "import django, os; os.environ['DJANGO_SETTINGS_MODULE'] = 'kosovo_peace.settings'; django.setup(); "
    "from kosovo_peace.processes import run; "
    "run('127.0.0.1', {port}, web_workers={workers}, with_worker=False, say=lambda text: None)"
)


@dataclass
class Site:
    """`pid` is the process above those that answer. Answers come over one connection that stays open."""

    port: int
    pid: int

    def __post_init__(self) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=600)

    def get(self, address: str, **headers: str) -> bytes:
        """The whole body, compressed on the way as for any browser.

        Raises BenchmarkError for any answer but 200, so that no error page is ever timed.
        """
        self._connection.request("GET", self._path(address), headers={"Accept-Encoding": "br"} | headers)
        answer = self._connection.getresponse()
        body = answer.read()
        if answer.status != 200:
            raise BenchmarkError(f"{address}: {answer.status}\n{body[:500].decode(errors='replace')}")
        return brotli.decompress(body) if answer.getheader("Content-Encoding") == "br" else body

    def json(self, address: str) -> Any:
        return json.loads(self.get(address))

    def following(self, address: str) -> str | None:
        """The address of the page of a list after this one."""
        further: str | None = self.json(address)["meta"]["next"]
        return further

    def length(self, address: str) -> int:
        """Read a long answer piece by piece; how many bytes there were. Raises BenchmarkError like `get`."""
        self._connection.request("GET", self._path(address))
        answer = self._connection.getresponse()
        if answer.status != 200:
            raise BenchmarkError(f"{address}: {answer.status}")
        return sum(map(len, iter(lambda: answer.read(65536), b"")))

    def _path(self, address: str) -> str:
        return address.removeprefix(f"http://127.0.0.1:{self.port}")


def collect_static(folder: Path, database_url: str) -> None:
    """What pages need to name their style sheets; once for all sites on a folder."""
    ignored = [argument for name in ("redoc", "rest_framework") for argument in ("--ignore", name)]
    surroundings = environment(database_url, folder)
    manage("collectstatic", "--no-input", "--verbosity", "0", *ignored, environment=surroundings)


@contextmanager
def running(database_url: str, folder: Path, *, workers: int = 1, **settings: str) -> Iterator[Site]:
    """A site on this database; `settings` are further variables of its environment. It ends with the `with`."""
    port = free_port()
    surroundings = environment(database_url, folder) | {"PORT": str(port), "WEB_WORKERS": str(workers)} | settings
    command = [sys.executable, "-c", SERVE.format(port=port, workers=workers)]
    log = folder / f"web-{port}.log"
    with log.open("wb") as output:
        process = subprocess.Popen(command, cwd=ROOT, env=surroundings, stdout=output, stderr=subprocess.STDOUT)
    try:
        _wait(process, port, log)
        yield Site(port, process.pid)
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            process.kill()


def _wait(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    until = time.monotonic() + UP_WITHIN
    while process.poll() is None and time.monotonic() < until:
        with suppress(OSError, BenchmarkError):
            Site(port, process.pid).get("/livez")
            return
        time.sleep(0.1)
    raise BenchmarkError(f"The site did not start:\n{log.read_text(errors='replace')}")
