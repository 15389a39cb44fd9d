"""The clock by which a decision is due: until when, how many working days are left, since when it stands still."""

from __future__ import annotations

from collections.abc import Container, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select

from grantflow.domain.clocks import working_time
from grantflow.domain.time import Span
from grantflow.services.cases.holding import Held
from grantflow.services.cases.schemes import span
from grantflow.services.cases.timing import runs_before, visits_of
from grantflow.store.session import Tx
from grantflow.store.timers import TimerRow
from grantflow.workflow.model import Timer

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Clock:
    """Where the clock of a decision stands: it runs, or stands still, or has run out."""

    due: datetime | None
    stopped_since: datetime | None
    ran_out: datetime | None
    days: int
    """Days that are left, begun ones counted; working days where the time is counted in those."""
    in_working_days: bool


def clock_of(tx: Tx, case: Held, set_: Mapping[int, datetime] | None = None) -> Clock | None:
    """Return the clock of a record where its lifecycle has one that can stand still; nothing where none is running.

    `set_` holds the timers that are set for it, by number, where they were read already.
    """
    lifecycle = case.machine.lifecycle
    timer = next(
        (
            each
            for each in lifecycle.timers
            if each.do is not None and each.pauses_in and case.state in (*each.states, *each.pauses_in)
        ),
        None,
    )
    if timer is None or timer.after is None:
        return None
    length = span(timer.after, case.call.parameters)
    working = length.unit == "wd"
    if case.state in timer.states:
        due = _due(tx, case.id, case.seq, timer) if set_ is None else set_.get(timer.number)
        if due is None:
            return None
        return Clock(due, None, None, _days(tx.now, due, case, working=working), working)
    if "clock_stopped" in lifecycle.states[case.state].tags:
        return Clock(None, case.entered_at, None, _left(tx, case, timer, length), working)
    return Clock(None, None, case.entered_at, 0, working)


def _due(tx: Tx, case_id: UUID, seq: int, timer: Timer) -> datetime | None:
    found = select(TimerRow.due_at).where(
        TimerRow.case_id == case_id, TimerRow.seq == seq, TimerRow.number == timer.number, TimerRow.fired == 0
    )
    due: datetime | None = tx.execute(found).scalar()
    return due


def _days(start: datetime, end: datetime, case: Held, *, working: bool) -> int:
    return _begun(_time(start, end, case.call.zone, case.call.days_off, working=working))


def _left(tx: Tx, case: Held, timer: Timer, length: Span) -> int:
    """Return the days that were left when the clock was stopped."""
    working = length.unit == "wd"
    runs = runs_before(timer, visits_of(tx, [case.id]).get(case.id, []), tx.now)
    zone, days_off = case.call.zone, case.call.days_off
    ran = sum((_time(run.start, run.end, zone, days_off, working=working) for run in runs), timedelta())
    begun = runs[0].start if runs else case.entered_at
    whole = _time(begun, length.after(begun, zone, days_off), zone, days_off, working=working)
    return _begun(max(timedelta(), whole - ran))


def _time(
    start: datetime, end: datetime, zone: ZoneInfo, days_off: Container[date], *, working: bool
) -> timedelta:
    if not working:
        return max(timedelta(), end - start)
    begun, ended = (each.astimezone(zone).replace(tzinfo=None) for each in (start, end))
    return working_time(begun, ended, days_off)


def _begun(time: timedelta) -> int:
    return -(-time // DAY)
