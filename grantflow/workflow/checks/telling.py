"""Nobody learns too late, and nothing that somebody could see vanishes without a word."""

from __future__ import annotations

from grantflow.workflow.checks.ground import Ground, people
from grantflow.workflow.checks.spec import Complaints, check
from grantflow.workflow.document import shown
from grantflow.workflow.model import SAME, SYSTEM_ROLE, Lifecycle, Row


@check("told_unseen")
def told_unseen(ground: Ground) -> Complaints:
    """Who is told of a step may see the record before or after it; who is reminded may see it."""
    for lifecycle in ground.lifecycles:
        for row in lifecycle.rows:
            for notice in row.notices:
                seen = {
                    role
                    for name in {*row.sources, *_targets(lifecycle, row)}
                    for role in lifecycle.states[name].view
                }
                if notice.role not in seen:
                    yield (
                        notice.place,
                        f"{shown(notice.role)} is told of {shown(row.name)} and never sees the record.",
                    )
        for timer in lifecycle.timers:
            for notice in timer.notices:
                for state in timer.states:
                    if notice.role not in lifecycle.states[state].view:
                        yield (
                            notice.place,
                            f"{shown(notice.role)} is reminded in {shown(state)} and may not see it.",
                        )


@check("untold_wait")
def untold_wait(ground: Ground) -> Complaints:
    """When a record comes to wait for people outside, by another's step, they are told.

    When it comes to wait for the programme, from outside or by itself, somebody there is.
    """
    for lifecycle in ground.lifecycles:
        for row in lifecycle.rows:
            known = set(row.by) | _told(ground, lifecycle, row)
            before = frozenset.intersection(*(lifecycle.states[source].waits_for for source in row.sources))
            for target in sorted(_targets(lifecycle, row)):
                fresh = lifecycle.states[target].waits_for - before - {SYSTEM_ROLE}
                outside = {role for role in fresh if ground.outside(role) and _sees(lifecycle, target, role)}
                inside = {role for role in fresh if not ground.outside(role)}
                for role in sorted(outside - known):
                    yield row.place, _waits(row, target, role)
                if inside and all(map(ground.outside, known - {SYSTEM_ROLE})):
                    yield row.place, _waits(row, target, min(inside))


def _waits(row: Row, target: str, role: str) -> str:
    return f"{shown(row.name)} leads to {shown(target)}, which waits for {shown(role)}, who is not told."


@check("untold_receipt")
def untold_receipt(ground: Ground) -> Complaints:
    """Who hands something in gets a receipt."""
    for lifecycle in ground.lifecycles:
        for row in lifecycle.rows:
            told = {notice.role for notice in row.notices}
            for target in sorted(_targets(lifecycle, row)):
                fresh = any("submitted" not in lifecycle.states[source].tags for source in row.sources)
                if fresh and "submitted" in lifecycle.states[target].tags:
                    for role in sorted(filter(ground.outside, set(people(row)) - told)):
                        yield row.place, f"{shown(role)} hands in by {shown(row.name)} and gets no receipt."


@check("untold_release")
def untold_release(ground: Ground) -> Complaints:
    """When what was masked is shown, or put right, those whom it concerns are told."""
    for lifecycle in ground.lifecycles:
        parties = _parties(ground, lifecycle)
        for row in lifecycle.rows:
            for role in sorted(parties - set(row.by) - _told(ground, lifecycle, row)):
                if row.puts_right is not None or _is_unmasked(lifecycle, row, role):
                    yield (
                        row.place,
                        f"{shown(row.name)} shows {shown(role)} what was decided, or puts it right, and does not tell.",
                    )


def _is_unmasked(lifecycle: Lifecycle, row: Row, role: str) -> bool:
    """Whether a role sees another state after a row that leaves a masked one, and sees it plainly."""
    return any(
        role in lifecycle.states[source].mask
        and _sees(lifecycle, target, role)
        and lifecycle.states[source].shown_to(role) != target
        for source in row.sources
        for target in lifecycle.targets(row, source)
    )


@check("idle_row")
def idle_row(ground: Ground) -> Complaints:
    """A row that leaves the record where it is does something, unless others of its name do and it stands for the rest."""
    for lifecycle in ground.lifecycles:
        for row in lifecycle.rows:
            acts = row.effects or row.notices or row.emits or row.asks
            if row.to == SAME and not acts and not any(_acts_alike(other, row) for other in lifecycle.rows):
                yield row.place, f"{shown(row.name)} does nothing."


def _acts_alike(other: Row, row: Row) -> bool:
    return other.name == row.name and other is not row


@check("untold_outcome")
def untold_outcome(ground: Ground) -> Complaints:
    """An outcome that people outside are told of only later is masked for them until then."""
    for lifecycle in ground.lifecycles:
        parties = _parties(ground, lifecycle)
        for row in lifecycle.rows:
            untold = parties - set(row.by) - _told(ground, lifecycle, row)
            for target in sorted(_targets(lifecycle, row)):
                state = lifecycle.states[target]
                fresh = {tag for name in row.sources for tag in state.tags - lifecycle.states[name].tags}
                for role in sorted(untold if fresh & OUTCOMES else ()):
                    if _sees(lifecycle, target, role):
                        yield (
                            state.place,
                            f"{shown(row.name)} brings the outcome {shown(target)}, which {shown(role)} sees untold: tell it or mask it.",
                        )


@check("untold_end")
def untold_end(ground: Ground) -> Complaints:
    """When a record ends by somebody else's step, the people outside who had a part in it are told."""
    for lifecycle in ground.lifecycles:
        parties = _parties(ground, lifecycle)
        for row in lifecycle.rows:
            ends = _targets(lifecycle, row) & lifecycle.final
            for role in sorted(parties - set(row.by) - _told(ground, lifecycle, row) if ends else ()):
                if any(
                    _sees(lifecycle, source, role) and _is_news(lifecycle, source, ends)
                    for source in row.sources
                ):
                    yield (
                        row.place,
                        f"{shown(row.name)} ends the {lifecycle.name}, and {shown(role)} is not told.",
                    )


@check("vanishes")
def vanishes(ground: Ground) -> Complaints:
    """People outside who have a part in a record still see it after somebody else's step, or are told."""
    for lifecycle in ground.lifecycles:
        parties = _parties(ground, lifecycle)
        for row in lifecycle.rows:
            told = _told(ground, lifecycle, row)
            for source in row.sources:
                for target in sorted(lifecycle.targets(row, source)):
                    gone = lifecycle.states[source].view - lifecycle.states[target].view - told - set(row.by)
                    for role in sorted(gone & parties):
                        yield (
                            row.place,
                            f"{shown(row.name)} leads from {shown(source)} to {shown(target)}, where {shown(role)} sees the record no more, untold.",
                        )


@check("blind_spot")
def blind_spot(ground: Ground) -> Complaints:
    """Who of the programme sees a record before and after a state sees it in that state too, unless it is a draft."""
    for lifecycle in ground.lifecycles:
        before: dict[str, set[str]] = {}
        after: dict[str, set[str]] = {}
        for row in lifecycle.rows:
            for source in row.sources:
                for target in lifecycle.targets(row, source) - {source}:
                    before.setdefault(target, set()).update(lifecycle.states[source].view)
                    after.setdefault(source, set()).update(lifecycle.states[target].view)
        for state in lifecycle.states.values():
            around = before.get(state.name, set()) & after.get(state.name, set())
            for role in sorted(around - state.view):
                if (
                    not ground.outside(role)
                    and "started" not in state.tags
                    and state.name not in lifecycle.beginnings
                ):
                    yield (
                        state.place,
                        f"{shown(role)} sees the record before and after {shown(state.name)}, but not in it.",
                    )


OUTCOMES = frozenset({"funded", "reserve", "refused", "adverse"})
"""The tags of states in which something is decided about somebody."""


def _parties(ground: Ground, lifecycle: Lifecycle) -> frozenset[str]:
    """Return the roles outside that create, move or are waited for in a lifecycle."""
    return frozenset(role for step in lifecycle.steps for role in step.by if ground.outside(role))


def _told(ground: Ground, lifecycle: Lifecycle, row: Row) -> frozenset[str]:
    """Return the roles that know of a step: told by it, by what it causes, or by every step that causes it."""
    told = {notice.role for notice in row.notices}
    for emit in row.emits:
        for other in ground.scheme.lifecycles[emit.lifecycle].rows:
            if other.name == emit.transition:
                told.update(notice.role for notice in other.notices)
    return frozenset(told) | _known_before(ground, lifecycle, row, frozenset())


def _known_before(
    ground: Ground, lifecycle: Lifecycle, row: Row, seen: frozenset[tuple[str, int]]
) -> frozenset[str]:
    """Return the roles that know of what the system does, because each step that sets it off tells or is theirs."""
    movers = people(row)
    if movers:
        return frozenset(movers) if len(movers) == 1 else frozenset()
    known: list[frozenset[str]] = []
    for emission in ground.emissions.get((lifecycle.name, row.name), ()):
        key = (emission.lifecycle.name, emission.row.number)
        if key not in seen:
            told = frozenset(notice.role for notice in emission.row.notices)
            known.append(told | _known_before(ground, emission.lifecycle, emission.row, seen | {key}))
    return frozenset.intersection(*known) if known else frozenset()


def _is_news(lifecycle: Lifecycle, source: str, targets: frozenset[str]) -> bool:
    """Whether an end means anything that the state before did not mean already."""
    known = lifecycle.states[source].tags | {"closed"}
    return (
        any(lifecycle.states[target].tags - known for target in targets) or not lifecycle.states[source].tags
    )


def _targets(lifecycle: Lifecycle, row: Row) -> frozenset[str]:
    return frozenset(
        target for source in row.sources for target in lifecycle.targets(row, source) if target != source
    )


def _sees(lifecycle: Lifecycle, state: str, role: str) -> bool:
    return role in lifecycle.states[state].view and role not in lifecycle.states[state].mask
