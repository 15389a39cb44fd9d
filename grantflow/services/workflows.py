"""Workflows as people read them: the states, steps and clocks of a lifecycle in words, from the scheme alone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from grantflow.workflow.machine import Compiled
from grantflow.workflow.model import REMEMBERED, SAME, GuardCall, Lifecycle, Row, Scheme, Timer
from grantflow.workflow.registry import Registry


@dataclass(frozen=True, slots=True)
class StateView:
    """A state: what it is called, in which phase it lies, who moves next."""

    name: str
    label: str
    phase: str
    waits_for: tuple[str, ...]
    final: bool


@dataclass(frozen=True, slots=True)
class StepView:
    """A row of the table of transitions in words."""

    name: str
    label: str
    about: str
    sources: tuple[str, ...]
    target: str | None
    """Nothing where the record stays or returns to where it was: `stays` and `returns` say which."""
    stays: bool
    returns: bool
    by: tuple[str, ...]
    conditions: tuple[str, ...]
    effects: tuple[str, ...]
    asks: tuple[str, ...]
    apart_from: tuple[str, ...]
    told: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ClockView:
    """Something that happens by the clock."""

    states: tuple[str, ...]
    date: str | None
    span: str | None
    minus: str | None
    plus: str | None
    every: str | None
    step: str | None
    told: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LifecycleView:
    """A lifecycle in words."""

    name: str
    title: str
    about: str
    states: tuple[StateView, ...]
    steps: tuple[StepView, ...]
    clocks: tuple[ClockView, ...]


@dataclass(frozen=True, slots=True)
class SchemeView:
    """A scheme in words."""

    name: str
    version: int
    title: str
    about: str
    phases: tuple[str, ...]
    lifecycles: tuple[LifecycleView, ...]


def scheme_view(compiled: Compiled, registry: Registry) -> SchemeView:
    """Return a scheme in words; made once for each text of a scheme."""
    return _view(_Known(compiled.scheme, registry))


@dataclass(frozen=True, eq=False)
class _Known:
    """A scheme and the words behind it, told apart by the scheme's hash."""

    scheme: Scheme
    registry: Registry

    def __hash__(self) -> int:
        return hash(self.scheme.sha256)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Known) and other.scheme.sha256 == self.scheme.sha256


@lru_cache(maxsize=64)
def _view(known: _Known) -> SchemeView:
    scheme = known.scheme
    return SchemeView(
        name=scheme.name,
        version=scheme.version,
        title=scheme.title,
        about=" ".join(scheme.about.split()),
        phases=tuple(phase.label for phase in scheme.phases.values()),
        lifecycles=tuple(
            _lifecycle(lifecycle, scheme, known.registry) for lifecycle in _parents_first(scheme)
        ),
    )


def _parents_first(scheme: Scheme) -> Iterator[Lifecycle]:
    """Yield the lifecycles, each after the one under whose records its own stand."""
    waiting: list[str | None] = [None]
    while waiting:
        parent = waiting.pop(0)
        for lifecycle in scheme.lifecycles.values():
            if lifecycle.parent == parent:
                yield lifecycle
                waiting.append(lifecycle.name)


def _lifecycle(lifecycle: Lifecycle, scheme: Scheme, registry: Registry) -> LifecycleView:
    words = _Words(lifecycle, scheme, registry)
    return LifecycleView(
        name=lifecycle.name,
        title=lifecycle.title,
        about=" ".join(lifecycle.about.split()),
        states=tuple(
            StateView(
                state.name,
                state.label,
                scheme.phases[state.phase].label if state.phase in scheme.phases else "",
                words.roles(sorted(state.waits_for)),
                state.name in lifecycle.final,
            )
            for state in lifecycle.states.values()
        ),
        steps=tuple(words.step(row) for row in lifecycle.rows),
        clocks=tuple(words.clock(timer) for timer in lifecycle.timers),
    )


@dataclass(frozen=True, slots=True)
class _Words:
    lifecycle: Lifecycle
    scheme: Scheme
    registry: Registry

    def step(self, row: Row) -> StepView:
        named = row.to not in (SAME, REMEMBERED)
        return StepView(
            name=row.name,
            label=row.label,
            about=" ".join(row.about.split()),
            sources=tuple(self.lifecycle.states[source].label for source in row.sources),
            target=self.lifecycle.states[row.to].label if named else None,
            stays=row.to == SAME,
            returns=row.to == REMEMBERED,
            by=self.roles(row.by),
            conditions=tuple(self._guard(call) for call in row.guards),
            effects=tuple(
                self.registry.effects[name].about for name in row.effects if name in self.registry.effects
            ),
            asks=tuple(asked.label for asked in row.asks),
            apart_from=tuple(self._step_label(name) for name in row.apart_from),
            told=self.roles(notice.role for notice in row.notices),
        )

    def clock(self, timer: Timer) -> ClockView:
        return ClockView(
            states=tuple(self.lifecycle.states[name].label for name in timer.states),
            date=_date_name(timer.at),
            span=self._span(timer.after),
            minus=self._span(timer.minus),
            plus=self._span(timer.plus),
            every=self._span(timer.every),
            step=self._step_label(timer.do) if timer.do else None,
            told=self.roles(notice.role for notice in timer.notices),
        )

    def roles(self, names: Iterable[str]) -> tuple[str, ...]:
        """Return the labels of roles, each once; the system is no role that people play and is left to the page."""
        labels = (self.scheme.roles[name].label if name in self.scheme.roles else name for name in names)
        return tuple(dict.fromkeys(labels))

    def _guard(self, call: GuardCall) -> str:
        known = self.registry.guards.get(call.name)
        return known.about if known else call.name

    def _step_label(self, name: str) -> str:
        """Return the label of `transition` or `lifecycle.transition`."""
        lifecycle_name, _, transition = name.rpartition(".")
        lifecycle = self.scheme.lifecycles.get(lifecycle_name, self.lifecycle)
        return next((row.label for row in lifecycle.rows if row.name == transition), transition)

    def _span(self, span: str | None) -> str | None:
        """Return a span as it is written; of a parameter, its default."""
        if span is None:
            return None
        parameter = self.scheme.parameters.get(span)
        return str(parameter.default) if parameter else span


def _date_name(at: str | None) -> str | None:
    return at.rpartition(".")[2].replace("_", " ") if at else None
