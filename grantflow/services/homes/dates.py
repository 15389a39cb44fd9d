"""The next date to which a demo's clock can move: a date of a call, or something that the clock does by itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, select

from grantflow.services.calls.public import spelled
from grantflow.store.calls.models import CallDate
from grantflow.store.calls.visible import public_calls
from grantflow.store.cases import CaseRow
from grantflow.store.session import Tx
from grantflow.store.timers import TimerRow

LOOKED_AT = 300
"""So many timers ahead are looked at; if all of them only remind, the first of them is the next date."""


@dataclass(frozen=True, slots=True)
class NextDate:
    """A date ahead; `label` names it where it is the date of a call that everybody may know of."""

    at: datetime
    label: str = ""
    zone: str = "UTC"


def next_date(tx: Tx) -> NextDate | None:
    """Return the next date ahead of the clock, if there is any."""
    known = (
        select(CallDate.at, CallDate.name, CallDate.zone)
        .join(CaseRow, CaseRow.id == CallDate.call_id)
        .where(CallDate.at > tx.now, public_calls(tx))
        .order_by(CallDate.at, CallDate.call_id, CallDate.stage, CallDate.name)
        .limit(1)
    )
    row = tx.execute(known).one_or_none()
    dated = None if row is None else NextDate(row.at, spelled(row.name), row.zone)
    doing = _next_doing(tx)
    if dated is None or (doing is not None and doing < dated.at):
        return dated if doing is None else NextDate(doing)
    return dated


def _next_doing(tx: Tx) -> datetime | None:
    """Return when the clock does something by itself next, not counting reminders."""
    ahead = (
        select(TimerRow.due_at, TimerRow.number, CaseRow.scheme, CaseRow.version, CaseRow.lifecycle)
        .join(CaseRow, and_(CaseRow.id == TimerRow.case_id, CaseRow.seq == TimerRow.seq))
        .where(TimerRow.due_at > tx.now)
        .order_by(TimerRow.due_at, TimerRow.id)
        .limit(LOOKED_AT)
    )
    rows = tx.execute(ahead).all()
    for row in rows:
        lifecycle = tx.engine.compiled(row.scheme, row.version).scheme.lifecycles[row.lifecycle]
        if lifecycle.timers[row.number].do is not None:
            due: datetime = row.due_at
            return due
    first: datetime | None = rows[0].due_at if rows else None
    return first
