"""Named reads of the room of awards: what pages, reports and the body's next meeting ask."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select

from grantflow.domain.awards.deciding import DecisionKind
from grantflow.store.applications.models import Application
from grantflow.store.awards.models import Decision
from grantflow.store.calls.ledger import LedgerEntry
from grantflow.store.cases import CaseRow
from grantflow.store.session import Tx


@dataclass(frozen=True, slots=True)
class DecisionLine:
    """A decision as lists show it."""

    id: UUID
    application_id: UUID
    ref: str
    title: str
    kind: DecisionKind
    amount: int
    currency: str
    reasons: str
    decided_by: UUID
    decided_at: datetime


def _lines() -> Select[*tuple[Any, ...]]:
    return (
        select(
            Decision.id,
            Decision.application_id,
            CaseRow.ref,
            Application.title,
            Decision.kind,
            Decision.amount,
            Decision.currency,
            Decision.reasons,
            Decision.decided_by,
            Decision.decided_at,
        )
        .select_from(Decision)
        .join(CaseRow, CaseRow.id == Decision.application_id)
        .join(Application, Application.id == Decision.application_id)
    )


def delegated_since(tx: Tx, body_id: UUID, since: datetime) -> list[DecisionLine]:
    """Return what was decided for a body by delegation since a moment: it is listed for its next meeting (P1)."""
    found = (
        _lines()
        .where(Decision.body_id == body_id, Decision.authority == "delegation", Decision.decided_at >= since)
        .order_by(Decision.decided_at, CaseRow.ref, Decision.number)
    )
    return [DecisionLine(*tuple(row)) for row in tx.execute(found)]


def history_of(tx: Tx, application_id: UUID) -> list[DecisionLine]:
    """Return every decision about an application, the first first; the last one holds."""
    found = _lines().where(Decision.application_id == application_id).order_by(Decision.number)
    return [DecisionLine(*tuple(row)) for row in tx.execute(found)]


@dataclass(frozen=True, slots=True)
class LedgerLine:
    """A movement on a window, with what it was for."""

    kind: str
    ref: str | None
    envelope: int
    reserved: int
    committed: int
    released: int
    paid: int
    at: datetime


def ledger_of(tx: Tx, window_id: UUID) -> list[LedgerLine]:
    """Return the movements on a window in their order."""
    found = (
        select(
            LedgerEntry.kind,
            CaseRow.ref,
            LedgerEntry.envelope,
            LedgerEntry.reserved,
            LedgerEntry.committed,
            LedgerEntry.released,
            LedgerEntry.paid,
            LedgerEntry.at,
        )
        .select_from(LedgerEntry)
        .outerjoin(CaseRow, CaseRow.id == LedgerEntry.record_id)
        .where(LedgerEntry.window_id == window_id)
        .order_by(LedgerEntry.at, LedgerEntry.id)
    )
    return [LedgerLine(*tuple(row)) for row in tx.execute(found)]
