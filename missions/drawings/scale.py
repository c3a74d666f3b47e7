"""The values on which sources differ, on one scale that begins at nothing.

Never of people who died or were hurt, lost or driven out, nor of what was destroyed: for these there is no drawing,
and their values stand as a plain dated list.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from missions.drawings.measuring import MARKS, NARROW, RIVAL, Mark, Tick, amounts, in_digits, kind_of, steps_to
from missions.facts import Fact, Value
from missions.losses import is_loss
from sources import citing

LINE = 34  # of a value: its number and who says so, and below them its mark
TRACK = 23  # where in the line the mark stands
AXIS = 18
START, END = 5, 8  # what is left free beside the first and the last mark
WIDEST = 57  # letters that fit above a mark
LETTERS = 7  # of a number that stands at every step; of longer ones only the last is written


@dataclass(frozen=True)
class Rung:
    """A value: its number in words, who says so, and its mark; `top` is where it begins, from which the mark counts."""

    top: int
    words: str
    said_by: str
    mark: Mark


@dataclass(frozen=True)
class Scale:
    """The drawing, and what is said of it."""

    rungs: list[Rung]
    ticks: list[Tick]
    height: int
    kinds: list[tuple[str, str]]
    unit: str
    start: int = START
    end: int = NARROW - END
    width: int = NARROW

    @property
    def floor(self) -> int:
        return self.height - AXIS


def scale(fact: Fact | None, values: Sequence[Value], *asked: str) -> Scale | None:
    """The values of a fact on a scale; None where there are fewer than two, they have no unit in common or are losses.

    `asked` are the questions about the fact, which may say that it is about losses.
    """
    if fact is None or len({value.in_words for value in values}) < 2:
        return None
    first = fact.figures[0]
    if is_loss(first.measure.key, first.measure.name, fact.slug, first.group, *asked):
        return None
    if len({figure.unit for figure in fact.figures}) > 1:
        return None
    ends = [amounts(value.figures[0]) for value in values]
    numbers = steps_to(max(high for _, high in ends), 3)
    if numbers[-1] <= 0 or min(low for low, _ in ends) < 0:
        return None

    def x(amount: float) -> float:
        return round(START + (NARROW - END - START) * amount / numbers[-1])

    rungs = []
    for n, (value, (low, high)) in enumerate(zip(values, ends, strict=True)):
        kind = kind_of(value.figures[0], sources_differ=True)
        mark = Mark(x(low), TRACK, kind, (x(high), TRACK) if low < high else None)
        rungs.append(Rung(LINE * n, value.in_words, _said_by(value), mark))
    kinds = {rung.mark.kind for rung in rungs}
    meanings = MARKS | {RIVAL: "counted, or reported"}
    return Scale(
        rungs,
        [_tick(x(n), in_digits(n), is_last=n == numbers[-1]) for n in numbers],
        LINE * len(rungs) + AXIS,
        [(kind, words) for kind, words in meanings.items() if kind in kinds],
        first.unit,
    )


def _said_by(value: Value) -> str:
    """The first source that gives a value, in short, and how many more do."""
    sources = list({figure.source_id: figure.source for figure in value.figures}.values())
    more = f" and {len(sources) - 1} more" if len(sources) > 1 else ""
    room = WIDEST - len(value.in_words) - len(more)
    named = citing.who_and_when(sources[0])
    if len(named) > room:
        named = named[: room - 1].rstrip(" ,(“") + "…"
    return named + more


def _tick(at: float, text: str, *, is_last: bool) -> Tick:
    if len(text) > LETTERS and not is_last:
        return Tick(at, "")
    return Tick(at, text, "end" if is_last else "middle" if at > START else "start")
