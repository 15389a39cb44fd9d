"""Fact loaders of the room of awards about applications and awards: one statement for one record or for thousands."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from functools import cache
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from grantflow.domain.awards import deciding
from grantflow.store.applications.models import Application
from grantflow.store.awards.models import (
    Award,
    Condition,
    Decision,
    LetterPreview,
    Proposal,
    Release,
)
from grantflow.store.awards.proposals import letters_read, next_stage, proposal_standing
from grantflow.store.awards.standing import is_last_decision
from grantflow.store.calls.models import Call, FunderWindow, Stage
from grantflow.store.cases import CaseRow
from grantflow.store.meaning import is_final, tags_of
from grantflow.store.people.models import Membership
from grantflow.store.prepared import IDS, Prepared, about
from grantflow.store.programmes.models import Body
from grantflow.store.session import Tx
from grantflow.workflow.registry import fact

__all__ = ["letters_read", "next_stage", "proposal_standing"]
"""Facts about calls stand in a file of their own; the registry finds them here."""


@cache
def _stage_entry() -> Prepared:
    earlier = aliased(Application)
    completed = (
        select(Award.organisation_id, earlier.call_id, earlier.stage)
        .select_from(Award)
        .join(earlier, earlier.id == Award.application_id)
        .where(Award.final_amount.is_not(None))
        .subquery()
    )
    return (
        select(Application.id, Stage.gate, completed.c.stage)
        .select_from(Application)
        .join(Stage, (Stage.call_id == Application.call_id) & (Stage.number == Application.stage))
        .outerjoin(
            completed,
            (completed.c.organisation_id == Application.organisation_id)
            & (completed.c.call_id == Application.call_id),
        )
        .where(Application.id.in_(IDS))
    )


@fact(deciding.StageEntry, of=["application"])
def stage_entry(tx: Tx, ids: Sequence[UUID]) -> Mapping[UUID, deciding.StageEntry]:
    """Read whether each applicant completed the stage that the application's own stage asks for."""
    needed: dict[UUID, int | None] = {}
    done: dict[UUID, set[int]] = defaultdict(set)
    for row in tx.execute(_stage_entry(), about(ids)):
        needed[row.id] = (row.gate or {}).get("completed_stage")
        if row.stage is not None:
            done[row.id].add(row.stage)
    return {each: deciding.StageEntry(stage, stage in done[each]) for each, stage in needed.items()}


@cache
def _round_standing() -> Prepared:
    decided = (
        select(Proposal.call_id, Proposal.stage).where(Proposal.decided_at.is_not(None)).distinct().subquery()
    )
    return (
        select(Application.id, decided.c.stage)
        .select_from(Application)
        .outerjoin(
            decided, (decided.c.call_id == Application.call_id) & (decided.c.stage == Application.stage)
        )
        .where(Application.id.in_(IDS))
    )


@fact(deciding.RoundStanding, of=["application"])
def round_standing(tx: Tx, ids: Sequence[UUID]) -> Mapping[UUID, deciding.RoundStanding]:
    """Read whether the stage of each application has been decided on."""
    return {
        row.id: deciding.RoundStanding(row.stage is not None)
        for row in tx.execute(_round_standing(), about(ids))
    }


@cache
def _window_money() -> Prepared:
    return (
        select(
            Application.id,
            Application.asked,
            Application.cost,
            FunderWindow.name,
            FunderWindow.currency,
            (FunderWindow.envelope - FunderWindow.reserved - FunderWindow.committed).label("free"),
            FunderWindow.minimum,
            FunderWindow.maximum,
            FunderWindow.rate,
            Decision.amount,
        )
        .select_from(Application)
        .outerjoin(FunderWindow, FunderWindow.id == Application.window_id)
        .outerjoin(Decision, (Decision.application_id == Application.id) & is_last_decision())
        .where(Application.id.in_(IDS))
    )


@fact(deciding.WindowMoney, of=["application"])
def window_money(tx: Tx, ids: Sequence[UUID]) -> Mapping[UUID, deciding.WindowMoney]:
    """Read what each application's window has left, and what its last decision grants."""
    return {
        row.id: deciding.WindowMoney(
            window=row.name or "",
            currency=row.currency or "",
            free=row.free or 0,
            granted=row.amount or 0,
            asked=row.asked or 0,
            minimum=row.minimum or 0,
            maximum=row.maximum or 0,
            rate=row.rate or 0,
            cost=row.cost or 0,
        )
        for row in tx.execute(_window_money(), about(ids))
    }


@cache
def _delegation() -> Prepared:
    return (
        select(Application.id, Body.delegate_id, Body.delegate_up_to, FunderWindow.currency, Decision.amount)
        .select_from(Application)
        .outerjoin(FunderWindow, FunderWindow.id == Application.window_id)
        .outerjoin(Body, Body.id == FunderWindow.body_id)
        .outerjoin(Decision, (Decision.application_id == Application.id) & is_last_decision())
        .where(Application.id.in_(IDS))
    )


@fact(deciding.Delegation, of=["application"])
def delegation(tx: Tx, ids: Sequence[UUID]) -> Mapping[UUID, deciding.Delegation]:
    """Read who decides alone for the body of each application's window."""
    return {
        row.id: deciding.Delegation(
            row.delegate_id, row.delegate_up_to or 0, row.currency or "", row.amount or 0
        )
        for row in tx.execute(_delegation(), about(ids))
    }


@cache
def _reserve_place() -> Prepared:
    asked = aliased(Application)
    return (
        select(
            asked.id.label("asked"),
            Application.id,
            CaseRow.ref,
            CaseRow.scheme,
            CaseRow.version,
            CaseRow.lifecycle,
            CaseRow.state,
            CaseRow.entered_at,
            Decision.rank,
            Call.zone,
            Call.days_off,
        )
        .select_from(Application)
        .join(asked, (asked.window_id == Application.window_id) & (asked.stage == Application.stage))
        .join(CaseRow, CaseRow.id == Application.id)
        .join(Call, Call.id == Application.call_id)
        .outerjoin(Decision, (Decision.application_id == Application.id) & is_last_decision())
        .where(asked.id.in_(IDS), (Decision.kind == "reserve") | (Application.id == asked.id))
        .order_by(Decision.rank, CaseRow.ref)
    )


@fact(deciding.ReservePlace, of=["application"])
def reserve_place(tx: Tx, ids: Sequence[UUID]) -> Mapping[UUID, deciding.ReservePlace]:
    """Read each application's place on the reserve list of its window, and who is before it."""
    own, waiting = {}, defaultdict(list)
    for row in tx.execute(_reserve_place(), about(ids)):
        on_list = "reserve" in tags_of(
            tx, row.scheme, row.version, row.lifecycle, row.state
        ) and not is_final(tx, row.scheme, row.version, row.lifecycle, row.state)
        if row.id == row.asked:
            own[row.asked] = row
        elif on_list:
            waiting[row.asked].append((row.rank or 0, row.ref))
    return {
        each: deciding.ReservePlace(
            tuple(ref for rank, ref in waiting[each] if (rank, ref) < (row.rank or 0, row.ref)),
            row.entered_at,
            row.zone,
            frozenset(date.fromisoformat(day) for day in row.days_off or ()),
        )
        for each, row in own.items()
    }


@cache
def _letter_read() -> Prepared:
    return (
        select(
            Application.id,
            Decision.id.label("decision"),
            Release.notice_at,
            func.count(LetterPreview.id).label("reads"),
        )
        .select_from(Application)
        .outerjoin(Decision, (Decision.application_id == Application.id) & is_last_decision())
        .outerjoin(Release, Release.decision_id == Decision.id)
        .outerjoin(LetterPreview, LetterPreview.decision_id == Decision.id)
        .where(Application.id.in_(IDS))
        .group_by(Application.id, Decision.id, Release.notice_at)
    )


@fact(deciding.LetterRead, of=["application"])
def letter_read(tx: Tx, ids: Sequence[UUID]) -> Mapping[UUID, deciding.LetterRead]:
    """Read whether somebody looked at the letter of each application's last decision that is not released yet."""
    return {
        row.id: deciding.LetterRead(
            row.decision is not None and row.notice_at is None, row.decision is not None and row.reads > 0
        )
        for row in tx.execute(_letter_read(), about(ids))
    }


@cache
def _award_standing() -> Prepared:
    return (
        select(
            Award.id,
            Award.amount,
            Award.currency,
            Award.rate,
            Award.accepted_at,
            Award.reported_cost,
            Award.summary,
            CaseRow.created_at,
            Call.zone,
            Call.days_off,
            Membership.user_id,
            Condition.number,
        )
        .select_from(Award)
        .join(CaseRow, CaseRow.id == Award.id)
        .join(Call, Call.id == CaseRow.call_id)
        .outerjoin(
            Membership,
            (Membership.organisation_id == Award.organisation_id) & (Membership.authorised == 1),
        )
        .outerjoin(Condition, (Condition.award_id == Award.id) & Condition.fulfilled_at.is_(None))
        .where(Award.id.in_(IDS))
    )


@fact(deciding.AwardStanding, of=["award"])
def award_standing(tx: Tx, ids: Sequence[UUID]) -> Mapping[UUID, deciding.AwardStanding]:
    """Read what guards ask about each award."""
    rows, signatories, conditions = {}, defaultdict(set), defaultdict(set)
    for row in tx.execute(_award_standing(), about(ids)):
        rows[row.id] = row
        if row.user_id is not None:
            signatories[row.id].add(row.user_id)
        if row.number is not None:
            conditions[row.id].add(row.number)
    return {
        each: deciding.AwardStanding(
            signatories=frozenset(signatories[each]),
            open_conditions=frozenset(conditions[each]),
            offered_at=row.created_at,
            zone=row.zone,
            days_off=frozenset(date.fromisoformat(day) for day in row.days_off or ()),
            accepted=row.accepted_at is not None,
            currency=row.currency,
            amount=row.amount,
            rate=row.rate,
            reported_cost=row.reported_cost,
            summary=row.summary or "",
        )
        for each, row in rows.items()
    }
