"""Schemes made ready to run: one flat `transitions` machine per lifecycle, built once and shared by all threads.

The library is the table: it finds the rows of a name that leave a state, asks our `Verdict` about each in turn and
moves the case. Machines hold no model and queue nothing; the only thing a step changes is its own `Case`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import transitions

from grantflow.domain.refusal import Refusal
from grantflow.workflow.model import REMEMBERED, GuardCall, Lifecycle, Row, Scheme, Timer
from grantflow.workflow.registry import EffectSpec, GuardSpec, Registry

Judge = Callable[[Row], Sequence[Refusal]]
"""Says what speaks against a row for the record at hand: role, guards, four eyes. Nothing means that it may be taken."""


@dataclass(slots=True)
class Case:
    """What is moved: a record's place in its life while one step is taken."""

    id: UUID
    state: str
    resume_state: str | None = None
    """The state left for one from which a row returns to it."""


@dataclass(frozen=True, slots=True)
class Check:
    """A guard of a row, with its code."""

    spec: GuardSpec
    given: Mapping[str, Any]
    """Its arguments, parameters still by name."""
    on_call: bool
    """Whether it is the gate of a phase: then its facts are asked about the call, not about the record."""


@dataclass(frozen=True, slots=True)
class Fired:
    """What became of an attempt: the row taken, or what speaks against the row that came nearest."""

    row: Row | None
    refusals: tuple[Refusal, ...]


@dataclass(slots=True)
class _Attempt:
    judge: Judge
    row: Row | None = None
    nearest: Sequence[Refusal] | None = None

    def passes(self, row: Row) -> bool:
        refusals = self.judge(row)
        if refusals and (self.nearest is None or len(refusals) < len(self.nearest)):
            self.nearest = refusals
        return not refusals


class Verdict(transitions.core.Condition):
    """Asks the judge of the attempt about the row; the reasons against stay with the attempt.

    The library's own check, which would resolve and call its `func`, is replaced: the name is only for its log.
    """

    def check(self, event_data: transitions.EventData) -> bool:
        """Return whether the row may be taken."""
        edge: Any = event_data.transition
        attempt: _Attempt = event_data.kwargs["ctx"]
        return attempt.passes(edge.row)


class Remembers(transitions.core.Condition):
    """Holds where the case remembers the state to which the edge returns."""

    def check(self, event_data: transitions.EventData) -> bool:
        """Return whether the edge leads back."""
        case: Any = event_data.model
        edge: Any = event_data.transition
        return bool(case.resume_state == edge.dest)


class Edge(transitions.Transition):
    """A row from one of its states: what the library calls a transition."""

    def __init__(self, source: str, dest: str, *_: Any, row: Row) -> None:
        super().__init__(source, dest)
        self.row = row
        self.conditions = [Verdict("verdict")]
        if row.to == REMEMBERED:
            self.conditions.insert(0, Remembers("remembers"))

    def execute(self, event_data: transitions.EventData) -> bool:
        """Move the case if the conditions hold."""
        if not self._eval_conditions(event_data):
            return False
        case: Any = event_data.model
        case.state = self.dest
        event_data.kwargs["ctx"].row = self.row
        return True


class Edges(transitions.Event):
    """The edges of one name.

    Neither they nor their edges look for callbacks before, between and after, as the library's own do: there are none,
    and the looking takes longer than the step.
    """

    def _trigger(self, event_data: transitions.EventData) -> bool:
        case: Any = event_data.model
        for edge in self.transitions[case.state]:
            event_data.transition = edge
            if edge.execute(event_data):
                return True
        return False


class _Table(transitions.Machine):
    transition_cls = Edge
    event_cls = Edges


class Machine:
    """The machine of one lifecycle: which rows leave a state, what each asks and does, and the step itself."""

    def __init__(self, lifecycle: Lifecycle, scheme: Scheme, registry: Registry) -> None:
        self.lifecycle = lifecycle
        self._rows: dict[tuple[str, str], tuple[Row, ...]] = {}
        self._names: dict[str, tuple[str, ...]] = {}
        for state in lifecycle.states:
            leaving = lifecycle.leaving(state)
            self._names[state] = tuple(dict.fromkeys(row.name for row in leaving))
            for name in self._names[state]:
                self._rows[state, name] = tuple(row for row in leaving if row.name == name)
        self._checks = {
            (row.number, source): (
                *(_check(guard, registry, on_call=False) for guard in row.guards),
                *(_check(guard, registry, on_call=True) for guard in scheme.gate(lifecycle, row, source)),
            )
            for row in lifecycle.rows
            for source in row.sources
        }
        self._effects = {
            row.number: tuple(registry.effects[name] for name in row.effects) for row in lifecycle.rows
        }
        self._timers = {
            state: tuple(timer for timer in lifecycle.timers if state in timer.states)
            for state in lifecycle.states
        }
        self._facts = {
            state: frozenset(
                kind
                for row in lifecycle.leaving(state)
                for check in self._checks[row.number, state]
                for kind in check.spec.facts
            )
            for state in lifecycle.states
        }
        self.creation_checks = tuple(
            _check(guard, registry, on_call=False) for guard in lifecycle.creation.guards
        )
        self.creation_effects = tuple(registry.effects[name] for name in lifecycle.creation.effects)
        self._remembering = frozenset(
            source for row in lifecycle.rows if row.to == REMEMBERED for source in row.sources
        )
        self._table = _Table(
            model=None,
            states=list(lifecycle.states),
            initial=None,
            transitions=list(_edges(lifecycle)),
            auto_transitions=False,
            send_event=True,
            queued=False,
        )

    def names(self, state: str) -> tuple[str, ...]:
        """Return the names of the transitions that leave a state, each once, in the order of the file."""
        return self._names.get(state, ())

    def rows(self, state: str, transition: str) -> tuple[Row, ...]:
        """Return the rows of a transition that leave a state, in the order in which they are tried."""
        return self._rows.get((state, transition), ())

    def checks(self, row: Row, source: str) -> tuple[Check, ...]:
        """Return the guards of a row, and those of the gate of each phase that it enters from an earlier one."""
        return self._checks[row.number, source]

    def facts(self, state: str) -> frozenset[type]:
        """Return the kinds of fact that the guards of the rows out of a state look at."""
        return self._facts[state]

    def effects(self, row: Row) -> tuple[EffectSpec, ...]:
        """Return what is done when a row is taken, in its order."""
        return self._effects[row.number]

    def timers(self, state: str) -> tuple[Timer, ...]:
        """Return the timers that run in a state."""
        return self._timers[state]

    def remembers(self, state: str) -> bool:
        """Return whether a row leads from a state back to the one from which it was entered."""
        return state in self._remembering

    def fire(self, case: Case, transition: str, judge: Judge) -> Fired:
        """Take the first row of the transition against which the judge says nothing, and move the case.

        Entering a state from which a row returns to the remembered one, the case remembers the state it leaves.

        Raises:
            KeyError: no row of that name leaves the state.
        """
        if (case.state, transition) not in self._rows:
            raise KeyError(transition)
        source = case.state
        attempt = _Attempt(judge)
        self._table.events[transition].trigger(case, ctx=attempt)
        if attempt.row is None:
            if attempt.nearest is None:
                raise ValueError(f"{transition} returns to a remembered state, and none is remembered")
            return Fired(None, tuple(attempt.nearest))
        if case.state != source and self.remembers(case.state):
            case.resume_state = source
        return Fired(attempt.row, ())


def _check(guard: GuardCall, registry: Registry, *, on_call: bool) -> Check:
    return Check(registry.guards[guard.name], guard.given, on_call)


def _edges(lifecycle: Lifecycle) -> Iterator[dict[str, Any]]:
    for row in lifecycle.rows:
        for source in row.sources:
            for target in sorted(lifecycle.targets(row, source)):
                yield {"trigger": row.name, "source": source, "dest": target, "row": row}


@dataclass(frozen=True, slots=True, eq=False)
class Compiled:
    """A scheme that can run."""

    scheme: Scheme
    machines: Mapping[str, Machine]

    @property
    def root(self) -> Machine:
        """The machine of the lifecycle under which all others stand: the call's."""
        return next(machine for machine in self.machines.values() if machine.lifecycle.parent is None)


def compile_scheme(scheme: Scheme, registry: Registry) -> Compiled:
    """Build the machines of a scheme that was proved.

    Raises:
        LookupError: the scheme names a guard or an effect without code.
    """
    machines = {name: Machine(lifecycle, scheme, registry) for name, lifecycle in scheme.lifecycles.items()}
    return Compiled(scheme, machines)
