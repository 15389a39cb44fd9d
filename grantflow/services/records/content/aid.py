"""What a request for aid has beside its form: the decisions about it, how its firms were chosen, its account.

All of it is read with the application itself, in the same statement; of any other application it is empty.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Text, literal, select, union_all
from sqlalchemy.sql.expression import cast

from grantflow.domain.money import Money
from grantflow.services.calls.public import spelled
from grantflow.services.records.said import Fact, Label, Part, Sentence, Value, some
from grantflow.services.records.visibility import Found
from grantflow.store.aid.facts import listed_lines
from grantflow.store.aid.models import AidDecision, BankAccount, Line, Payment, Selection
from grantflow.store.applications.models import Application
from grantflow.store.people.models import Organisation
from grantflow.store.session import Tx

KINDS = {
    "grant": "Granted",
    "refusal": "Refused",
    "revocation": "Grant revoked",
    "replacement": "The earlier decision was replaced",
}
COLUMNS = (
    AidDecision.id.label("aid_decision"),
    AidDecision.kind.label("aid_kind"),
    AidDecision.amount.label("aid_amount"),
    AidDecision.decided_at.label("aid_decided_at"),
    AidDecision.replaced_at.label("aid_replaced_at"),
    Selection.how,
    Selection.rules,
    Selection.rules_published_on,
    Selection.invited,
    Selection.answered,
    Selection.chosen,
    Selection.reasons.label("selection_reasons"),
    BankAccount.iban,
    BankAccount.holder,
    BankAccount.confirmed_at,
)
DECIDED = (AidDecision, AidDecision.application_id == Application.id)
CHOSEN = (Selection, Selection.application_id == Application.id)
PAID_TO = (
    BankAccount,
    (BankAccount.organisation_id == Application.organisation_id) & BankAccount.ended_at.is_(None),
)
NEWEST_FIRST = (AidDecision.decided_at.desc(), AidDecision.id.desc())
"""What is asked beside the columns of an application: of which tables, and in which order."""
MONEY_FLOWS = frozenset({"funded", "delivered", "payable", "paid"})
"""What a state means in which it matters where the money goes."""


def decisions(found: Found, rows: Sequence[Any]) -> Iterator[Part]:
    """Yield the decisions about a request, the one that holds first; they are told as they are taken."""
    decided = {row.aid_decision: row for row in rows if row.aid_decision is not None}
    for place, row in enumerate(decided.values()):
        facts = [Fact("Decision", Label(KINDS[row.aid_kind])), Fact("Decided", row.aid_decided_at)]
        if row.aid_amount:
            facts.insert(1, Fact("Sum", Money(row.aid_amount, found.currency)))
        facts += some("Replaced", row.aid_replaced_at)
        yield Part("Earlier decision" if place else "Decision", tuple(facts))


def beside(found: Found, row: Any) -> Iterator[Part]:
    """Yield how the firms of a request were chosen, and where its money goes."""
    if row.how is not None:
        facts = (
            Fact("Rules published", row.rules_published_on),
            Fact("Firms invited", row.invited),
            Fact("Firms that answered", row.answered),
            Fact("Firms chosen", row.chosen),
        )
        texts = [("How the firms were invited", row.how), ("Rules of the choice", row.rules)]
        if row.selection_reasons:
            texts.append(("Why the others were not chosen", row.selection_reasons))
        yield Part("How the firms were chosen", facts, tuple(texts))
    if row.iban is not None and _has_lines(found) and found.shown.tags & MONEY_FLOWS:
        unsure = Sentence("Not confirmed by calling back yet.")
        yield Part(
            "The account to which the money goes",
            (
                Fact("Account", row.iban),
                Fact("Holder", row.holder),
                Fact("Account confirmed", unsure if row.confirmed_at is None else row.confirmed_at),
            ),
        )


def _has_lines(found: Found) -> bool:
    return any(child.record == "line" for child in found.scheme.children_of(found.lifecycle.name))


def lines_below(tx: Tx, request_id: UUID) -> Mapping[str, tuple[str, tuple[Value, ...]]]:
    """Return what stands of the lines of a request in a list, by reference: the firm, for what and how much.

    What the choices of the request were weighed by has been read already.
    """
    listed = listed_lines.load(tx, [request_id])[request_id]
    return {
        line.ref: (line.firm, (Label(spelled(line.activity)), Money(line.amount, listed.currency)))
        for line in listed.lines
    }


def rows_of(tx: Tx, ids: Sequence[UUID]) -> Mapping[UUID, tuple[str, tuple[Value, ...]]]:
    """Return what lines and payments are called: a line by its firm, with activity and sum; a payment with its sum."""
    lines = (
        select(Line.id, Organisation.name, Line.activity, Line.amount, Line.currency)
        .join(Organisation, Organisation.id == Line.firm_id)
        .where(Line.id.in_(ids))
    )
    nothing = cast(literal(""), Text)
    payments = select(
        Payment.id, nothing.label("name"), nothing.label("activity"), Payment.amount, Payment.currency
    ).where(Payment.id.in_(ids))
    return {
        row.id: (
            row.name,
            (
                *((Label(spelled(row.activity)),) if row.activity else ()),
                Money(row.amount, row.currency),
            ),
        )
        for row in tx.execute(union_all(lines, payments))
    }
