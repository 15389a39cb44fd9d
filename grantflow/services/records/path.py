"""The path of a record: what is done and when, what is now, what is to come if all goes well."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from grantflow.services.records.journal import Seen
from grantflow.services.records.meaning import OFF_THE_PATH
from grantflow.services.records.visibility import Found
from grantflow.workflow.model import Lifecycle, State

When = Literal["done", "now", "later"]

_WELL = frozenset({"funded", "delivered", "paid", "counts"})
"""What the end means that a path leads to, where there are several ends."""


@dataclass(frozen=True, slots=True)
class PathStep:
    """A step on the path of a record."""

    label: str
    when: When
    at: datetime | None = None
    note: str = ""


def path_of(found: Found, seen: Sequence[Seen], *, has_lab: bool = True) -> tuple[PathStep, ...]:
    """Return the path of a record as the reader may see it; `seen` holds its steps, the newest first.

    Calls go through phases; every other record goes through its states, told by what each is to the one who waits.
    """
    if found.record == "call" and found.scheme.phases:
        return tuple(_phases(found, seen, has_lab=has_lab))
    return tuple(_merged(list(_states(found, seen))))


def _states(found: Found, seen: Sequence[Seen]) -> Iterator[PathStep]:
    lifecycle, now = found.lifecycle, found.shown
    done: list[tuple[State, datetime]] = []
    for each in reversed(seen):
        if each.source is not None and each.source.name == each.target.name:
            continue
        back = next((at for at, (state, _) in enumerate(done) if state.name == each.target.name), None)
        if back is not None:  # it came back to where it had been: what lay between was a detour
            del done[back:]
        done.append((each.target, each.row.at))
    entered = None
    if done and done[-1][0].name == now.name:
        entered = done.pop()[1]
    for state, at in done:
        yield PathStep(_coming(state), "done", at)
    if now.name in lifecycle.final:
        yield PathStep(_coming(now), "done", entered)
        return
    yield PathStep(_coming(now), "now", entered)
    for state in ahead(lifecycle, now):
        yield PathStep(_coming(state), "later")


def _coming(state: State) -> str:
    return state.upcoming or state.label


def _merged(steps: list[PathStep]) -> Iterator[PathStep]:
    """Yield the steps with those put together that are the same to the reader: the later one is where they are."""
    for at, step in enumerate(steps):
        if at + 1 < len(steps) and steps[at + 1].label == step.label and step.when == "done":
            continue
        if at and steps[at - 1].label == step.label and step.when == "later":
            continue
        yield step


def ahead(lifecycle: Lifecycle, start: State) -> tuple[State, ...]:
    """Return the states that lie between one and the end to which a record goes if all goes well, the end included."""
    goals = _goals(lifecycle)
    came: dict[str, str] = {}
    waiting, known = deque([start.name]), {start.name}
    while waiting:
        here = waiting.popleft()
        if here in goals and here != start.name:
            return _walked(lifecycle, came, here)
        for row in lifecycle.leaving(here):
            for target in sorted(lifecycle.targets(row, here)):
                if target not in known and not lifecycle.states[target].tags & OFF_THE_PATH:
                    known.add(target)
                    came[target] = here
                    waiting.append(target)
    return ()


def _goals(lifecycle: Lifecycle) -> frozenset[str]:
    in_force = lifecycle.tagged("in_force") - lifecycle.final
    if in_force:
        return in_force
    good = [name for name in lifecycle.final if not lifecycle.states[name].tags & OFF_THE_PATH]
    well = frozenset(name for name in good if lifecycle.states[name].tags & _WELL)
    return well or frozenset(good)


def _walked(lifecycle: Lifecycle, came: dict[str, str], end: str) -> tuple[State, ...]:
    found = [end]
    while came[found[-1]] in came:
        found.append(came[found[-1]])
    return tuple(lifecycle.states[name] for name in reversed(found))


def _phases(found: Found, seen: Sequence[Seen], *, has_lab: bool) -> Iterator[PathStep]:
    scheme, lifecycle = found.scheme, found.lifecycle
    here = found.shown
    if "suspended" in here.tags and found.resume_state is not None:
        here = lifecycle.states[found.resume_state]
    entered: dict[str, datetime] = {}
    for each in reversed(seen):
        if "suspended" not in each.target.tags:
            entered.setdefault(each.target.phase, each.row.at)
    used = {each.phase for each in lifecycle.states.values()}
    labs = {each.name for each in scheme.lifecycles.values() if each.record == "participation"}
    phases = [
        phase
        for phase in scheme.phases.values()
        if phase.name in used and (has_lab or not labs.intersection(phase.carries))
    ]
    now = next((at for at, phase in enumerate(phases) if phase.name == here.phase), 0)
    ended = here.name in lifecycle.final
    for at, phase in enumerate(phases):
        when: When = "done" if at < now or ended else "now" if at == now else "later"
        if ended and phase.name not in entered:
            continue  # a call that was called off never came there
        yield PathStep(phase.label, when, entered.get(phase.name))
