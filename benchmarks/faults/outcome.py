"""What was done, what was promised, what was seen."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Outcome:
    """One promise; `held` is None where it could not be tried, and `seen` says why."""

    promised: str
    seen: str
    held: bool | None

    def __str__(self) -> str:
        return f"- **{in_a_word(self.held)}** {self.promised}\n  Seen: {self.seen}"


@dataclass
class Fault:
    """A thing that was broken, and what came of each promise."""

    title: str
    done: str
    outcomes: list[Outcome] = field(default_factory=list)

    def promise(self, promised: str, held: bool | None, seen: str) -> None:
        self.outcomes.append(Outcome(promised, seen, held))

    def promise_nothing_wrong(self, promised: str, problems: Iterable[str]) -> None:
        """Held where there are no problems; the first few are told."""
        found = list(problems)
        more = f" and {len(found) - 5} more" if len(found) > 5 else ""
        self.promise(promised, not found, " ".join(found[:5]) + more if found else "nothing wrong.")

    def __str__(self) -> str:
        return f"## {self.title}\n\n{self.done}\n\n" + "\n".join(map(str, self.outcomes)) + "\n"


def in_a_word(held: bool | None) -> str:
    return {True: "Held.", False: "NOT HELD.", None: "Not tried."}[held]


def summary(faults: Iterable[Fault]) -> str:
    """How many promises held; the others by name."""
    outcomes = [(fault, outcome) for fault in faults for outcome in fault.outcomes]
    lines = [f"{sum(outcome.held is True for _, outcome in outcomes)} of {len(outcomes)} promises held."]
    for fault, outcome in outcomes:
        if outcome.held is not True:
            lines.append(f"- {in_a_word(outcome.held)} {fault.title}: {outcome.promised}")
    return "\n".join(lines) + "\n"
