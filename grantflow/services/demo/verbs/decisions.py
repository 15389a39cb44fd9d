"""Decisions of the story: the proposal, the letters, and what winners do with their awards."""

from __future__ import annotations

from sqlalchemy import select

from grantflow.services import awards, cases
from grantflow.services.awards.awarding import award_of
from grantflow.services.deeds import place_of, take
from grantflow.services.demo.script import Event
from grantflow.services.demo.stage import Stage
from grantflow.store.awards.models import ProposalLine

KRONA = 100


def draw_up(stage: Stage, event: Event) -> None:
    """Draw up the proposal from the ranking; every line gets the rules' reasons."""
    with stage.acting(event.who) as tx:
        proposal = awards.draw_up_proposal(tx, stage.record(event.of))
        lines = tx.session.scalars(select(ProposalLine).where(ProposalLine.proposal_id == proposal)).all()
        for line in lines:
            awards.change_line(
                tx,
                stage.record(event.of),
                line.application_id,
                reasons="The reviewers' points and the money of the round decide; see the points by criterion.",
            )


def change_line(stage: Stage, event: Event) -> None:
    """Propose something else for one application."""
    given = event.given
    with stage.acting(event.who) as tx:
        call_id = stage.record("low-carbon-demo")
        awards.change_line(
            tx,
            call_id,
            stage.record(event.of),
            amount=int(given["amount"]) * KRONA,
            conditions=list(given["conditions"]),
            reasons=given["reasons"],
            departure_reason=given["reasons"],
        )


def preview(stage: Stage, event: Event) -> None:
    """Read every letter before it leaves."""
    with stage.acting(event.who) as tx:
        awards.preview_letters(tx, stage.record(event.of))


def preview_one(stage: Stage, event: Event) -> None:
    """Read the one letter that waits for its release."""
    with stage.acting(event.who) as tx:
        awards.preview_letter(tx, stage.record(event.of))


def accept_award(stage: Stage, event: Event) -> None:
    """Accept an award."""
    with stage.acting(event.who) as tx:
        awards.accept_award(tx, award_of(tx, stage.record(event.of)))


def decline_award(stage: Stage, event: Event) -> None:
    """Decline an award: the step of the applicant that tells the application of its end."""
    with stage.acting(event.who) as tx:
        award = award_of(tx, stage.record(event.of))
        lifecycle, state = place_of(tx, award)
        row = next(row for row in lifecycle.leaving(state) if row.by and row.emits and not row.effects)
        cases.step(tx, award, row.name, data={"reason": event.given["reason"]})


def move_up(stage: Stage, event: Event) -> None:
    """Move an application up from the reserve list by delegated decision."""
    with stage.acting(event.who) as tx:
        take(tx, stage.record(event.of), "reserve_grant", data={"reason": event.given["reason"]})


VERBS = {
    each.__name__: each
    for each in (draw_up, change_line, preview, preview_one, accept_award, decline_award, move_up)
}
