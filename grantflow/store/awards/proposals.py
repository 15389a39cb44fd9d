"""Fact loaders about calls: how the proposal stands, which letters nobody has read, who may enter the next stage."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, select

from grantflow.domain.awards import deciding
from grantflow.domain.awards.allocation import Pot, grantable
from grantflow.store.applications.models import Application
from grantflow.store.awards.models import (
    Award,
    Decision,
    LetterPreview,
    Proposal,
    ProposalLine,
    Release,
)
from grantflow.store.awards.standing import is_last_decision, last_proposals
from grantflow.store.calls.models import Call, FunderWindow, Stage
from grantflow.store.cases import CaseRow
from grantflow.store.meaning import is_final
from grantflow.store.prepared import IDS, Prepared, about
from grantflow.store.reviews.facts import last_rankings
from grantflow.store.reviews.reading import up_for_assessment
from grantflow.store.session import Tx
from grantflow.workflow.registry import fact

TOLD_BY_LETTER = ("yes", "reserve", "no")
"""The kinds of decision that wait for a release; all others are told as they are taken."""


@cache
def _proposal_standing() -> Prepared:
    last = last_proposals().subquery()
    return (
        select(
            last.c.call_id,
            last.c.id.label("proposal"),
            Proposal.ranking_id,
            ProposalLine.application_id,
            ProposalLine.answer,
            ProposalLine.amount,
            ProposalLine.allocated,
            ProposalLine.departure_reason,
            CaseRow.ref,
            Application.asked,
            Application.cost,
            FunderWindow.id.label("window"),
            FunderWindow.name,
            FunderWindow.currency,
            (FunderWindow.envelope - FunderWindow.reserved - FunderWindow.committed).label("free"),
            FunderWindow.minimum,
            FunderWindow.maximum,
            FunderWindow.rate,
        )
        .select_from(last)
        .join(Proposal, Proposal.id == last.c.id)
        .outerjoin(ProposalLine, ProposalLine.proposal_id == last.c.id)
        .outerjoin(Application, Application.id == ProposalLine.application_id)
        .outerjoin(CaseRow, CaseRow.id == ProposalLine.application_id)
        .outerjoin(FunderWindow, FunderWindow.id == ProposalLine.window_id)
        .where(last.c.call_id.in_(IDS))
        .order_by(CaseRow.ref)
    )


@fact(deciding.ProposalStanding, of=["call"])
def proposal_standing(tx: Tx, ids: Sequence[UUID]) -> Mapping[UUID, deciding.ProposalStanding]:
    """Read how the last proposal of each call's stage stands: lines, applications up for assessment, rankings."""
    rows = defaultdict(list)
    for row in tx.execute(_proposal_standing(), about(ids)):
        rows[row.call_id].append(row)
    waiting: dict[UUID, dict[UUID, str]] = {each: {} for each in ids}
    for up in up_for_assessment(tx, ids):
        waiting[up.call_id][up.id] = up.ref
    rankings = last_rankings(tx, ids)
    return {each: _standing(rows[each], waiting[each], rankings.get(each)) for each in ids}


def _standing(
    rows: Sequence[Any], waiting: Mapping[UUID, str], ranking: UUID | None
) -> deciding.ProposalStanding:
    lines = [row for row in rows if row.application_id in waiting]
    proposed = {line.application_id for line in lines}
    planned: dict[UUID, int] = defaultdict(int)
    for line in lines:
        planned[line.window] += line.amount if line.answer == "yes" else 0
    pots = {
        line.window: deciding.PotPlanned(line.name, line.currency, line.free, planned[line.window])
        for line in lines
    }
    return deciding.ProposalStanding(
        exists=bool(rows),
        from_last_ranking=bool(rows) and rows[0].ranking_id == ranking,
        unproposed=tuple(ref for each, ref in waiting.items() if each not in proposed),
        unexplained=tuple(
            line.ref
            for line in lines
            if line.answer != line.allocated and not (line.departure_reason or "").strip()
        ),
        unfit=tuple(line.ref for line in lines if line.answer != "no" and not _fits(line)),
        pots=tuple(pots[window] for window in sorted(pots)),
    )


def _fits(line: Any) -> bool:
    pot = Pot(line.window, line.currency, line.free, line.minimum, line.maximum, line.rate)
    most = grantable(pot, line.asked or 0, line.cost or 0)
    return bool(max(line.minimum, 1) <= line.amount <= most)


def waiting_for_release() -> ColumnElement[bool]:
    """Return the condition that a decision is the last one, told by letter, and not released yet."""
    return and_(
        is_last_decision(),
        Decision.kind.in_(TOLD_BY_LETTER),
        ~select(Release.decision_id).where(Release.decision_id == Decision.id).exists(),
    )


@cache
def _letters_read() -> Prepared:
    return (
        select(
            Decision.call_id,
            CaseRow.ref,
            CaseRow.scheme,
            CaseRow.version,
            CaseRow.lifecycle,
            CaseRow.state,
            func.count(LetterPreview.id).label("reads"),
        )
        .select_from(Decision)
        .join(CaseRow, CaseRow.id == Decision.application_id)
        .outerjoin(LetterPreview, LetterPreview.decision_id == Decision.id)
        .where(Decision.call_id.in_(IDS), Decision.proposal_id.is_not(None), waiting_for_release())
        .group_by(
            Decision.call_id,
            CaseRow.ref,
            CaseRow.scheme,
            CaseRow.version,
            CaseRow.lifecycle,
            CaseRow.state,
        )
        .order_by(CaseRow.ref)
    )


@fact(deciding.LettersRead, of=["call"])
def letters_read(tx: Tx, ids: Sequence[UUID]) -> Mapping[UUID, deciding.LettersRead]:
    """Read which letters of the round's decisions nobody has looked at yet."""
    waiting: dict[UUID, int] = defaultdict(int)
    unread: dict[UUID, list[str]] = defaultdict(list)
    for row in tx.execute(_letters_read(), about(ids)):
        if is_final(tx, row.scheme, row.version, row.lifecycle, row.state):
            continue
        waiting[row.call_id] += 1
        if not row.reads:
            unread[row.call_id].append(row.ref)
    return {each: deciding.LettersRead(waiting[each], tuple(unread[each])) for each in ids}


@cache
def _next_stage() -> Prepared:
    return (
        select(Call.id, Stage.gate, Application.stage, Award.organisation_id)
        .select_from(Call)
        .outerjoin(Stage, (Stage.call_id == Call.id) & (Stage.number == Call.stage + 1))
        .outerjoin(Application, Application.call_id == Call.id)
        .outerjoin(Award, (Award.application_id == Application.id) & Award.final_amount.is_not(None))
        .where(Call.id.in_(IDS))
    )


@fact(deciding.NextStage, of=["call"])
def next_stage(tx: Tx, ids: Sequence[UUID]) -> Mapping[UUID, deciding.NextStage]:
    """Read who may enter the stage after each call's present one."""
    needed: dict[UUID, int | None] = {}
    holders: dict[UUID, set[UUID]] = defaultdict(set)
    for row in tx.execute(_next_stage(), about(ids)):
        needed[row.id] = (row.gate or {}).get("completed_stage")
        if row.organisation_id is not None and row.stage == needed[row.id]:
            holders[row.id].add(row.organisation_id)
    return {
        each: deciding.NextStage(restricted=stage is not None, holders=len(holders[each]))
        for each, stage in needed.items()
    }
