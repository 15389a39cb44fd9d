"""The panel's statement for each application: a recommendation and a paragraph of reasons (P12)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal
from uuid import UUID

from grantflow.domain.refusal import Refusal, Refused, refuse
from grantflow.services.applications.rights import demand_no_conflict, place
from grantflow.store.applications.models import Application
from grantflow.store.reviews.models import PanelStatement
from grantflow.store.session import Tx

Recommendation = Literal["fund", "fund_less", "fund_with_conditions", "reserve", "do_not_fund"]


def write_panel_statement(
    tx: Tx,
    application_id: UUID,
    recommendation: Recommendation,
    reasons: str,
    *,
    amount: int | None = None,
    conditions: Sequence[str] = (),
) -> None:
    """Write, or write anew, what the panel says about an application that waits for its answer.

    Raises:
        Refused: the actor is not of the programme or is in conflict, the application waits for no answer, or reasons,
            sum or conditions are missing where the recommendation needs them.
    """
    found = place(tx, application_id)
    if not (found.inside or tx.actor.is_system):
        raise refuse("not_inside", "Only somebody of the programme may do this.")
    demand_no_conflict(tx, application_id)
    if "awaiting_decision" not in found.state.tags:
        raise refuse("not_now", "%(ref)s does not wait for an answer.", ref=found.case.ref)
    application = tx.session.get(Application, application_id)
    wrong = list(_wrong(recommendation, reasons, amount, conditions, application))
    if wrong:
        raise Refused(wrong)
    statement = tx.session.get(PanelStatement, application_id, populate_existing=True)
    if statement is None:
        statement = PanelStatement(application_id=application_id)
        tx.session.add(statement)
    statement.recommendation = recommendation
    statement.amount = amount
    statement.conditions = list(conditions)
    statement.reasons = reasons.strip()
    statement.written_by = tx.actor.user_id
    statement.written_at = tx.now
    tx.flush()


def _wrong(
    recommendation: Recommendation,
    reasons: str,
    amount: int | None,
    conditions: Sequence[str],
    application: Application | None,
) -> list[Refusal]:
    wrong = []
    if not reasons.strip():
        wrong.append(
            Refusal("reasons_missing", "The statement needs a paragraph of reasons.", where="reasons")
        )
    if recommendation == "fund_less":
        asked = application.asked if application is not None else None
        if amount is None or amount <= 0 or (asked is not None and amount >= asked):
            wrong.append(
                Refusal(
                    "lower_sum_missing",
                    "Whoever recommends a lower sum names it, and it is lower than what was asked.",
                    where="amount",
                )
            )
    if recommendation == "fund_with_conditions" and not conditions:
        wrong.append(Refusal("conditions_missing", "Name the conditions.", where="conditions"))
    return wrong
