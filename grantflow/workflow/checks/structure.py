"""Each life can be lived to its end: states reached, ends reached, rows taken, nobody left waiting."""

from __future__ import annotations

from collections.abc import Iterator

from grantflow.workflow.checks.ground import Ground, people, walk
from grantflow.workflow.checks.spec import Complaints, check
from grantflow.workflow.document import place_of, shown
from grantflow.workflow.model import REMEMBERED, SYSTEM_ROLE, Lifecycle, Row, State


@check("unreachable_state")
def unreachable(ground: Ground) -> Complaints:
    """Every state is reached from the first one, by rows that somebody takes."""
    for lifecycle in ground.lifecycles:
        reachable = ground.graph(lifecycle).reachable
        for state in lifecycle.states.values():
            if state.name not in reachable:
                yield state.place, f"No record ever comes to {shown(state.name)}."


@check("no_end")
def no_end(ground: Ground) -> Complaints:
    """From every state a final one is reached."""
    for lifecycle in ground.lifecycles:
        graph = ground.graph(lifecycle)
        if not lifecycle.final:
            yield lifecycle.place, f"{shown(lifecycle.name)} names no final state."
        elif not lifecycle.final.isdisjoint(lifecycle.beginnings):
            yield lifecycle.place, f"{shown(lifecycle.name)} ends where it begins."
        for state in lifecycle.states.values():
            if lifecycle.final and state.name not in graph.ending:
                yield state.place, f"From {shown(state.name)} no final state is reached."


@check("leaves_final")
def leaves_final(ground: Ground) -> Complaints:
    """Nothing leaves a final state but a row that puts a decision right, by somebody inside who gives a reason."""
    for lifecycle in ground.lifecycles:
        for row in lifecycle.rows:
            ended = [source for source in row.sources if source in lifecycle.final]
            if ended and row.puts_right is None:
                yield (
                    row.place,
                    f"{shown(row.name)} leaves the final state {shown(ended[0])}; only a row with puts_right may.",
                )
            if row.puts_right is not None:
                yield from _rights(ground, lifecycle, row)


def _rights(ground: Ground, lifecycle: Lifecycle, row: Row) -> Complaints:
    insiders = all(role in ground.scheme.roles and not ground.outside(role) for role in row.by)
    if not insiders:
        yield row.place, f"{shown(row.name)} puts a decision right, so only people of the programme take it."
    if not any(asked.required and asked.kind == "long_text" for asked in row.asks):
        yield (
            row.place,
            f"{shown(row.name)} puts a decision right, so it asks for a reason: a required long_text.",
        )
    decided = {
        target
        for other in lifecycle.rows
        if other.name == row.puts_right
        for target in _all_targets(lifecycle, other)
    }
    for source in row.sources:
        if not any(_means_the_same(lifecycle, target, source) for target in decided):
            yield (
                place_of(row.puts_right or "", row.place),
                f"{shown(row.puts_right)} does not bring about {shown(source)}, so leaving it does not put that right.",
            )


def _means_the_same(lifecycle: Lifecycle, decided: str, ended: str) -> bool:
    """Whether an end is what was decided: the same state, or a later one that shares a meaning with it."""
    return decided == ended or bool(
        lifecycle.states[decided].tags & lifecycle.states[ended].tags - {"closed"}
    )


def _all_targets(lifecycle: Lifecycle, row: Row) -> Iterator[str]:
    for source in row.sources:
        yield from lifecycle.targets(row, source)


@check("no_mover")
def no_mover(ground: Ground) -> Complaints:
    """In every state that is not final somebody, or a clock, moves the record on."""
    for lifecycle in ground.lifecycles:
        for state in ground.live(lifecycle):
            onward = (
                row
                for row in ground.leaving(lifecycle, state.name)
                if ground.is_taken(lifecycle, row, state.name)
                and lifecycle.targets(row, state.name) - {state.name}
            )
            if next(onward, None) is None:
                yield state.place, f"Nobody moves a record on that is in {shown(state.name)}."


@check("never_fired")
def never_fired(ground: Ground) -> Complaints:
    """A row that names the system, or nobody, is fired by a timer or an emit in each of its states."""
    for lifecycle in ground.lifecycles:
        for row in lifecycle.rows:
            if SYSTEM_ROLE not in row.by:
                continue
            for source in row.sources:
                if not ground.is_triggered(lifecycle, row.name, source):
                    yield (
                        place_of(source, row.place),
                        f"The system never takes {shown(row.name)} in {shown(source)}: no timer does it there and no emit goes there.",
                    )


@check("timer_not_taken")
def timer_not_taken(ground: Ground) -> Complaints:
    """In each state of a timer the system may take the transition that the timer does; no timer runs in a final state."""
    for lifecycle in ground.lifecycles:
        for timer in lifecycle.timers:
            for state in timer.states:
                place = place_of(state, timer.place)
                if state in lifecycle.final:
                    yield place, f"No timer runs in the final state {shown(state)}."
                elif timer.do is not None and not ground.system_rows(lifecycle, timer.do, state):
                    yield place, f"The system may not take {shown(timer.do)} in {shown(state)}."


@check("lost_trigger")
def lost_trigger(ground: Ground) -> Complaints:
    """What the system is made to do is never lost: the last row that fits has no guard and asks for nothing."""
    for lifecycle in ground.lifecycles:
        for state in lifecycle.states:
            for name in dict.fromkeys(row.name for row in ground.leaving(lifecycle, state)):
                rows = ground.system_rows(lifecycle, name, state)
                if not rows or not ground.is_triggered(lifecycle, name, state):
                    continue
                last = rows[-1]
                if ground.conditions(lifecycle, last, state):
                    yield (
                        last.place,
                        f"Where no guard of {shown(name)} passes in {shown(state)}, what the system does is lost: the last row needs none.",
                    )


@check("shadowed_row")
def shadowed(ground: Ground) -> Complaints:
    """No row stands after one of its name that is taken whenever it could be."""
    for lifecycle in ground.lifecycles:
        for row in lifecycle.rows:
            for source in row.sources:
                earlier = (other for other in ground.leaving(lifecycle, source) if other.number < row.number)
                shadow = next(
                    (other for other in earlier if _shadows(ground, lifecycle, other, row, source)), None
                )
                if shadow is not None:
                    yield (
                        place_of(source, row.place),
                        f"In {shown(source)} this row of {shown(row.name)} is never taken: that of line {shadow.place.line} always comes first.",
                    )


def _shadows(ground: Ground, lifecycle: Lifecycle, earlier: Row, row: Row, source: str) -> bool:
    return (
        earlier.name == row.name
        and set(row.by) <= set(earlier.by)
        and set(earlier.apart_from) <= set(row.apart_from)
        and ground.conditions(lifecycle, earlier, source) <= ground.conditions(lifecycle, row, source)
    )


@check("waits_without_timer")
def waits_without_timer(ground: Ground) -> Complaints:
    """A state that waits for people outside the programme alone has a timer, if only to remind."""
    for lifecycle in ground.lifecycles:
        timed = {state for timer in lifecycle.timers for state in timer.states}
        for state in ground.live(lifecycle):
            if state.name not in timed and _waits_outside(ground, lifecycle, state):
                yield (
                    state.place,
                    f"{shown(state.name)} waits for people outside the programme and has no timer.",
                )


def _waits_outside(ground: Ground, lifecycle: Lifecycle, state: State) -> bool:
    movers = {role for row in ground.leaving(lifecycle, state.name) for role in people(row)}
    waited = state.waits_for or movers
    return bool(waited) and all(map(ground.outside, waited))


@check("waits_in_vain")
def waits_in_vain(ground: Ground) -> Complaints:
    """Who is waited for can move the record, one above, beside or under it; the system where something makes it move."""
    movers = {lifecycle.name: _people(lifecycle) for lifecycle in ground.lifecycles}
    for lifecycle in ground.lifecycles:
        near = [child.name for child in ground.scheme.children_of(lifecycle.name)]
        if lifecycle.parent:
            beside = (child.name for child in ground.scheme.children_of(lifecycle.parent))
            near += [lifecycle.parent, *(name for name in beside if name != lifecycle.name)]
        around = {role for name in near for role in movers[name]}
        for state in lifecycle.states.values():
            able = set(around) if state.name not in lifecycle.final else set()
            for row in ground.leaving(lifecycle, state.name):
                able.update(people(row))
                if ground.is_triggered(lifecycle, row.name, state.name):
                    able.add(SYSTEM_ROLE)
            for role in sorted(state.waits_for - able):
                yield (
                    place_of(role, state.place),
                    f"{shown(state.name)} waits for {shown(role)}, who has no way to move the record.",
                )


def _people(lifecycle: Lifecycle) -> set[str]:
    return {role for row in lifecycle.rows for role in people(row)}


@check("timer_loop")
def timer_loop(ground: Ground) -> Complaints:
    """Timers alone never send a record round in a circle."""
    for lifecycle in ground.lifecycles:
        moves = _moves_by_clock(ground, lifecycle)
        for state, targets in moves.items():
            if state in walk(targets, lambda each, moves=moves: moves.get(each, frozenset())):  # type: ignore[misc]  # bound here, used here
                yield lifecycle.states[state].place, f"Timers alone lead from {shown(state)} back to it."


def _moves_by_clock(ground: Ground, lifecycle: Lifecycle) -> dict[str, set[str]]:
    moves: dict[str, set[str]] = {}
    for timer in lifecycle.timers:
        for state in timer.states if timer.do else ():
            for row in ground.system_rows(lifecycle, str(timer.do), state):
                moves.setdefault(state, set()).update(lifecycle.targets(row, state) - {state})
    return moves


@check("nothing_remembered")
def nothing_remembered(ground: Ground) -> Complaints:
    """A row to `remembered` leaves a state that rows enter, and none of them comes from another such state."""
    for lifecycle in ground.lifecycles:
        returning = {source for row in lifecycle.rows if row.to == REMEMBERED for source in row.sources}
        for state in sorted(returning):
            entered = lifecycle.remembered(state)
            if not entered or state in lifecycle.beginnings:
                yield (
                    lifecycle.states[state].place,
                    f"{shown(state)} remembers no state to which it could return.",
                )
            for other in sorted(entered & returning):
                yield (
                    lifecycle.states[state].place,
                    f"{shown(state)} is entered from {shown(other)}, which remembers a state itself; only one is kept.",
                )


@check("idle_timer")
def idle_timer(ground: Ground) -> Complaints:
    """A timer does something or tells somebody."""
    for lifecycle in ground.lifecycles:
        for timer in lifecycle.timers:
            if timer.do is None and not timer.notices:
                yield timer.place, "The timer neither does anything nor tells anybody."


@check("blind_mover")
def blind_mover(ground: Ground) -> Complaints:
    """Whoever moves or edits a record, is waited for, or sees it masked, may see it."""
    for lifecycle in ground.lifecycles:
        for state in lifecycle.states.values():
            movers = {role for row in ground.leaving(lifecycle, state.name) for role in people(row)}
            involved = movers | state.edit | set(state.mask) | (state.waits_for - {SYSTEM_ROLE})
            for role in sorted(involved - state.view):
                yield (
                    state.place,
                    f"{shown(role)} has something to do in {shown(state.name)} and may not see it.",
                )


@check("creation_nowhere")
def creation(ground: Ground) -> Complaints:
    """A record is created under a parent that has not ended."""
    for lifecycle in ground.lifecycles:
        parent = ground.scheme.lifecycles.get(lifecycle.parent or "")
        during = lifecycle.creation.during
        if parent is None and during:
            yield (
                lifecycle.creation.place,
                f"{shown(lifecycle.name)} has no parent during whose states it is created.",
            )
        if parent is not None and not during:
            message = f"{shown(lifecycle.name)} does not say in which states of {shown(parent.name)} one is created."
            yield lifecycle.creation.place, message
        for state in during if parent else ():
            if parent is not None and state in parent.final:
                message = f"In {shown(state)} {shown(parent.name)} has ended; nothing is created under it."
                yield place_of(state, lifecycle.creation.place), message
