"""What a habit is: what made-up people know how to do when they are refused, asked, or begin something."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar
from uuid import UUID

from grantflow.domain.refusal import Refusal
from grantflow.services.rehearsal.agenda import Act, Start
from grantflow.services.rehearsal.cast import Person
from grantflow.services.rehearsal.scene import Scene
from grantflow.store.session import Tx
from grantflow.workflow.model import Asked

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Situation:
    """Somebody tried to take a step and was refused."""

    scene: Scene
    act: Act
    person: Person
    guards: Mapping[str, Mapping[str, Any]]
    """The guards of the step's rows, by name, with their arguments."""


Remedy = Callable[[Situation, Sequence[Refusal]], bool]
"""Does what refusals of its codes ask for; says whether trying again at once makes sense."""
Maker = Callable[[Scene, Start], None]
"""Begins a new record."""
HowMany = Callable[[Scene, UUID, int], int]
"""How many records of a kind are begun under a parent, now that it receives them: given how many the scheme wants in all."""
Foresight = Callable[[Tx, Scene, Act], None]
"""What most people do in the same sitting before they take a step, so that a guard does not stop them."""
Way = Callable[[Tx, Act, Mapping[str, Any]], None]
"""How a step is taken that the service around it takes better than the bare door."""
Answer = Callable[[Scene, Asked, UUID], Any]
"""What somebody fills in for a field that a step asks for; None leaves it out."""


@dataclass(frozen=True, slots=True)
class Habits:
    """Everything that people know how to do: by refusal code, by record kind, by the name or kind of an asked field."""

    remedies: Mapping[str, Remedy] = field(default_factory=dict)
    makers: Mapping[str, Maker] = field(default_factory=dict)
    how_many: Mapping[str, HowMany] = field(default_factory=dict)
    answers: Mapping[str, Answer] = field(default_factory=dict)
    foresight: Mapping[str, Foresight] = field(default_factory=dict)
    """By the name of the guard that asks for it."""
    ways: Mapping[str, Way] = field(default_factory=dict)
    """By the name of the effect that the step has."""
    detours: frozenset[str] = frozenset()
    """Refusals that no waiting mends: people take another way, as far as the scheme leaves them one."""
    waits: Mapping[str, int] = field(default_factory=dict)
    """Refusals that only time mends, and how many days people let pass before they look again."""

    def __or__(self, other: Habits) -> Habits:
        """Return both together; two rooms never claim the same code, kind or name."""
        return Habits(
            _both(self.remedies, other.remedies),
            _both(self.makers, other.makers),
            _both(self.how_many, other.how_many),
            _both(self.answers, other.answers),
            _both(self.foresight, other.foresight),
            _both(self.ways, other.ways),
            self.detours | other.detours,
            _both(self.waits, other.waits),
        )


def _both(ours: Mapping[str, _T], theirs: Mapping[str, _T]) -> Mapping[str, _T]:
    twice = sorted(ours.keys() & theirs.keys())
    if twice:
        raise ValueError(f"two habits for {', '.join(twice)}")
    return {**ours, **theirs}


def once(what: str) -> HowMany:
    """Return the habit to begin as many as the scheme wants in all when they are first received, and no more later."""

    def how_many(scene: Scene, parent_id: UUID, wanted: int) -> int:
        begun = scene.memory.setdefault("begun", set())
        if (what, parent_id) in begun:
            return 0
        begun.add((what, parent_id))
        return wanted

    return how_many
