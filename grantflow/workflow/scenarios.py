"""Lives made up from a scheme alone, as short as can be, that take every row from every state that it leaves."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from uuid import UUID

from grantflow.domain.refusal import Refusal
from grantflow.workflow.checks.ground import Ground, Node, base
from grantflow.workflow.machine import Case, Machine
from grantflow.workflow.model import Lifecycle, Row

_NOBODY = UUID(int=0)
_NOT_THIS = Refusal("not_this_row", "The scenario takes another row.")


@dataclass(frozen=True, slots=True)
class Step:
    """A row that is taken, and where from and to."""

    transition: str
    row: int
    source: str
    target: str

    def __str__(self) -> str:
        return f"{self.source} -{self.transition}-> {self.target}"


@dataclass(frozen=True, slots=True)
class Scenario:
    """A life from its beginning, as far as it takes something new."""

    lifecycle: str
    steps: tuple[Step, ...]


def scenarios_of(ground: Ground, lifecycle: Lifecycle) -> Iterator[Scenario]:
    """Yield scenarios until every row was taken from each of its states from which it can be."""
    left = {
        (row.number, source)
        for row in lifecycle.rows
        for source in row.sources
        if ground.is_taken(lifecycle, row, source)
    }
    for beginning in lifecycle.beginnings:
        while steps := _one(ground, lifecycle, beginning, left):
            yield Scenario(lifecycle.name, tuple(steps))


def _one(ground: Ground, lifecycle: Lifecycle, node: Node, left: set[tuple[int, str]]) -> list[Step]:
    """Return the steps that take as many of the rows that are left as can be taken one after another."""
    steps: list[Step] = []
    while (found := _nearest(ground, lifecycle, node, left)) is not None:
        more, node = found
        steps.extend(more)
        left.difference_update((step.row, step.source) for step in more)
    return steps


def _nearest(
    ground: Ground, lifecycle: Lifecycle, start: Node, left: set[tuple[int, str]]
) -> tuple[list[Step], Node] | None:
    """Return the shortest way that ends in a row that is left."""
    seen = {start}
    waiting: deque[tuple[Node, list[Step]]] = deque([(start, [])])
    while waiting:
        node, steps = waiting.popleft()
        state = base(node)
        for row in ground.leaving(lifecycle, state):
            if not ground.is_taken(lifecycle, row, state):
                continue
            for target in sorted(ground.moves(lifecycle, row, node)):
                taken = [*steps, Step(row.name, row.number, state, base(target))]
                if (row.number, state) in left:
                    return taken, target
                if target not in seen:
                    seen.add(target)
                    waiting.append((target, taken))
    return None


def play(machine: Machine, scenario: Scenario) -> str | None:
    """Take the steps of a scenario on the machine; return what went otherwise than planned, or None."""
    lifecycle = machine.lifecycle
    begins = next((step.source for step in scenario.steps[:1]), lifecycle.initial)
    case = Case(_NOBODY, begins if begins in lifecycle.beginnings else lifecycle.initial)
    for step in scenario.steps:
        if case.state != step.source:
            return f"{step} begins in {case.state}"
        try:
            fired = machine.fire(case, step.transition, _only(step.row))
        except (KeyError, ValueError) as problem:
            return f"{step} cannot be taken: {problem!r}"
        if fired.row is None or fired.row.number != step.row or case.state != step.target:
            return f"{step} ends in {case.state}"
    return None


def _only(number: int) -> Callable[[Row], tuple[Refusal, ...]]:
    return lambda row: () if row.number == number else (_NOT_THIS,)
