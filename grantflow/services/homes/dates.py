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
"""So many timers ahead are looked at; where all of them only remind, a date of a call comes before them."""


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
    doing, reminding = _next_timers(tx)
    if doing is not None and (dated is None or doing < dated.at):
        return NextDate(doing)
    return dated if dated is not None or reminding is None else NextDate(reminding)


def _next_timers(tx: Tx) -> tuple[datetime | None, datetime | None]:
    """Return when the clock does something by itself next, and when it does anything, reminders included."""
    ahead = (
        select(TimerRow.due_at, TimerRow.number, CaseRow.scheme, CaseRow.version, CaseRow.lifecycle)
        .join(CaseRow, and_(CaseRow.id == TimerRow.case_id, CaseRow.seq == TimerRow.seq))
        .where(TimerRow.due_at > tx.now)
        .order_by(TimerRow.due_at, TimerRow.id)
        .limit(LOOKED_AT)
    )
    rows = tx.execute(ahead).all()
    first: datetime | None = rows[0].due_at if rows else None
    for row in rows:
        lifecycle = tx.engine.compiled(row.scheme, row.version).scheme.lifecycles[row.lifecycle]
        if lifecycle.timers[row.number].do is not None:
            return row.due_at, first
    return None, first
