"""What steps do with decisions, money and awards."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypedDict
from uuid import UUID

from sqlalchemy import insert, select, update

from grantflow.domain.actor import SYSTEM
from grantflow.domain.awards.allocation import final_grant
from grantflow.domain.awards.deciding import kind_of
from grantflow.services import cases
from grantflow.services.awards import decisions, money, publication
from grantflow.services.awards.decisions import Authority, Decided, Times
from grantflow.services.awards.previewing import demand_as_previewed
from grantflow.services.cases import Move
from grantflow.services.deeds import lifecycle_of
from grantflow.store.applications.models import Application
from grantflow.store.awards.models import Award, Condition, Decision, Proposal, ProposalLine
from grantflow.store.awards.standing import last_decisions, proposal_of
from grantflow.store.calls.models import FunderWindow
from grantflow.store.cases import CaseRow
from grantflow.store.meaning import tags_of
from grantflow.store.reviews.reading import up_for_assessment
from grantflow.store.session import Tx
from grantflow.workflow.registry import effect

# Decisions of the round


@effect(
    of=["call"],
    guards=["quorum_present", "ranking_fresh", "proposal_within_budget"],
    apart=True,
    locks=["call"],
)
def record_decisions(tx: Tx, moves: Sequence[Move]) -> None:
    """Store every decision of the round as the body took it; none of them is shown before its release."""
    for move in moves:
        proposal = proposal_of(tx, [move.call_id])[move.call_id]
        waiting = {each.id for each in up_for_assessment(tx, [move.call_id])}
        lines = tx.execute(
            select(ProposalLine.__table__)
            .where(ProposalLine.proposal_id == proposal)
            .order_by(ProposalLine.rank)
        ).all()
        item = decisions.item_of(tx, move.call_id, _name(move))
        decisions.write(
            tx,
            [
                Decided(
                    application_id=line.application_id,
                    kind=line.answer,
                    entry_id=move.entry_id,
                    reasons=line.reasons,
                    authority="body",
                    amount=line.amount,
                    rank=line.rank,
                    conditions=line.conditions,
                    item_id=item,
                    proposal_id=proposal,
                )
                for line in lines
                if line.application_id in waiting
            ],
        )
        decisions.decided_proposal(tx, proposal)


@effect(of=["call"], guards=["letters_previewed"], locks=["call"], reads=[publication.NOTICE_AHEAD])
def release_decisions(tx: Tx, moves: Sequence[Move]) -> None:
    """Set when applicants are told and when all are, for every decision of the round."""
    for move in moves:
        demand_as_previewed(tx, Decision.call_id == move.call_id, Decision.proposal_id.is_not(None))
        notice = tx.now
        public = publication.publication(tx, move.call_id, notice, move.data.get("public_from"))
        tx.execute(
            update(Proposal)
            .where(Proposal.id == proposal_of(tx, [move.call_id])[move.call_id])
            .values(notice_at=notice, public_at=public)
        )


@effect(
    of=["call"],
    asks=["public_from", "reason"],
    locks=["call"],
    reads=[publication.NOTICE_AHEAD],
)
def move_publication(tx: Tx, moves: Sequence[Move]) -> None:
    """Set another day on which everybody may read the results, while they are not public yet."""
    for each in moves:
        publication.move(tx, each.call_id, each.data["public_from"])


@effect(of=["application"])
def release_decision(tx: Tx, moves: Sequence[Move]) -> None:
    """Let the decision be known: from now on its applicant may read it."""
    ids = [move.case_id for move in moves]
    found = (
        select(Decision.application_id, Decision.number, Proposal.notice_at, Proposal.public_at)
        .select_from(Decision)
        .join(Proposal, Proposal.id == Decision.proposal_id)
        .where(Decision.application_id.in_(ids), Proposal.notice_at.is_not(None))
        .order_by(Decision.application_id, Decision.number)
    )
    of_round = {
        row.application_id: (row.number, Times(row.notice_at, row.public_at)) for row in tx.execute(found)
    }
    last = last_decisions(tx, ids)
    times = {each: set_ for each, (number, set_) in of_round.items() if last[each].number == number}
    alone = [move for move in moves if move.case_id not in times]
    if alone:
        demand_as_previewed(tx, Decision.application_id.in_([move.case_id for move in alone]))
    for move in alone:
        times[move.case_id] = Times(tx.now, publication.publication(tx, move.call_id, tx.now, None))
    decisions.release(tx, times)


# Decisions about one application


@effect(of=["application"], asks=["reason"])
def record_single_decision(tx: Tx, moves: Sequence[Move]) -> None:
    """Store the decision about this one application: the body's own, or by delegation and told to it at its next meeting."""
    earlier = last_decisions(tx, [move.case_id for move in moves])
    decided = []
    told_at_once = []
    for move in moves:
        before, after = _tags(tx, move)
        kind = kind_of(before, after)
        last = earlier.get(move.case_id)
        amount = move.data.get("amount", last.amount if last is not None else 0) if kind == "yes" else 0
        decided.append(
            Decided(
                application_id=move.case_id,
                kind=kind,
                entry_id=move.entry_id,
                # Why others were passed over is about those others: the journal keeps it, no letter says it.
                reasons=str(move.data.get("reason") or ""),
                **_authority(tx, move),
                amount=amount,
                rank=last.rank if last is not None else None,
                conditions=_conditions(last) if kind == "yes" else (),
            )
        )
        if kind not in ("yes", "no"):
            told_at_once.append(move.case_id)
    decisions.write(tx, decided)
    decisions.release_at_once(tx, told_at_once)


class _Authority(TypedDict):
    authority: Authority
    item_id: UUID | None


CARRIES_OUT = "carry_out_item"
"""The effect of a step that carries out what a body decided; all others decide by delegation."""


def _authority(tx: Tx, move: Move) -> _Authority:
    assert move.row is not None
    if CARRIES_OUT in move.row.effects:
        return {"authority": "body", "item_id": decisions.item_of(tx, move.case_id, _name(move))}
    return {"authority": "delegation", "item_id": None}


def _name(move: Move) -> str:
    assert move.row is not None
    return move.row.name


def _conditions(last: Any) -> Sequence[str]:
    return tuple(last.conditions) if last is not None else ()


def _tags(tx: Tx, move: Move) -> tuple[frozenset[str], frozenset[str]]:
    place = tx.execute(select(CaseRow.scheme, CaseRow.version).where(CaseRow.id == move.case_id)).one()
    before, after = (
        tags_of(tx, place.scheme, place.version, move.lifecycle, state) if state else frozenset[str]()
        for state in (move.from_state, move.to_state)
    )
    return before, after


@effect(of=["application"], asks=["reason"])
def replace_decision(tx: Tx, moves: Sequence[Move]) -> None:
    """Replace a wrong decision by one that annuls it and refers to it; the old one stays on file (P3)."""
    decisions.write(
        tx,
        [
            Decided(
                application_id=move.case_id,
                kind="annulled",
                entry_id=move.entry_id,
                reasons=str(move.data["reason"]),
                **_authority(tx, move),
            )
            for move in moves
        ],
    )
    decisions.release_at_once(tx, [move.case_id for move in moves])


# Money


@effect(of=["application"], guards=["budget_left"], locks=["window"])
def reserve_grant(tx: Tx, moves: Sequence[Move]) -> None:
    """Reserve what is granted on the window, so that nobody else gets it."""
    last = last_decisions(tx, [move.case_id for move in moves])
    money.reserve(tx, moves, {move.case_id: last[move.case_id].amount for move in moves})


@effect(of=["application"], locks=["window"])
def commit_grant(tx: Tx, moves: Sequence[Move]) -> None:
    """Turn the reserved money into a promise: the letter leaves."""
    money.commit(tx, moves)


@effect(of=["application"], locks=["window"])
def free_grant(tx: Tx, moves: Sequence[Move]) -> None:
    """Free what was reserved or promised and not paid, for those on the reserve list."""
    money.free(tx, moves)


# Awards


@effect(of=["application"])
def create_award(tx: Tx, moves: Sequence[Move]) -> None:
    """Offer the award to the applicant, with the conditions of the decision."""
    last = last_decisions(tx, [move.case_id for move in moves])
    about = {
        row.id: row
        for row in tx.execute(
            select(Application.id, Application.organisation_id, Application.window_id, FunderWindow.rate)
            .select_from(Application)
            .join(FunderWindow, FunderWindow.id == Application.window_id)
            .where(Application.id.in_([move.case_id for move in moves]))
        )
    }
    system = tx.as_actor(SYSTEM)
    lifecycles = {call: lifecycle_of(tx, call, "award") for call in {move.call_id for move in moves}}
    for move in moves:
        _offer(system, move, last[move.case_id], about[move.case_id], lifecycles[move.call_id])


_AWARD = insert(Award)


def _offer(tx: Tx, move: Move, decision: Any, about: Any, lifecycle: str) -> None:
    def keep(case_id: UUID) -> None:
        tx.execute(
            _AWARD,
            {
                "id": case_id,
                "application_id": move.case_id,
                "organisation_id": about.organisation_id,
                "decision_id": decision.id,
                "window_id": about.window_id,
                "amount": decision.amount,
                "currency": decision.currency,
                "rate": about.rate,
            },
        )
        conditions = [
            {"award_id": case_id, "number": number, "text": text}
            for number, text in enumerate(decision.conditions, 1)
        ]
        if conditions:
            tx.execute(insert(Condition), conditions)

    cases.create(
        tx,
        lifecycle,
        call_id=move.call_id,
        parent_id=move.case_id,
        record=keep,
        cause=move.entry_id,
    )


@effect(of=["award"], guards=["signatory_authorised"])
def note_acceptance(tx: Tx, moves: Sequence[Move]) -> None:
    """Keep who accepted the award for the organisation, and when."""
    for move in moves:
        tx.execute(
            update(Award)
            .where(Award.id == move.case_id)
            .values(accepted_at=tx.now, accepted_by=move.actor.user_id)
        )
    tx.forget(Award, [move.case_id for move in moves])


@effect(of=["award"], guards=["condition_is_open"], asks=["condition", "proof"])
def fulfil_condition(tx: Tx, moves: Sequence[Move]) -> None:
    """Mark the condition as fulfilled, with what proves it."""
    for move in moves:
        tx.execute(
            update(Condition)
            .where(Condition.award_id == move.case_id, Condition.number == int(move.data["condition"]))
            .values(fulfilled_at=tx.now, fulfilled_by=move.actor.user_id, proof=move.data["proof"])
        )


@effect(of=["award"], asks=["reason"], apart=True)
def record_award_decision(tx: Tx, moves: Sequence[Move]) -> None:
    """Store the decision that ends the award: lapsed when it was never accepted, else terminated."""
    about = _awards(tx, moves)
    decisions.write(
        tx,
        [
            Decided(
                application_id=about[move.case_id].application_id,
                kind="terminated" if about[move.case_id].accepted_at else "lapsed",
                entry_id=move.entry_id,
                reasons=str(move.data["reason"]),
                authority="delegation",
            )
            for move in moves
        ],
    )
    decisions.release_at_once(tx, [about[move.case_id].application_id for move in moves])


@effect(of=["award"], asks=["summary", "cost"])
def keep_report(tx: Tx, moves: Sequence[Move]) -> None:
    """Keep the report: what was done, and what it cost."""
    for move in moves:
        tx.execute(
            update(Award)
            .where(Award.id == move.case_id)
            .values(reported_at=tx.now, summary=move.data["summary"], reported_cost=move.data["cost"])
        )
    tx.forget(Award, [move.case_id for move in moves])


@effect(of=["award"], apart=True, locks=["window"])
def settle_grant(tx: Tx, moves: Sequence[Move]) -> None:
    """Settle the award: the lower of sum granted and rate of the approved cost is paid, the rest becomes free (P18)."""
    about = _awards(tx, moves)
    final = {
        each: final_grant(award.amount, award.rate, award.reported_cost or 0) for each, award in about.items()
    }
    for each, amount in final.items():
        tx.execute(update(Award).where(Award.id == each).values(final_amount=amount))
    tx.forget(Award, list(final))
    money.settle(tx, moves, {each: award.application_id for each, award in about.items()}, final)


def _awards(tx: Tx, moves: Sequence[Move]) -> Mapping[UUID, Any]:
    found = select(Award.__table__).where(Award.id.in_([move.case_id for move in moves]))
    return {row.id: row for row in tx.execute(found)}
