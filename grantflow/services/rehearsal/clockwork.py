"""When something happens next: timers of a day in one go, and people who come back on the day they were told."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from grantflow.domain.refusal import Refusal
from grantflow.domain.time import instant
from grantflow.store.session import Tx
from grantflow.store.statements import Statement, moment

_NEXT = Statement("SELECT t.due_at, t.anchor FROM gf_timer t ORDER BY t.due_at, t.id LIMIT 1")
_NEXT_DATE = Statement("""
    SELECT t.due_at FROM gf_timer t WHERE t.anchor IS NOT NULL AND t.due_at < :morning ORDER BY t.due_at, t.id LIMIT 1
""")
MORNING = timedelta(hours=5)
"""When the clocks of records are looked at each day (UTC); dates of the call are kept to the minute."""
TELLS_WHEN = ("at", "due", "date", "day")
"""Values of refusals that say from when on a step is possible."""


def next_firing(tx: Tx) -> datetime | None:
    """Return when timers are fired next: at a date of the call as it comes, for all others in the morning after."""
    first = _NEXT(tx).first()
    if first is None:
        return None
    due = moment(first[0])
    if first[1] is not None:
        return due
    morning = _morning_after(due)
    on_date = _NEXT_DATE(tx, morning=morning).scalar()
    return morning if on_date is None else moment(on_date)


def _morning_after(due: datetime) -> datetime:
    morning = due.replace(hour=0, minute=0, second=0, microsecond=0) + MORNING
    return morning if morning >= due else morning + timedelta(days=1)


def possible_from(refusals: Iterable[Refusal], now: datetime) -> datetime | None:
    """Return the last moment that refusals name as the one from which on the step is possible, if it is to come."""
    told = [
        at
        for refusal in refusals
        for name in TELLS_WHEN
        if (at := _instant(refusal.params.get(name))) is not None and at > now
    ]
    return max(told, default=None)


def _instant(value: object) -> datetime | None:
    if isinstance(value, datetime):
        return instant(value)
    if not isinstance(value, str):
        return None
    try:
        read = datetime.fromisoformat(value)
    except ValueError:
        return None
    if read.tzinfo is None:  # a day: its morning
        return read.replace(tzinfo=UTC) + MORNING
    return instant(read)
