"""The slots of background workers: a stable name, who holds it, and a beat that shows that its holder lives.

A beat is a count, not a time: whoever watches measures with their own steady clock how long it stood still, so a wall
clock that jumps never makes a living worker look dead.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Text, delete, insert, select, update
from sqlalchemy.orm import Mapped, mapped_column

from grantflow.store.session import Tx
from grantflow.store.types import Base


class WorkerRow(Base):
    """A slot that somebody holds, or held until they died."""

    __tablename__ = "gf_worker"

    slot: Mapped[str] = mapped_column(Text, primary_key=True)
    holder: Mapped[UUID] = mapped_column(unique=True)
    host: Mapped[str] = mapped_column(Text)
    pid: Mapped[int]
    beat: Mapped[int]
    since: Mapped[datetime]


@dataclass(frozen=True, slots=True)
class Sign:
    """A sign of life: the same sign, seen for too long, is none."""

    slot: str
    holder: UUID
    beat: int


def take_free_slot(tx: Tx, holder: UUID, host: str, pid: int) -> str:
    """Take the lowest slot that nobody holds, not even somebody dead; the unique name settles a race."""
    taken = {sign.slot for sign in signs(tx)}
    number = 1
    while f"worker-{number}" in taken:
        number += 1
    values = {"slot": f"worker-{number}", "holder": holder, "host": host, "pid": pid}
    tx.execute(insert(WorkerRow).values(**values, beat=0, since=tx.now))
    return f"worker-{number}"


def signs(tx: Tx) -> list[Sign]:
    """Return the sign of every slot, in order."""
    found = select(WorkerRow.slot, WorkerRow.holder, WorkerRow.beat).order_by(WorkerRow.slot)
    return [Sign(row.slot, row.holder, row.beat) for row in tx.execute(found)]


def beat(tx: Tx, slot: str, holder: UUID) -> bool:
    """Give a sign of life; false says that the slot was lost to somebody else."""
    sign = (
        update(WorkerRow)
        .where(WorkerRow.slot == slot, WorkerRow.holder == holder)
        .values(beat=WorkerRow.beat + 1)
    )
    return tx.execute(sign).rowcount == 1


def take_over(tx: Tx, dead: Sign, holder: UUID) -> bool:
    """Take the slot of somebody whose sign has not changed; false says that it has, or that another was faster.

    The new holder must have an identity of its own for it, since it may die before the work is resumed.
    """
    taken = (
        update(WorkerRow)
        .where(WorkerRow.slot == dead.slot, WorkerRow.holder == dead.holder, WorkerRow.beat == dead.beat)
        .values(holder=holder, beat=WorkerRow.beat + 1)
    )
    return tx.execute(taken).rowcount == 1


def give_up(tx: Tx, slot: str, holder: UUID) -> None:
    """Free a slot whose work is done or handed on."""
    tx.execute(delete(WorkerRow).where(WorkerRow.slot == slot, WorkerRow.holder == holder))
