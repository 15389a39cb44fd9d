"""The money of lines: reserved when a request is sent, promised by the grant, paid or freed line by line."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from uuid import UUID

from sqlalchemy import select

from grantflow.domain.refusal import refuse
from grantflow.store.aid.models import Line
from grantflow.store.calls.ledger import Movement, enter
from grantflow.store.calls.models import Call, FunderWindow
from grantflow.store.session import Tx

Entries = Mapping[UUID, UUID]
"""The journal entry to which each line's movement belongs."""


def reserve(tx: Tx, lines: Iterable[Line], call_id: UUID, entries: Entries) -> None:
    """Reserve what lines are worth in the pots of the call's present stage, one pot after the other.

    Raises:
        Refused: no pot has room for one of them.
    """
    pots = _pots(tx, call_id)
    free = {pot.id: pot.envelope - pot.reserved - pot.committed for pot in pots}
    movements = []
    for line in lines:
        pot_id = next((pot.id for pot in pots if free[pot.id] >= line.amount), None)
        if pot_id is None:
            raise refuse("not_enough_money", "The money that is free does not cover every line.", "lines")
        free[pot_id] -= line.amount
        line.window_id = pot_id
        line.reserved = line.amount
        movements.append(Movement(pot_id, line.id, "reserve", entries[line.id], reserved=line.amount))
    enter(tx, movements)


def follow(tx: Tx, lines: Iterable[Line], entries: Entries) -> None:
    """Free what lines no longer need after they became smaller."""
    movements = []
    for line in lines:
        spare = line.reserved - line.amount
        if spare > 0 and line.window_id is not None:
            line.reserved = line.amount
            movements.append(
                Movement(line.window_id, line.id, "free", entries[line.id], reserved=-spare, released=spare)
            )
    enter(tx, movements)


def promise(tx: Tx, lines: Iterable[Line], entries: Entries) -> None:
    """Turn what is reserved for lines into what is promised."""
    movements = []
    for line in lines:
        if line.window_id is None or line.reserved == 0:
            continue
        amount, line.committed, line.reserved = line.reserved, line.reserved, 0
        movements.append(
            Movement(line.window_id, line.id, "promise", entries[line.id], reserved=-amount, committed=amount)
        )
    enter(tx, movements)


def free(tx: Tx, lines: Iterable[Line], entries: Entries) -> None:
    """Free what was reserved for or promised to lines that end."""
    movements = []
    for line in lines:
        if line.window_id is None or line.reserved + line.committed == 0:
            continue
        movements.append(
            Movement(
                line.window_id,
                line.id,
                "free",
                entries[line.id],
                reserved=-line.reserved,
                committed=-line.committed,
                released=line.reserved + line.committed,
            )
        )
        line.reserved = line.committed = 0
    enter(tx, movements)


def pay(tx: Tx, lines: Iterable[Line], entries: Entries) -> None:
    """Note what was paid for lines."""
    enter(
        tx,
        [
            Movement(line.window_id, line.id, "pay", entries[line.id], paid=line.committed)
            for line in lines
            if line.window_id is not None
        ],
    )


def _pots(tx: Tx, call_id: UUID) -> list[FunderWindow]:
    """Return the pots of the call's present stage, locked, in their order."""
    found = (
        select(FunderWindow)
        .join(Call, (Call.id == FunderWindow.call_id) & (Call.stage == FunderWindow.stage))
        .where(FunderWindow.call_id == call_id)
        .order_by(FunderWindow.name, FunderWindow.id)
        .with_for_update(of=FunderWindow)
        .execution_options(populate_existing=True)
    )
    return list(tx.session.execute(found).scalars())
