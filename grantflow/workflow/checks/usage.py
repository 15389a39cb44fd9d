"""What is declared is used, and rehearsals act on what there is."""

from __future__ import annotations

from collections.abc import Iterator

from grantflow.workflow.checks.ground import Ground
from grantflow.workflow.checks.names import CREATE
from grantflow.workflow.checks.spec import Complaints, check
from grantflow.workflow.document import place_of, shown


@check("unused_role", severity="warning")
def unused_role(ground: Ground) -> Complaints:
    """Every role moves, sees or hears something."""
    used: set[str] = set()
    for lifecycle in ground.lifecycles:
        for state in lifecycle.states.values():
            used |= state.view | state.edit
        for holder in lifecycle.steps:
            used.update(holder.by)
        used.update(notice.role for notice in lifecycle.notices)
    for role in ground.scheme.roles.values():
        if role.name not in used:
            yield role.place, f"The role {shown(role.name)} does, sees and hears nothing."


def _arguments(ground: Ground) -> Iterator[str]:
    calls = [call for phase in ground.scheme.phases.values() for call in phase.gate]
    for lifecycle in ground.lifecycles:
        for holder in lifecycle.steps:
            calls.extend(holder.guards)
    for call in calls:
        for value in call.given.values():
            yield from (str(each) for each in (value if isinstance(value, tuple) else (value,)))


def _read(ground: Ground) -> Iterator[str]:
    for lifecycle in ground.lifecycles:
        for holder in lifecycle.steps:
            for name in holder.effects:
                spec = ground.registry.effects.get(name)
                yield from spec.reads if spec else ()


@check("unused_parameter", severity="warning")
def unused_parameter(ground: Ground) -> Complaints:
    """Every parameter is the argument of a guard, the span of a timer, or read by an effect."""
    used = {*_arguments(ground), *(each.within for each in ground.scheme.rehearsal), *_read(ground)}
    for lifecycle in ground.lifecycles:
        for timer in lifecycle.timers:
            used.update(str(span) for span in (timer.after, timer.minus, timer.plus, timer.every))
    for parameter in ground.scheme.parameters.values():
        if parameter.name not in used:
            yield (
                parameter.place,
                f"The parameter {shown(parameter.name)} is used by no guard, timer or effect.",
            )


@check("unused_date", severity="warning")
def unused_date(ground: Ground) -> Complaints:
    """Every date makes a timer due or is the argument of a guard."""
    used = {*_arguments(ground)}
    used.update(str(timer.at) for lifecycle in ground.lifecycles for timer in lifecycle.timers)
    for date in ground.scheme.dates.values():
        if date.name not in used:
            yield date.place, f"The date {shown(date.name)} is used by no guard and no timer."


@check("unused_phase", severity="warning")
def unused_phase(ground: Ground) -> Complaints:
    """Every phase has a state."""
    used = {state.phase for lifecycle in ground.lifecycles for state in lifecycle.states.values()}
    for phase in ground.scheme.phases.values():
        if phase.name not in used:
            yield phase.place, f"No state belongs to the phase {shown(phase.name)}."


@check("wrong_behaviour")
def behaviour(ground: Ground) -> Complaints:
    """In a rehearsal people do what their role may do."""
    for each in ground.scheme.rehearsal:
        lifecycle = ground.scheme.lifecycles[each.lifecycle]
        rows = [row for row in lifecycle.rows if row.name == each.transition]
        movers = {role for row in rows for role in row.by}
        if each.transition == CREATE:
            movers = set(lifecycle.creation.by)
        if each.role not in movers:
            yield (
                place_of(each.role, each.place),
                f"{shown(each.role)} may not {shown(each.transition)} the {lifecycle.name}.",
            )
