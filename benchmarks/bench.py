"""What every part is given."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from benchmarks.processor import Meter

FEWER = 10  # the small database holds one in so many


@dataclass(frozen=True)
class Bench:
    """What parts measure: two databases, by their URLs, of which the large one is also this process's own.

    `folder` is the DATA_DIR of every process; it goes at the end. `meter` tells the processor time of this process, all
    below it and the database server.
    """

    events: int
    large: str
    small: str
    folder: Path
    rounds: int
    meter: Meter

    @property
    def few(self) -> int:
        """Events in the small database."""
        return self.events // FEWER
