"""The system takes no adverse decision, and whoever takes one says why."""

from __future__ import annotations

from collections.abc import Iterator

from grantflow.workflow.checks.ground import Ground, people, walk
from grantflow.workflow.checks.spec import Complaints, check
from grantflow.workflow.document import shown
from grantflow.workflow.model import Lifecycle, Row, State

_AGAINST = frozenset({"adverse", "refused", "ineligible"})
_MILD = frozenset({"not_submitted"})
"""A draft that was not sent is no decision."""


def _adverse(state: State) -> bool:
    return bool(state.tags & _AGAINST) and not state.tags & _MILD


@check("adverse_by_system")
def adverse_by_system(ground: Ground) -> Complaints:
    """No timer, and nothing that a timer sets off, brings a record into a state that goes against its owner."""
    for lifecycle, row, source in _set_off_by_clocks(ground):
        for target in sorted(lifecycle.targets(row, source)):
            if (
                target != source
                and _adverse(lifecycle.states[target])
                and not _adverse(lifecycle.states[source])
            ):
                yield (
                    row.place,
                    f"A clock brings the {lifecycle.name} from {shown(source)} to {shown(target)}: only a person decides against somebody.",
                )


Step = tuple[str, int, str]


def _set_off_by_clocks(ground: Ground) -> Iterator[tuple[Lifecycle, Row, str]]:
    """Yield the rows, with a state they leave, that are taken because some time has come."""
    lives = ground.scheme.lifecycles

    def steps(lifecycle: Lifecycle, transition: str, state: str) -> Iterator[Step]:
        yield from (
            (lifecycle.name, row.number, state) for row in ground.system_rows(lifecycle, transition, state)
        )

    def follow(step: Step) -> Iterator[Step]:
        lifecycle, number, _ = step
        for emit in lives[lifecycle].rows[number].emits:
            target = lives[emit.lifecycle]
            for state in emit.states or target.states:
                yield from steps(target, emit.transition, state)

    starts = (
        step for (name, transition, state) in ground.timers for step in steps(lives[name], transition, state)
    )
    for name, number, state in sorted(walk(starts, follow)):
        yield lives[name], lives[name].rows[number], state


@check("adverse_without_reason")
def adverse_without_reason(ground: Ground) -> Complaints:
    """Whoever takes a step against somebody gives a reason: the row asks for a text that may not be left out."""
    for lifecycle in ground.lifecycles:
        for row in lifecycle.rows:
            into = row.to in lifecycle.states and _adverse(lifecycle.states[row.to])
            decides = any(not ground.outside(role) for role in people(row))
            fresh = any(not _adverse(lifecycle.states[source]) for source in row.sources)
            if into and decides and fresh and not _asks_reason(row):
                message = (
                    f"{shown(row.name)} goes against somebody and asks for no reason: a required long_text."
                )
                yield row.place, message


def _asks_reason(row: Row) -> bool:
    return any(asked.required and asked.kind == "long_text" for asked in row.asks)


@check("adverse_untagged")
def adverse_untagged(ground: Ground) -> Complaints:
    """A state that means no, refused or ineligible, says that it is adverse."""
    for lifecycle in ground.lifecycles:
        for state in lifecycle.states.values():
            if _adverse(state) and "adverse" not in state.tags:
                yield state.place, f"{shown(state.name)} means no and lacks the tag adverse."


@check("closed_untagged")
def closed_untagged(ground: Ground) -> Complaints:
    """A final state, and no other, bears the tag closed."""
    for lifecycle in ground.lifecycles:
        for state in lifecycle.states.values():
            if (state.name in lifecycle.final) != ("closed" in state.tags):
                yield state.place, f"{shown(state.name)} is final or bears the tag closed, but not both."
