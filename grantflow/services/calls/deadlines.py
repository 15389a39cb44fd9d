"""Moving a date of a call: its local words, its instant, and every timer that hangs on it."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select

from grantflow.domain.calls.facts import Deadline
from grantflow.domain.time import LocalTime, at_local
from grantflow.services.cases.holding import seen
from grantflow.services.cases.timing import first_due
from grantflow.store.calls.facts import LOCAL, as_local
from grantflow.store.calls.models import CallDate
from grantflow.store.session import Tx
from grantflow.store.statements import Statement

Moved = dict[str, tuple[str, str]]
"""The dates that moved: by name, the local words before and after."""

_MOVE_TIMERS = Statement("""
    UPDATE gf_timer SET due_at = :due
    WHERE call_id = :call AND anchor = :anchor AND number = :number AND fired = 0
        AND case_id IN (SELECT c.id FROM gf_case c WHERE c.call_id = :call AND c.lifecycle = :lifecycle)
""")


def move_deadline_to(tx: Tx, call_id: UUID, name: str, day: date) -> Moved:
    """Move a date of the call's present stage to another day, at its time of day.

    Dates that come after it in the scheme and would now lie before it move on by as much.
    """
    standing = seen(tx, [call_id])[0].call
    rows = {
        row.name: row
        for row in tx.session.scalars(
            select(CallDate).where(CallDate.call_id == call_id, CallDate.stage == standing.stage)
        )
    }
    row = rows[name]
    old = as_local(row.local)
    new = Deadline(name, old, row.zone).moved_to(day)
    order = list(standing.compiled.scheme.dates)
    later = [rows[each] for each in order[order.index(name) + 1 :] if each in rows]
    moved = {name: _move(row, new.local - old)}
    for other in later:
        if as_local(other.local) < new.local:
            moved[other.name] = _move(other, new.local - old)
    tx.flush()
    for each in moved:
        _move_timers(tx, call_id, rows[each])
    return moved


def _move(row: CallDate, by: timedelta) -> tuple[str, str]:
    before = row.local
    local: datetime = as_local(row.local) + by
    row.local = local.strftime(LOCAL)
    row.at = at_local(local, ZoneInfo(row.zone))
    return before, row.local


def _move_timers(tx: Tx, call_id: UUID, row: CallDate) -> None:
    """Move the timers that hang on a date: one statement for each timer of each lifecycle, however many records."""
    standing = seen(tx, [call_id])[0].call
    dates = {(row.stage, row.name): LocalTime(as_local(row.local), row.zone).instant}
    for lifecycle in standing.compiled.scheme.lifecycles.values():
        for timer in lifecycle.timers:
            if timer.at != row.name:
                continue
            due = first_due(timer, standing, dates, tx.now, tx.now)
            if due is not None:
                _MOVE_TIMERS(
                    tx, due=due, call=call_id, anchor=row.name, number=timer.number, lifecycle=lifecycle.name
                )
