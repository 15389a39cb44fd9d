"""What becomes of an award: accepted, its conditions fulfilled, reported, settled."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select

from grantflow.services import deeds
from grantflow.services.cases import Stepped, UnknownCase
from grantflow.store.awards.models import Award
from grantflow.store.session import Tx


def award_of(tx: Tx, application_id: UUID) -> UUID:
    """Return the last award of an application.

    Raises:
        UnknownCase: it has none.
    """
    found = tx.execute(
        select(Award.id).where(Award.application_id == application_id).order_by(Award.id.desc()).limit(1)
    ).scalar()
    if found is None:
        raise UnknownCase(application_id)
    return UUID(str(found))


def accept_award(tx: Tx, award_id: UUID) -> Stepped:
    """Accept an award for the organisation, as somebody who may sign for it."""
    return deeds.take(tx, award_id, "note_acceptance")


def fulfil_condition(tx: Tx, award_id: UUID, number: int, proof: str) -> Stepped:
    """Mark one condition as fulfilled, with what proves it."""
    return deeds.take(tx, award_id, "fulfil_condition", data={"condition": str(number), "proof": proof})


def report(tx: Tx, award_id: UUID, summary: str, cost: int) -> Stepped:
    """Hand in the report: what was done and what it cost."""
    return deeds.take(tx, award_id, "keep_report", data={"summary": summary, "cost": cost})


def settle(tx: Tx, award_id: UUID) -> Stepped:
    """Complete an award: the final grant is paid and the rest becomes free."""
    return deeds.take(tx, award_id, "settle_grant")
