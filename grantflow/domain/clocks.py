"""Clocks that stand still for a while and go on with what was left: working time, and time on the clock."""

from __future__ import annotations

from collections.abc import Container, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from grantflow.domain.time import Span, at_local

NOTHING = timedelta()
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Run:
    """A time during which a clock ran, from its start until it was stopped."""

    start: datetime
    end: datetime


def due_after(
    span: Span, runs: Sequence[Run], resumed: datetime, zone: ZoneInfo, days_off: Container[date] = ()
) -> datetime:
    """Return when a span has passed for a clock that ran before, each time for a while, and goes on at `resumed`.

    A clock that never ran before is due the span after `resumed`. What is left each time is counted as the span counts:
    working days in working time, days, weeks and months in local time, hours and minutes as they pass.
    """
    starts = [*(run.start for run in runs), resumed]
    due = span.after(starts[0], zone, days_off)
    for run, again in zip(runs, starts[1:], strict=True):
        due = _moved(span, due, run.end, again, zone, days_off)
    return due


def _moved(
    span: Span, due: datetime, stopped: datetime, again: datetime, zone: ZoneInfo, days_off: Container[date]
) -> datetime:
    """Return when what was left at `stopped` until `due` has passed from `again` on; what was overdue is due at once."""
    if due <= stopped:
        return again
    if span.unit in ("min", "h"):
        return again + (due - stopped)
    end, begin, go_on = (each.astimezone(zone).replace(tzinfo=None) for each in (due, stopped, again))
    if span.unit == "wd":
        return at_local(_after_working(go_on, working_time(begin, end, days_off), days_off), zone)
    return at_local(go_on + (end - begin), zone)


def working_time(start: datetime, end: datetime, days_off: Container[date] = ()) -> timedelta:
    """Return how much of the local time between two moments lies on working days."""
    total = NOTHING
    while start < end:
        until = min(end, _midnight_after(start))
        if _works(start, days_off):
            total += until - start
        start = until
    return total


def _after_working(start: datetime, left: timedelta, days_off: Container[date]) -> datetime:
    """Return the local moment by which so much working time has passed; it lies on a working day."""
    while True:
        room = _midnight_after(start) - start if _works(start, days_off) else NOTHING
        if left < room:
            return start + left
        left -= room
        start = _midnight_after(start)


def _midnight_after(local: datetime) -> datetime:
    return datetime.combine(local.date() + DAY, time())


def _works(local: datetime, days_off: Container[date]) -> bool:
    return local.weekday() < 5 and local.date() not in days_off
