"""What a scheme needs of a call: which dates in which stage, and what it cannot do."""

from __future__ import annotations

from collections.abc import Iterable

from grantflow.workflow.model import REMEMBERED, Lifecycle, Row, Scheme

WITH_LAB = "call_has_lab"
WITHOUT_LAB = "call_has_no_lab"
"""Guards that part the ways of calls with and without a lab."""
NEXT_STAGE = "enter_next_stage"
"""The effect by which a call enters its next stage."""


def root_of(scheme: Scheme) -> Lifecycle:
    """Return the lifecycle of calls: the one without a parent."""
    return next(lifecycle for lifecycle in scheme.lifecycles.values() if lifecycle.parent is None)


def knows_labs(scheme: Scheme) -> bool:
    """Whether calls of a scheme may begin with a lab."""
    return any(_has_guard(row, WITH_LAB) for row in root_of(scheme).rows)


def knows_stages(scheme: Scheme) -> bool:
    """Whether calls of a scheme may have more than one stage."""
    return any(NEXT_STAGE in row.effects for row in root_of(scheme).rows)


def needed_dates(scheme: Scheme, *, has_lab: bool, stage: int) -> tuple[str, ...]:
    """Return the dates without which a call would stand still in a stage, in the scheme's order.

    These are the dates at which the clock moves a record that can be there in that stage, and those that guards of
    rows out of such a state ask for.
    """
    root = root_of(scheme)
    barred = WITHOUT_LAB if has_lab else WITH_LAB
    rows = [row for row in root.rows if not _has_guard(row, barred)]
    entering = [row for row in rows if NEXT_STAGE in row.effects]
    staying = [row for row in rows if NEXT_STAGE not in row.effects]
    begin = {root.initial} if stage == 1 else {row.to for row in entering}
    states = _reached(root, begin, staying)
    asked = staying if stage == 1 else [*entering, *staying]
    names = _asked_by_guards(row for row in asked if row in entering or states.intersection(row.sources))
    names |= {
        timer.at for timer in root.timers if timer.do and timer.at and states.intersection(timer.states)
    }
    for child in scheme.children_of(root.name):
        if states.intersection(child.creation.during):
            names |= {timer.at for timer in child.timers if timer.do and timer.at}
    return tuple(name for name in scheme.dates if name in names)


def _reached(lifecycle: Lifecycle, begin: set[str], rows: list[Row]) -> set[str]:
    reached, ahead = set(begin), set(begin)
    while ahead:
        state = ahead.pop()
        for row in rows:
            if state in row.sources and row.to != REMEMBERED:  # it only goes back to where it came from
                new = lifecycle.targets(row, state) - reached
                reached |= new
                ahead |= new
    return reached


def _asked_by_guards(rows: Iterable[Row]) -> set[str]:
    return {str(guard.given["date"]) for row in rows for guard in row.guards if "date" in guard.given}


def _has_guard(row: Row, name: str) -> bool:
    return any(guard.name == name for guard in row.guards)


def deadline_name(lifecycle: Lifecycle, state: str, resume_state: str | None = None) -> str | None:
    """Return the date at which the clock ends a state, if it does; of a halt, that of the state it returns to."""
    if resume_state is not None and any(row.to == REMEMBERED for row in lifecycle.leaving(state)):
        state = resume_state
    return next(
        (timer.at for timer in lifecycle.timers if state in timer.states and timer.do and timer.at), None
    )
