"""What decisions do to the windows: reserved when decided, committed when released, freed when it ends, paid when settled."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from sqlalchemy import select

from grantflow.domain.money import Money
from grantflow.domain.refusal import Refusal, Refused
from grantflow.services.cases import Move
from grantflow.store.applications.models import Application
from grantflow.store.awards.standing import balances
from grantflow.store.calls.ledger import Movement, enter
from grantflow.store.calls.models import FunderWindow
from grantflow.store.session import Tx


def reserve(tx: Tx, moves: Sequence[Move], amounts: Mapping[UUID, int]) -> None:
    """Reserve the sum of each application on its window.

    Raises:
        Refused: together they are more than a window has left.
    """
    windows = {
        row.id: row.window_id
        for row in tx.execute(
            select(Application.id, Application.window_id).where(
                Application.id.in_([move.case_id for move in moves])
            )
        )
    }
    movements = [
        Movement(
            windows[move.case_id], move.case_id, "reserve", move.entry_id, reserved=amounts[move.case_id]
        )
        for move in moves
    ]
    _demand_room(tx, movements)
    enter(tx, movements)


def _demand_room(tx: Tx, movements: Sequence[Movement]) -> None:
    found = select(
        FunderWindow.id,
        FunderWindow.name,
        FunderWindow.currency,
        (FunderWindow.envelope - FunderWindow.reserved - FunderWindow.committed).label("free"),
    ).where(FunderWindow.id.in_({each.window_id for each in movements}))
    short = []
    for row in tx.execute(found.order_by(FunderWindow.id)):
        needed = sum(each.reserved for each in movements if each.window_id == row.id)
        if needed > row.free:
            short.append(
                Refusal(
                    "budget_gone",
                    "%(window)s has %(free)s left and %(amount)s are needed: %(short)s too little.",
                    {
                        "window": row.name,
                        "free": Money(row.free, row.currency),
                        "amount": Money(needed, row.currency),
                        "short": Money(needed - row.free, row.currency),
                    },
                    "window",
                )
            )
    if short:
        raise Refused(short)


def commit(tx: Tx, moves: Sequence[Move]) -> None:
    """Turn what is reserved for each application into a promise."""
    held = balances(tx, [move.case_id for move in moves])
    enter(
        tx,
        [
            Movement(
                held[move.case_id].window_id,
                move.case_id,
                "promise",
                move.entry_id,
                reserved=-held[move.case_id].reserved,
                committed=held[move.case_id].reserved,
            )
            for move in moves
        ],
    )


def free(tx: Tx, moves: Sequence[Move]) -> None:
    """Free what is reserved or promised for each application and not paid; nothing where nothing is."""
    held = balances(tx, [move.case_id for move in moves])
    enter(
        tx,
        [
            Movement(
                balance.window_id,
                move.case_id,
                "free",
                move.entry_id,
                reserved=-balance.reserved,
                committed=balance.paid - balance.committed,
                released=balance.committed - balance.paid,
            )
            for move in moves
            if (balance := held.get(move.case_id)) is not None
            and (balance.reserved or balance.committed > balance.paid)
        ],
    )


def settle(
    tx: Tx, moves: Sequence[Move], applications: Mapping[UUID, UUID], final: Mapping[UUID, int]
) -> None:
    """Pay the final grant of each award (a move's case), as far as it is not paid, and free the rest of the promise."""
    held = balances(tx, applications.values())
    movements = []
    for move in moves:
        record = applications[move.case_id]
        balance = held[record]
        rest = balance.committed - max(final[move.case_id], balance.paid)
        due = max(final[move.case_id] - balance.paid, 0)
        if rest:
            movements.append(
                Movement(balance.window_id, record, "free", move.entry_id, committed=-rest, released=rest)
            )
        if due:
            movements.append(Movement(balance.window_id, record, "pay", move.entry_id, paid=due))
    enter(tx, movements)
