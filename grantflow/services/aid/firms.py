"""What a firm says about itself when it confirms its line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select

from grantflow.domain.aid.de_minimis import Position
from grantflow.domain.aid.lines import Declaration as Declared
from grantflow.domain.refusal import Refusal, Refused
from grantflow.services.aid import accounts
from grantflow.services.aid.rights import writable
from grantflow.services.cases import Stepped
from grantflow.services.deeds import take
from grantflow.store.aid.models import AidAward, Declaration
from grantflow.store.session import Tx


@dataclass(frozen=True, slots=True)
class DeclaredAid:
    """De minimis aid that a firm received from others, by its own word."""

    granted_on: date
    amount: int
    granted_by: str


def declare(tx: Tx, line_id: UUID, declared: Declared, aid: Sequence[DeclaredAid] = ()) -> None:
    """Take down a firm's size and the de minimis aid that it received; what it declared earlier is replaced.

    Raises:
        Refused: it is not the actor's line, or an amount or a date cannot be right.
    """
    writable(tx, line_id)
    _make_sure(tx, aid)
    (each,) = accounts.standings(tx, [line_id])
    accounts.locked(tx, each)
    tx.session.merge(
        Declaration(
            line_id=line_id,
            headcount=declared.headcount,
            turnover=declared.turnover,
            balance=declared.balance,
            no_other_aid=int(declared.no_other_aid),
            consent=int(declared.consent),
            declared_at=tx.now,
        )
    )
    earlier = select(AidAward).where(
        AidAward.undertaking_id == each.line.firm_id,
        AidAward.member_state == each.member_state,
        AidAward.kind == "declared",
        AidAward.ended_at.is_(None),
    )
    for old in tx.session.execute(earlier).scalars():
        old.ended_at = tx.now
    for award in aid:
        tx.session.add(
            AidAward(
                id=tx.new_id(),
                undertaking_id=each.line.firm_id,
                member_state=each.member_state,
                kind="declared",
                line_id=line_id,
                amount=award.amount,
                granted_on=award.granted_on,
                granted_by=award.granted_by,
                rule=None,
                noted_at=tx.now,
                ended_at=None,
            )
        )
    tx.session.flush()


def confirm_line(
    tx: Tx,
    line_id: UUID,
    declared: Declared,
    aid: Sequence[DeclaredAid] = (),
    *,
    signer_name: str,
    signer_role: str,
    authorised: bool,
) -> Stepped:
    """Declare and confirm a line in one go, as the firm's page does; on a refusal nothing is kept.

    Raises:
        Refused: with every reason, the arithmetic of the ceiling among them.
    """
    declare(tx, line_id, declared, aid)
    data = {
        "signer_name": signer_name,
        "signer_role": signer_role,
        "authorised": "authorised" if authorised else "not_authorised",
    }
    return take(tx, line_id, "hold_de_minimis", data=data)


def headroom(tx: Tx, line_id: UUID) -> Position:
    """Return where a line's firm stands today, with the arithmetic that its page shows; locks nothing."""
    (each,) = accounts.standings(tx, [line_id])
    return accounts.standing(tx, each, accounts.account_of(tx, each))


def _make_sure(tx: Tx, aid: Sequence[DeclaredAid]) -> None:
    today = tx.now.date()
    wrong = [
        Refusal(
            "declared_ahead",
            "%(by)s granted aid on %(day)s, which is still to come. Please mend the date.",
            {"by": each.granted_by, "day": each.granted_on.isoformat()},
            "declared_aid",
        )
        for each in aid
        if each.granted_on > today
    ]
    wrong += [
        Refusal("declared_nothing", "Aid that is declared has an amount.", {}, "declared_aid")
        for each in aid
        if each.amount <= 0
    ]
    if wrong:
        raise Refused(wrong)
