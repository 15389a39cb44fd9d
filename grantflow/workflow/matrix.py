"""A scheme as one text for review: role by state by transition by guard, with clocks, masks, effects, emits and notices.

The text lies in git beside the tests. Whoever drops a guard changes it, and whoever reviews the change sees one line.
It leaves out what people read (labels and prose) and where things stand in the files.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from grantflow.workflow.model import Creation, GuardCall, Lifecycle, Notice, Row, Scheme, State, Timer


def matrix_of(scheme: Scheme) -> str:
    """Return the text of a scheme for review."""
    return "\n".join(_scheme(scheme)) + "\n"


def _scheme(scheme: Scheme) -> Iterator[str]:
    yield f"scheme {scheme.name} version {scheme.version}"
    for parameter in scheme.parameters.values():
        choices = f" of {_list(parameter.choices)}" if parameter.choices else ""
        yield f"  parameter {parameter.name}: {parameter.kind}{choices} = {parameter.default}"
    for date in scheme.dates.values():
        yield f"  date {date.name}" + (f" means {date.means}" if date.means else "")
    for role in scheme.roles.values():
        yield f"  role {role.name}: {role.audience}"
    for phase in scheme.phases.values():
        parts = _parts({"gate": map(_call, phase.gate), "carries": phase.carries})
        yield f"  phase {phase.name}{parts}"
    for rule in scheme.rules:
        yield f"  rule {rule.lifecycle}: {rule.first} {rule.kind} {_list(rule.then)}" + _parts(
            {"unless": rule.unless}
        )
    for each in scheme.rehearsal:
        what = f"{each.lifecycle}.{each.transition}"
        yield f"  rehearsal {what}: {each.role} {each.likely} in 100 within {each.within}"
    for lifecycle in scheme.lifecycles.values():
        yield ""
        yield from _lifecycle(scheme, lifecycle)


def _lifecycle(scheme: Scheme, lifecycle: Lifecycle) -> Iterator[str]:
    under = f" under {lifecycle.parent}" if lifecycle.parent else ""
    yield f"lifecycle {lifecycle.name}: {lifecycle.record}{under}, begins in {lifecycle.initial}"
    yield "  created" + _creation(lifecycle.creation)
    for state in lifecycle.states.values():
        yield "  state " + _state(lifecycle, state)
        for row in lifecycle.leaving(state.name):
            yield "    " + _row(scheme, lifecycle, row, state.name)
        for timer in lifecycle.timers:
            if state.name in timer.states:
                yield "    " + _timer(timer)


def _creation(creation: Creation) -> str:
    return _parts(
        {
            "during": creation.during,
            "by": creation.by,
            "begins": (f"{role} in {state}" for role, state in creation.begins_in.items()),
            "if": map(_call, creation.guards),
            "does": creation.effects,
            "tells": map(_notice, creation.notices),
        }
    )


def _state(lifecycle: Lifecycle, state: State) -> str:
    ended = " (end)" if state.name in lifecycle.final else ""
    return f"{state.name}{ended}" + _parts(
        {
            "phase": [state.phase] if state.phase else [],
            "tags": sorted(state.tags),
            "view": sorted(state.view),
            "edit": sorted(state.edit),
            "mask": [f"{role} sees {other}" for role, other in sorted(state.mask.items())],
            "waits for": sorted(state.waits_for),
            "labels for": sorted(state.labels),
        }
    )


def _row(scheme: Scheme, lifecycle: Lifecycle, row: Row, source: str) -> str:
    asks = (
        f"{asked.name} {asked.kind}{'' if asked.required else ' optional'}"
        + (f" of {_list(asked.choices)}" if asked.choices else "")
        for asked in row.asks
    )
    emits = (
        f"{emit.lifecycle}.{emit.transition} to {emit.to}"
        + (f" in {_list(sorted(emit.states))}" if emit.states else "")
        for emit in row.emits
    )
    return f"{row.name} -> {row.to}" + _parts(
        {
            "by": row.by,
            "if": map(_call, row.guards),
            "gate": map(_call, scheme.gate(lifecycle, row, source)),
            "apart from": row.apart_from,
            "asks": asks,
            "does": row.effects,
            "emits": emits,
            "tells": map(_notice, row.notices),
            "puts right": [row.puts_right] if row.puts_right else [],
        }
    )


def _timer(timer: Timer) -> str:
    moment = f"at {timer.at}" if timer.at else f"after {timer.after}"
    moved = f" minus {timer.minus}" if timer.minus else f" plus {timer.plus}" if timer.plus else ""
    again = f" every {timer.every}" if timer.every else ""
    parts = {"does": [timer.do] if timer.do else [], "tells": map(_notice, timer.notices)}
    parts["stands still in"] = list(timer.pauses_in)
    return f"clock {moment}{moved}{again}" + _parts(parts)


def _call(call: GuardCall) -> str:
    if not call.given:
        return call.name
    return f"{call.name}({', '.join(f'{word}={_given(value)}' for word, value in call.given.items())})"


def _given(value: Any) -> str:
    return "+".join(map(str, value)) if isinstance(value, tuple) else str(value)


def _notice(notice: Notice) -> str:
    return f"{notice.role} {notice.template}"


def _parts(named: Mapping[str, Iterable[str]]) -> str:
    texts = ((word, _list(values)) for word, values in named.items())
    return "".join(f" | {word} {text}" for word, text in texts if text)


def _list(values: Iterable[str]) -> str:
    return ", ".join(values)
