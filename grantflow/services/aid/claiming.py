"""Claiming the money of a request: the value that each firm got, the account, and the step."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from grantflow.domain.refusal import Refusal, Refused
from grantflow.services.aid.delivery import report_value
from grantflow.services.aid.payments import current_account, give_account
from grantflow.store.session import Tx

CLAIMING = "value_passed_on"
"""The guard of the step by which the money is claimed."""
VALUE = "passed_on."
"""How the fields of the values are called: as the guard names them that asks for them, with the line's reference."""


@dataclass(frozen=True, slots=True)
class TypedClaim:
    """What was typed into a claim: values by line, in whole minor units where they can be read, and the account."""

    values: Mapping[UUID, Any]
    refs: Mapping[UUID, str]
    iban: str
    holder: str


def prepare_claim(tx: Tx, application_id: UUID, typed: TypedClaim) -> tuple[Refusal, ...]:
    """Keep what was typed into a claim as far as it fits, and return what is wrong with the rest.

    Raises:
        Refused: the request is not the actor's to write now.
    """
    wrong: list[Refusal] = []
    for line_id, value in typed.values.items():
        where = VALUE + typed.refs[line_id]
        if value is None:
            continue
        if not isinstance(value, int):
            wrong.append(
                Refusal(
                    "amount_wrong",
                    "“%(typed)s” is not an amount such as 30 000 or 30 000.50.",
                    {"typed": value},
                    where,
                )
            )
            continue
        report_value(tx, line_id, value)
    return (*wrong, *_account(tx, application_id, typed))


def _account(tx: Tx, application_id: UUID, typed: TypedClaim) -> tuple[Refusal, ...]:
    """Give the account that was typed, unless it is the one that stands: a new one has to be confirmed anew."""
    if not typed.iban and not typed.holder:
        return ()
    standing = current_account(tx, application_id)
    if standing is not None and (standing.iban, standing.holder) == (
        "".join(typed.iban.split()).upper(),
        typed.holder,
    ):
        return ()
    try:
        with tx.attempt():
            give_account(tx, application_id, typed.iban, typed.holder)
    except Refused as refused:
        return refused.refusals
    return ()
