"""Moving a date of a call: its local words, its instant, and every timer that hangs on it."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select

from grantflow.domain.calls.facts import Deadline
from grantflow.domain.time import at_local
from grantflow.services.cases.holding import seen
from grantflow.services.timers import dates_changed
from grantflow.store.calls.facts import LOCAL, as_local
from grantflow.store.calls.models import CallDate
from grantflow.store.session import Tx

Moved = dict[str, tuple[str, str]]
"""The dates that moved: by name, the local words before and after."""


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
    dates_changed(tx, call_id, sorted(moved))
    return moved


def _move(row: CallDate, by: timedelta) -> tuple[str, str]:
    before = row.local
    local: datetime = as_local(row.local) + by
    row.local = local.strftime(LOCAL)
    row.at = at_local(local, ZoneInfo(row.zone))
    return before, row.local
