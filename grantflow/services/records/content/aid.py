"""What a request for aid has beside its form: the decisions about it, how its firms were chosen, its account."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import select

from grantflow.domain.money import Money
from grantflow.services.records.said import Fact, Label, Part, Sentence, some
from grantflow.services.records.visibility import Found
from grantflow.store.aid.models import AidDecision, BankAccount, Selection
from grantflow.store.applications.models import Application
from grantflow.store.session import Tx

KINDS = {
    "grant": "Granted",
    "refusal": "Refused",
    "revocation": "Grant revoked",
    "replacement": "The earlier decision was replaced",
}


def beside(tx: Tx, found: Found) -> Iterator[Part]:
    """Yield what stands beside the form of an application below which firms have lines; of any other, nothing."""
    if _names_firms(found):
        yield from _selection(tx, found)
        yield from _account(tx, found)


def decisions(tx: Tx, found: Found) -> Iterator[Part]:
    """Yield the decisions about such an application, the one that holds first; they are told as they are taken."""
    if _names_firms(found):
        yield from _decisions(tx, found)


def _names_firms(found: Found) -> bool:
    return any(child.record == "line" for child in found.scheme.children_of(found.lifecycle.name))


def _decisions(tx: Tx, found: Found) -> Iterator[Part]:
    decided = (
        select(AidDecision.kind, AidDecision.amount, AidDecision.decided_at, AidDecision.replaced_at)
        .where(AidDecision.application_id == found.id)
        .order_by(AidDecision.decided_at.desc(), AidDecision.id.desc())
    )
    for place, row in enumerate(tx.execute(decided)):
        facts = [Fact("Decision", Label(KINDS[row.kind])), Fact("Decided", row.decided_at)]
        if row.amount:
            facts.insert(1, Fact("Sum", Money(row.amount, found.currency)))
        facts += some("Replaced", row.replaced_at)
        yield Part("Earlier decision" if place else "Decision", tuple(facts))


def _selection(tx: Tx, found: Found) -> Iterator[Part]:
    kept = tx.session.get(Selection, found.id)
    if kept is None:
        return
    facts = (
        Fact("Rules published", kept.rules_published_on),
        Fact("Firms invited", kept.invited),
        Fact("Firms that answered", kept.answered),
        Fact("Firms chosen", kept.chosen),
    )
    texts = [("How the firms were invited", kept.how), ("Rules of the choice", kept.rules)]
    if kept.reasons:
        texts.append(("Why the others were not chosen", kept.reasons))
    yield Part("How the firms were chosen", facts, tuple(texts))


def _account(tx: Tx, found: Found) -> Iterator[Part]:
    row = tx.execute(
        select(BankAccount.iban, BankAccount.holder, BankAccount.confirmed_at)
        .join(Application, Application.organisation_id == BankAccount.organisation_id)
        .where(Application.id == found.id, BankAccount.ended_at.is_(None))
        .order_by(BankAccount.entered_at.desc(), BankAccount.id.desc())
        .limit(1)
    ).one_or_none()
    if row is None or found.shown.tags.isdisjoint({"funded", "delivered", "payable", "paid"}):
        return
    unsure = Sentence("Not confirmed by calling back yet.")
    yield Part(
        "The account to which the money goes",
        (
            Fact("Account", row.iban),
            Fact("Holder", row.holder),
            Fact("Account confirmed", unsure if row.confirmed_at is None else row.confirmed_at),
        ),
    )
