"""The officer's checklist: what is asked of an application before anybody reads it for its worth."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

CheckAnswer = Literal["yes", "no", "not_applicable"]
ANSWERS: tuple[CheckAnswer, ...] = ("yes", "no", "not_applicable")


@dataclass(frozen=True, slots=True)
class Checklist:
    """The items of the pinned form's checklist, and what the officer answered so far."""

    items: Mapping[str, str]
    """Name and label of each item, in order."""
    answers: Mapping[str, str]

    @property
    def open(self) -> tuple[str, ...]:
        """The items that nobody has answered."""
        return tuple(name for name in self.items if name not in self.answers)

    @property
    def unmet(self) -> tuple[str, ...]:
        """The items that are not met."""
        return tuple(name for name in self.items if self.answers.get(name) == "no")
