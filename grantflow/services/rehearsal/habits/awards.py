"""What officials and winners do: propose, preview letters, decide by delegation, fulfil conditions, report."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import select

from grantflow.domain.actor import SYSTEM
from grantflow.domain.refusal import Refusal
from grantflow.services import awards, deeds
from grantflow.services.people.registering import join_organisation
from grantflow.services.rehearsal import made_up
from grantflow.services.rehearsal.habits.kinds import Habits, Situation
from grantflow.services.rehearsal.habits.reviews import make_panel_speak
from grantflow.services.rehearsal.scene import Scene
from grantflow.store.applications.models import Application
from grantflow.store.awards.models import Award, Condition, Proposal, ProposalLine
from grantflow.store.cases import CaseRow
from grantflow.store.programmes.models import Body
from grantflow.store.reviews.reading import up_for_assessment
from grantflow.workflow.model import Asked

AT_ONCE = 50
"""How many statements the panel writes in one sitting."""


def propose(at: Situation, refusals: Sequence[Refusal]) -> bool:
    """Let the panel say its word about each application, then draw up the proposal from the ranking."""
    del refusals
    scene = at.scene
    with scene.looking() as tx:
        waiting = [each.id for each in up_for_assessment(tx, [scene.call_id])]
    for first in range(0, len(waiting), AT_ONCE):
        with scene.acting(at.person) as tx:
            for application_id in waiting[first : first + AT_ONCE]:
                make_panel_speak(tx, scene, application_id)
    with scene.acting(at.person) as tx:
        awards.draw_up_proposal(tx, scene.call_id)
    return True


def rank_again(at: Situation, refusals: Sequence[Refusal]) -> bool:
    """Freeze the ranking again, since what it rests on has changed."""
    del refusals
    with at.scene.acting(at.person) as tx:
        deeds.take(tx, at.scene.call_id, "freeze_ranking", data={"reason": "Reviews changed since."})
    return True


def cut_to_fit(at: Situation, refusals: Sequence[Refusal]) -> bool:
    """Put the last of the yes on the reserve list until the proposal fits into the money."""
    scene = at.scene
    refs = {refusal.where for refusal in refusals}
    with scene.acting(at.person) as tx:
        last = (
            select(ProposalLine)
            .join(Proposal, Proposal.id == ProposalLine.proposal_id)
            .where(Proposal.call_id == scene.call_id, ProposalLine.answer == "yes")
            .order_by(Proposal.stage.desc(), Proposal.number.desc(), ProposalLine.rank.desc())
            .limit(1)
        )
        line = tx.session.scalars(last).first()
        if line is None:
            return False
        awards.change_line(
            tx,
            scene.call_id,
            line.application_id,
            answer="reserve",
            departure_reason=f"The money does not reach ({len(refs)} lines).",
        )
    return True


def keep_within_limits(at: Situation, refusals: Sequence[Refusal]) -> bool:
    """Propose what the rules give where somebody wanted to give too little or too much."""
    scene = at.scene
    if at.act.case_id != scene.call_id:
        return False
    refs = [str(refusal.where) for refusal in refusals]
    with scene.acting(at.person) as tx:
        found = (
            select(ProposalLine.application_id, ProposalLine.allocated_amount)
            .join(Proposal, Proposal.id == ProposalLine.proposal_id)
            .join(CaseRow, CaseRow.id == ProposalLine.application_id)
            .where(Proposal.call_id == scene.call_id, CaseRow.ref.in_(refs))
            .order_by(CaseRow.ref, Proposal.number.desc())
        )
        given: dict[UUID, int] = {}
        for row in tx.execute(found):
            given.setdefault(row.application_id, row.allocated_amount)
        for application_id, allocated in given.items():
            awards.change_line(tx, scene.call_id, application_id, amount=allocated)
    return bool(given)


def read_letters(at: Situation, refusals: Sequence[Refusal]) -> bool:
    """Read every letter before they leave together."""
    del refusals
    with at.scene.acting(at.person) as tx:
        awards.preview_letters(tx, at.scene.call_id)
    return True


def read_letter(at: Situation, refusals: Sequence[Refusal]) -> bool:
    """Read the one letter before it leaves."""
    del refusals
    with at.scene.acting(at.person) as tx:
        awards.preview_letter(tx, at.act.case_id)
    return True


def be_authorised(at: Situation, refusals: Sequence[Refusal]) -> bool:
    """Have oneself put on record as somebody who may sign."""
    del refusals
    person = at.person
    if person.user_id is None or person.organisation_id is None:
        return False
    with at.scene.acting(SYSTEM) as tx:
        join_organisation(tx, person.user_id, person.organisation_id, authorised=True)
    return True


def fulfil_a_condition(at: Situation, refusals: Sequence[Refusal]) -> bool:
    """Mark the next open condition as fulfilled, with what proves it."""
    del refusals
    with at.scene.acting(at.person) as tx:
        waiting = (
            select(Condition.number)
            .where(Condition.award_id == at.act.case_id, Condition.fulfilled_at.is_(None))
            .order_by(Condition.number)
        )
        for number in tx.session.scalars(waiting).all():
            awards.fulfil_condition(tx, at.act.case_id, number, "A letter of confirmation came.")
    return True


def amount(scene: Scene, asked: Asked, case_id: UUID) -> int:
    """Grant what was asked for, as far as the delegation reaches."""
    del asked
    with scene.looking() as tx:
        wish = tx.execute(select(Application.asked).where(Application.id == case_id)).scalar()
        up_to = tx.execute(
            select(Body.delegate_up_to).where(Body.programme_id == scene.programme_id).order_by(Body.name)
        ).scalar()
    return min(wish or 0, up_to or wish or 0)


def cost(scene: Scene, asked: Asked, case_id: UUID) -> int:
    """Say what the project cost: about what it should have."""
    del asked
    with scene.looking() as tx:
        row = tx.execute(select(Award.amount, Award.rate).where(Award.id == case_id)).one_or_none()
    if row is None:
        return 100_000_00
    return int(row.amount) * 10_000 // max(int(row.rate), 1) * scene.dice.randrange(80, 112) // 100


_REMEDIES: Mapping[str, Any] = {
    **dict.fromkeys(("no_proposal", "proposal_outdated", "application_unproposed"), propose),
    **dict.fromkeys(
        ("no_ranking", "ranking_counts_set_aside", "ranking_lacks_reviews", "ranking_lacks_applications"),
        rank_again,
    ),
    "proposal_over_budget": cut_to_fit,
    "sum_outside_limits": keep_within_limits,
    "letters_unread": read_letters,
    "letter_unread": read_letter,
    "not_authorised": be_authorised,
    "conditions_open": fulfil_a_condition,
}
HABITS = Habits(
    remedies=_REMEDIES,
    how_many={"award": lambda *_: 0},
    waits={"budget_gone": 45, "reserve_out_of_order": 40, "nobody_may_enter": 14},
    detours=frozenset(
        {
            *(
                "budget_gone",
                "sum_outside_limits",
                "above_delegation",
                "reserve_out_of_order",
                "reserve_over",
            ),
            *(
                "no_ranking",
                "ranking_counts_set_aside",
                "ranking_lacks_reviews",
                "ranking_lacks_applications",
            ),
            *("already_accepted", "last_stage", "report_empty", "report_without_cost"),
        }
    ),
    answers={
        "amount": amount,
        "cost": cost,
        "summary": lambda scene, _asked, _case: made_up.prose(scene.dice),
    },
)
