"""What must hold of every history: it can be proved, and where four eyes are asked for, four eyes were there."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import aliased

from grantflow.services.invariants.rows import rows
from grantflow.services.journal import verify
from grantflow.store.cases import CaseRow
from grantflow.store.journal import JournalEntry
from grantflow.store.session import Tx
from grantflow.workflow.machine import Compiled
from grantflow.workflow.model import Row

ONE_UP, BEFORE, BEFORE_CASE = (
    aliased(CaseRow, name="one_up"),
    aliased(JournalEntry, name="before"),
    aliased(CaseRow, name="before_case"),
)


def histories_are_proved(tx: Tx) -> Iterator[str]:
    """Every record's journal is whole, chained, and legal under the scheme that the record pins."""
    for fault in verify(tx).faults:
        yield f"{fault.kind}: {fault.detail}"


def four_eyes_were_there(tx: Tx) -> Iterator[str]:
    """Nobody took a step whose counterpart, from which the scheme keeps it apart, they had taken before."""
    pinned = select(CaseRow.scheme, CaseRow.version).distinct().order_by(CaseRow.scheme, CaseRow.version)
    for scheme, version in rows(tx, pinned):
        compiled = tx.engine.compiled(scheme, version)
        for lifecycle in compiled.scheme.lifecycles.values():
            for row in lifecycle.rows:
                for other in row.apart_from:
                    yield from _same_person(tx, compiled, lifecycle.name, row, other)


def _same_person(tx: Tx, compiled: Compiled, lifecycle: str, row: Row, other: str) -> Iterator[str]:
    counterpart, _, transition = other.rpartition(".")
    found = (
        select(CaseRow.ref)
        .join(JournalEntry, JournalEntry.record_id == CaseRow.id)
        .join(BEFORE, and_(BEFORE.user_id == JournalEntry.user_id, BEFORE.id != JournalEntry.id))
        .join(BEFORE_CASE, BEFORE_CASE.id == BEFORE.record_id)
        .outerjoin(ONE_UP, ONE_UP.id == CaseRow.parent_id)
        .where(
            CaseRow.scheme == compiled.scheme.name,
            CaseRow.version == compiled.scheme.version,
            JournalEntry.lifecycle == lifecycle,
            JournalEntry.row == row.number,
            JournalEntry.transition == row.name,
            BEFORE.lifecycle == counterpart,
            BEFORE.transition == transition,
            _where(compiled, lifecycle, counterpart),
        )
        .distinct()
    )
    for (ref,) in rows(tx, found):
        yield f"{ref}: one person took {counterpart}.{transition} and {lifecycle}.{row.name}"


def _where(compiled: Compiled, lifecycle: str, counterpart: str) -> ColumnElement[bool]:
    """Say where the counterpart counts: on the record itself, on those above it, else on those beside and below it."""
    if counterpart == lifecycle:
        return and_(BEFORE.record_id == CaseRow.id, BEFORE.seq < JournalEntry.seq)
    above = (CaseRow.parent_id, ONE_UP.parent_id, CaseRow.call_id)
    if counterpart in _line(compiled, lifecycle):
        return and_(or_(*(BEFORE_CASE.id == each for each in above)), BEFORE.at < JournalEntry.at)
    near = or_(*(BEFORE_CASE.parent_id == each for each in (CaseRow.id, *above)))
    return and_(near, BEFORE.at < JournalEntry.at)


def _line(compiled: Compiled, lifecycle: str) -> frozenset[str]:
    found, name = set(), compiled.scheme.lifecycles[lifecycle].parent
    while name is not None:
        found.add(name)
        name = compiled.scheme.lifecycles[name].parent
    return frozenset(found)
