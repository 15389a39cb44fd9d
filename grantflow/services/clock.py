"""The clock of a demo: it runs ahead of the wall by what people moved it, never back; elsewhere it is the wall's."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import insert, select
from sqlalchemy.exc import DBAPIError

from grantflow.domain.actor import SYSTEM, Actor
from grantflow.domain.refusal import refuse
from grantflow.domain.time import utc_text
from grantflow.services import timers
from grantflow.store.calls.models import Call, Milestone
from grantflow.store.session import Database, Tx
from grantflow.store.settings import recall, remember

DEMO = "demo"
"""Key of the mark that makes a database a demo for good: {"since": instant}."""
CLOCK = "clock"
"""Key of the demo's clock: {"ahead": how many microseconds it shows more than the wall's}."""
CALLS = 50
"""How many calls are looked at in one round."""
ATTEMPTS = 30
"""How often a tick waits, a little longer each time, for records that somebody else holds."""


def is_demo(tx: Tx) -> bool:
    """Whether the database is a demo."""
    return recall(tx, DEMO) is not None


def mark_as_demo(tx: Tx) -> None:
    """Make an empty database a demo; there is no way back and no other way.

    Raises:
        Refused: there is a call in it already.
    """
    if is_demo(tx):
        return
    if tx.execute(select(Call.id).limit(1)).first() is not None:
        raise refuse("not_empty", "This database is in use. A demo begins in an empty one.")
    remember(tx, DEMO, {"since": utc_text(tx.now)})


def shown(tx: Tx, wall: datetime) -> datetime:
    """Return the time that the clock shows when the wall's says `wall`."""
    state = recall(tx, CLOCK)
    return wall + timedelta(microseconds=state["ahead"]) if state else wall


def announce(tx: Tx, wall: datetime, to: datetime) -> None:
    """Say in the history of every call that the demo's clock is moved to an instant.

    Raises:
        Refused: this is no demo, or the clock is past that instant.
    """
    if not is_demo(tx):
        raise refuse("not_a_demo", "Only a demo's clock can be moved; here time passes by itself.")
    before = shown(tx, wall)
    if to < before:
        raise refuse(
            "never_back",
            "The clock shows %(shown)s already and is never moved back.",
            where="to",
            shown=utc_text(before),
        )
    entry = {
        "kind": "clock_moved",
        "before": {"at": utc_text(before)},
        "after": {"at": utc_text(to)},
        "reason": None,
        "at": before,
    }
    calls = tx.execute(select(Call.id).order_by(Call.id)).scalars().all()
    if calls:
        tx.execute(insert(Milestone), [{"id": tx.new_id(), "call_id": call, **entry} for call in calls])


def set_to(tx: Tx, wall: datetime, to: datetime) -> None:
    """Let the clock show `to` while the wall's shows `wall`, unless it is past that already."""
    if to > shown(tx, wall):
        remember(tx, CLOCK, {"ahead": (to - wall) // timedelta(microseconds=1)})


def play(
    database: Database,
    actor: Actor,
    wall: Callable[[], datetime],
    to: datetime | None,
    report: Callable[[int], None] = lambda _: None,
) -> int:
    """Fire every timer that is due, in a demo also those due until `to`, each at its own moment; return how many.

    Many transactions, one for each moment: broken off, it is carried on by playing to the same instant again.

    Raises:
        Refused: the clock cannot be moved to `to`; see `announce`.
    """
    with database.transaction(actor, wall()) as tx:
        if to is not None:
            announce(tx, wall(), to)
        now = shown(tx, wall())
    until = now if to is None else max(now, to)
    fired = 0
    while (due := _next_due(database, now)) is not None and due <= until:
        now = max(due, now)
        if to is not None:
            _set(database, wall(), now)
        fired += _fire_patiently(database, now, report)
    if to is not None:
        _set(database, wall(), to)
    return fired


def fire_at(
    database: Database,
    moment: datetime,
    report: Callable[[int], None] = lambda _: None,
    on_fault: Callable[[UUID, Exception], None] | None = None,
) -> int:
    """Fire what is due at a moment, call by call and a batch in each transaction; return how many timers were taken.

    With `on_fault` a call in which something breaks is reported and left alone, and the others go on.
    """
    fired = 0
    broken: set[UUID] = set()
    while True:
        with database.reading(SYSTEM, moment) as tx:
            calls = [call for call in timers.due_calls(tx, CALLS + len(broken)) if call not in broken]
        taken = 0
        for call in calls:
            try:
                count = _fire_call(database, moment, call)
            except DBAPIError:
                raise
            except Exception as error:
                if on_fault is None:
                    raise
                on_fault(call, error)
                broken.add(call)
                continue
            taken += count
            report(count)
        fired += taken
        if not taken:
            return fired


def _fire_call(database: Database, moment: datetime, call: UUID) -> int:
    with database.transaction(SYSTEM, moment) as tx:
        done = timers.fire_due(tx, call_id=call)
    return done.stepped + done.reminded + done.stale + len(done.refused)


def _fire_patiently(database: Database, moment: datetime, report: Callable[[int], None]) -> int:
    """Fire what is due, also where somebody holds a record for a moment, until nothing due is left."""
    fired = 0
    for attempt in range(ATTEMPTS):
        count = fire_at(database, moment, report)
        fired += count
        due = _next_due(database, moment)
        if due is None or due > moment:
            return fired
        if not count:
            time.sleep(0.05 * (attempt + 1))
    raise refuse(
        "timers_held",
        "Some records are held by somebody else, so their timers could not fire. Try again in a moment.",
    )


def _next_due(database: Database, now: datetime) -> datetime | None:
    with database.reading(SYSTEM, now) as tx:
        return timers.next_due_at(tx)


def _set(database: Database, wall: datetime, to: datetime) -> None:
    with database.transaction(SYSTEM, wall) as tx:
        set_to(tx, wall, to)
