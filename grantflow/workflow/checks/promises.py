"""The rules of a scheme hold on every way through its lifecycles."""

from __future__ import annotations

from collections.abc import Iterator

from grantflow.workflow.checks.ground import Ground
from grantflow.workflow.checks.spec import Complaints, check
from grantflow.workflow.document import place_of, shown
from grantflow.workflow.model import Row, Rule


@check("rule_precedes")
def precedes(ground: Ground) -> Complaints:
    """A state that needs another before it is reached through that one alone."""
    for rule in ground.scheme.rules:
        if rule.kind != "precedes":
            continue
        lifecycle = ground.scheme.lifecycles[rule.lifecycle]
        without = ground.graph(lifecycle).reached_from(lifecycle.beginnings, without={rule.first})
        for state in rule.then:
            if state in without:
                yield (
                    place_of(state, rule.place),
                    f"The {lifecycle.name} can come to {shown(state)} without having been in {shown(rule.first)}.",
                )


@check("rule_leads_to")
def leads_to(ground: Ground) -> Complaints:
    """What is promised after a state is reached before the end, but for the ends that the rule names."""
    for rule in ground.scheme.rules:
        if rule.kind != "leads_to":
            continue
        lifecycle = ground.scheme.lifecycles[rule.lifecycle]
        reached = ground.graph(lifecycle).reached_from({rule.first}, without={*rule.then, *rule.unless})
        for state in sorted(reached & lifecycle.final):
            through = ", ".join(rule.then)
            yield (
                rule.place,
                f"After {shown(rule.first)} the {lifecycle.name} can end in {shown(state)} without having been in {through}.",
            )


@check("rule_separate")
def separate(ground: Ground) -> Complaints:
    """Every row of a transition that needs four eyes names from whom it is apart."""
    for rule in ground.scheme.rules:
        if rule.kind != "separate":
            continue
        for row in ground.scheme.lifecycles[rule.lifecycle].rows:
            if row.name in rule.then and rule.first not in row.apart_from:
                yield (
                    row.place,
                    f"{shown(row.name)} must be apart from {shown(rule.first)}, as a rule of the scheme says.",
                )


@check("apart_undeclared", severity="warning")
def undeclared(ground: Ground) -> Complaints:
    """Four eyes are declared among the rules of the scheme too, so that neither is lost without the other."""
    declared = {
        (rule.lifecycle, name, rule.first)
        for rule in ground.scheme.rules
        if rule.kind == "separate"
        for name in rule.then
    }
    for lifecycle in ground.lifecycles:
        for row in lifecycle.rows:
            for first in row.apart_from:
                if (lifecycle.name, row.name, first) not in declared:
                    yield (
                        place_of(first, row.place),
                        f"{shown(row.name)} is apart from {shown(first)}, and no rule `separate` of the scheme says so.",
                    )


@check("rule_tells")
def tells(ground: Ground) -> Complaints:
    """Every row of a transition of which others hear emits what they hear."""
    for rule, row in _promised(ground, "tells"):
        if rule.first not in {f"{emit.lifecycle}.{emit.transition}" for emit in row.emits}:
            yield row.place, f"{shown(row.name)} must emit {shown(rule.first)}, as a rule of the scheme says."


@check("rule_guarded")
def guarded(ground: Ground) -> Complaints:
    """Every row of a transition that is promised to be guarded has the guard."""
    for rule, row in _promised(ground, "guarded"):
        if rule.first not in {call.name for call in row.guards}:
            yield (
                row.place,
                f"{shown(row.name)} must have the guard {shown(rule.first)}, as a rule of the scheme says.",
            )


@check("rule_does")
def does(ground: Ground) -> Complaints:
    """Every row of a transition that is promised to have an effect has it."""
    for rule, row in _promised(ground, "does"):
        if rule.first not in row.effects:
            yield (
                row.place,
                f"{shown(row.name)} must have the effect {shown(rule.first)}, as a rule of the scheme says.",
            )


@check("rule_asks")
def asks(ground: Ground) -> Complaints:
    """Every row of a transition that is promised to ask for words asks for them, and they may not be left empty."""
    for rule, row in _promised(ground, "asks"):
        if rule.first not in {asked.name for asked in row.asks if asked.required}:
            yield (
                row.place,
                f"{shown(row.name)} must ask for {shown(rule.first)}, as a rule of the scheme says.",
            )


def _promised(ground: Ground, kind: str) -> Iterator[tuple[Rule, Row]]:
    """Yield the rows about which the rules of a kind promise something."""
    for rule in ground.scheme.rules:
        if rule.kind == kind:
            for row in ground.scheme.lifecycles[rule.lifecycle].rows:
                if row.name in rule.then and not {row.to, *row.sources} & set(rule.unless):
                    yield rule, row


@check("rule_empty")
def empty(ground: Ground) -> Complaints:
    """A rule speaks of states that are reached, and of more than one."""
    for rule in ground.scheme.rules:
        if rule.kind not in ("precedes", "leads_to"):
            continue
        lifecycle = ground.scheme.lifecycles[rule.lifecycle]
        if rule.first in rule.then or rule.first in rule.unless:
            yield rule.place, f"The rule names {shown(rule.first)} on both sides."
        if rule.kind == "leads_to" and lifecycle.initial in rule.then:
            yield (
                rule.place,
                f"Every {lifecycle.name} begins in {shown(lifecycle.initial)}: the rule promises nothing.",
            )
