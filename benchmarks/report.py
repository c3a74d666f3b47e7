"""Tables of what was measured, and the machine they were measured on, as Markdown that reads well in a terminal too."""

from __future__ import annotations

import datetime
import os
import platform
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Table:
    """`note` says what was done, and what the columns mean; the first column names what was measured."""

    title: str
    note: str
    head: Sequence[str]
    rows: Sequence[Sequence[str]]

    def __str__(self) -> str:
        lines = [self.head, *self.rows]
        widths = [max(len(line[column]) for line in lines) for column in range(len(self.head))]
        marks = ["-" * widths[0], *("-" * (width - 1) + ":" for width in widths[1:])]
        body = "\n".join(_line(line, widths) for line in (self.head, marks, *self.rows))
        return f"## {self.title}\n\n{self.note}\n\n{body}\n"


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    first, *others = zip(cells, widths, strict=True)
    return "| " + " | ".join([first[0].ljust(first[1]), *(cell.rjust(width) for cell, width in others)]) + " |"


def keep(text: str, to: Path) -> None:
    """Write a report to its file, in a folder that need not be there yet."""
    to.parent.mkdir(parents=True, exist_ok=True)
    to.write_text(text, encoding="utf-8")


def ms(seconds: float) -> str:
    """`23.4 ms`; `1,230 ms`"""
    return f"{seconds * 1000:,.0f} ms" if seconds >= 0.1 else f"{seconds * 1000:.1f} ms"


def times(ratio: float) -> str:
    """`1.07 ×`; `240 ×`"""
    return f"{ratio:,.0f} ×" if ratio >= 20 else f"{ratio:.2f} ×"


def mib(size: float) -> str:
    """Bytes as `81 MiB`."""
    return f"{size / 2**20:,.0f} MiB"


def machine() -> list[str]:
    """When and where, a line for each."""
    now = datetime.datetime.now().astimezone()
    load = ", ".join(f"{one:.1f}" for one in os.getloadavg())
    return [
        f"- {now:%d %B %Y, %H:%M}",
        f"- {os.cpu_count()} processors ({_processor()}), {_memory()}; load when it began: {load}",
        f"- {platform.system()} {platform.release()}, Python {platform.python_version()}",
    ]


def _processor() -> str:
    return _told("/proc/cpuinfo", "model name") or platform.processor() or platform.machine()


def _memory() -> str:
    total = _told("/proc/meminfo", "MemTotal").split()
    return f"{int(total[0]) / 2**20:.0f} GiB of memory" if total else "memory unknown"


def _told(file: str, name: str) -> str:
    """What a file of the kernel says under a name; empty where there is none."""
    try:
        lines = Path(file).read_text().splitlines()
    except OSError:
        return ""
    return next((line.partition(":")[2].strip() for line in lines if line.startswith(name)), "")
