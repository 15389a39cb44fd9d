"""Payments: the account, given by one and confirmed by another; the payment, prepared from what was accepted."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select, update

from grantflow.domain.refusal import refuse
from grantflow.services.aid import money
from grantflow.services.aid.lines import lines, live_lines
from grantflow.services.aid.rights import inside, writable
from grantflow.services.cases import Move, create
from grantflow.services.deeds import lifecycle_of
from grantflow.store.aid.models import BankAccount, Payment, PaymentLine
from grantflow.store.applications.models import Application
from grantflow.store.session import Tx


def give_account(tx: Tx, application_id: UUID, iban: str, holder: str) -> UUID:
    """Give the account to which the money goes; an earlier one ends, and the new one has to be confirmed (P15)."""
    writable(tx, application_id)
    if tx.actor.user_id is None:
        raise refuse("nobody_signed_in", "An account is given by a person who is signed in.")
    digits = iban.replace(" ", "").upper()
    if not iban_is_right(digits):
        raise refuse("iban_wrong", "This number is no IBAN; please check it once more.", "account.iban")
    if not holder.strip():
        raise refuse("holder_missing", "Say to whom the account belongs.", "account.holder")
    request = tx.session.get_one(Application, application_id)
    tx.execute(
        update(BankAccount)
        .where(BankAccount.organisation_id == request.organisation_id, BankAccount.ended_at.is_(None))
        .values(ended_at=tx.now)
    )
    account = BankAccount(
        id=tx.new_id(),
        organisation_id=request.organisation_id,
        iban=digits,
        holder=holder,
        entered_by=tx.actor.user_id,
        entered_at=tx.now,
        confirmed_by=None,
        confirmed_at=None,
        confirmed_how=None,
        ended_at=None,
    )
    tx.session.add(account)
    tx.session.flush()
    return account.id


def confirm_account(tx: Tx, application_id: UUID, how: str) -> None:
    """Confirm the account of a request's organisation after calling back to a number already on file (P15).

    Raises:
        Refused: there is none, or the actor entered it.
    """
    inside(tx, application_id)
    account = current_account(tx, application_id)
    if account is None:
        raise refuse("account_missing", "The cluster has not given an account yet.", "account")
    if account.entered_by == tx.actor.user_id:
        raise refuse(
            "same_person", "Whoever entered an account does not confirm it. Ask somebody else.", "account"
        )
    account.confirmed_by = tx.actor.user_id
    account.confirmed_at = tx.now
    account.confirmed_how = how
    tx.session.flush()


def current_account(tx: Tx, application_id: UUID) -> BankAccount | None:
    """Return the account to which the money of a request goes."""
    tx.flush()
    found = (
        select(BankAccount)
        .join(Application, Application.organisation_id == BankAccount.organisation_id)
        .where(Application.id == application_id, BankAccount.ended_at.is_(None))
        .order_by(BankAccount.entered_at.desc(), BankAccount.id.desc())
    )
    return tx.session.execute(found).scalars().first()


def prepare(tx: Tx, move: Move) -> None:
    """Make the payment of a request whose claim is accepted, over what its accepted lines are worth."""
    accepted = live_lines(tx, [move.case_id], "payable").get(move.case_id, [])
    account = current_account(tx, move.case_id)
    if account is None or not accepted:
        raise refuse(
            "nothing_to_pay", "There is nothing to pay, or no account to which it could go.", "account"
        )

    def write(payment_id: UUID) -> None:
        tx.session.add(
            Payment(
                id=payment_id,
                account_id=account.id,
                amount=sum(line.amount for line in accepted),
                currency=accepted[0].currency,
                prepared_at=tx.now,
                paid_at=None,
            )
        )
        tx.session.flush()
        tx.session.add_all(
            PaymentLine(payment_id=payment_id, line_id=line.id, amount=line.amount) for line in accepted
        )
        tx.session.flush()

    lifecycle = lifecycle_of(tx, move.call_id, "payment")
    create(tx, lifecycle, call_id=move.call_id, parent_id=move.case_id, record=write, cause=move.entry_id)


def book(tx: Tx, move: Move) -> None:
    """Note that a payment was made, on the windows and on itself."""
    payment = tx.session.get_one(Payment, move.case_id)
    covered = select(PaymentLine.line_id).where(PaymentLine.payment_id == payment.id)
    paid = lines(tx, tx.session.execute(covered).scalars())
    money.pay(tx, paid, {line.id: move.entry_id for line in paid})
    payment.paid_at = tx.now


def iban_is_right(digits: str) -> bool:
    """Whether a number has the form of an IBAN and its check digits fit (ISO 13616)."""
    if not 15 <= len(digits) <= 34 or not digits.isascii() or not digits.isalnum():
        return False
    if not digits[:2].isalpha() or not digits[2:4].isdigit():
        return False
    turned = digits[4:] + digits[:4]
    return int("".join(str(int(char, 36)) for char in turned)) % 97 == 1
