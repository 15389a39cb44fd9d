"""Making records: the first entry of their journal."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from uuid import UUID

from grantflow.domain.actor import SYSTEM
from grantflow.domain.refusal import Refusal, Refused
from grantflow.domain.step import Stepped
from grantflow.services.cases import schemes
from grantflow.services.cases.holding import Held, Standing, hold_parent, seen
from grantflow.services.cases.judging import against_creation
from grantflow.services.cases.model import CREATE, Created, Move, UnknownCase
from grantflow.services.cases.recording import add_notices, add_timers, tell_webhooks
from grantflow.services.cases.writing import CASE, Entries, Writing, guards_text
from grantflow.store.constraints import told_to_people
from grantflow.store.session import Tx
from grantflow.store.statements import Statement
from grantflow.workflow.machine import Compiled, Machine
from grantflow.workflow.model import SYSTEM_ROLE

CREATION_ROW = -1
"""What the journal says in place of the number of a row."""

_ALLOT = Statement("""
    INSERT INTO gf_counter (prefix, last) VALUES (:prefix, 1)
    ON CONFLICT (prefix) DO UPDATE SET last = gf_counter.last + 1
    RETURNING last
""")
_NOTHING: Mapping[str, object] = {}


def create(
    tx: Tx,
    lifecycle: str,
    *,
    call_id: UUID | None = None,
    parent_id: UUID | None = None,
    scheme: tuple[str, int] | None = None,
    prefix: str | None = None,
    case_id: UUID | None = None,
    record: Callable[[UUID], None] | None = None,
    role: str | None = None,
    authority: str | None = None,
    cause: UUID | None = None,
) -> Created:
    """Make a record of a lifecycle, under a parent (the call itself where none is named).

    `record` writes the row of the record's own table; it is called when the case stands and before guards and effects
    look at it. A refusal leaves rows behind that only the end of the unit of work takes away: let it end.
    A call has no parent: it names its scheme and the prefix of the references in it.

    Raises:
        Refused: the parent is not where records of this kind are made, or the role or a guard speaks against it.
    """
    with told_to_people():
        parent_id = parent_id or call_id
        if parent_id is None:
            return _create_root(tx, lifecycle, scheme, prefix, case_id, record, role, authority)
        parent = hold_parent(tx, parent_id, _locks_of_creation(tx, lifecycle))
        if parent is None:
            raise UnknownCase(parent_id)
        machine = parent.call.compiled.machines[lifecycle]
        where = _wrong_place(tx, machine, parent)
        played = _role(tx, machine, parent.call.compiled, parent.roles, role)
        if played is None:
            raise Refused([*where, _not_yours(machine, parent.call.compiled)])
        if where:
            raise Refused(where)
        acting = tx.as_actor(SYSTEM) if played == SYSTEM_ROLE else tx
        prefix = prefix or parent.ref.rpartition("-")[0]
        new = _new(acting, machine, parent.call, case_id, parent, prefix, machine.lifecycle.begins(played))
        return _enter(acting, new, played, record, authority, cause, reread=False)


def _create_root(
    tx: Tx,
    lifecycle: str,
    scheme: tuple[str, int] | None,
    prefix: str | None,
    case_id: UUID | None,
    record: Callable[[UUID], None] | None,
    role: str | None,
    authority: str | None,
) -> Created:
    if scheme is None or prefix is None:
        raise TypeError("a record without a parent names its scheme and the prefix of its reference")
    compiled = schemes.compiled(tx, *scheme)
    machine = compiled.machines[lifecycle]
    if machine is not compiled.root:
        raise TypeError(f"a record of {lifecycle} stands under a parent")
    tx.flush()
    played = SYSTEM_ROLE if tx.actor.is_system else role or machine.lifecycle.creation.by[0]
    standing = Standing(compiled, None, None, (None, None))
    new = _new(tx, machine, standing, case_id, None, prefix, machine.lifecycle.begins(played))
    return _enter(tx, new, played, record, authority, None, reread=True)


def _locks_of_creation(tx: Tx, lifecycle: str) -> set[str]:
    """Return what the effects of making such a record lock, in any scheme: it is asked before the parent is read."""
    return {
        lock
        for compiled in tx.engine.all()
        if lifecycle in compiled.machines
        for effect in compiled.machines[lifecycle].creation_effects
        for lock in effect.locks
    }


def _wrong_place(tx: Tx, machine: Machine, parent: Held) -> list[Refusal]:
    creation = machine.lifecycle.creation
    state = tx.coming.get(parent.id, parent.state)
    if machine.lifecycle.parent == parent.lifecycle and (not creation.during or state in creation.during):
        return []
    return [
        Refusal(
            "not_now",
            "%(what)s cannot be added to %(ref)s at this point.",
            {"what": machine.lifecycle.title, "ref": parent.ref},
        )
    ]


def _role(
    tx: Tx, machine: Machine, compiled: Compiled, held: frozenset[str], asked: str | None
) -> str | None:
    """Return the role under which the record is made, if there is one.

    Whoever comes from outside may begin something of their own without holding a grant yet: guards decide. What an
    effect makes while a step is taken is made by the system where nobody else may.
    """
    by = machine.lifecycle.creation.by
    if asked is not None:
        by = tuple(role for role in by if role == asked)
    for role in by:
        if role in held:
            return role
    if tx.actor.kind == "person":
        for role in by:
            known = compiled.scheme.roles.get(role)
            if known is not None and known.outside:
                return role
    return SYSTEM_ROLE if SYSTEM_ROLE in by and tx.coming else None


def _not_yours(machine: Machine, compiled: Compiled) -> Refusal:
    roles = compiled.scheme.roles
    names = ", ".join(roles[role].label for role in machine.lifecycle.creation.by if role in roles)
    if not names:
        return Refusal("wrong_role", "This comes to be by itself; nobody makes it by hand.")
    return Refusal("wrong_role", "This is not yours to begin. It belongs to: %(roles)s.", {"roles": names})


def _new(
    tx: Tx,
    machine: Machine,
    standing: Standing,
    case_id: UUID | None,
    parent: Held | None,
    prefix: str,
    state: str,
) -> Held:
    each = case_id or tx.new_id()
    number = _ALLOT(tx, prefix=prefix).scalar_one()
    scheme = standing.compiled.scheme
    return Held(
        each,
        f"{prefix}-{number:04d}",
        parent.call_id if parent else each,
        parent.id if parent else None,
        scheme.name,
        scheme.version,
        machine.lifecycle.name,
        machine.lifecycle.record,
        state,
        None,
        tx.now,
        0,
        "",
        1,
        parent.roles if parent else frozenset(),
        standing,
        machine,
        parent.listened_to if parent else False,
    )


def _enter(
    tx: Tx,
    new: Held,
    role: str,
    record: Callable[[UUID], None] | None,
    authority: str | None,
    cause: UUID | None,
    *,
    reread: bool,
) -> Created:
    lifecycle, entry_id = new.machine.lifecycle, tx.new_id()
    writing = Writing()
    what = (lifecycle.name, CREATE, CREATION_ROW, None, new.state)
    passed = guards_text(tuple(check.spec.name for check in new.machine.creation_checks))
    entry, head = Entries(tx, what, role, passed, authority).entry(entry_id, new.id, 0, "", cause)
    case = (
        new.id,
        new.ref,
        new.call_id,
        new.parent_id,
        new.scheme,
        new.version,
        new.lifecycle,
        new.record,
        new.state,
        None,
        tx.now,
        tx.now,
        0,
        head,
        new.revision,
    )
    CASE.insert(tx, [case])
    if record is not None:
        record(new.id)
        tx.flush()
    if (
        reread
    ):  # the call's own dates, zone and parameters, and the programme that gives the roles, stand only now
        stands = seen(tx, [new.id])[0]
        if not tx.actor.is_system and role not in stands.roles:
            raise Refused([_not_yours(new.machine, stands.call.compiled)])
        new = replace(new, call=stands.call, listened_to=stands.listened_to)
    against = against_creation(tx, new)
    if against:
        raise Refused(against)
    move = Move(
        new.id,
        new.ref,
        new.call_id,
        new.parent_id,
        new.lifecycle,
        None,
        None,
        new.state,
        {},
        tx.actor,
        tx.now,
        entry_id,
    )
    for effect in new.machine.creation_effects:
        effect.run(tx, [move])
    tx.flush()
    writing.entries.append(entry)
    add_notices(tx, writing, lifecycle.creation.notices, new.id, entry_id, _NOTHING)
    tell_webhooks(tx, writing, [(new.id, entry_id)] if new.listened_to else ())
    add_timers(tx, writing, [(new, new.machine.timers(new.state))], {new.id: 0})
    writing.write(tx)
    tx.taken.append(Stepped(new.id, new.ref, new.lifecycle, CREATE, "", new.state, 0, new.revision, entry_id))
    return Created(
        new.id, new.ref, new.call_id, new.parent_id, new.lifecycle, new.state, role, new.revision, entry_id
    )
