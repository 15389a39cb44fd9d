"""What people do with a call: publish it, correct it, move its deadline, halt it, go on, end it (process rule P16).

Each finds its step by what the step does; a scheme may call it what it likes.
"""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import select

from grantflow.domain.words import Words
from grantflow.services.cases import Stepped
from grantflow.services.deeds import take
from grantflow.store.calls.models import Call, Milestone
from grantflow.store.session import Tx


def publish_call(tx: Tx, call_id: UUID, *, revision: int | None = None) -> Stepped:
    """Publish a draft call: from here on it changes only in the ways below."""
    return take(tx, call_id, "pin_published_files", revision=revision)


def correct_call(
    tx: Tx,
    call_id: UUID,
    what: str,
    reason: str,
    *,
    title: Words | None = None,
    summary: Words | None = None,
    revision: int | None = None,
) -> Stepped:
    """Correct a published call; old and new words stand side by side in its list of changes."""
    stepped = take(tx, call_id, "record_correction", data={"what": what, "reason": reason}, revision=revision)
    call = tx.session.get_one(Call, call_id)
    milestone = tx.session.scalars(
        select(Milestone)
        .where(Milestone.call_id == call_id, Milestone.kind == "correction", Milestone.at == tx.now)
        .order_by(Milestone.id.desc())
        .limit(1)
    ).one()
    before, after = {}, dict(milestone.after)
    if title is not None:
        before["title"], after["title"] = call.title, dict(title)
        call.title = dict(title)
    if summary is not None:
        before["summary"], after["summary"] = call.summary, dict(summary)
        call.summary = dict(summary)
    milestone.before, milestone.after = before, after
    tx.flush()
    return stepped


def move_deadline(
    tx: Tx, call_id: UUID, new_deadline: date, reason: str, *, revision: int | None = None
) -> Stepped:
    """Move the deadline that is running to a later day, at its time of day."""
    data = {"new_deadline": new_deadline, "reason": reason}
    return take(tx, call_id, "move_deadline", data=data, revision=revision)


def change_envelope(
    tx: Tx, call_id: UUID, window: str, new_envelope: int, reason: str, *, authority: str | None = None
) -> Stepped:
    """Give a window more or less money, as the body decided."""
    data = {"window": window, "new_envelope": new_envelope, "reason": reason}
    return take(tx, call_id, "change_envelope", data=data, authority=authority)


def suspend_call(tx: Tx, call_id: UUID, reason: str, *, revision: int | None = None) -> Stepped:
    """Let everything in a call stand still."""
    return take(tx, call_id, "record_suspension", data={"reason": reason}, revision=revision)


def resume_call(
    tx: Tx, call_id: UUID, reason: str, *, new_deadline: date | None = None, revision: int | None = None
) -> Stepped:
    """Let a suspended call go on from where it was, with a new deadline where the old one passed."""
    data = {"reason": reason} if new_deadline is None else {"reason": reason, "new_deadline": new_deadline}
    return take(tx, call_id, "record_resumption", data=data, revision=revision)


def cancel_call(tx: Tx, call_id: UUID, reason: str, *, authority: str | None = None) -> Stepped:
    """Cancel a call, as the body decided: everybody in it ends as cancelled, never as refused."""
    return take(tx, call_id, "record_cancellation", data={"reason": reason}, authority=authority)


def open_next_stage(tx: Tx, call_id: UUID, *, revision: int | None = None) -> Stepped:
    """Open the next stage of a call."""
    return take(tx, call_id, "enter_next_stage", revision=revision)
