"""A payment: how much, for what, to which account."""

from __future__ import annotations

from sqlalchemy import select

from grantflow.domain.money import Money
from grantflow.services.records.said import Content, Fact, Link, Part, Sentence, some
from grantflow.services.records.visibility import Found
from grantflow.store.aid.models import BankAccount, Line, Payment, PaymentLine
from grantflow.store.cases import CaseRow
from grantflow.store.people.models import Organisation
from grantflow.store.session import Tx


def content(tx: Tx, found: Found, _language: str) -> Content:
    """Return what a payment is about."""
    row = tx.execute(
        select(
            Payment.amount,
            Payment.currency,
            Payment.prepared_at,
            Payment.paid_at,
            BankAccount.iban,
            BankAccount.holder,
            BankAccount.confirmed_at,
            CaseRow.ref.label("request"),
        )
        .select_from(Payment)
        .join(BankAccount, BankAccount.id == Payment.account_id)
        .join(CaseRow, CaseRow.id == found.parent_id)
        .where(Payment.id == found.id)
    ).one()
    unsure = Sentence("Not confirmed by calling back yet.")
    facts = (
        Fact("Sum", Money(row.amount, row.currency)),
        Fact("Request", Link(row.request, f"/records/{row.request}")),
        Fact("Paid to", row.holder),
        Fact("Account", row.iban),
        Fact("Account confirmed", row.confirmed_at if row.confirmed_at is not None else unsure),
        Fact("Prepared", row.prepared_at),
        *some("Paid", row.paid_at),
    )
    lines = (
        select(Organisation.name, PaymentLine.amount)
        .join(Line, Line.id == PaymentLine.line_id)
        .join(Organisation, Organisation.id == Line.firm_id)
        .where(PaymentLine.payment_id == found.id)
        .order_by(Organisation.name, PaymentLine.line_id)
    )
    covered = tuple(Fact(each.name, Money(each.amount, row.currency)) for each in tx.execute(lines))
    return Content(found.ref, (Part("The payment", facts), Part("What it covers", covered)))
