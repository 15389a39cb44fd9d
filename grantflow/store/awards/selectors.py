"""Selectors: the applications to which the last proposal of a call's stage says yes, reserve or no."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from sqlalchemy import select

from grantflow.store.awards.models import ProposalLine
from grantflow.store.awards.standing import last_proposals
from grantflow.store.session import Tx
from grantflow.workflow.registry import selector


@selector("call", "application")
def proposed_yes(tx: Tx, ids: Sequence[UUID]) -> Mapping[UUID, Sequence[UUID]]:
    """Find the applications that are proposed for funding, best first."""
    return _proposed(tx, ids, "yes")


@selector("call", "application")
def proposed_reserve(tx: Tx, ids: Sequence[UUID]) -> Mapping[UUID, Sequence[UUID]]:
    """Find the applications that are proposed for the reserve list, best first."""
    return _proposed(tx, ids, "reserve")


@selector("call", "application")
def proposed_no(tx: Tx, ids: Sequence[UUID]) -> Mapping[UUID, Sequence[UUID]]:
    """Find the applications that are not proposed for funding, best first."""
    return _proposed(tx, ids, "no")


def _proposed(tx: Tx, ids: Sequence[UUID], answer: str) -> Mapping[UUID, Sequence[UUID]]:
    last = last_proposals().subquery()
    found = (
        select(last.c.call_id, ProposalLine.application_id)
        .join(ProposalLine, ProposalLine.proposal_id == last.c.id)
        .where(last.c.call_id.in_(ids), ProposalLine.answer == answer)
        .order_by(last.c.call_id, ProposalLine.rank)
    )
    targets: dict[UUID, list[UUID]] = {each: [] for each in ids}
    for row in tx.execute(found):
        targets[row.call_id].append(row.application_id)
    return targets
