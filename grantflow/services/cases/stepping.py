"""Taking steps: the one way in which a state changes.

The order, always: hold what is touched, top-down; the revision that the person saw; the edge; the role; every guard,
four eyes and fields; effects; record, journal, timers and outbox in one go; then what follows by itself. It is written
for a batch, of which a single step is the smallest.
"""

from __future__ import annotations

import gc
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any
from uuid import UUID

from grantflow.domain.actor import SYSTEM
from grantflow.domain.refusal import Refusal, Refused
from grantflow.domain.step import Stepped
from grantflow.services.cases.holding import Held, held, hold_again, hold_children
from grantflow.services.cases.judging import Judgement
from grantflow.services.cases.model import Move, Outcome, UnknownCase
from grantflow.services.cases.recording import record
from grantflow.store.constraints import told_to_people
from grantflow.store.session import Tx
from grantflow.workflow.machine import Case, Machine
from grantflow.workflow.model import Emit, Row

STALE = Refusal(
    "stale",
    "Somebody else has changed this in the meantime. Please look at it again before you go on.",
    {},
    "revision",
)
CROWD = 300
"""From so many records on it pays to keep the collector out."""
DEEPEST = 12
"""How far steps may follow from one another; the checker allows no loop, so this is never met by a proved scheme."""


@dataclass(frozen=True, slots=True)
class Occasion:
    """On which occasion a batch of steps is taken: what was filled in, on whose authority, and what caused it."""

    data: Mapping[str, Any] = field(default_factory=dict)
    authority: str | None = None
    causes: Mapping[UUID, UUID] = field(default_factory=dict)
    depth: int = 0
    told: Mapping[str, Any] = field(default_factory=dict)
    """What the steps that caused it were told: the messages of those that follow from them say it, too."""


@dataclass(slots=True)
class Taken:
    """A record and the row that it takes. Not frozen: there are thousands, and each lives for a moment."""

    held: Held
    row: Row
    to_state: str
    role: str
    entry_id: UUID
    data: Mapping[str, Any]
    cause: UUID | None


def step(
    tx: Tx,
    case_id: UUID,
    transition: str,
    *,
    revision: int | None = None,
    data: Mapping[str, Any] | None = None,
    authority: str | None = None,
) -> Stepped:
    """Take a step with one record, if it is still as the person saw it (`revision`).

    Raises:
        Refused: with every reason at once.
        UnknownCase: there is no such record.
    """
    with told_to_people():
        records = held(tx, [case_id], transition)
        if not records:
            raise UnknownCase(case_id)
        if revision is not None and revision != records[0].revision:
            raise Refused([STALE])
        stepped, refused = take(tx, records, transition, Occasion(data or {}, authority))
    if refused:
        raise Refused(refused[case_id])
    return stepped[case_id]


def step_all(
    tx: Tx,
    case_ids: Iterable[UUID],
    transition: str,
    *,
    data: Mapping[str, Any] | None = None,
    authority: str | None = None,
    only_at: Mapping[UUID, int] | None = None,
) -> Outcome:
    """Take a step with many records; one that may not does not hold up the others.

    Records that have left the `seq` that `only_at` names are passed over, neither stepped nor refused.
    """
    ids = list(dict.fromkeys(case_ids))
    occasion = Occasion(data or {}, authority)
    try:
        return _attempt(tx, ids, transition, occasion, only_at)
    except Refused as refused:
        # The database, or something that would have followed, held against one of them: find out which.
        if len(ids) == 1:
            return Outcome({}, {ids[0]: refused.refusals})
    stepped: dict[UUID, Stepped] = {}
    against: dict[UUID, tuple[Refusal, ...]] = {}
    for each in ids:
        try:
            outcome = _attempt(tx, [each], transition, occasion, only_at)
        except Refused as refused:
            against[each] = refused.refusals
        else:
            stepped.update(outcome.stepped)
            against.update(outcome.refused)
    return Outcome(stepped, against)


def _attempt(
    tx: Tx, ids: Sequence[UUID], transition: str, occasion: Occasion, only_at: Mapping[UUID, int] | None
) -> Outcome:
    if not ids:
        return Outcome({}, {})
    with tx.attempt():
        records = held(tx, ids, transition)
        if len(records) != len(ids):
            raise UnknownCase(*(set(ids) - {each.id for each in records}))
        if only_at is not None:
            records = [each for each in records if only_at[each.id] == each.seq]
        stepped, refused = take(tx, records, transition, occasion)
    return Outcome(stepped, refused)


def take(
    tx: Tx, records: Sequence[Held], transition: str, occasion: Occasion
) -> tuple[dict[UUID, Stepped], dict[UUID, tuple[Refusal, ...]]]:
    """Take a step with records that are held; return those that stepped and those that were refused."""
    if len(records) < CROWD:
        return _take(tx, records, transition, occasion)
    with _uncollected():
        return _take(tx, records, transition, occasion)


@contextmanager
def _uncollected() -> Iterator[None]:
    """Keep the cyclic collector from running: a crowd makes rows by the ten thousand and no cycles among them.

    Looking through them again and again takes a third of the time. Other threads miss nothing in that second.
    """
    if not gc.isenabled():
        yield
        return
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def _take(
    tx: Tx, records: Sequence[Held], transition: str, occasion: Occasion
) -> tuple[dict[UUID, Stepped], dict[UUID, tuple[Refusal, ...]]]:
    candidates: list[tuple[Held, Sequence[Row]]] = []
    refused: dict[UUID, tuple[Refusal, ...]] = {}
    for each in records:
        rows = each.machine.rows(each.state, transition)
        if rows:
            candidates.append((each, rows))
        else:
            refused[each.id] = (_no_edge(each, transition),)
    if not candidates:
        return {}, refused
    judgement = Judgement(tx, candidates, occasion.data)
    taken = []
    entry_ids = iter(tx.new_ids(len(candidates)))
    for each, _ in candidates:
        verdict = _Verdict(judgement, each)
        case = Case(each.id, each.state, each.resume_state)
        row = each.machine.fire(case, transition, verdict).row
        if row is None:
            refused[each.id] = verdict.fewest()
            continue
        role, filled = judgement.role(each, row), judgement.data(row)
        cause = occasion.causes.get(each.id)
        taken.append(Taken(each, row, case.state, role, next(entry_ids), filled, cause))
    if not taken:
        return {}, refused
    groups = _by_row(taken)
    _have_effects(tx, groups)
    stepped = record(tx, taken, occasion.authority, occasion.told)
    _follow(tx, groups, occasion)
    return stepped, refused


class _Verdict:
    """What the machine asks about each row of a record in turn; remembers what was said against them."""

    __slots__ = ("_against", "_each", "_judgement")

    def __init__(self, judgement: Judgement, each: Held) -> None:
        self._judgement = judgement
        self._each = each
        self._against: list[Sequence[Refusal]] = []

    def __call__(self, row: Row) -> Sequence[Refusal]:
        found = self._judgement.refusals(self._each, row)
        if found:
            self._against.append(found)
        return found

    def fewest(self) -> tuple[Refusal, ...]:
        """Return what stands against the row that came closest: a person mends that first."""
        nearest = self._against[0]
        for against in self._against[1:]:
            if nearness(against) < nearness(nearest):
                nearest = against
        return tuple(dict.fromkeys(nearest))


def nearness(refusals: Sequence[Refusal]) -> tuple[bool, int]:
    """Order the refusals of rows of one name: a row of another role comes last, then the fewest reasons first."""
    return refusals[0].code == "wrong_role", len(refusals)


def _no_edge(each: Held, transition: str) -> Refusal:
    if not _knows(each.machine, transition):
        return Refusal("unknown_transition", "There is no step “%(step)s” here.", {"step": transition})
    return Refusal("not_from_here", "This step is not possible at this point.")


@lru_cache(maxsize=4096)
def _knows(machine: Machine, transition: str) -> bool:
    return any(row.name == transition for row in machine.lifecycle.rows)


Groups = Mapping[tuple[int, int], Sequence[Taken]]


def _by_row(taken: Sequence[Taken]) -> Groups:
    groups: dict[tuple[int, int], list[Taken]] = {}
    for each in taken:
        groups.setdefault((id(each.held.machine), each.row.number), []).append(each)
    return groups


def _have_effects(tx: Tx, groups: Groups) -> None:
    if not any(group[0].row.effects for group in groups.values()):
        return
    before = dict(tx.coming)
    tx.coming.update({each.held.id: each.to_state for group in groups.values() for each in group})
    for group in groups.values():
        effects = group[0].held.machine.effects(group[0].row)
        moves = [_move(tx, each) for each in group] if effects else []
        for effect in effects:
            effect.run(tx, moves)
    tx.flush()
    tx.coming.clear()
    tx.coming.update(before)


def _move(tx: Tx, each: Taken) -> Move:
    held_ = each.held
    return Move(
        held_.id,
        held_.ref,
        held_.call_id,
        held_.parent_id,
        held_.lifecycle,
        each.row,
        held_.state,
        each.to_state,
        each.data,
        tx.actor,
        tx.now,
        each.entry_id,
    )


# What follows: emits go to records below, above or elsewhere, are taken by the system, and settle before anything else.


def _follow(tx: Tx, groups: Groups, occasion: Occasion) -> None:
    for group in groups.values():
        for emit in group[0].row.emits:
            if occasion.depth >= DEEPEST:
                raise RecursionError(
                    f"steps follow from one another more than {DEEPEST} times: {emit.transition}"
                )
            with _uncollected():
                _deliver(tx.as_actor(SYSTEM), emit, group, occasion)


def _deliver(tx: Tx, emit: Emit, group: Sequence[Taken], occasion: Occasion) -> None:
    targets, causes = _targets(tx, emit, group)
    meant = [each for each in targets if _is_meant(emit, each)]
    if not meant:
        return
    _all_hear(emit, meant)
    told = {**occasion.told, **group[0].data}
    following = replace(occasion, causes=causes, depth=occasion.depth + 1, told=told)
    _, refused = take(tx, meant, emit.transition, following)
    if refused:
        first = next(each for each in meant if each.id in refused)
        also = Refusal(
            "consequence_refused",
            "This step would also move %(ref)s, which is not possible now.",
            {"ref": first.ref},
        )
        raise Refused([also, *refused[first.id]])


def _is_meant(emit: Emit, target: Held) -> bool:
    """Whether an emit means this record: of its kind, alive, and in a state that it names, where it names some."""
    lifecycle = target.machine.lifecycle
    if lifecycle.name != emit.lifecycle or target.state in lifecycle.final:
        return False
    return not emit.states or target.state in emit.states


def _all_hear(emit: Emit, meant: Sequence[Held]) -> None:
    """Refuse a step that tells a record something for which it has no row: a proved scheme has no such place.

    Passing over it would leave the record behind for good, and nobody would know.
    """
    for each in meant:
        if not each.machine.rows(each.state, emit.transition):
            raise Refused(
                [
                    Refusal(
                        "consequence_unknown",
                        "This step would also move %(ref)s, and the workflow does not say where to from its present "
                        "state. Nothing was changed. Please tell the people who look after the workflow.",
                        {"ref": each.ref},
                    )
                ]
            )


def _targets(tx: Tx, emit: Emit, group: Sequence[Taken]) -> tuple[list[Held], Mapping[UUID, UUID]]:
    """Return the records that an emit goes to, held, and the entry that caused each."""
    if emit.to == "children":
        entries = {each.held.id: each.entry_id for each in group}
        children = hold_children(tx, list(entries), emit.lifecycle)
        return children, {child.id: entries[child.parent_id] for child in children if child.parent_id}
    causes: dict[UUID, UUID] = {}
    if emit.to == "self":
        causes = {each.held.id: each.entry_id for each in group}
    elif emit.to == "parent":
        for each in group:
            if each.held.parent_id is not None:
                causes.setdefault(each.held.parent_id, each.entry_id)
    elif emit.to == "call":
        for each in group:
            causes.setdefault(each.held.call_id, each.entry_id)
    else:
        tx.flush()
        found = tx.engine.registry.selectors[emit.to].run(tx, [each.held.id for each in group])
        for each in group:
            for target in found.get(each.held.id, ()):
                causes.setdefault(target, each.entry_id)
    return (hold_again(tx, list(causes)) if causes else []), causes
