"""Timers: rows that say what falls due on a record, while it is still where it was."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from grantflow.store.session import Tx
from grantflow.store.statements import Statement, identifier, moment
from grantflow.store.types import Base


class TimerRow(Base):
    """A timer of a record's present state; stale as soon as the record's `seq` has moved on."""

    __tablename__ = "gf_timer"
    __table_args__ = (
        Index("ix_gf_timer_due", "due_at", "id"),
        Index("ix_gf_timer_case", "case_id"),
        Index("ix_gf_timer_call", "call_id", "anchor"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("gf_case.id"))
    call_id: Mapped[UUID] = mapped_column(ForeignKey("gf_case.id"))
    seq: Mapped[int]
    number: Mapped[int]
    """The number of the timer in the pinned lifecycle."""
    anchor: Mapped[str | None] = mapped_column(Text)
    """The date of the call on which it hangs, so that moving the date moves it."""
    due_at: Mapped[datetime]
    fired: Mapped[int]
    """How often it has fired: more than nought only where it repeats."""


@dataclass(frozen=True, slots=True)
class Claimed:
    """A timer that fell due, held together with its record until the unit of work ends."""

    id: UUID
    case_id: UUID
    call_id: UUID
    seq: int
    number: int
    due_at: datetime
    fired: int
    scheme: str
    version: int
    lifecycle: str


_DUE_CALLS = Statement("""
    SELECT t.call_id, MIN(t.due_at) AS first_due FROM gf_timer t WHERE t.due_at <= :now
    GROUP BY t.call_id ORDER BY first_due, t.call_id LIMIT :most
""")
_DUE_KINDS = Statement("""
    SELECT DISTINCT c.scheme, c.version, c.lifecycle, t.number FROM gf_timer t JOIN gf_case c ON c.id = t.case_id
    WHERE t.due_at <= :now AND t.call_id = :call
""")
_CLAIM = Statement("""
    SELECT t.id, t.case_id, t.call_id, t.seq, t.number, t.due_at, t.fired, c.scheme, c.version, c.lifecycle
    FROM gf_timer t JOIN gf_case c ON c.id = t.case_id
    WHERE t.due_at <= :now AND t.call_id = :call
    ORDER BY t.due_at, t.id LIMIT :most
    [[FOR UPDATE OF c SKIP LOCKED FOR UPDATE OF t SKIP LOCKED]]
""")
_NEXT = Statement("SELECT MIN(t.due_at) FROM gf_timer t")
_DELETE = Statement("DELETE FROM gf_timer WHERE id IN :ids*uuid")


def due_calls(tx: Tx, limit: int) -> list[UUID]:
    """Return the calls in which a timer is due, the longest overdue first."""
    return [identifier(row[0]) for row in _DUE_CALLS(tx, now=tx.now, most=limit)]


def due_kinds(tx: Tx, call_id: UUID) -> list[tuple[str, int, str, int]]:
    """Return which timers are due in a call: scheme, version, lifecycle and number of each kind."""
    return [(row[0], row[1], row[2], row[3]) for row in _DUE_KINDS(tx, now=tx.now, call=call_id)]


def claim_due(tx: Tx, call_id: UUID, limit: int) -> list[Claimed]:
    """Hold the due timers of a call with their records and take them off the list.

    On PostgreSQL what another worker or a person holds is passed over: it is theirs, or due still at the next round.
    Nothing is waited for, so the order in which records are held cannot tie a knot; the call is held before.
    """
    found = [
        Claimed(
            identifier(row[0]),
            identifier(row[1]),
            identifier(row[2]),
            row[3],
            row[4],
            moment(row[5]),
            row[6],
            row[7],
            row[8],
            row[9],
        )
        for row in _CLAIM(tx, now=tx.now, call=call_id, most=limit)
    ]
    if found:
        _DELETE(tx, ids=[each.id for each in found])
    return found


def next_due_at(tx: Tx) -> datetime | None:
    """Return when the next timer falls due, if there is any."""
    first = _NEXT(tx).scalar_one()
    return None if first is None else moment(first)
