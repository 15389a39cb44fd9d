"""Timers that fall due: fired by the system, through the door, once each, however late."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from grantflow.domain.actor import SYSTEM
from grantflow.domain.refusal import Refusal
from grantflow.domain.time import utc_text
from grantflow.services.cases import step_all
from grantflow.services.cases.holding import Held, hold_above, locks_of, seen
from grantflow.services.cases.recording import add_notices
from grantflow.services.cases.schemes import compiled
from grantflow.services.cases.timing import dates_of, first_due, next_due
from grantflow.services.cases.writing import TIMER, Writing
from grantflow.store.session import Tx
from grantflow.store.statements import Statement, identifier
from grantflow.store.timers import Claimed, claim_due, due_calls, due_kinds, next_due_at
from grantflow.workflow.model import Timer

__all__ = ["Fired", "dates_changed", "due_calls", "fire_due", "next_due_at"]

AGAIN = timedelta(hours=1)
"""When the system tries again what was refused: the checker lets no scheme run in which that happens, but calls are long."""


@dataclass(slots=True)
class Fired:
    """What a round of firing did."""

    stepped: int = 0
    reminded: int = 0
    stale: int = 0
    refused: dict[UUID, tuple[Refusal, ...]] = field(default_factory=dict)
    left: bool = False
    """Whether more was due than one round takes."""


def fire_due(tx: Tx, *, call_id: UUID | None = None, limit: int = 1000) -> Fired:
    """Fire what is due now, in one call or in all, in the order in which it fell due.

    A timer whose record has moved on is dropped. One that repeats is set again, for its next moment after now.
    """
    tx = tx.as_actor(SYSTEM)
    tx.flush()
    fired = Fired()
    for each in sorted(due_calls(tx, 50)) if call_id is None else (call_id,):
        _fire_call(tx, each, limit, fired)
    return fired


def _fire_call(tx: Tx, call_id: UUID, limit: int, fired: Fired) -> None:
    locks: set[str] = set()
    for scheme, version, lifecycle, number in due_kinds(tx, call_id):
        scheme_now = compiled(tx, scheme, version)
        do = scheme_now.machines[lifecycle].lifecycle.timers[number].do
        locks |= locks_of(scheme_now, lifecycle, do) if do else set()
    hold_above(tx, [call_id], locks)
    claimed = claim_due(tx, call_id, limit)
    fired.left = fired.left or len(claimed) == limit
    batches: dict[tuple[datetime, str, int], list[Claimed]] = {}
    for each in claimed:
        batches.setdefault((each.due_at, each.lifecycle, each.number), []).append(each)
    for batch in batches.values():
        first = batch[0]
        machine = compiled(tx, first.scheme, first.version).machines[first.lifecycle]
        timer = machine.lifecycle.timers[first.number]
        if timer.do is None:
            _remind(tx, timer, batch, fired)
        else:
            _step(tx, timer, timer.do, batch, fired)


def _step(tx: Tx, timer: Timer, transition: str, batch: Sequence[Claimed], fired: Fired) -> None:
    by_case = {each.case_id: each for each in batch}
    outcome = step_all(tx, by_case, transition, only_at={each.case_id: each.seq for each in batch})
    fired.stepped += len(outcome.stepped)
    fired.refused.update(outcome.refused)
    fired.stale += len(batch) - len(outcome.stepped) - len(outcome.refused)
    writing = Writing()
    for each, refusals in outcome.refused.items():
        if refusals:
            _set(tx, writing, by_case[each], by_case[each].seq, timer, tx.now + AGAIN)
    stayed = [
        each for each, step in outcome.stepped.items() if timer.every and step.to_state == step.from_state
    ]
    standing = {held.id: held for held in seen(tx, stayed)} if stayed else {}
    for each, held in standing.items():
        due = next_due(timer, held.call, by_case[each].due_at, tx.now)
        _set(tx, writing, by_case[each], held.seq, timer, due)
    for each, step in outcome.stepped.items():
        add_notices(tx, writing, timer.notices, each, step.entry_id, {})
    writing.write(tx)


def _remind(tx: Tx, timer: Timer, batch: Sequence[Claimed], fired: Fired) -> None:
    records: Mapping[UUID, Held] = {held.id: held for held in seen(tx, [each.case_id for each in batch])}
    writing = Writing()
    for each in batch:
        held = records[each.case_id]
        if held.seq != each.seq:
            fired.stale += 1
            continue
        fired.reminded += 1
        add_notices(tx, writing, timer.notices, held.id, None, {"due": utc_text(each.due_at)})
        if timer.every:
            _set(tx, writing, each, held.seq, timer, next_due(timer, held.call, each.due_at, tx.now))
    writing.write(tx)


def _set(tx: Tx, writing: Writing, each: Claimed, seq: int, timer: Timer, due: datetime) -> None:
    writing.timers.append(
        (tx.new_id(), each.case_id, each.call_id, seq, timer.number, timer.at, due, each.fired + 1)
    )


# A date of a call moves: with it all that hangs on it.

_ANCHORED = Statement("SELECT c.id FROM gf_case c WHERE c.call_id = :call ORDER BY c.id")
_DROP_ANCHORED = Statement("DELETE FROM gf_timer WHERE call_id = :call AND anchor IN :names*text")


def dates_changed(tx: Tx, call_id: UUID, names: Sequence[str]) -> int:
    """Set the timers that hang on dates of a call anew, after those dates were changed; return how many there are now.

    A reminder that went out before the old date goes out again before the new one.
    """
    tx.flush()
    hold_above(tx, [call_id], ["call"])
    _DROP_ANCHORED(tx, call=call_id, names=list(names))
    dates = dates_of(tx, [call_id]).get(call_id, {})
    ids = [identifier(row[0]) for row in _ANCHORED(tx, call=call_id)]
    rows = []
    for held in seen(tx, ids):
        for timer in held.machine.timers(held.state):
            if timer.at in names:
                due = first_due(timer, held.call, dates, held.entered_at, tx.now)
                if due is not None:
                    rows.append(
                        (tx.new_id(), held.id, held.call_id, held.seq, timer.number, timer.at, due, 0)
                    )
    TIMER.insert(tx, rows)
    return len(rows)
