"""Every word with code behind it is known and stands where it can work: guards, facts, effects, selectors, templates."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from grantflow.workflow.checks.ground import (
    DIRECTIONS,
    TO_CALL,
    TO_CHILDREN,
    TO_PARENT,
    TO_SELF,
    Ground,
    people,
)
from grantflow.workflow.checks.spec import Complaints, check
from grantflow.workflow.document import place_of, shown, unknown_word
from grantflow.workflow.model import TAGS, Creation, Emit, GuardCall, Lifecycle, Place, Row
from grantflow.workflow.registry import EffectSpec
from grantflow.workflow.scalars import is_span

Guarded = Iterator[tuple[Lifecycle, GuardCall]]


def _guards(ground: Ground) -> Guarded:
    """Yield every guard with the lifecycle whose records it is asked about; gates are asked about the call."""
    for lifecycle in ground.lifecycles:
        for holder in lifecycle.steps:
            yield from ((lifecycle, call) for call in holder.guards)
    for phase in ground.scheme.phases.values():
        yield from ((ground.root, call) for call in phase.gate)


@check("unknown_guard", "words")
def guards(ground: Ground) -> Complaints:
    """A guard that is named exists."""
    known = ground.registry.guards
    for _, call in _guards(ground):
        if call.name not in known:
            yield call.place, unknown_word("guard", call.name, known)
    yield from _unknown_in_rules(ground, "guarded", "guard", known)


def _unknown_in_rules(ground: Ground, kind: str, what: str, known: Iterable[str]) -> Complaints:
    """Refuse what a rule promises of rows and what does not exist."""
    words = set(known)
    for rule in ground.scheme.rules:
        if rule.kind == kind and rule.first not in words:
            yield place_of(rule.first, rule.place), unknown_word(what, rule.first, words)


@check("unknown_argument", "words")
def arguments(ground: Ground) -> Complaints:
    """A guard gets the arguments that it takes, each of its kind: a literal, or the name of a parameter or date."""
    for _, call in _guards(ground):
        spec = ground.registry.guards.get(call.name)
        if spec is None:
            continue
        for word in call.given:
            if word not in spec.takes:
                place = place_of(word, call.place)
                yield place, unknown_word(f"argument of {call.name}", word, spec.takes)
        for word, kind in spec.takes.items():
            if word in call.given:
                yield from _argument(ground, call, word, kind)
            else:
                yield call.place, f"The guard {shown(call.name)} needs the argument {shown(word)}."


def _argument(ground: Ground, call: GuardCall, word: str, kind: str) -> Complaints:
    value = call.given[word]
    place = place_of(value, call.place) if isinstance(value, str) else call.place
    scheme = ground.scheme
    if kind == "tags":
        wrong = next((tag for tag in _listed(value) if tag not in TAGS), None)
        if wrong is not None:
            yield place_of(str(wrong), place), unknown_word("tag", str(wrong), TAGS)
    elif kind == "names":
        if any(not isinstance(name, str) for name in _listed(value)):
            yield place, f"{shown(word)} takes a list of names."
    elif kind in ("date", "lifecycle"):
        known = scheme.dates if kind == "date" else scheme.lifecycles
        if value not in known:
            yield place, unknown_word(kind, str(value), known)
    elif kind in _LITERALS:
        kinds, fits, what = _LITERALS[kind]
        named = [name for name, each in scheme.parameters.items() if each.kind in kinds]
        if not fits(value) and value not in named:
            hint = unknown_word("such parameter", str(value), named)
            yield place, f"{shown(word)} takes {what} or the name of such a parameter. {hint}"
    elif not isinstance(value, str):
        yield place, f"{shown(word)} takes a word, not {shown(value)}."


_LITERALS: Mapping[str, tuple[tuple[str, ...], Callable[[Any], bool], str]] = {
    "whole_number": (
        ("whole_number", "money", "rate"),
        lambda value: isinstance(value, int),
        "a whole number",
    ),
    "span": (("span",), lambda value: isinstance(value, str) and is_span(value), "a span"),
}


def _listed(value: Any) -> tuple[Any, ...]:
    return value if isinstance(value, tuple) else (value,)


@check("tag_nowhere", "words")
def tags(ground: Ground) -> Complaints:
    """Each tag that a guard asks of the records of a lifecycle is borne by one of its states."""
    for _, call in _guards(ground):
        spec = ground.registry.guards.get(call.name)
        kinds = dict(spec.takes) if spec else {}
        about = next((call.given.get(word) for word, kind in kinds.items() if kind == "lifecycle"), None)
        lifecycle = ground.scheme.lifecycles.get(str(about))
        for word, kind in kinds.items() if lifecycle is not None else ():
            for tag in _listed(call.given.get(word, ())) if kind == "tags" else ():
                if tag in TAGS and lifecycle is not None and not lifecycle.tagged(tag):
                    yield (
                        place_of(tag, call.place),
                        f"No state of {lifecycle.name} bears the tag {shown(tag)}.",
                    )


@check("fact_not_had", "words")
def facts(ground: Ground) -> Complaints:
    """What a guard looks at can be known about the record, its parent or its call."""
    for lifecycle, call in _guards(ground):
        spec = ground.registry.guards.get(call.name)
        for kind in spec.facts if spec else ():
            loader = ground.registry.facts.get(kind)
            if loader is None:
                yield call.place, f"{shown(call.name)} looks at {kind.__name__}, which nothing loads."
            elif not loader.of & _records_above(ground, lifecycle):
                of = ", ".join(sorted(loader.of))
                yield (
                    call.place,
                    f"{shown(call.name)} looks at {kind.__name__}, which is known of {of} and not of {lifecycle.record}.",
                )


def _records_above(ground: Ground, lifecycle: Lifecycle) -> frozenset[str]:
    parent = ground.scheme.lifecycles[lifecycle.parent] if lifecycle.parent else lifecycle
    return frozenset({lifecycle.record, parent.record, ground.root.record})


@check("unknown_effect", "words")
def effects(ground: Ground) -> Complaints:
    """An effect that is named exists."""
    known = ground.registry.effects
    for lifecycle in ground.lifecycles:
        for holder in lifecycle.steps:
            for name in holder.effects:
                if name not in known:
                    yield place_of(name, holder.place), unknown_word("effect", name, known)
    yield from _unknown_in_rules(ground, "does", "effect", known)


def _effects(ground: Ground) -> Iterator[tuple[Lifecycle, Row | Creation, EffectSpec, Place]]:
    for lifecycle in ground.lifecycles:
        for holder in lifecycle.steps:
            for name in holder.effects:
                spec = ground.registry.effects.get(name)
                if spec is not None:
                    yield lifecycle, holder, spec, place_of(name, holder.place)


@check("effect_on_wrong_record", "words")
def effects_on(ground: Ground) -> Complaints:
    """An effect stands on records of a kind on which it works."""
    for lifecycle, _, spec, place in _effects(ground):
        if lifecycle.record not in spec.of:
            works = ", ".join(sorted(spec.of))
            yield place, f"{shown(spec.name)} works on {works} and not on {lifecycle.record}."


@check("effect_without_guard", "words")
def effects_guarded(ground: Ground) -> Complaints:
    """An effect stands on a row with the guards that it declares."""
    for _, holder, spec, place in _effects(ground):
        names = {call.name for call in holder.guards}
        for name in spec.needs_guards:
            if name not in names:
                yield place, f"{shown(spec.name)} may not run without the guard {shown(name)}."


@check("effect_without_field", "words")
def effects_asked(ground: Ground) -> Complaints:
    """An effect stands on a row that asks for what it needs; where the system takes the row, whoever causes it is asked."""
    for lifecycle, holder, spec, place in _effects(ground):
        for name in spec.asks:
            if not all(_asks(cause, name) for cause in _causes(ground, lifecycle, holder)):
                yield place, f"{shown(spec.name)} may not run unless the field {shown(name)} is asked for."


@check("effect_without_four_eyes", "words")
def effects_apart(ground: Ground) -> Complaints:
    """An effect that needs four eyes stands on a row with `apart_from`, or is caused by such rows alone."""
    for lifecycle, holder, spec, place in _effects(ground):
        causes = _causes(ground, lifecycle, holder)
        if spec.needs_apart and not all(isinstance(cause, Row) and cause.apart_from for cause in causes):
            yield place, f"{shown(spec.name)} needs four eyes: the row says apart from whom in apart_from."


def _asks(holder: Row | Creation, name: str) -> bool:
    return isinstance(holder, Row) and any(asked.name == name for asked in holder.asks)


def _causes(ground: Ground, lifecycle: Lifecycle, holder: Row | Creation) -> list[Row | Creation]:
    """Return the rows by which people make a step happen: the row itself, or those that emit it."""
    if isinstance(holder, Creation) or people(holder):
        return [holder]
    emissions = ground.emissions.get((lifecycle.name, holder.name), ())
    causes: list[Row | Creation] = [emission.row for emission in emissions]
    return causes or [holder]


@check("unknown_template", "words")
def templates(ground: Ground) -> Complaints:
    """A message that is sent has a template."""
    known = ground.registry.templates
    for lifecycle in ground.lifecycles:
        for notice in lifecycle.notices:
            if notice.template not in known:
                place = place_of(notice.template, notice.place)
                yield place, unknown_word("template", notice.template, known)


@check("unknown_record", "words")
def records(ground: Ground) -> Complaints:
    """A kind of record that is named exists."""
    known = ground.registry.records
    for lifecycle in ground.lifecycles:
        if lifecycle.record not in known:
            place = place_of(lifecycle.record, lifecycle.place)
            yield place, unknown_word("kind of record", lifecycle.record, known)
    for phase in ground.scheme.phases.values():
        for word in phase.carries:
            if word not in known:
                yield place_of(word, phase.place), unknown_word("kind of record", word, known)


@check("unknown_date", "words")
def dates(ground: Ground) -> Complaints:
    """A timer is due at a date that the scheme declares."""
    known = ground.scheme.dates
    for lifecycle in ground.lifecycles:
        for timer in lifecycle.timers:
            if timer.at is not None and timer.at not in known:
                yield place_of(timer.at, timer.place), unknown_word("date of the call", timer.at, known)


@check("unknown_parameter", "words")
def parameters(ground: Ground) -> Complaints:
    """A span that is no span is the name of a parameter of that kind."""
    known = [name for name, each in ground.scheme.parameters.items() if each.kind == "span"]
    spans = [
        (span, timer.place)
        for lifecycle in ground.lifecycles
        for timer in lifecycle.timers
        for span in (timer.after, timer.minus, timer.plus, timer.every)
        if span is not None
    ]
    spans.extend((each.within, each.place) for each in ground.scheme.rehearsal)
    for span, place in spans:
        if not is_span(span) and span not in known:
            yield place_of(span, place), unknown_word("parameter of the kind span", span, known)


@check("unknown_selector", "words")
def selectors(ground: Ground) -> Complaints:
    """An emit goes to the children, the parent, the call, the record itself, or where a selector finds."""
    known = {*DIRECTIONS, *ground.registry.selectors}
    for lifecycle in ground.lifecycles:
        for row in lifecycle.rows:
            for emit in row.emits:
                if emit.to not in known:
                    yield place_of(emit.to, emit.place), unknown_word("selector", emit.to, known)


@check("wrong_direction", "words")
def directions(ground: Ground) -> Complaints:
    """An emit goes where records of its lifecycle are."""
    for lifecycle in ground.lifecycles:
        for row in lifecycle.rows:
            for emit in row.emits:
                wanted = _lifecycle_at(ground, lifecycle, emit)
                if wanted is not None and emit.lifecycle not in wanted:
                    names = ", ".join(sorted(wanted)) or "no lifecycle"
                    yield (
                        place_of(emit.to, emit.place),
                        f"{shown(emit.to)} of {lifecycle.name} leads to {names}, not to {emit.lifecycle}.",
                    )


def _lifecycle_at(ground: Ground, lifecycle: Lifecycle, emit: Emit) -> set[str] | None:
    match emit.to:
        case x if x == TO_CHILDREN:
            return {child.name for child in ground.scheme.children_of(lifecycle.name)}
        case x if x == TO_PARENT:
            return {lifecycle.parent} if lifecycle.parent else set()
        case x if x == TO_CALL:
            return {ground.root.name}
        case x if x == TO_SELF:
            return {lifecycle.name}
    spec = ground.registry.selectors.get(emit.to)
    if spec is None:
        return None
    if spec.source != lifecycle.record:
        return set()
    return {other.name for other in ground.lifecycles if other.record == spec.target}


@check("apart_from_stranger", "words")
def apart(ground: Ground) -> Complaints:
    """Four eyes look at the record, at those above it, and at records that stand under one of these."""
    for lifecycle in ground.lifecycles:
        line = [lifecycle.name]
        while (parent := ground.scheme.lifecycles[line[-1]].parent) is not None:
            line.append(parent)
        near = {*line, *(child.name for name in line for child in ground.scheme.children_of(name))}
        for row in lifecycle.rows:
            for name in row.apart_from:
                if name.rpartition(".")[0] not in near:
                    yield (
                        place_of(name, row.place),
                        f"{shown(name)} is taken on records that have nothing to do with {lifecycle.name}.",
                    )
