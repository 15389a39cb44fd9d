"""Reads that facts, effects and services of awards share: the last decision, the last proposal, money by record."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import aliased

from grantflow.store.awards.models import Decision, Proposal
from grantflow.store.calls.ledger import LedgerEntry
from grantflow.store.calls.models import Call
from grantflow.store.prepared import IDS, Prepared, about
from grantflow.store.session import Tx


@dataclass(frozen=True, slots=True)
class Balance:
    """What the ledger holds for one application."""

    window_id: UUID
    reserved: int
    committed: int
    paid: int


def is_last_decision() -> ColumnElement[bool]:
    """Return the condition that a decision is the last one about its application."""
    later = aliased(Decision)
    return ~(
        select(later.id)
        .where(later.application_id == Decision.application_id, later.number > Decision.number)
        .exists()
    )


@cache
def _last_decisions() -> Prepared:
    return select(Decision.__table__).where(Decision.application_id.in_(IDS), is_last_decision())


def last_decisions(tx: Tx, application_ids: Iterable[UUID]) -> Mapping[UUID, Any]:
    """Return the last decision about each application, as rows of its columns."""
    return {row.application_id: row for row in tx.execute(_last_decisions(), about(application_ids))}


def last_proposals() -> Select[UUID, UUID]:
    """Return the question for the last proposal of each call's present stage (call, proposal)."""
    newest = (
        select(Proposal.call_id, Proposal.stage, func.max(Proposal.number).label("number"))
        .group_by(Proposal.call_id, Proposal.stage)
        .subquery()
    )
    return (
        select(Proposal.call_id, Proposal.id)
        .select_from(Proposal)
        .join(Call, (Call.id == Proposal.call_id) & (Call.stage == Proposal.stage))
        .join(
            newest,
            (newest.c.call_id == Proposal.call_id)
            & (newest.c.stage == Proposal.stage)
            & (newest.c.number == Proposal.number),
        )
    )


def proposal_of(tx: Tx, call_ids: Sequence[UUID]) -> Mapping[UUID, UUID]:
    """Return the last proposal of each call's present stage, where there is one."""
    rows = tx.execute(last_proposals().where(Proposal.call_id.in_(call_ids)))
    return {row.call_id: row.id for row in rows}


@cache
def _balances() -> Prepared:
    return (
        select(
            LedgerEntry.record_id,
            LedgerEntry.window_id,
            func.sum(LedgerEntry.reserved).label("reserved"),
            func.sum(LedgerEntry.committed).label("committed"),
            func.sum(LedgerEntry.paid).label("paid"),
        )
        .where(LedgerEntry.record_id.in_(IDS))
        .group_by(LedgerEntry.record_id, LedgerEntry.window_id)
    )


def balances(tx: Tx, record_ids: Iterable[UUID]) -> Mapping[UUID, Balance]:
    """Return what the ledger holds for each record that it knows."""
    return {
        row.record_id: Balance(row.window_id, int(row.reserved), int(row.committed), int(row.paid))
        for row in tx.execute(_balances(), about(record_ids))
    }
