"""Messages that have not left: which they are, why, and trying again what was given up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import ColumnElement, and_, or_, select, update

from grantflow.domain.refusal import Refusal, Refused
from grantflow.services.post import LAST_ATTEMPT, NOBODY
from grantflow.store.cases import CaseRow
from grantflow.store.outbox import OutboxMessage
from grantflow.store.session import Tx

DROPPED = "dropped while nothing was sent"

Standing = Literal["waiting", "held", "trying", "failed"]


@dataclass(frozen=True, slots=True)
class Undelivered:
    """A message that has not left: what it is about, how often it was tried, and what went wrong last."""

    id: UUID
    standing: Standing
    ref: str | None
    role: str | None
    template: str
    at: datetime
    attempts: int
    fault: str | None


def undelivered(tx: Tx, *, failed_only: bool = False) -> list[Undelivered]:
    """Return the messages that have not left, the oldest first."""
    where = _failed() if failed_only else or_(OutboxMessage.done_at.is_(None), _failed())
    found = (
        select(
            OutboxMessage.id,
            CaseRow.ref,
            OutboxMessage.role,
            OutboxMessage.template,
            OutboxMessage.at,
            OutboxMessage.attempts,
            OutboxMessage.fault,
            OutboxMessage.dispatched_at,
            OutboxMessage.done_at,
            OutboxMessage.held_at,
        )
        .outerjoin(CaseRow, CaseRow.id == OutboxMessage.case_id)
        .where(where)
        .order_by(OutboxMessage.at, OutboxMessage.id)
    )
    return [
        Undelivered(
            row.id,
            _standing(row),
            row.ref,
            row.role,
            row.template,
            row.at,
            row.attempts,
            row.fault,
        )
        for row in tx.execute(found)
    ]


def retry(tx: Tx, message_ids: Sequence[UUID] | None = None) -> int:
    """Let messages that were given up wait again, with all their attempts before them; None stands for all of these.

    Raises:
        Refused: one of them is unknown, has left, or is still being tried; none is touched.
    """
    given_up = set(tx.execute(select(OutboxMessage.id).where(_failed())).scalars())
    strangers = [each for each in message_ids or () if each not in given_up]
    if strangers:
        raise Refused(
            Refusal(
                "not_failed", "There is no message %(id)s that was given up.", {"id": str(each)}, "message"
            )
            for each in strangers
        )
    chosen = given_up if message_ids is None else set(message_ids)
    tx.execute(
        update(OutboxMessage)
        .where(OutboxMessage.id.in_(chosen))
        .values(dispatched_at=None, done_at=None, attempts=0, fault=None)
    )
    return len(chosen)


def release(tx: Tx, message_ids: Sequence[UUID] | None = None) -> int:
    """Let held messages leave after all; None stands for all of them.

    Raises:
        Refused: one of them is not held; none is touched.
    """
    return _end_holding(tx, message_ids, {"held_at": None})


def drop(tx: Tx, message_ids: Sequence[UUID] | None = None) -> int:
    """Make up one's mind that held messages never leave; None stands for all of them.

    Raises:
        Refused: one of them is not held; none is touched.
    """
    done = {"held_at": None, "dispatched_at": tx.now, "done_at": tx.now, "fault": DROPPED}
    count = _end_holding(tx, message_ids, done)
    ways_in = and_(OutboxMessage.case_id.is_(None), OutboxMessage.fault == DROPPED)
    tx.execute(update(OutboxMessage).where(ways_in).values(data={}))
    return count


def _end_holding(tx: Tx, message_ids: Sequence[UUID] | None, values: dict[str, Any]) -> int:
    held = OutboxMessage.held_at.is_not(None)
    every = set(tx.execute(select(OutboxMessage.id).where(held)).scalars())
    strangers = [each for each in message_ids or () if each not in every]
    if strangers:
        raise Refused(
            Refusal("not_held", "There is no message %(id)s that is held.", {"id": str(each)}, "message")
            for each in strangers
        )
    chosen = every if message_ids is None else set(message_ids)
    tx.execute(update(OutboxMessage).where(OutboxMessage.id.in_(chosen), held).values(**values))
    return len(chosen)


def _failed() -> ColumnElement[bool]:
    """Return the condition that a message was given up: tried to the end, or never deliverable.

    That nobody plays the role to which it goes is no failure: there is nobody to whom it could be sent again. Nor is
    what somebody dropped.
    """
    tried_out = and_(OutboxMessage.done_at.is_(None), OutboxMessage.attempts >= LAST_ATTEMPT)
    never = and_(OutboxMessage.done_at.is_not(None), OutboxMessage.fault.is_not(None))
    return or_(tried_out, and_(never, OutboxMessage.fault.not_in((NOBODY, DROPPED))))


def _standing(row: Any) -> Standing:
    if row.done_at is not None or row.attempts >= LAST_ATTEMPT:
        return "failed"
    if row.held_at is not None:
        return "held"
    return "waiting" if row.dispatched_at is None else "trying"
