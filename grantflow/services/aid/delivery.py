"""Delivery: what proves each activity, and the value that each firm got."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from grantflow.domain.refusal import refuse
from grantflow.services.aid.rights import writable
from grantflow.services.cases import UnknownCase
from grantflow.store.aid.models import DeliveryProof, Line
from grantflow.store.cases import CaseRow
from grantflow.store.session import Tx


def hand_in_proof(tx: Tx, line_id: UUID, *, done_on: date, what: str, file_id: UUID | None = None) -> UUID:
    """Keep what proves that an activity took place; the newest proof counts."""
    writable(tx, line_id)
    if not what.strip():
        raise refuse(
            "proof_unnamed", "Say what the proof is: an invoice, a badge, a list of meetings.", "proof"
        )
    proof = DeliveryProof(
        id=tx.new_id(), line_id=line_id, done_on=done_on, what=what, file_id=file_id, given_at=tx.now
    )
    tx.session.add(proof)
    tx.session.flush()
    return proof.id


def report_value(tx: Tx, line_id: UUID, amount: int) -> None:
    """Report the value that the cluster passed on to the firm of a line (process rule P20)."""
    case = tx.session.get(CaseRow, line_id)
    if case is None or case.parent_id is None:
        raise UnknownCase(line_id)
    writable(tx, case.parent_id)
    if amount < 0:
        raise refuse("bad_amount", "A value is not negative.", "passed_on")
    tx.session.get_one(Line, line_id).passed_on = amount
    tx.session.flush()
