"""A Django site of one view that returns bytes it was given: what the site's own speed is compared with.

Served as Django's own documentation does, by gunicorn with two workers (or by granian, as the site is), without
middleware, database or templates.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks.databases import ROOT
from benchmarks.ports import free_port, listens
from benchmarks.stack.processes import Service

WORKERS = "2"
GUNICORN = ("-m", "gunicorn", "benchmarks.bare.view:application", "--workers", WORKERS, "--bind", "127.0.0.1:{port}")
GRANIAN = (
    "-m", "granian", "benchmarks.bare.view:application", "--interface", "wsgi", "--workers", WORKERS,
    "--port", "{port}", "--no-ws", "--no-log",
)  # fmt: skip


@dataclass(frozen=True)
class Answer:
    """What one address of the bare site returns."""

    body: bytes
    headers: Mapping[str, str]


def bare_site(folder: Path, answers: Mapping[str, Answer], server: Sequence[str] = GUNICORN) -> Service:
    """The site with these answers, by the name that is the whole path; not started yet."""
    files = folder / "bare"
    files.mkdir(exist_ok=True)
    for name, answer in answers.items():
        (files / name).write_bytes(answer.body)
    (files / "headers.json").write_text(json.dumps({name: dict(answer.headers) for name, answer in answers.items()}))
    port = free_port()
    return Service(
        "bare",
        [sys.executable, *(word.format(port=port) for word in server)],
        folder / "bare.log",
        {**os.environ, "BARE_FOLDER": str(files), "PYTHONPATH": str(ROOT)},
        is_up=lambda: listens(port),
        port=port,
        url=f"http://127.0.0.1:{port}",
    )


@contextmanager
def running_bare_site(folder: Path, answers: Mapping[str, Answer]) -> Iterator[Service]:
    """The same, from when it answers until the `with` ends."""
    site = bare_site(folder, answers)
    site.start()
    try:
        yield site
    finally:
        site.stop()
