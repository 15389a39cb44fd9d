"""What is granted because a published rule says so, and no person: a rule says yes or leaves the matter to people."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from grantflow.services.awards import decisions, money, publication
from grantflow.services.awards.decisions import Decided, Times
from grantflow.services.cases import Move
from grantflow.store.applications.models import Application
from grantflow.store.session import Tx
from grantflow.workflow.registry import effect


@effect(
    of=["application"],
    guards=["budget_left_for_what_is_asked"],
    locks=["window"],
    reads=[publication.NOTICE_AHEAD],
)
def grant_by_rule(tx: Tx, moves: Sequence[Move]) -> None:
    """Grant what is asked for, as the guards of the row have found: decided, promised and told in one step, by nobody."""
    ids = [move.case_id for move in moves]
    asked = {
        row.id: row.asked
        for row in tx.execute(select(Application.id, Application.asked).where(Application.id.in_(ids)))
    }
    decisions.write(
        tx,
        [
            Decided(
                application_id=move.case_id,
                kind="yes",
                entry_id=move.entry_id,
                reasons="",
                authority="rule",
                amount=asked[move.case_id],
            )
            for move in moves
        ],
    )
    money.reserve(tx, moves, asked)
    money.commit(tx, moves)
    decisions.release(
        tx,
        {
            move.case_id: Times(tx.now, publication.publication(tx, move.call_id, tx.now, None))
            for move in moves
        },
    )
