"""What all checks stand on: the graph of each lifecycle, and who fires which row."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar

from grantflow.workflow.model import (
    REMEMBERED,
    SAME,
    SYSTEM_ROLE,
    Emit,
    Lifecycle,
    Row,
    Scheme,
    State,
    Timer,
)
from grantflow.workflow.registry import Registry

TO_CHILDREN, TO_PARENT, TO_CALL, TO_SELF = "children", "parent", "call", "self"
DIRECTIONS = (TO_CHILDREN, TO_PARENT, TO_CALL, TO_SELF)


@dataclass(frozen=True, slots=True)
class Emission:
    """An emit, with the row and the lifecycle that it belongs to."""

    lifecycle: Lifecycle
    row: Row
    emit: Emit


class Ground:
    """A scheme whose names are known to resolve, with what follows from it."""

    def __init__(self, scheme: Scheme, registry: Registry) -> None:
        self.scheme = scheme
        self.registry = registry
        self.lifecycles = tuple(scheme.lifecycles.values())
        self._leaving = {
            (lifecycle.name, state): tuple(row for row in lifecycle.rows if state in row.sources)
            for lifecycle in self.lifecycles
            for state in lifecycle.states
        }
        self._graphs: dict[str, Graph] = {}
        self._triggered: dict[tuple[str, str, str], bool] = {}
        self._system: dict[tuple[str, str, str], tuple[Row, ...]] = {}
        self._moves: dict[tuple[str, int, Node], frozenset[Node]] = {}
        self._memories: dict[str, Mapping[str, frozenset[str]]] = {}

    @cached_property
    def root(self) -> Lifecycle:
        """The lifecycle under which all others stand."""
        return next(lifecycle for lifecycle in self.lifecycles if lifecycle.parent is None)

    def outside(self, role: str) -> bool:
        """Whether those who play a role do not work for the programme."""
        return role in self.scheme.roles and self.scheme.roles[role].outside

    def leaving(self, lifecycle: Lifecycle, state: str) -> tuple[Row, ...]:
        """Return the rows that leave a state."""
        return self._leaving[lifecycle.name, state]

    def system_rows(self, lifecycle: Lifecycle, transition: str, state: str) -> tuple[Row, ...]:
        """Return the rows of a transition that the system may take in a state."""
        key = (lifecycle.name, transition, state)
        if key not in self._system:
            rows = self.leaving(lifecycle, state)
            self._system[key] = tuple(row for row in rows if row.name == transition and SYSTEM_ROLE in row.by)
        return self._system[key]

    def live(self, lifecycle: Lifecycle) -> Iterator[State]:
        """Yield the states in which a record has not ended."""
        return (state for name, state in lifecycle.states.items() if name not in lifecycle.final)

    @cached_property
    def timers(self) -> Mapping[tuple[str, str, str], list[Timer]]:
        """The timers that fire a transition, by lifecycle, transition and state."""
        found: dict[tuple[str, str, str], list[Timer]] = {}
        for lifecycle in self.lifecycles:
            for timer in lifecycle.timers:
                for state in timer.states if timer.do else ():
                    found.setdefault((lifecycle.name, str(timer.do), state), []).append(timer)
        return found

    @cached_property
    def emissions(self) -> Mapping[tuple[str, str], list[Emission]]:
        """The emits that cause a transition, by lifecycle and transition."""
        found: dict[tuple[str, str], list[Emission]] = {}
        for lifecycle in self.lifecycles:
            for row in lifecycle.rows:
                for emit in row.emits:
                    emission = Emission(lifecycle, row, emit)
                    found.setdefault((emit.lifecycle, emit.transition), []).append(emission)
        return found

    def emitted(self, lifecycle: Lifecycle, transition: str, state: str) -> Iterator[Emission]:
        """Yield the emits that may cause a transition in a state."""
        for emission in self.emissions.get((lifecycle.name, transition), ()):
            if reaches(emission, lifecycle, state):
                yield emission

    def is_triggered(self, lifecycle: Lifecycle, transition: str, state: str) -> bool:
        """Whether a timer or an emit makes the system take a transition in a state."""
        key = (lifecycle.name, transition, state)
        if key not in self._triggered:
            emitted = next(self.emitted(lifecycle, transition, state), None) is not None
            self._triggered[key] = key in self.timers or emitted
        return self._triggered[key]

    def is_taken(self, lifecycle: Lifecycle, row: Row, state: str) -> bool:
        """Whether anybody ever takes a row in a state: somebody who may, or the system because it is made to."""
        return people(row) != () or self.is_triggered(lifecycle, row.name, state)

    def graph(self, lifecycle: Lifecycle) -> Graph:
        """Return the graph of the rows that are ever taken."""
        if lifecycle.name not in self._graphs:
            edges = (
                (node, target)
                for node in self.nodes(lifecycle)
                for row in self.leaving(lifecycle, base(node))
                if self.is_taken(lifecycle, row, base(node))
                for target in self.moves(lifecycle, row, node)
            )
            self._graphs[lifecycle.name] = Graph(lifecycle, self.nodes(lifecycle), edges)
        return self._graphs[lifecycle.name]

    def nodes(self, lifecycle: Lifecycle) -> tuple[Node, ...]:
        """Return the states, those from which a row returns once for each state that they may remember."""
        returning = self._returning(lifecycle)
        return tuple(
            node
            for state in lifecycle.states
            for node in ([f"{state}@{each}" for each in sorted(returning.get(state, ()))] or [state])
        )

    def moves(self, lifecycle: Lifecycle, row: Row, node: Node) -> frozenset[Node]:
        """Return where a row leads from a state with what it remembers."""
        key = (lifecycle.name, row.number, node)
        if key not in self._moves:
            self._moves[key] = self._targets(lifecycle, row, node)
        return self._moves[key]

    def _targets(self, lifecycle: Lifecycle, row: Row, node: Node) -> frozenset[Node]:
        state, _, memory = node.partition("@")
        if row.to == REMEMBERED:
            return frozenset({memory}) if memory else lifecycle.remembered(state)
        if row.to in (SAME, state):
            return frozenset({node})
        return frozenset({f"{row.to}@{state}" if row.to in self._returning(lifecycle) else row.to})

    def _returning(self, lifecycle: Lifecycle) -> Mapping[str, frozenset[str]]:
        if lifecycle.name not in self._memories:
            self._memories[lifecycle.name] = {
                source: lifecycle.remembered(source)
                for row in lifecycle.rows
                if row.to == REMEMBERED
                for source in row.sources
            }
        return self._memories[lifecycle.name]

    def conditions(self, lifecycle: Lifecycle, row: Row, source: str) -> frozenset[tuple[str, str]]:
        """Return what must hold for a row: its guards and gates, with their arguments as text."""
        calls = (*row.guards, *self.scheme.gate(lifecycle, row, source))
        return frozenset((call.name, repr(sorted(call.given.items()))) for call in calls)


Node = str
"""A state; where it remembers another, with that one behind an @."""


def base(node: Node) -> str:
    """Return the state of a node."""
    return node.partition("@")[0]


class Graph:
    """The states of a lifecycle and the ways between them."""

    def __init__(
        self, lifecycle: Lifecycle, nodes: Iterable[Node], edges: Iterable[tuple[Node, Node]]
    ) -> None:
        self.lifecycle = lifecycle
        self._nodes = tuple(nodes)
        self._next: dict[Node, set[Node]] = {}
        self._before: dict[Node, set[Node]] = {}
        for source, target in edges:
            self._next.setdefault(source, set()).add(target)
            self._before.setdefault(target, set()).add(source)

    @cached_property
    def reachable(self) -> frozenset[str]:
        """The states that a record may ever be in."""
        return self.reached_from(self.lifecycle.beginnings)

    @cached_property
    def ending(self) -> frozenset[str]:
        """The states from which, whatever they remember, a record may come to an end."""
        good = walk(self.lifecycle.final, lambda node: self._before.get(node, ()))
        return frozenset(map(base, self._nodes)) - {base(node) for node in self._nodes if node not in good}

    def reached_from(self, starts: Iterable[str], without: Iterable[str] = ()) -> frozenset[str]:
        """Return the states that are reached from some, never passing others."""
        shut, begun = frozenset(without), frozenset(starts)
        found = walk(
            (node for node in self._nodes if base(node) in begun - shut),
            lambda node: (target for target in self._next.get(node, ()) if base(target) not in shut),
        )
        return frozenset(map(base, found))


T = TypeVar("T", bound=Hashable)


def walk(starts: Iterable[T], step: Callable[[T], Iterable[T]]) -> frozenset[T]:
    """Return everything that is reached from some starts, step by step."""
    seen = set(starts)
    waiting = list(seen)
    while waiting:
        for found in step(waiting.pop()):
            if found not in seen:
                seen.add(found)
                waiting.append(found)
    return frozenset(seen)


def people(row: Row) -> tuple[str, ...]:
    """Return the roles that may take a row, other than the system."""
    return tuple(role for role in row.by if role != SYSTEM_ROLE)


def reaches(emission: Emission, lifecycle: Lifecycle, state: str) -> bool:
    """Whether an emit goes to a record of a lifecycle in a state."""
    if emission.emit.to == TO_SELF:
        targets = {
            target for source in emission.row.sources for target in lifecycle.targets(emission.row, source)
        }
        if state not in targets:
            return False
    states = emission.emit.states
    return state in states if states else state not in lifecycle.final
