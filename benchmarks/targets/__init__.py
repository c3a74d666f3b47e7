"""Is the site as fast as it is meant to be? Each part measures beside a bare Django site, and says whether a target is met.

1.0 is a Django view that returns the same bytes from gunicorn with two workers. Targets are ratios to it, because they
carry over from one machine to another.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from benchmarks.report import Table

HEAD = ("", "bare Django", "the site", "ratio", "target", "")


@dataclass(frozen=True)
class Measured:
    """One thing that has a target: `bare` and `site` are said in words, `ratio` is what the target is for."""

    what: str
    bare: str
    site: str
    ratio: float
    target: float
    at_most: bool = False  # else at least

    @property
    def is_met(self) -> bool:
        return self.ratio <= self.target if self.at_most else self.ratio >= self.target

    def cells(self) -> list[str]:
        bound = "at most" if self.at_most else "at least"
        return [
            self.what, self.bare, self.site, f"{self.ratio:.3g}", f"{bound} {self.target:g}",
            "met" if self.is_met else "NOT MET",
        ]  # fmt: skip


def table(title: str, note: str, measured: Sequence[Measured]) -> Table:
    return Table(title, note, HEAD, [one.cells() for one in measured])
