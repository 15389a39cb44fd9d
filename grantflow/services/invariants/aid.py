"""What must hold of aid: ceilings, the money of lines, proofs, payments."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import func, or_, select
from sqlalchemy.orm import aliased

from grantflow.services.invariants.rows import rows
from grantflow.store.aid.models import (
    AidAccount,
    AidReservation,
    BankAccount,
    DeliveryProof,
    Line,
    Payment,
    PaymentLine,
)
from grantflow.store.calls.ledger import LedgerEntry
from grantflow.store.cases import CaseRow
from grantflow.store.meaning import is_final, tags_of
from grantflow.store.people.models import Organisation
from grantflow.store.session import Tx

_MEANING = (CaseRow.ref, CaseRow.scheme, CaseRow.version, CaseRow.lifecycle, CaseRow.state)


def ceilings_hold(tx: Tx) -> Iterator[str]:
    """No undertaking has more de minimis aid, what is held for it included, than its ceiling."""
    held = (
        select(func.coalesce(func.sum(AidReservation.amount), 0))
        .where(AidReservation.account_id == AidAccount.id, AidReservation.ended_at.is_(None))
        .correlate(AidAccount)
        .scalar_subquery()
    )
    found = (
        select(Organisation.name, AidAccount.counted, AidAccount.ceiling, held)
        .join(AidAccount, AidAccount.undertaking_id == Organisation.id)
        .where(or_(AidAccount.counted > AidAccount.ceiling, held > AidAccount.ceiling))
    )
    for name, counted, ceiling, open_amount in rows(tx, found):
        yield f"{name} counts {counted} of {ceiling}, and {open_amount} is held for it"


def holds_end_with_their_lines(tx: Tx) -> Iterator[str]:
    """Nothing is held against a ceiling for a line that has ended."""
    found = (
        select(*_MEANING)
        .join(AidReservation, AidReservation.line_id == CaseRow.id)
        .where(AidReservation.ended_at.is_(None))
    )
    for ref, scheme, version, lifecycle, state in rows(tx, found):
        if is_final(tx, scheme, version, lifecycle, state):
            yield f"aid is still held for {ref}, which is {state}"


def lines_equal_the_ledger(tx: Tx) -> Iterator[str]:
    """Lines say that reserved and promised for them is what the ledger holds."""
    reserved = func.coalesce(func.sum(LedgerEntry.reserved), 0)
    committed = func.coalesce(func.sum(LedgerEntry.committed), 0)
    found = (
        select(CaseRow.ref, Line.reserved, Line.committed, reserved, committed)
        .join(Line, Line.id == CaseRow.id)
        .outerjoin(LedgerEntry, LedgerEntry.record_id == Line.id)
        .group_by(Line.id, CaseRow.id)
        .having(or_(reserved != Line.reserved, committed != Line.committed))
    )
    for ref, said, promised, held, due in rows(tx, found):
        yield f"{ref} says {said} and {promised}; the ledger holds {held} and {due}"


def nothing_is_paid_without_proof(tx: Tx) -> Iterator[str]:
    """Every line for which money was paid out has a proof of an activity that came after the request."""
    latest = aliased(DeliveryProof)
    done = select(func.max(latest.done_on)).where(latest.line_id == Line.id).correlate(Line).scalar_subquery()
    found = select(*_MEANING, Line.asked_at, done).join(Line, Line.id == CaseRow.id)
    for ref, scheme, version, lifecycle, state, asked_at, done_on in rows(tx, found):
        if "paid" not in tags_of(tx, scheme, version, lifecycle, state):
            continue
        if done_on is None or asked_at is None or done_on < asked_at.date():
            yield f"{ref} is paid without a proof that came after the request"


def payments_cover_their_lines(tx: Tx) -> Iterator[str]:
    """Every payment is the sum of the lines that it covers, to an account that a second person confirmed when it is paid."""
    covered = func.coalesce(func.sum(PaymentLine.amount), 0)
    found = (
        select(CaseRow.ref, Payment.amount, covered, Payment.paid_at, BankAccount.confirmed_at)
        .join(Payment, Payment.id == CaseRow.id)
        .join(BankAccount, BankAccount.id == Payment.account_id)
        .outerjoin(PaymentLine, PaymentLine.payment_id == Payment.id)
        .group_by(Payment.id, CaseRow.id, BankAccount.id)
    )
    for ref, amount, lines, paid_at, confirmed_at in rows(tx, found):
        if amount != int(lines):
            yield f"{ref} pays {amount} for lines of {lines}"
        if paid_at is not None and (confirmed_at is None or confirmed_at > paid_at):
            yield f"{ref} was paid to an account that nobody had confirmed"
