"""Guards of delivery and payment: proofs, the value passed on, the account, the sum."""

from __future__ import annotations

from collections.abc import Iterable

from grantflow.domain.aid.lines import Account, DeliveryProof, ListedLines, PaymentSum
from grantflow.domain.money import Money
from grantflow.domain.refusal import Refusal
from grantflow.workflow.registry import Ask, guard


@guard()
def proof_given(proof: DeliveryProof, ask: Ask) -> Iterable[Refusal]:
    """A proof that the activity took place has been handed in."""
    if proof.done_on is None:
        yield Refusal(
            "proof_missing", "Hand in something that proves that the activity took place.", where="proof"
        )
    elif proof.done_on > ask.now.date():
        yield Refusal(
            "proof_ahead",
            "The proof says that the activity took place on %(day)s, which is still to come.",
            {"day": proof.done_on.isoformat()},
            "proof",
        )


@guard()
def activity_after_request(proof: DeliveryProof, ask: Ask) -> Iterable[Refusal]:
    """The activity took place after the request was sent."""
    if proof.done_on is not None and proof.asked_on is not None and proof.done_on < proof.asked_on:
        yield Refusal(
            "activity_too_early",
            "The activity took place on %(done)s, before the request was sent on %(asked)s. It cannot be paid for.",
            {"done": proof.done_on.isoformat(), "asked": proof.asked_on.isoformat()},
            "proof",
        )


@guard()
def value_passed_on(listed: ListedLines, ask: Ask) -> Iterable[Refusal]:
    """The cluster reports for every firm that the whole value was passed on to it."""
    for line in listed.live:
        if line.passed_on is None:
            yield Refusal(
                "value_not_reported",
                "Report the value that was passed on to %(firm)s.",
                {"firm": line.firm},
                f"passed_on.{line.ref}",
            )
        elif line.passed_on < line.amount:
            yield Refusal(
                "value_not_passed_on",
                "%(passed)s was passed on to %(firm)s, and its lump sum is %(amount)s. The whole value has to reach the firm.",
                {
                    "passed": str(Money(line.passed_on, listed.currency)),
                    "firm": line.firm,
                    "amount": str(Money(line.amount, listed.currency)),
                },
                f"passed_on.{line.ref}",
            )


@guard()
def account_given(account: Account, ask: Ask) -> Iterable[Refusal]:
    """The cluster has given the account to which the money goes."""
    if not account.given:
        yield Refusal(
            "account_missing", "Give the bank account to which the money shall go.", where="account"
        )


@guard()
def account_confirmed(account: Account, ask: Ask) -> Iterable[Refusal]:
    """The account was confirmed by a second person, by a call to a number already on file."""
    if not account.confirmed:
        yield Refusal(
            "account_unconfirmed",
            "The account has not been confirmed. Call the cluster at a number already on file and note it.",
            where="account",
        )


@guard()
def sum_matches_lines(payment: PaymentSum, ask: Ask) -> Iterable[Refusal]:
    """The sum of the payment is what its accepted lines are worth."""
    if payment.amount != payment.lines:
        yield Refusal(
            "sum_differs",
            "The payment says %(amount)s and its accepted lines are worth %(lines)s.",
            {
                "amount": str(Money(payment.amount, payment.currency)),
                "lines": str(Money(payment.lines, payment.currency)),
            },
            "amount",
        )
