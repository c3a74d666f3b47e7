"""What is left when all is over: whether the processes lived, the log is what was written, the record is as it was."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from benchmarks.hostile.prepared import CANARIES, Prepared
from benchmarks.memory import processes, share

ENTRY = {
    "time",
    "level",
    "logger",
    "message",
    "request_id",
    "method",
    "path",
    "route",
    "status",
    "ms",
    "error",
    "traceback",
}
READERS = ("198.18.", "198.19.")  # the network addresses that we spoke for
MUCH = 1.2  # times the memory after half of the requests
MUCH_AFTER_THE_SLOW = 1.5


@dataclass(frozen=True)
class Record:
    """What no reader can change: what is public, who may log in, the files beside the database."""

    serial: int
    public: tuple[tuple[str, int], ...]
    editors: tuple[tuple[str, str, bool, bool], ...]
    files: frozenset[str]

    @classmethod
    def now(cls, folder: Path) -> Record:
        from editorial.models import Edition, Editor, PublicSerial

        return cls(
            PublicSerial.now(),
            tuple(Edition.objects.public().order_by("pk").values_list("sha256", "pk")),
            tuple(Editor.objects.order_by("pk").values_list("username", "password", "is_superuser", "is_active")),
            frozenset(_files(folder)),
        )


def _files(folder: Path) -> Iterator[str]:
    """Names of files that readers' requests have no business to make; databases and logs grow by themselves."""
    for path in folder.rglob("*"):
        name = str(path.relative_to(folder))
        if path.is_file() and not name.startswith(
            ("static/", "hostile.sqlite3", "web-", "data/", "pictures/", "media/pictures/")
        ):
            yield name


def log_problems(log: Path, prepared: Prepared) -> Iterator[str]:
    """Lines that nobody's program wrote, and lines that tell who somebody is."""
    lines = log.read_text(encoding="utf-8", errors="replace").splitlines()
    private = [*CANARIES, *prepared.private]
    for line in lines:
        entry = None
        with suppress(ValueError):
            entry = json.loads(line)
        if not isinstance(entry, dict) or not set(entry) <= ENTRY:
            yield f"a line that is no entry: {line[:160]!r}"
            continue
        if entry.get("error"):
            yield f"an error: {entry['error']}: {str(entry.get('traceback', ''))[-400:]}"
        if any(word in line for word in private):
            yield f"a word that is not public: {line[:200]!r}"
        if any(f'"{network}' in line or f" {network}" in line for network in READERS):
            yield f"a reader’s address: {line[:200]!r}"


def memory(pid: int) -> tuple[int, list[int]]:
    """Bytes that the processes of the site hold together, and their numbers."""
    return share(pid), processes(pid)
