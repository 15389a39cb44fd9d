"""A masked state betrays nothing: not by its buttons, not by its messages, not by what appears beside it."""

from __future__ import annotations

from collections.abc import Iterator

from grantflow.workflow.checks.ground import Ground
from grantflow.workflow.checks.spec import Complaints, check
from grantflow.workflow.checks.telling import OUTCOMES
from grantflow.workflow.document import place_of, shown
from grantflow.workflow.model import REMEMBERED, Emit, Lifecycle, Place, Row, State, Timer

Masked = Iterator[tuple[Lifecycle, str, State, State]]


def _masked(ground: Ground) -> Masked:
    """Yield each masked state with its role and the state that the role sees instead."""
    for lifecycle in ground.lifecycles:
        for state in lifecycle.states.values():
            for role, other in state.mask.items():
                yield lifecycle, role, state, lifecycle.states[other]


@check("mask_chain")
def chain(ground: Ground) -> Complaints:
    """What is seen instead of a masked state is another one, and not masked itself for that role."""
    for _, role, state, other in _masked(ground):
        if other is state or role in other.mask:
            place = place_of(state.mask[role], state.place)
            yield (
                place,
                f"{shown(role)} sees {shown(other.name)} instead of {shown(state.name)}, which is no mask.",
            )


@check("mask_buttons")
def buttons(ground: Ground) -> Complaints:
    """A masked state offers a role the same as the state that it sees instead, leading where the same is seen."""
    for lifecycle, role, state, other in _masked(ground):
        here = _offered(ground, lifecycle, role, state)
        there = _offered(ground, lifecycle, role, other)
        if here != there:
            differing = ", ".join(sorted({name for name, *_ in here ^ there}))
            yield (
                place_of(state.mask[role], state.place),
                f"{shown(state.name)} is shown to {shown(role)} as {shown(other.name)}, but does not offer the same: {differing}.",
            )
        for what, one, two in (("see", state.view, other.view), ("edit", state.edit, other.edit)):
            if (role in one) != (role in two):
                yield (
                    state.place,
                    f"{shown(role)} may {what} either both of {shown(state.name)} and {shown(other.name)}, or neither.",
                )


Offer = tuple[str, str, frozenset[str], frozenset[tuple[str, str]], tuple[str, ...]]


def _offered(ground: Ground, lifecycle: Lifecycle, role: str, state: State) -> set[Offer]:
    return {
        (
            row.name,
            row.label,
            frozenset(
                lifecycle.states[target].shown_to(role) for target in lifecycle.targets(row, state.name)
            )
            if row.to in lifecycle.states
            else frozenset({row.to}),
            ground.conditions(lifecycle, row, state.name),
            tuple(asked.name for asked in row.asks),
        )
        for row in ground.leaving(lifecycle, state.name)
        if role in row.by
    }


@check("mask_telltale")
def telltale(ground: Ground) -> Complaints:
    """A step that a role sees masked sends it no message, and causes none elsewhere, that the step shown would not send too.

    A row that puts a decision right may: who was told of the decision is told that it is taken back.
    """
    for lifecycle in ground.lifecycles:
        for row in lifecycle.rows:
            for role, twins in _hidden_from(ground, lifecycle, row).items():
                told = [_told(ground, twin, role) for twin in twins]
                for place, message in _messages(ground, row, role):
                    if not told or any(message not in each for each in told):
                        yield (
                            place,
                            f"{shown(row.name)} leads to or from a state that is masked for {shown(role)}, and this message tells.",
                        )


def _hidden_from(ground: Ground, lifecycle: Lifecycle, row: Row) -> dict[str, list[Row]]:
    """Return the roles that do not see where a row leads, with the rows that look the same to them and hide nothing."""
    hidden: dict[str, list[Row]] = {}
    for source in row.sources if row.puts_right is None else ():
        for target in lifecycle.targets(row, source):
            before, after = lifecycle.states[source], lifecycle.states[target]
            still = {role for role in before.mask if before.shown_to(role) == after.shown_to(role)}
            for role in {*after.mask, *still}:
                twins = hidden.setdefault(role, [])
                seen = before.shown_to(role), after.shown_to(role)
                twins.extend(
                    other
                    for other in ground.leaving(lifecycle, seen[0])
                    if other.name == row.name and seen[1] in lifecycle.targets(other, seen[0])
                )
    return hidden


Message = tuple[str, ...]


def _told(ground: Ground, row: Row, role: str) -> frozenset[Message]:
    return frozenset(message for _, message in _messages(ground, row, role))


def _messages(ground: Ground, row: Row, role: str) -> Iterator[tuple[Place, Message]]:
    """Yield what a row tells a role, itself or by what it emits."""
    for notice in row.notices:
        if notice.role == role:
            yield notice.place, (notice.template,)
    for emit in row.emits:
        for template in sorted(_emitted_messages(ground, emit, role, set())):
            yield emit.place, (emit.lifecycle, emit.transition, template)


def _emitted_messages(ground: Ground, emit: Emit, role: str, seen: set[tuple[str, str]]) -> set[str]:
    if (emit.lifecycle, emit.transition) in seen:
        return set()
    seen.add((emit.lifecycle, emit.transition))
    found: set[str] = set()
    for row in ground.scheme.lifecycles[emit.lifecycle].rows:
        if row.name == emit.transition and (not emit.states or emit.states & set(row.sources)):
            found.update(notice.template for notice in row.notices if notice.role == role)
            for other in row.emits:
                found |= _emitted_messages(ground, other, role, seen)
    return found


@check("mask_timer")
def timers(ground: Ground) -> Complaints:
    """A masked state reminds a role of the same, at the same time, as the state that it sees instead."""
    for lifecycle, role, state, other in _masked(ground):
        here = {_reminder(timer, role) for timer in lifecycle.timers if state.name in timer.states}
        there = {_reminder(timer, role) for timer in lifecycle.timers if other.name in timer.states}
        nothing = {_reminder(timer, role) for timer in lifecycle.timers if not _reminds(timer, role)}
        if here - nothing != there - nothing:
            yield (
                place_of(state.mask[role], state.place),
                f"{shown(role)} is reminded of other things in {shown(state.name)} than in {shown(other.name)}, which it sees instead.",
            )


def _reminds(timer: Timer, role: str) -> bool:
    return any(notice.role == role for notice in timer.notices)


def _reminder(timer: Timer, role: str) -> tuple[object, ...]:
    templates = tuple(notice.template for notice in timer.notices if notice.role == role)
    return timer.at, timer.after, timer.minus, timer.plus, timer.every, templates


@check("mask_child")
def children(ground: Ground) -> Complaints:
    """Nothing that a role may see is created under a state that is masked for it, unless it could be under the one shown."""
    for lifecycle, role, state, other in _masked(ground):
        for child in ground.scheme.children_of(lifecycle.name):
            during = child.creation.during
            if state.name in during and other.name not in during and _sees_begin(child, role):
                yield (
                    place_of(next(each for each in during if each == state.name), child.creation.place),
                    f"{shown(role)} sees the {child.name} appear while the {lifecycle.name} is in {shown(state.name)}, which is masked for it.",
                )


def _sees_begin(child: Lifecycle, role: str) -> bool:
    return any(role in child.states[state].view for state in child.beginnings)


@check("mask_uneven")
def uneven(ground: Ground) -> Complaints:
    """Where one outcome is masked until it is released, so is every other one that could stand in its place."""
    for lifecycle in ground.lifecycles:
        masks = {(role, other) for state in lifecycle.states.values() for role, other in state.mask.items()}
        for role, seen in sorted(masks):
            for row in lifecycle.rows:
                told = any(notice.role == role for notice in row.notices) or role in row.by
                from_there = any(lifecycle.states[source].shown_to(role) == seen for source in row.sources)
                if told or not from_there or row.to not in lifecycle.states or row.to in lifecycle.final:
                    continue
                state = lifecycle.states[row.to]
                if state.tags & OUTCOMES and role not in state.mask:
                    yield (
                        state.place,
                        f"Other outcomes of {shown(seen)} are masked for {shown(role)}, and {shown(state.name)} is not.",
                    )


@check("mask_gap")
def gap(ground: Ground) -> Complaints:
    """What is masked does not show in between: a state on the way from what a role sees back to it is masked too."""
    for lifecycle in ground.lifecycles:
        before, after = _around(lifecycle)
        for state in lifecycle.states.values():
            for role in sorted(state.view - set(state.mask) - _always_told(lifecycle, state)):
                came = {lifecycle.states[each].shown_to(role) for each in before.get(state.name, ())}
                goes = {lifecycle.states[each].shown_to(role) for each in after.get(state.name, ())}
                near = before.get(state.name, set()) | after.get(state.name, set())
                hidden = {
                    lifecycle.states[each].mask[role] for each in near if role in lifecycle.states[each].mask
                }
                for seen in sorted((came & goes & hidden) - {state.name}):
                    yield (
                        state.place,
                        f"{shown(role)} sees {shown(seen)} before and after {shown(state.name)}, which shows in between.",
                    )


def _always_told(lifecycle: Lifecycle, state: State) -> frozenset[str]:
    """Return the roles that are told whenever a record comes to a state, or may see that it stands still for a while."""
    if any(row.to == REMEMBERED and state.name in row.sources for row in lifecycle.rows):
        return state.view
    entering = [row for row in lifecycle.rows if row.to == state.name]
    told = (frozenset(notice.role for notice in row.notices) for row in entering)
    return frozenset.intersection(*told) if entering else frozenset()


def _around(lifecycle: Lifecycle) -> tuple[dict[str, set[str]], dict[str, set[str]]]:
    """Return the states before and after each state; a decision that is put right begins anew."""
    before: dict[str, set[str]] = {}
    after: dict[str, set[str]] = {}
    for row in lifecycle.rows:
        for source in row.sources if row.puts_right is None else ():
            for target in lifecycle.targets(row, source) - {source}:
                before.setdefault(target, set()).add(source)
                after.setdefault(source, set()).add(target)
    return before, after


@check("mask_final")
def final(ground: Ground) -> Complaints:
    """What has ended is not masked: the outcome is released before, or with, the end."""
    for lifecycle, role, state, _ in _masked(ground):
        if state.name in lifecycle.final:
            yield state.place, f"{shown(state.name)} is final, and {shown(role)} would never be told."
