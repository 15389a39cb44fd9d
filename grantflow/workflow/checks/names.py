"""Every name of the scheme's own things resolves: states, transitions, lifecycles, roles, phases."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from grantflow.workflow.checks.ground import Ground
from grantflow.workflow.checks.spec import Complaints, check
from grantflow.workflow.document import place_of, shown, unknown_word
from grantflow.workflow.model import AUDIENCES, REMEMBERED, SAME, SYSTEM_ROLE, Lifecycle, Place, Scheme

CREATE = "create"
"""What the journal calls the making of a record: no transition may be called so."""
_OF_STATES = ("precedes", "leads_to")
"""The kinds of rule that speak of states; the others speak of transitions."""
_TO_OTHERS = ("separate", "tells")
"""The kinds of rule that name a transition, perhaps of another lifecycle, as what is promised."""
_RESERVED = {CREATE, "state"}
Named = Iterator[tuple[str, Place]]


def _unknown(what: str, named: Iterable[tuple[str, Place]], known: Iterable[str]) -> Complaints:
    words = set(known)
    for word, place in named:
        if word not in words:
            yield place_of(word, place), unknown_word(what, word, words)


@check("unknown_lifecycle", "names")
def lifecycles(ground: Ground) -> Complaints:
    """A lifecycle that is named is one of the scheme's."""
    scheme = ground.scheme

    def named() -> Named:
        for lifecycle in ground.lifecycles:
            if lifecycle.parent is not None:
                yield lifecycle.parent, lifecycle.place
            for row in lifecycle.rows:
                yield from ((emit.lifecycle, emit.place) for emit in row.emits)
                yield from ((name.rpartition(".")[0], place_of(name, row.place)) for name in row.apart_from)
        for rule in scheme.rules:
            yield rule.lifecycle, rule.place
            if rule.kind in _TO_OTHERS:
                yield rule.first.rpartition(".")[0], place_of(rule.first, rule.place)
        yield from ((each.lifecycle, each.place) for each in scheme.rehearsal)

    yield from _unknown("lifecycle", named(), scheme.lifecycles)


@check("wrong_tree", "names")
def tree(ground: Ground) -> Complaints:
    """One lifecycle, that of the call, has no parent; every other one stands under it; each kind of record has one."""
    roots = [lifecycle for lifecycle in ground.lifecycles if lifecycle.parent is None]
    if not roots:
        yield ground.lifecycles[0].place, "Every lifecycle has a parent; that of the call has none."
    for lifecycle in roots[1:]:
        yield lifecycle.place, f"{shown(roots[0].name)} has no parent either; only the call has none."
    records: dict[str, Lifecycle] = {}
    for lifecycle in ground.lifecycles:
        first = records.setdefault(lifecycle.record, lifecycle)
        if first is not lifecycle:
            place = place_of(lifecycle.record, lifecycle.place)
            yield (
                place,
                f"{shown(first.name)} is the lifecycle of the record {shown(lifecycle.record)} already.",
            )
        if roots and _in_a_circle(lifecycle, ground.scheme):
            yield lifecycle.place, f"{shown(lifecycle.name)} stands under itself."


def _in_a_circle(lifecycle: Lifecycle, scheme: Scheme) -> bool:
    seen, name = {lifecycle.name}, lifecycle.parent
    while name is not None and name in scheme.lifecycles:
        if name in seen:
            return True
        seen.add(name)
        name = scheme.lifecycles[name].parent
    return False


@check("unknown_state", "names")
def states(ground: Ground) -> Complaints:
    """A state that is named is one of its lifecycle's."""
    lives = ground.scheme.lifecycles
    for lifecycle in ground.lifecycles:
        yield from _unknown("state", _states_of(lifecycle), lifecycle.states)
        parent = lives.get(lifecycle.parent or "")
        if parent is not None:
            during = ((state, lifecycle.creation.place) for state in lifecycle.creation.during)
            yield from _unknown(f"state of {parent.name}", during, parent.states)
        for row in lifecycle.rows:
            for emit in row.emits:
                if emit.lifecycle in lives:
                    named = ((state, emit.place) for state in sorted(emit.states))
                    yield from _unknown(f"state of {emit.lifecycle}", named, lives[emit.lifecycle].states)
    for rule in ground.scheme.rules:
        if rule.kind not in _OF_STATES and rule.lifecycle in lives:
            named = ((state, rule.place) for state in rule.unless)
            yield from _unknown(f"state of {rule.lifecycle}", named, (*lives[rule.lifecycle].states, SAME))
        if rule.kind in _OF_STATES and rule.lifecycle in lives:
            named = ((state, rule.place) for state in (rule.first, *rule.then, *rule.unless))
            yield from _unknown(f"state of {rule.lifecycle}", named, lives[rule.lifecycle].states)


def _states_of(lifecycle: Lifecycle) -> Named:
    yield lifecycle.initial, lifecycle.place
    yield from ((state, lifecycle.creation.place) for state in lifecycle.creation.begins_in.values())
    yield from ((state, lifecycle.place) for state in sorted(lifecycle.final))
    for state in lifecycle.states.values():
        yield from ((other, state.place) for other in state.mask.values())
    for row in lifecycle.rows:
        yield from ((source, row.place) for source in row.sources)
        if row.to not in (SAME, REMEMBERED):
            yield row.to, row.place
    for timer in lifecycle.timers:
        yield from ((state, timer.place) for state in (*timer.states, *timer.pauses_in))


@check("unknown_transition", "names")
def transitions(ground: Ground) -> Complaints:
    """A transition that is named is one of its lifecycle's."""
    names = {lifecycle.name: {row.name for row in lifecycle.rows} for lifecycle in ground.lifecycles}
    dotted = {f"{lifecycle}.{name}" for lifecycle, rows in names.items() for name in rows}
    for lifecycle in ground.lifecycles:
        own = names[lifecycle.name]
        timers = ((timer.do, timer.place) for timer in lifecycle.timers if timer.do is not None)
        yield from _unknown("transition", timers, own)
        righted = ((row.puts_right, row.place) for row in lifecycle.rows if row.puts_right is not None)
        yield from _unknown("transition", righted, own)
        for row in lifecycle.rows:
            yield from _unknown("transition", ((name, row.place) for name in row.apart_from), dotted)
            for emit in row.emits:
                if emit.lifecycle in names:
                    named = [(emit.transition, emit.place)]
                    yield from _unknown(f"transition of {emit.lifecycle}", named, names[emit.lifecycle])
    for rule in ground.scheme.rules:
        if rule.kind not in _OF_STATES and rule.lifecycle in names:
            if rule.kind in _TO_OTHERS:
                yield from _unknown("transition", [(rule.first, rule.place)], dotted)
            named = [(name, rule.place) for name in rule.then]
            yield from _unknown(f"transition of {rule.lifecycle}", named, names[rule.lifecycle])
    for each in ground.scheme.rehearsal:
        if each.lifecycle in names:
            named = [(each.transition, each.place)]
            yield from _unknown(f"transition of {each.lifecycle}", named, names[each.lifecycle] | {CREATE})


@check("unknown_role", "names")
def roles(ground: Ground) -> Complaints:
    """A role that is named is one of the scheme's; `system` only where somebody moves or is waited for."""
    known = ground.scheme.roles
    for lifecycle in ground.lifecycles:
        yield from _unknown("role", _roles_of(lifecycle), known)
        yield from _unknown("role", _movers_of(lifecycle), (*known, SYSTEM_ROLE))
        for state in lifecycle.states.values():
            labels = ((reader, state.place) for reader in state.labels)
            yield from _unknown("role or audience", labels, (*known, *AUDIENCES))
    yield from _unknown("role", ((each.role, each.place) for each in ground.scheme.rehearsal), known)


def _roles_of(lifecycle: Lifecycle) -> Named:
    yield from ((role, lifecycle.creation.place) for role in lifecycle.creation.begins_in)
    for state in lifecycle.states.values():
        yield from ((role, state.place) for role in sorted(state.view | state.edit))
        yield from ((role, state.place) for role in state.mask)
    yield from ((notice.role, notice.place) for notice in lifecycle.notices)


def _movers_of(lifecycle: Lifecycle) -> Named:
    for holder in lifecycle.steps:
        yield from ((role, holder.place) for role in holder.by)
    for state in lifecycle.states.values():
        yield from ((role, state.place) for role in sorted(state.waits_for))


@check("unknown_phase", "names")
def phases(ground: Ground) -> Complaints:
    """A phase that is named is one of the scheme's."""
    for lifecycle in ground.lifecycles:
        named = ((state.phase, state.place) for state in lifecycle.states.values() if state.phase)
        yield from _unknown("phase", named, ground.scheme.phases)


@check("reserved_name", "names")
def reserved(ground: Ground) -> Complaints:
    """Nothing bears a name that has a meaning of its own."""
    for lifecycle in ground.lifecycles:
        for row in lifecycle.rows:
            if row.name in _RESERVED:
                yield place_of(row.name, row.place), f"No transition can be called {shown(row.name)}."
        for state in lifecycle.states.values():
            if state.name in (SAME, REMEMBERED):
                yield state.place, f"No state can be called {shown(state.name)}."
    for role in ground.scheme.roles.values():
        if role.name == SYSTEM_ROLE:
            yield role.place, f"{shown(role.name)} is always there and is not declared."
