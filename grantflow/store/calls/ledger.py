"""The ledger of the windows: append-only movements whose sums are the windows' balances, always.

It stands beside the windows and not in the room of awards, since every room that promises or pays money enters here.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from grantflow.store.session import Tx
from grantflow.store.statements import Statement, Table
from grantflow.store.types import Base

MovementKind = Literal["envelope", "reserve", "promise", "free", "pay", "recover"]


class LedgerEntry(Base):
    """A movement on a window: what it adds to each balance (negative: takes away), for which record, by which step."""

    __tablename__ = "gf_ledger_entry"
    __table_args__ = (
        CheckConstraint("kind IN ('envelope', 'reserve', 'promise', 'free', 'pay', 'recover')", name="kind"),
        Index("ix_gf_ledger_entry_window", "window_id", "at"),
        Index("ix_gf_ledger_entry_record", "record_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    window_id: Mapped[UUID] = mapped_column(ForeignKey("gf_funder_window.id"))
    record_id: Mapped[UUID | None] = mapped_column(ForeignKey("gf_case.id"))
    """The application (or line) for which money moved; nothing where the envelope itself changed."""
    kind: Mapped[str] = mapped_column(Text)
    envelope: Mapped[int]
    reserved: Mapped[int]
    committed: Mapped[int]
    released: Mapped[int]
    paid: Mapped[int]
    entry_id: Mapped[UUID | None]
    """The journal entry of the step that caused it."""
    at: Mapped[datetime]


@dataclass(frozen=True, slots=True)
class Movement:
    """What a step does to a window's balances."""

    window_id: UUID
    record_id: UUID | None
    kind: MovementKind
    entry_id: UUID | None
    envelope: int = 0
    reserved: int = 0
    committed: int = 0
    released: int = 0
    paid: int = 0


_ROWS = Table(
    "gf_ledger_entry",
    {
        "id": "uuid",
        "window_id": "uuid",
        "record_id": "uuid",
        "kind": "text",
        "envelope": "bigint",
        "reserved": "bigint",
        "committed": "bigint",
        "released": "bigint",
        "paid": "bigint",
        "entry_id": "uuid",
        "at": "timestamptz",
    },
)
_BALANCES = Statement("""
    UPDATE gf_funder_window SET envelope = envelope + :envelope, reserved = reserved + :reserved,
        committed = committed + :committed, released = released + :released, paid = paid + :paid
    WHERE id = :id
""")


def enter(tx: Tx, movements: Iterable[Movement]) -> None:
    """Write movements and move the balances of their windows: one statement for all rows, one per window.

    The windows are locked by the door already (`locks="window"`); their CHECKs have the last word.
    """
    moved = list(movements)
    if not moved:
        return
    tx.flush()
    _ROWS.insert(
        tx,
        [
            (
                tx.new_id(),
                each.window_id,
                each.record_id,
                each.kind,
                each.envelope,
                each.reserved,
                each.committed,
                each.released,
                each.paid,
                each.entry_id,
                tx.now,
            )
            for each in moved
        ],
    )
    for window_id in sorted({each.window_id for each in moved}):
        of_window = [each for each in moved if each.window_id == window_id]
        _BALANCES(
            tx,
            id=window_id,
            envelope=sum(each.envelope for each in of_window),
            reserved=sum(each.reserved for each in of_window),
            committed=sum(each.committed for each in of_window),
            released=sum(each.released for each in of_window),
            paid=sum(each.paid for each in of_window),
        )
