"""The proposal: officials draw it up from the frozen ranking, change lines with reasons, and table it (P1)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import func, insert, select

from grantflow.domain.awards.allocation import Allotted, Answer, Bid, Pot, allocate, grantable
from grantflow.domain.money import Money
from grantflow.domain.refusal import Refusal, Refused, refuse
from grantflow.services.applications.rights import demand_no_conflict, demand_step
from grantflow.services.cases import UnknownCase
from grantflow.store.applications.models import Application
from grantflow.store.awards.models import Proposal, ProposalLine
from grantflow.store.awards.standing import proposal_of
from grantflow.store.calls.models import Call, FunderWindow, Stage
from grantflow.store.reviews.facts import last_rankings
from grantflow.store.reviews.models import PanelStatement, Ranking, RankingLine
from grantflow.store.reviews.reading import up_for_assessment
from grantflow.store.session import Tx
from grantflow.store.statements import Table
from grantflow.store.types import canonical_json

GUARD = "every_application_proposed"
"""A proposal is written where a step leads on that asks for it."""

_LINES = Table(
    "gf_proposal_line",
    {
        "proposal_id": "uuid",
        "application_id": "uuid",
        "window_id": "uuid",
        "rank": "bigint",
        "answer": "text",
        "amount": "bigint",
        "conditions": "text",
        "reasons": "text",
        "allocated": "text",
        "allocated_amount": "bigint",
        "sentence": "text",
        "sentence_values": "text",
        "departure_reason": "text",
    },
)


def draw_up_proposal(tx: Tx, call_id: UUID) -> UUID:
    """Draw up a proposal for the call's stage: the rules go down the last frozen ranking, and explain each answer.

    Lines take over what the panel said: a lower sum, conditions, reasons. An earlier proposal stays in the file.

    Raises:
        Refused: it is not the actor's business at this point, there is no ranking, or applications ask no window.
    """
    demand_step(tx, call_id, guard=GUARD)
    ranking_id = last_rankings(tx, [call_id]).get(call_id)
    if ranking_id is None:
        raise refuse("no_ranking", "There is no frozen ranking yet.", "ranking")
    call = tx.session.get(Call, call_id)
    assert call is not None
    stage = tx.session.get(Stage, (call_id, call.stage))
    ranking = tx.session.get(Ranking, ranking_id)
    assert stage is not None
    assert ranking is not None
    allotted = allocate(_bids(tx, call_id, ranking_id), _pots(tx, call_id, call.stage), stage.pass_mark)
    return _write(tx, call, ranking_id, allotted)


def _bids(tx: Tx, call_id: UUID, ranking_id: UUID) -> list[Bid]:
    waiting = {each.id: each.ref for each in up_for_assessment(tx, [call_id])}
    found = (
        select(
            RankingLine.application_id,
            RankingLine.rank,
            RankingLine.points,
            RankingLine.passes,
            Application.window_id,
            Application.asked,
            Application.cost,
        )
        .select_from(RankingLine)
        .join(Application, Application.id == RankingLine.application_id)
        .where(RankingLine.ranking_id == ranking_id)
        .order_by(RankingLine.rank)
    )
    rows = [row for row in tx.execute(found) if row.application_id in waiting]
    homeless = [waiting[row.application_id] for row in rows if row.window_id is None]
    if homeless:
        raise Refused(
            Refusal("no_window", "%(ref)s asks no window for money.", {"ref": ref}, ref) for ref in homeless
        )
    return [
        Bid(
            row.application_id,
            row.rank,
            points_text(row.points),
            bool(row.passes),
            (),
            row.window_id,
            row.asked or 0,
            row.cost or 0,
        )
        for row in rows
    ]


def points_text(hundredths: int) -> str:
    """Return a sum of points as people read it, e.g. 78.25."""
    whole, rest = divmod(hundredths, 100)
    return f"{whole}.{rest:02d}"


def _pots(tx: Tx, call_id: UUID, stage: int) -> list[Pot]:
    found = select(
        FunderWindow.id,
        FunderWindow.currency,
        (FunderWindow.envelope - FunderWindow.reserved - FunderWindow.committed).label("free"),
        FunderWindow.minimum,
        FunderWindow.maximum,
        FunderWindow.rate,
    ).where(FunderWindow.call_id == call_id, FunderWindow.stage == stage)
    return [
        Pot(row.id, row.currency, row.free, row.minimum, row.maximum, row.rate) for row in tx.execute(found)
    ]


def _write(tx: Tx, call: Call, ranking_id: UUID, allotted: Sequence[Allotted]) -> UUID:
    said = {
        row.application_id: row
        for row in tx.execute(
            select(
                PanelStatement.application_id,
                PanelStatement.amount,
                PanelStatement.conditions,
                PanelStatement.reasons,
            ).where(PanelStatement.application_id.in_([each.id for each in allotted]))
        )
    }
    number = (
        select(func.coalesce(func.max(Proposal.number), 0) + 1)
        .where(Proposal.call_id == call.id, Proposal.stage == call.stage)
        .scalar_subquery()
    )
    proposal = tx.new_id()
    tx.execute(
        insert(Proposal).values(
            id=proposal,
            call_id=call.id,
            stage=call.stage,
            number=number,
            ranking_id=ranking_id,
            drawn_up_by=tx.actor.user_id,
            drawn_up_at=tx.now,
        )
    )
    _LINES.insert(tx, [_line(proposal, each, said.get(each.id)) for each in allotted])
    return proposal


def _line(proposal: UUID, each: Allotted, said: Any) -> tuple[Any, ...]:
    amount = each.amount
    if said is not None and said.amount and each.answer != "no":
        amount = min(amount, said.amount)
    return (
        proposal,
        each.id,
        each.pot,
        each.rank,
        each.answer,
        amount,
        canonical_json(list(said.conditions) if said is not None and each.answer != "no" else []),
        said.reasons if said is not None else "",
        each.answer,
        each.amount,
        each.sentence,
        canonical_json(_plain(each.values)),
        None,
    )


def _plain(values: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: {"amount": value.amount, "currency": value.currency} if isinstance(value, Money) else value
        for name, value in values.items()
    }


def explanation(line: ProposalLine) -> Refusal:
    """Return the sentence that explains a line's answer, as a value that entrances translate and fill in."""
    return said_by_rules(line.allocated, line.sentence, line.sentence_values)


def said_by_rules(allocated: str, sentence: str, kept: Mapping[str, Any]) -> Refusal:
    """Return a kept sentence with its values, as entrances translate and fill it in."""
    values = {
        name: Money(value["amount"], value["currency"]) if isinstance(value, dict) else value
        for name, value in kept.items()
    }
    return Refusal(allocated, sentence, values)


def change_line(
    tx: Tx,
    call_id: UUID,
    application_id: UUID,
    *,
    answer: Answer | None = None,
    amount: int | None = None,
    conditions: Sequence[str] | None = None,
    reasons: str | None = None,
    departure_reason: str | None = None,
) -> None:
    """Change what is proposed for one application; another answer or sum than the rules' needs its reason.

    Raises:
        Refused: it is not the actor's business at this point, the actor is in conflict, there is no such line, the sum
            lies outside the limits of its window, or no reason for the departure is given.
    """
    demand_step(tx, call_id, guard=GUARD)
    demand_no_conflict(tx, application_id)
    proposal = proposal_of(tx, [call_id]).get(call_id)
    if proposal is None:
        raise refuse("no_proposal", "There is no proposal yet. Draw it up from the ranking.", "proposal")
    line = tx.session.get(ProposalLine, (proposal, application_id), populate_existing=True)
    if line is None:
        raise UnknownCase(application_id)
    before = line.answer, line.amount
    if answer is not None:
        line.answer = answer
    if amount is not None:
        _demand_within_limits(tx, line, amount)
        line.amount = amount
    if line.answer == "no":
        line.amount, line.conditions = 0, []
    elif conditions is not None:
        line.conditions = list(conditions)
    if reasons is not None:
        line.reasons = reasons.strip()
    if departure_reason is not None:
        line.departure_reason = departure_reason.strip()
    stands = line.answer, line.amount
    departs = line.answer != line.allocated or stands not in (before, (line.allocated, line.allocated_amount))
    if departs and not line.departure_reason:
        raise refuse(
            "departure_unexplained",
            "This departs from what the ranking and the rules give: say why.",
            "departure_reason",
        )
    tx.flush()


def _demand_within_limits(tx: Tx, line: ProposalLine, amount: int) -> None:
    """Refuse a sum that the rules of the line's window do not allow for what is asked and what it costs."""
    window = tx.session.get_one(FunderWindow, line.window_id)
    application = tx.session.get_one(Application, line.application_id)
    pot = Pot(window.id, window.currency, 0, window.minimum, window.maximum, window.rate)
    most = grantable(pot, application.asked or 0, application.cost or 0)
    if not window.minimum <= amount <= most:
        raise refuse(
            "sum_outside_limits",
            "The window's rules allow between %(least)s and %(most)s here.",
            "amount",
            least=Money(window.minimum, window.currency),
            most=Money(most, window.currency),
        )
