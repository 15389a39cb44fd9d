"""Reading records and holding them: locked top-down, the call before its windows, the windows before the record."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property, lru_cache
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from grantflow.services.cases import schemes
from grantflow.store.people.roles import HELD_BY_LINK, HELD_BY_PERSON, SYSTEM_ROLES
from grantflow.store.session import Tx
from grantflow.store.statements import Statement, identifier, identifier_above, moment
from grantflow.workflow.machine import Compiled, Machine

_UTC = ZoneInfo("UTC")


@dataclass(slots=True)
class Held:
    """A record as it was read, locked where it is going to move."""

    id: UUID
    ref: str
    call_id: UUID
    parent_id: UUID | None
    scheme: str
    version: int
    lifecycle: str
    record: str
    state: str
    resume_state: str | None
    entered_at: datetime
    seq: int
    head: str
    revision: int
    roles: frozenset[str]
    call: Standing
    machine: Machine
    listened_to: bool = False
    """Whether a webhook wants to know of steps in its programme."""


class Standing:
    """What a step has to know about the call that a record belongs to."""

    def __init__(
        self, compiled: Compiled, zone: str | None, stage: int | None, texts: tuple[str | None, str | None]
    ) -> None:
        self.compiled = compiled
        self.zone = ZoneInfo(zone) if zone else _UTC
        self.stage = stage or 1
        self._parameters, self._days_off = texts

    def under(self, compiled: Compiled) -> Standing:
        """Return the same call under another version of its scheme."""
        return Standing(compiled, self.zone.key, self.stage, (self._parameters, self._days_off))

    @cached_property
    def parameters(self) -> Mapping[str, Any]:
        """The scheme's parameters as this call set them."""
        return schemes.in_force(self.compiled.scheme, self._parameters)

    @cached_property
    def days_off(self) -> frozenset[date]:
        """The days that are no working days."""
        return schemes.days_off(self._days_off)


@lru_cache(maxsize=256)
def _standing(
    compiled: Compiled, zone: str | None, stage: int | None, parameters: str | None, days_off: str | None
) -> Standing:
    return Standing(compiled, zone, stage, (parameters, days_off))


_CASE = """c.id, c.ref, c.call_id, c.parent_id, c.scheme, c.version, c.lifecycle, c.record,
    c.state, c.resume_state, c.entered_at, c.seq, c.head, c.revision"""
_CALL = "k.zone, k.stage, k.parameters, k.days_off"
_LISTENED_TO = (
    "EXISTS (SELECT 1 FROM gf_webhook w WHERE w.programme_id = k.programme_id AND w.ended_at IS NULL)"
)


def _roles(held: str | None, *, postgresql: bool) -> str:
    if held is None:
        return "NULL"
    gathered = "string_agg(g.role, ',')" if postgresql else "group_concat(g.role)"
    return f"(SELECT {gathered} FROM gf_role_grant g WHERE {held})"  # noqa: S608 - both parts are from this code


class _Reading:
    """One question about records, asked as the system, as a person and as the holder of a link, on both databases."""

    def __init__(self, rest: str) -> None:
        self._ways = {
            (kind, postgresql): Statement(
                f"SELECT {_CASE}, {_CALL}, {_roles(held, postgresql=postgresql)} AS roles, {_LISTENED_TO} "  # noqa: S608 - names from this code
                f"FROM gf_case c LEFT JOIN gf_call k ON k.id = c.call_id {rest}"
            )
            for kind, held in (
                ("system", None),
                ("visitor", None),
                ("person", HELD_BY_PERSON),
                ("link", HELD_BY_LINK),
            )
            for postgresql in (False, True)
        }

    def __call__(self, tx: Tx, **values: Any) -> list[Held]:
        actor = tx.actor
        if actor.kind == "person":
            values |= {"now": tx.now, "user": actor.user_id}
        elif actor.kind == "link":
            values |= {"now": tx.now, "grant_id": actor.grant_id}
        rows = self._ways[actor.kind, tx.is_postgresql](tx, **values)
        return list(_held(tx, rows.all()))


def _held(tx: Tx, rows: Sequence[Any]) -> Iterator[Held]:
    """Yield records as they were read; what the records of one call have in common is looked up once for a run of them."""
    system = tx.actor.is_system
    place: tuple[Any, ...] = ()
    standing: Standing | None = None
    for row in rows:
        each_id, ref, call_id, parent_id, scheme, version, lifecycle, record, state, resume_state, *rest = row
        entered_at, seq, head, revision, zone, stage, parameters, days_off, roles, listened_to = rest
        if standing is None or place != (scheme, version, zone, stage, parameters, days_off):
            place = (scheme, version, zone, stage, parameters, days_off)
            standing = _standing(schemes.compiled(tx, scheme, version), zone, stage, parameters, days_off)
        each = identifier(each_id)
        yield Held(
            each,
            ref,
            identifier_above(call_id) or each,
            identifier_above(parent_id),
            scheme,
            version,
            lifecycle,
            record,
            state,
            resume_state,
            moment(entered_at),
            seq,
            head,
            revision,
            SYSTEM_ROLES if system else frozenset((roles or "").split(",")) - {""},
            standing,
            standing.compiled.machines[lifecycle],
            bool(listened_to),
        )


_SEEN = _Reading("WHERE c.id IN :ids*uuid ORDER BY c.id")
_HELD = _Reading("WHERE c.id IN :ids*uuid ORDER BY c.id [[FOR UPDATE OF c]]")
_HELD_WITH_CALL = _Reading(
    "JOIN gf_case r ON r.id = c.call_id WHERE c.id IN :ids*uuid ORDER BY c.id [[FOR SHARE OF r FOR UPDATE OF c]]"
)
_HELD_CHILDREN = _Reading(
    "WHERE c.parent_id IN :parents*uuid AND c.lifecycle = :lifecycle ORDER BY c.id [[FOR UPDATE OF c]]"
)
_PARENT = _Reading(
    "JOIN gf_case r ON r.id = c.call_id WHERE c.id IN :ids*uuid [[FOR SHARE OF r FOR SHARE OF c]]"
)
_PLACES = Statement(
    "SELECT c.id, c.call_id, c.scheme, c.version, c.lifecycle FROM gf_case c WHERE c.id IN :ids*uuid"
)
_SHARE_CALLS = Statement("SELECT c.id FROM gf_case c WHERE c.id IN :ids*uuid ORDER BY c.id [[FOR SHARE]]")
_TAKE_CALLS = Statement("SELECT c.id FROM gf_case c WHERE c.id IN :ids*uuid ORDER BY c.id [[FOR UPDATE]]")

WINDOW = "window"
CALL = "call"
LOCKS: Mapping[str, Statement] = {
    WINDOW: Statement(
        "SELECT w.id FROM gf_funder_window w WHERE w.call_id IN :calls*uuid ORDER BY w.id [[FOR UPDATE]]"
    ),
}
"""What effects may ask to have locked between the call and the record: each for the calls of the batch, ordered by id."""


def seen(tx: Tx, ids: Sequence[UUID]) -> list[Held]:
    """Read records without holding them; where nothing can change, each of them once."""
    tx.flush()
    if not tx.read_only:
        return _SEEN(tx, ids=list(ids))
    missing = [each for each in ids if (seen, tx.actor, each) not in tx.memo]
    if missing:
        for read in _SEEN(tx, ids=missing):
            tx.memo[seen, tx.actor, read.id] = read
    known = (tx.memo.get((seen, tx.actor, each)) for each in sorted(set(ids)))
    return [each for each in known if each is not None]


def remember_seen(tx: Tx, row: Sequence[Any]) -> None:
    """Keep what another question read of a record for `seen`, where nothing can change; `row` is in the order of `_held`."""
    if tx.read_only:
        for each in _held(tx, [row]):
            tx.memo[seen, tx.actor, each.id] = each


def held(tx: Tx, ids: Sequence[UUID], transition: str) -> list[Held]:
    """Hold records that are going to take a transition, and above them what that transition touches."""
    tx.flush()
    if not tx.is_postgresql:  # BEGIN IMMEDIATE holds everything
        return _SEEN(tx, ids=list(ids))
    if len(ids) == 1 and _is_plain(tx, transition):
        return _with_late_locks(tx, _HELD_WITH_CALL(tx, ids=list(ids)), transition)
    places = _PLACES(tx, ids=list(ids)).all()
    calls: set[UUID] = set()
    locks: set[str] = set()
    for place in {(row[1], row[2], row[3], row[4]) for row in places}:
        calls.add(identifier(place[0]))
        machine = schemes.compiled(tx, place[1], place[2])
        locks |= locks_of(machine, place[3], transition)
    hold_above(tx, calls, locks)
    return _HELD(tx, ids=list(ids))


def _with_late_locks(tx: Tx, records: list[Held], transition: str) -> list[Held]:
    """Lock what a scheme needs that was read only now, with its first record: once in the life of a process."""
    for each in records:
        locks = locks_of(each.call.compiled, each.lifecycle, transition)
        if locks:
            hold_above(tx, [each.call_id], locks)
    return records


def hold_above(tx: Tx, calls: Iterable[UUID], locks: Iterable[str]) -> None:
    """Lock calls (shared, or exclusively where `call` is asked for) and then what else is asked for, in that order."""
    if not tx.is_postgresql:
        return
    ordered = sorted(calls)
    asked = set(locks)
    (_TAKE_CALLS if CALL in asked else _SHARE_CALLS)(tx, ids=ordered)
    for name in sorted(asked - {CALL}):
        LOCKS[name](tx, calls=ordered)


def hold_parent(tx: Tx, parent_id: UUID, locks: Iterable[str]) -> Held | None:
    """Keep a record and its call as they are while a child of it is made; the effects' locks come between the two."""
    tx.flush()
    asked = list(locks)
    if asked:
        found = seen(tx, [parent_id])
        if found:
            hold_above(tx, [found[0].call_id], asked)
    parents = _PARENT(tx, ids=[parent_id])
    return parents[0] if parents else None


def hold_again(tx: Tx, ids: Sequence[UUID]) -> list[Held]:
    """Hold records below a call that is held already."""
    return _HELD(tx, ids=list(ids))


def hold_children(tx: Tx, parents: Sequence[UUID], lifecycle: str) -> list[Held]:
    """Hold the children of records, of one lifecycle."""
    return _HELD_CHILDREN(tx, parents=list(parents), lifecycle=lifecycle)


# Which locks a transition needs is known from the table alone, before the record is read. So a step that touches
# nothing above its record, which is nearly every step, holds record and call with one statement.


@lru_cache(maxsize=4096)
def locks_of(compiled: Compiled, lifecycle: str, transition: str) -> frozenset[str]:
    """Return what has to be locked above the record: for its rows of that name and for all that they emit, in turn."""
    found: set[str] = set()
    ahead, known = [(lifecycle, transition)], {(lifecycle, transition)}
    if compiled.machines[lifecycle] is compiled.root:
        found.add(CALL)
    while ahead:
        name, step = ahead.pop()
        machine = compiled.machines.get(name)
        for row in machine.lifecycle.rows if machine else ():
            if row.name != step or machine is None:
                continue
            for effect in machine.effects(row):
                found.update(effect.locks)
            for emit in row.emits:
                if emit.to not in ("children", "self"):
                    found.add(CALL)  # up or sideways: whoever does so holds the call first, alone
                if (emit.lifecycle, emit.transition) not in known:
                    known.add((emit.lifecycle, emit.transition))
                    ahead.append((emit.lifecycle, emit.transition))
    unknown = found - {CALL} - set(LOCKS)
    if unknown:
        raise ValueError(
            f"effects of {lifecycle}.{transition} ask to lock {', '.join(sorted(unknown))}: LOCKS knows how"
        )
    return frozenset(found)


def _is_plain(tx: Tx, transition: str) -> bool:
    """Whether no lifecycle of any scheme known here needs more than the shared call for a transition of that name."""
    return all(
        not locks_of(compiled, name, transition)
        for compiled in tx.engine.all()
        for name, machine in compiled.machines.items()
        if _has(machine, transition)
    )


@lru_cache(maxsize=4096)
def _has(machine: Machine, transition: str) -> bool:
    return any(row.name == transition for row in machine.lifecycle.rows)
