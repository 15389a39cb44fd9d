"""When the timers of a state fall due."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from grantflow.domain.clocks import Run, due_after
from grantflow.services.cases import schemes
from grantflow.services.cases.holding import Held, Standing
from grantflow.store.session import Tx
from grantflow.store.statements import Statement, identifier, moment
from grantflow.workflow.model import Timer

Dates = Mapping[UUID, Mapping[tuple[int, str], datetime]]
"""The dates of calls: by call, then by stage and name."""

_DATES = Statement(
    "SELECT d.call_id, d.stage, d.name, d.at FROM gf_call_date d WHERE d.call_id IN :calls*uuid"
)


def dates_for(tx: Tx, entering: Iterable[tuple[Held, Sequence[Timer]]]) -> Dates:
    """Return the dates of the calls whose records enter states with timers that hang on a date."""
    calls = {held.call_id for held, timers in entering if any(timer.at for timer in timers)}
    return dates_of(tx, sorted(calls)) if calls else {}


def dates_of(tx: Tx, calls: Sequence[UUID]) -> Dates:
    """Return the dates of calls."""
    tx.flush()
    found: dict[UUID, dict[tuple[int, str], datetime]] = {}
    for row in _DATES(tx, calls=list(calls)):
        found.setdefault(identifier(row[0]), {})[row[1], row[2]] = moment(row[3])
    return found


_VISITS = Statement("""
    SELECT e.record_id, e.to_state, e.at FROM gf_journal_entry e
    WHERE e.record_id IN :ids*uuid AND (e.from_state IS NULL OR e.from_state <> e.to_state)
    ORDER BY e.record_id, e.seq
""")

Visit = tuple[str, datetime]
"""A state, and when a record came to it."""


def visits_of(tx: Tx, ids: Sequence[UUID]) -> dict[UUID, list[Visit]]:
    """Return the states that records have come to so far, in their order."""
    tx.flush()
    found: dict[UUID, list[Visit]] = {}
    for row in _VISITS(tx, ids=list(ids)):
        found.setdefault(identifier(row[0]), []).append((row[1], moment(row[2])))
    return found


def runs_before(timer: Timer, visits: Sequence[Visit], entered_at: datetime) -> list[Run]:
    """Return when the clock of a timer ran before a record came back now, if it came from where the clock stands still."""
    runs: list[Run] = []
    end, paused = entered_at, False
    for state, at in reversed(visits):
        if state in timer.pauses_in:
            paused = True
        elif state in timer.states and paused:
            runs.insert(0, Run(at, end))
            paused = False
        else:
            break
        end = at
    return runs


def first_due(
    timer: Timer,
    standing: Standing,
    dates: Mapping[tuple[int, str], datetime],
    entered_at: datetime,
    now: datetime,
    runs: Sequence[Run] = (),
) -> datetime | None:
    """Return when a timer falls due for a record that enters a state, or None where it has nothing to wait for.

    `runs` says when its clock ran before. A call that does not set the date has no such timer. What must happen at a moment that has passed happens at once;
    a mere reminder whose moment has passed would be noise, so only its next repetition counts.
    """
    due = _due(timer, standing, dates, entered_at, runs)
    if due is None or timer.do is not None or due >= now:
        return due
    return next_due(timer, standing, due, now) if timer.every else None


def next_due(timer: Timer, standing: Standing, due: datetime, now: datetime) -> datetime:
    """Return when a repeating timer falls due next: once, however many of its moments have been slept through."""
    assert timer.every is not None
    every = schemes.span(timer.every, standing.parameters)
    if every.count == 0:
        raise ValueError(f"a timer repeats every {every}, which is no time at all")
    while due <= now:
        due = every.after(due, standing.zone, standing.days_off)
    return due


def _due(
    timer: Timer,
    standing: Standing,
    dates: Mapping[tuple[int, str], datetime],
    entered_at: datetime,
    runs: Sequence[Run],
) -> datetime | None:
    zone, days_off, parameters = standing.zone, standing.days_off, standing.parameters
    if timer.at is not None:
        start = dates.get((standing.stage, timer.at))
        if start is None:
            return None
    else:
        start = due_after(schemes.span(_given(timer.after), parameters), runs, entered_at, zone, days_off)
    if timer.minus is not None:
        return schemes.span(timer.minus, parameters).before(start, zone, days_off)
    if timer.plus is not None:
        return schemes.span(timer.plus, parameters).after(start, zone, days_off)
    return start


def _given(span: Any) -> str:
    assert isinstance(span, str), "a timer has either at or after"
    return span
