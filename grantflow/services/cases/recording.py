"""What a batch of steps leaves behind, row by row."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any
from uuid import UUID

from grantflow.domain.step import Stepped
from grantflow.services.cases.asking import as_json, as_text
from grantflow.services.cases.holding import Held, Standing, seen
from grantflow.services.cases.timing import dates_for, first_due
from grantflow.services.cases.writing import Signature, Writing, guards_text
from grantflow.store.cases import CaseRow
from grantflow.store.journal import payload_digest
from grantflow.store.session import Tx
from grantflow.store.types import canonical_json
from grantflow.workflow.machine import Machine
from grantflow.workflow.model import SAME, Notice, Row, Timer

if TYPE_CHECKING:
    from grantflow.services.cases.stepping import Taken


_NO_TEXTS: dict[str, str] = {}


def record(tx: Tx, taken: Sequence[Taken], authority: str | None) -> dict[UUID, Stepped]:
    """Write a batch of steps and return them."""
    writing = Writing()
    signatures: dict[tuple[UUID | None, str | None], Signature] = {}
    entering: list[tuple[Held, Sequence[Timer]]] = []
    stepped: dict[UUID, Stepped] = {}
    for each in taken:
        held, row = each.held, each.row
        texts = {name: as_text(value) for name, value in each.data.items()} if each.data else _NO_TEXTS
        digest = payload_digest(texts)
        signature = signatures.get((each.cause, digest))
        if signature is None:
            signature = Signature(tx.actor, tx.now, authority, each.cause, digest)
            signatures[each.cause, digest] = signature
        seq = held.seq + 1
        what = (held.lifecycle, seq, row.name, row.number, held.state, each.to_state)
        guards = _guards(held.machine, row, held.state)
        entry, digested = signature.entry(each.entry_id, held.id, what, each.role, guards, held.head)
        writing.entries.append(entry)
        if texts:
            writing.texts += [(each.entry_id, name, text) for name, text in texts.items()]
        _move(writing, entering, each, seq, digested, tx.now)
        add_notices(tx, writing, row.notices, held.id, each.entry_id, each.data)
        stepped[held.id] = Stepped(
            held.id,
            held.ref,
            held.lifecycle,
            row.name,
            held.state,
            each.to_state,
            seq,
            held.revision + 1,
            each.entry_id,
        )
    entering = [(_with_new_stage(tx, held, timers), timers) for held, timers in entering]
    add_timers(tx, writing, entering, {held.id: held.seq + 1 for held, _ in entering})
    writing.write(tx)
    tx.forget(CaseRow, stepped)
    tx.taken.extend(stepped.values())
    return stepped


def _move(
    writing: Writing,
    entering: list[tuple[Held, Sequence[Timer]]],
    each: Taken,
    seq: int,
    head: str,
    now: datetime,
) -> None:
    held = each.held
    if each.row.to == SAME:
        writing.moves.append((held.id, held.state, held.resume_state, held.entered_at, seq, head))
        if held.machine.timers(held.state):
            writing.keep_timers_of.append((held.id, seq))
        return
    came_from = held.state if each.to_state != held.state else held.resume_state
    resume = came_from if held.machine.remembers(each.to_state) else None
    writing.moves.append((held.id, each.to_state, resume, now, seq, head))
    if held.machine.timers(held.state):
        writing.drop_timers_of.append(held.id)
    timers = held.machine.timers(each.to_state)
    if timers:
        entering.append((held, timers))


def _with_new_stage(tx: Tx, held: Held, timers: Sequence[Timer]) -> Held:
    """Return a call as its effects left it: they may have taken it into another stage, with that stage's dates."""
    if held.id != held.call_id or not any(timer.at for timer in timers):
        return held
    return replace(held, call=seen(tx, [held.id])[0].call)


def add_timers(
    tx: Tx, writing: Writing, entering: Sequence[tuple[Held, Sequence[Timer]]], seqs: Mapping[UUID, int]
) -> None:
    """Set the timers of the states that records enter now."""
    if not entering:
        return
    dates = dates_for(tx, entering)
    known: dict[tuple[int, int, UUID], datetime | None] = {}
    for held, timers in entering:
        for timer in timers:
            # All that enter a state of one call at one moment have the same dates ahead of them.
            key = id(timer), id(held.call), held.call_id
            if key not in known:
                known[key] = _due(tx, timer, held.call, dates.get(held.call_id, {}))
            due = known[key]
            if due is not None:
                row = (tx.new_id(), held.id, held.call_id, seqs[held.id], timer.number, timer.at, due, 0)
                writing.timers.append(row)


def _due(
    tx: Tx, timer: Timer, standing: Standing, dates: Mapping[tuple[int, str], datetime]
) -> datetime | None:
    return first_due(timer, standing, dates, tx.now, tx.now)


def add_notices(
    tx: Tx,
    writing: Writing,
    notices: Sequence[Notice],
    case_id: UUID,
    entry_id: UUID | None,
    data: Mapping[str, Any],
) -> None:
    """Put the messages of a step into the outbox."""
    if not notices:
        return
    text = canonical_json({name: as_json(value) for name, value in data.items()}) if data else "{}"
    writing.outbox += [
        (tx.new_id(), "notice", case_id, entry_id, notice.role, notice.template, text, tx.now, 0)
        for notice in notices
    ]


@lru_cache(maxsize=4096)
def _guards_of(machine: Machine, row: int, source: str) -> str:
    checks = machine.checks(machine.lifecycle.rows[row], source)
    return guards_text(tuple(check.spec.name for check in checks))


def _guards(machine: Machine, row: Row, source: str) -> str:
    return _guards_of(machine, row.number, source)
