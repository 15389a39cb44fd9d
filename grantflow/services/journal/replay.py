"""The life of one record, played again from its journal: what does not fit is a fault, with its kind."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal, NamedTuple
from uuid import UUID

from grantflow.services.cases.creating import CREATION_ROW
from grantflow.services.cases.model import CREATE
from grantflow.services.cases.moving import MOVE, MOVE_ROW
from grantflow.store.journal import entry_hash
from grantflow.workflow.machine import Machine
from grantflow.workflow.model import REMEMBERED, SAME, SYSTEM_ROLE, Row

FaultKind = Literal["changed", "missing", "inserted", "illegal", "state", "head"]


@dataclass(frozen=True, slots=True)
class Fault:
    """Something in the journal that cannot have come through the door."""

    record: UUID | None
    entry: int | None
    """The number (`seq`) of the entry, where it is about one."""
    kind: FaultKind
    detail: str


class Entry(NamedTuple):
    """An entry as it is hashed: identifiers as 32 digits, the time as text; the last two are the chain."""

    id: str
    record_id: str
    lifecycle: str
    seq: int
    transition: str
    row: int
    from_state: str | None
    to_state: str
    actor_kind: str
    user_id: str | None
    organisation_id: str | None
    grant_id: str | None
    role: str
    authority: str | None
    guards: str
    payload_digest: str | None
    at: str
    cause: str | None
    prev_hash: str
    hash: str


class Kept(NamedTuple):
    """The record's own row: where it says that it is."""

    id: str
    ref: str
    scheme: str
    version: int
    lifecycle: str
    state: str
    resume_state: str | None
    seq: int
    head: str


Machines = Callable[[str, int, str], Machine | None]
"""The machine of a scheme, version and lifecycle; nothing where there is none."""


def versions_of(kept: Kept, entries: Iterable[Entry]) -> Iterator[int]:
    """Yield, entry by entry, the version of the scheme under which it was written."""
    moves = [moved for entry in entries if entry.row == MOVE_ROW and (moved := _moved(entry)) is not None]
    version = moves[0][0] if moves else kept.version
    for entry in entries:
        yield version
        moved = _moved(entry) if entry.row == MOVE_ROW else None
        version = moved[1] if moved is not None else version


def _moved(entry: Entry) -> tuple[int, int] | None:
    found = re.fullmatch(r'\["[^"]* v(\d+)","[^"]* v(\d+)"\]', entry.guards)
    return (int(found[1]), int(found[2])) if found else None


def replay(kept: Kept, machines: Machines, entries: Sequence[Entry]) -> Iterator[Fault]:
    """Yield what is wrong with the journal of a record."""
    record = UUID(kept.id)
    if not entries:
        yield Fault(record, None, "missing", f"{kept.ref} has no journal at all.")
        return
    beyond = [entry for entry in entries if entry.seq > kept.seq]
    for entry in beyond:
        yield Fault(
            record, entry.seq, "inserted", f"{kept.ref} counts {kept.seq} steps; this one is beyond them."
        )
    within = entries[: len(entries) - len(beyond)]
    versions = list(versions_of(kept, within))
    first = machines(kept.scheme, versions[0], kept.lifecycle)
    if first is None:
        detail = f"{kept.ref} began under version {versions[0]}, which was never published."
        yield Fault(record, 0, "illegal", detail)
        return
    walk = _Walk(kept, first, machines)
    for entry in within:
        yield from walk.entry(entry)
    yield from walk.end()


class _Walk:
    """Goes through the entries of a record in their order."""

    def __init__(self, kept: Kept, machine: Machine, machines: Machines) -> None:
        self._kept = kept
        self._record = UUID(kept.id)
        self._machine = machine
        self._machines = machines
        self._version: int | None = None
        self._seq = -1
        self._head = ""
        self._state: str | None = None
        self._resume: str | None = None

    def entry(self, entry: Entry) -> Iterator[Fault]:
        gap = entry.seq != self._seq + 1
        if gap:
            yield self._fault(
                entry, "missing", f"the entries from {self._seq + 1} to {entry.seq - 1} are gone."
            )
        if entry_hash(entry[:-1]) != entry.hash:
            yield self._fault(entry, "changed", "what it says is not what was hashed.")
        elif not gap and entry.prev_hash != self._head:
            yield self._fault(entry, "inserted", "it does not follow from the entry before it.")
        elif not gap:
            yield from self._legal(entry)
        self._seq, self._head = entry.seq, entry.hash
        if entry.to_state != entry.from_state:
            self._resume = entry.from_state if self._machine.remembers(entry.to_state) else None
        self._state = entry.to_state

    def _legal(self, entry: Entry) -> Iterator[Fault]:
        if entry.from_state != self._state or entry.lifecycle != self._kept.lifecycle:
            yield self._fault(
                entry, "illegal", f"it starts from {entry.from_state}, and the record was in {self._state}."
            )
        if entry.row == MOVE_ROW:
            yield from self._move(entry)
            return
        complaints = _complaints(
            self._machine,
            entry.row,
            entry.transition,
            entry.from_state,
            entry.to_state,
            self._resume,
            entry.role,
            entry.actor_kind,
            entry.guards,
        )
        for complaint in complaints:
            yield self._fault(entry, "illegal", complaint)

    def _move(self, entry: Entry) -> Iterator[Fault]:
        """Go on under another version of the scheme: the place there must exist and be as final as the one here."""
        moved = _moved(entry)
        machine = self._machines(self._kept.scheme, moved[1], entry.lifecycle) if moved else None
        if moved is None or machine is None or entry.transition != MOVE:
            yield self._fault(entry, "illegal", "it moves to a version that was never published.")
            return
        known = entry.to_state in machine.lifecycle.states
        final = entry.from_state in self._machine.lifecycle.final
        if not known or (entry.to_state in machine.lifecycle.final) != final:
            yield self._fault(
                entry, "illegal", f"the new version has no such place for it as {entry.to_state}."
            )
        self._machine, self._version = machine, moved[1]

    def end(self) -> Iterator[Fault]:
        kept = self._kept
        if self._version not in (None, kept.version):
            detail = f"{kept.ref} is of version {kept.version}; by its journal it moved to {self._version}."
            yield Fault(self._record, self._seq, "state", detail)
        if self._seq < kept.seq:
            detail = f"{kept.ref} counts {kept.seq} steps; the journal ends with {self._seq}."
            yield Fault(self._record, self._seq + 1, "missing", detail)
            return
        if self._state != kept.state:
            detail = f"{kept.ref} is in {kept.state}; its journal ends in {self._state}."
            yield Fault(self._record, self._seq, "state", detail)
        elif self._resume != kept.resume_state:
            detail = f"{kept.ref} remembers {kept.resume_state}; by its journal it came from {self._resume}."
            yield Fault(self._record, self._seq, "state", detail)
        if self._head != kept.head:
            yield Fault(self._record, self._seq, "head", f"{kept.ref} has another head than its last entry.")

    def _fault(self, entry: Entry, kind: FaultKind, detail: str) -> Fault:
        return Fault(
            self._record,
            entry.seq,
            kind,
            f"{self._kept.ref}, entry {entry.seq} ({entry.transition}): {detail}",
        )


@lru_cache(maxsize=8192)
def _complaints(
    machine: Machine,
    number: int,
    transition: str,
    source: str | None,
    target: str,
    resume: str | None,
    role: str,
    actor_kind: str,
    guards: str,
) -> tuple[str, ...]:
    """Return what speaks against a step by the scheme alone; the same for all records, so it is worked out once."""
    return tuple(_against(machine, number, transition, source, target, resume, role, actor_kind, guards))


def _against(
    machine: Machine,
    number: int,
    transition: str,
    source: str | None,
    target: str,
    resume: str | None,
    role: str,
    actor_kind: str,
    guards: str,
) -> Iterator[str]:
    if (role == SYSTEM_ROLE) != (actor_kind == "system"):
        yield "the system acts as the system, and nobody else does."
    if number == CREATION_ROW:
        yield from _against_creation(machine, transition, source, target, role, guards)
        return
    lifecycle = machine.lifecycle
    row = lifecycle.rows[number] if 0 <= number < len(lifecycle.rows) else None
    if row is None or row.name != transition or source not in row.sources:
        yield "the scheme has no such step from there."
        return
    if target != _target(row, source, resume):
        yield f"this step does not lead to {target}."
    if role not in row.by:
        yield f"the role {role} may not take it."
    yield from _unguarded((check.spec.name for check in machine.checks(row, source)), guards)


def _against_creation(
    machine: Machine, transition: str, source: str | None, target: str, role: str, guards: str
) -> Iterator[str]:
    lifecycle = machine.lifecycle
    if transition != CREATE or source is not None or target not in lifecycle.beginnings:
        yield "this is not how a record begins."
    if role not in lifecycle.creation.by and role != SYSTEM_ROLE:
        yield f"the role {role} may not begin it."
    elif role != SYSTEM_ROLE and target != lifecycle.begins(role):
        yield f"what the role {role} begins does not begin in {target}."
    yield from _unguarded((check.spec.name for check in machine.creation_checks), guards)


def _target(row: Row, source: str, resume: str | None) -> str | None:
    if row.to == SAME:
        return source
    return resume if row.to == REMEMBERED else row.to


def _unguarded(needed: Iterator[str] | Any, guards: str) -> Iterator[str]:
    for name in needed:
        if f'"{name}"' not in guards:
            yield f"the guard {name} is not recorded as passed."
