"""What steps do to the agenda of a body."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import or_, select, update

from grantflow.services.cases import Move
from grantflow.store.programmes.models import AgendaItem, Meeting
from grantflow.store.session import Tx
from grantflow.workflow.registry import effect

OF = ("call", "frame", "application", "award")


@effect(of=OF)
def carry_out_item(tx: Tx, moves: Sequence[Move]) -> None:
    """Mark the item of the agenda as carried out: it carries one step and no second one."""
    for move in moves:
        assert move.row is not None
        _mark(tx, move, {"effective_at": tx.now}, matter=move.row.name)


@effect(of=OF)
def keep_on_agenda(tx: Tx, moves: Sequence[Move]) -> None:
    """Adjourn the item and keep it for the body's next meeting."""
    for move in moves:
        _mark(tx, move, {"outcome": "adjourned", "reason": move.data.get("reason")}, matter=_matter(move))


@effect(of=OF, guards=("body_sent_back",), asks=("reason",))
def drop_item(tx: Tx, moves: Sequence[Move]) -> None:
    """Mark the item as carried out with what the body sent back: what comes back to it comes as a new item."""
    for move in moves:
        _mark(tx, move, {"effective_at": tx.now}, matter=_matter(move), outcomes=("sent_back",))


def _matter(move: Move) -> str | None:
    """Return the step that the body was asked for, as the guard on the agenda names it."""
    assert move.row is not None
    return next((guard.given["of"] for guard in move.row.guards if "of" in guard.given), None)


def _mark(
    tx: Tx,
    move: Move,
    values: dict[str, object],
    *,
    matter: str | None,
    outcomes: Sequence[str | None] = (None, "adopted"),
) -> None:
    dealt_with = select(Meeting.id).where(Meeting.held_at <= tx.now)
    marked = (
        update(AgendaItem)
        .where(
            AgendaItem.record_id == move.case_id,
            AgendaItem.effective_at.is_(None),
            or_(*(AgendaItem.outcome == each for each in outcomes)),
            AgendaItem.meeting_id.in_(dealt_with),
        )
        .values(values)
    )
    if matter is not None:
        marked = marked.where(AgendaItem.matter == matter)
    tx.execute(marked)
    tx.forget()
