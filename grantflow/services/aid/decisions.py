"""Decisions about requests: kept beside the journal, never edited, replaced by newer ones (process rules P1, P3)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Literal
from uuid import UUID

from sqlalchemy import select

from grantflow.domain.refusal import refuse
from grantflow.services.aid.lines import live_lines
from grantflow.services.cases import Move, Stepped, step_all
from grantflow.services.deeds import take, transition_with
from grantflow.store.aid.models import AidDecision, Line
from grantflow.store.cases import CaseRow
from grantflow.store.session import Tx

Kind = Literal["grant", "refusal", "revocation", "replacement"]


def record(tx: Tx, moves: Sequence[Move], kind: Kind) -> None:
    """Keep a decision for each request; it replaces the one that stands, if one does."""
    found = live_lines(tx, [move.case_id for move in moves])
    for move in moves:
        if move.actor.user_id is None:
            raise refuse("nobody_decides", "A decision is taken by a person.")
        lines = found.get(move.case_id, [])
        earlier = standing(tx, move.case_id)
        if earlier is not None:
            earlier.replaced_at = tx.now
        tx.session.add(
            AidDecision(
                id=tx.new_id(),
                application_id=move.case_id,
                kind=kind,
                amount=sum(line.amount for line in lines) if kind == "grant" else 0,
                decided_by=move.actor.user_id,
                decided_at=tx.now,
                lines=[_told(line) for line in lines],
                replaces_id=earlier.id if earlier else None,
                replaced_at=None,
            )
        )
    tx.session.flush()


def put_right(tx: Tx, application_id: UUID, reason: str) -> Stepped:
    """Put a wrong refusal right: the request is open again, and so is every line that fell with it (process rule P3).

    Lines are put right one by one, each on its own money and headroom: one whose firm has no room left stays ended.
    """
    stepped = take(tx, application_id, "replace_refusal", data={"reason": reason})
    for line_id in _fallen(tx, application_id):
        name = transition_with(tx, line_id, "reserve_line")
        if name is not None:
            step_all(tx, [line_id], name, data={"reason": reason})
    return stepped


def _fallen(tx: Tx, application_id: UUID) -> list[UUID]:
    found = select(Line.id).join(CaseRow, CaseRow.id == Line.id).where(CaseRow.parent_id == application_id)
    return list(tx.execute(found.order_by(Line.id)).scalars())


def standing(tx: Tx, application_id: UUID) -> AidDecision | None:
    """Return the decision about a request that has not been replaced."""
    found = (
        select(AidDecision)
        .where(AidDecision.application_id == application_id, AidDecision.replaced_at.is_(None))
        .order_by(AidDecision.decided_at.desc(), AidDecision.id.desc())
    )
    return tx.session.execute(found).scalars().first()


def delegated_since(tx: Tx, call_id: UUID, since: datetime) -> list[AidDecision]:
    """Return the decisions of a call taken by delegation since a moment: what the board's next meeting is told."""
    found = (
        select(AidDecision)
        .join(CaseRow, CaseRow.id == AidDecision.application_id)
        .where(CaseRow.call_id == call_id, AidDecision.decided_at >= since)
        .order_by(AidDecision.decided_at, AidDecision.id)
    )
    return list(tx.session.execute(found).scalars())


def _told(line: Line) -> dict[str, object]:
    return {
        "line": str(line.id),
        "firm": str(line.firm_id),
        "activity": line.activity,
        "amount": line.amount,
    }
