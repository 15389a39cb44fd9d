"""What must hold of every case, whatever its scheme: a known state, live parents, timers of today, masks unbroken."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import and_, func, select
from sqlalchemy.orm import aliased

from grantflow.services.invariants.rows import rows
from grantflow.store.cases import CaseRow
from grantflow.store.journal import JournalEntry
from grantflow.store.meaning import is_final, lifecycle_of
from grantflow.store.outbox import OutboxMessage
from grantflow.store.session import Tx
from grantflow.store.timers import TimerRow

_MEANING = (CaseRow.scheme, CaseRow.version, CaseRow.lifecycle, CaseRow.state)


def states_are_known(tx: Tx) -> Iterator[str]:
    """Every record is in a state of its pinned lifecycle."""
    found = select(*_MEANING).distinct()
    for scheme, version, lifecycle, state in rows(tx, found):
        if state not in lifecycle_of(tx, scheme, version, lifecycle).states:
            yield f"{lifecycle} of {scheme} v{version} knows no state {state}"


def no_record_is_orphaned(tx: Tx) -> Iterator[str]:
    """No record is alive under a parent that has ended."""
    parent = aliased(CaseRow)
    meaning = (*_MEANING, parent.lifecycle, parent.state)
    found = (
        select(*meaning, func.count(), func.min(CaseRow.ref))
        .join(parent, parent.id == CaseRow.parent_id)
        .group_by(*meaning)
    )
    for scheme, version, lifecycle, state, over, over_state, count, ref in rows(tx, found):
        alive = not is_final(tx, scheme, version, lifecycle, state)
        if alive and is_final(tx, scheme, version, over, over_state):
            yield f"{count} records such as {ref} are {state} under a {over} that is {over_state}"


def timers_belong_to_today(tx: Tx) -> Iterator[str]:
    """Every timer belongs to the present step of its record and to a state that has such a timer."""
    passed = (
        select(CaseRow.ref, TimerRow.number)
        .join(TimerRow, TimerRow.case_id == CaseRow.id)
        .where(TimerRow.seq != CaseRow.seq)
    )
    for ref, number in rows(tx, passed):
        yield f"{ref} has timer {number} of a step that has passed"
    kinds = (
        select(*_MEANING, TimerRow.number, func.min(CaseRow.ref))
        .join(TimerRow, TimerRow.case_id == CaseRow.id)
        .group_by(*_MEANING, TimerRow.number)
    )
    for scheme, version, lifecycle, state, number, ref in rows(tx, kinds):
        timers = lifecycle_of(tx, scheme, version, lifecycle).timers
        if number >= len(timers) or state not in timers[number].states:
            yield f"{ref} has timer {number}, which {state} does not have"


def masks_hold_in_messages(tx: Tx) -> Iterator[str]:
    """Nobody was told of a step that looks to them as if nothing had happened: what is masked is not mailed either."""
    told = (
        *(CaseRow.scheme, CaseRow.version, CaseRow.lifecycle),
        *(JournalEntry.from_state, JournalEntry.to_state, OutboxMessage.role, OutboxMessage.template),
    )
    found = (
        select(*told, func.min(CaseRow.ref))
        .join(JournalEntry, JournalEntry.id == OutboxMessage.entry_id)
        .join(CaseRow, and_(CaseRow.id == JournalEntry.record_id, CaseRow.id == OutboxMessage.case_id))
        .where(OutboxMessage.role.is_not(None), JournalEntry.from_state != JournalEntry.to_state)
        .group_by(*told)
    )
    for scheme, version, name, before, after, role, template, ref in rows(tx, found):
        states = lifecycle_of(tx, scheme, version, name).states
        if states[after].shown_to(role) == states[before].shown_to(role):
            yield f"{role} got {template} about {ref} while {after} is masked"
