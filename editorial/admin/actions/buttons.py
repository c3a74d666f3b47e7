"""A button that moves something: when it is shown, how it stands among the others, and what it does."""

from __future__ import annotations

import enum
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

from editorial.admin.actions.forms import ActionForm
from editorial.claims import Caution
from editorial.models import PUBLIC, Editor, State
from editorial.models.editions import LIVE


@dataclass
class Situation:
    """Something, and the editor who looks at it: what the buttons depend on, each asked once."""

    obj: Any
    editor: Editor

    def may(self, permission: str) -> bool:
        return self.editor.has_perm(f"editorial.{permission}")

    def is_in(self, *states: str) -> bool:
        return self.obj.state in states

    @cached_property
    def worked_on(self) -> bool:
        return self.obj.worked_on_by(self.editor)

    @cached_property
    def may_review(self) -> bool:
        return self.is_in(State.IN_REVIEW) and self.may("review_edition") and not self.worked_on

    @cached_property
    def may_start(self) -> bool:
        return (
            self.may("write_edition")
            and self.is_in(*PUBLIC)
            and not self.obj.is_suppressed
            and not self.obj.record.editions.open().exists()
        )

    @property
    def is_live(self) -> bool:
        return self.is_in(*LIVE)


class Rank(enum.Enum):
    """How a button stands among the others."""

    NEXT = "the next step"
    USUAL = "usual"
    RARE = "rare, or not to be undone: folded away"


class Button(NamedTuple):
    """A button as the page shows it."""

    address: str
    label: str
    rank: Rank = Rank.NEXT


@dataclass(frozen=True)
class Buttons:
    """The buttons of a page as they are shown: one that leads on, the usual ones, the rare ones."""

    leading: list[Button]
    usual: list[Button]
    rare: list[Button]


def arranged(buttons: Iterable[tuple[str, str] | Button]) -> Buttons:
    """The first button of the rank `NEXT` leads; pairs of address and label have that rank."""
    every = [Button(*button) for button in buttons]
    leading = [button for button in every if button.rank == Rank.NEXT][:1]
    usual = [button for button in every if button.rank != Rank.RARE and button not in leading]
    return Buttons(leading, usual, [button for button in every if button.rank == Rank.RARE])


@dataclass(frozen=True)
class Action:
    """One button: its name in addresses, its label, what will happen, and what does it."""

    name: str
    label: str
    explanation: str
    done: str
    # (obj, by=…, **what the form asked): returns where to go on, a text to show, or None
    run: Callable[..., Any]
    possible: Callable[[Situation], bool]
    form: type[ActionForm] = ActionForm
    problems: Callable[[Any], list[str]] = lambda obj: []
    warnings: Callable[[Any], list[Caution]] = lambda obj: []
    rank: Rank = Rank.USUAL
