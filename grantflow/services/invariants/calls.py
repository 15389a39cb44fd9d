"""What must hold of the money of calls: balances are sums of movements, and nothing is spent that is not there."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import func, or_, select

from grantflow.services.invariants.rows import rows
from grantflow.store.calls.ledger import LedgerEntry
from grantflow.store.calls.models import FunderWindow
from grantflow.store.cases import CaseRow
from grantflow.store.journal import JournalEntry
from grantflow.store.session import Tx

BALANCES = ("envelope", "reserved", "committed", "released", "paid")


def balances_are_sums(tx: Tx) -> Iterator[str]:
    """Each balance of a window is the sum of its movements in the ledger."""
    sums = [func.coalesce(func.sum(getattr(LedgerEntry, name)), 0) for name in BALANCES]
    found = (
        select(FunderWindow.name, CaseRow.ref, *(getattr(FunderWindow, name) for name in BALANCES), *sums)
        .join(CaseRow, CaseRow.id == FunderWindow.call_id)
        .outerjoin(LedgerEntry, LedgerEntry.window_id == FunderWindow.id)
        .group_by(FunderWindow.id, CaseRow.ref)
    )
    for window, call, *figures in rows(tx, found):
        for number, name in enumerate(BALANCES):
            balance, moved = figures[number], int(figures[number + len(BALANCES)])
            if balance != moved:
                yield f"window {window} of {call} has {name} {balance}; its movements come to {moved}"


def nothing_is_overspent(tx: Tx) -> Iterator[str]:
    """No window has promised more than its envelope, or paid more than it promised."""
    found = (
        select(FunderWindow.name, CaseRow.ref)
        .join(CaseRow, CaseRow.id == FunderWindow.call_id)
        .where(
            or_(
                FunderWindow.reserved + FunderWindow.committed > FunderWindow.envelope,
                FunderWindow.paid > FunderWindow.committed,
            )
        )
    )
    for window, call in rows(tx, found):
        yield f"window {window} of {call} is overspent"


def money_was_promised_before_it_left(tx: Tx) -> Iterator[str]:
    """No record got a payment without a promise, more than was promised, or has less than nothing put by for it."""
    reserved, committed, paid = (
        func.sum(getattr(LedgerEntry, name)) for name in ("reserved", "committed", "paid")
    )
    found = (
        select(CaseRow.ref, reserved, committed, paid)
        .join(LedgerEntry, LedgerEntry.record_id == CaseRow.id)
        .group_by(LedgerEntry.window_id, CaseRow.ref)
        .having(or_(paid > committed, reserved < 0, committed < 0, paid < 0))
    )
    for ref, held, promised, out in rows(tx, found):
        yield f"{ref}: {held} reserved, {promised} promised, {out} paid"


def movements_belong_to_steps(tx: Tx) -> Iterator[str]:
    """Every movement for a record was caused by a step that stands in the journal."""
    found = (
        select(CaseRow.ref)
        .join(LedgerEntry, LedgerEntry.record_id == CaseRow.id)
        .outerjoin(JournalEntry, JournalEntry.id == LedgerEntry.entry_id)
        .where(JournalEntry.id.is_(None))
    )
    for (ref,) in rows(tx, found):
        yield f"money moved for {ref}, and no step caused it"
