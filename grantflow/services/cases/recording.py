"""What a batch of steps leaves behind, row by row."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from grantflow.domain.step import Stepped
from grantflow.services.cases.asking import as_json, as_text
from grantflow.services.cases.holding import Held, seen
from grantflow.services.cases.timing import dates_for, first_due, runs_before, visits_of
from grantflow.services.cases.writing import Entries, Writing, guards_text
from grantflow.store.cases import CaseRow
from grantflow.store.journal import payload_digest
from grantflow.store.session import Tx
from grantflow.store.types import canonical_json
from grantflow.workflow.model import SAME, Notice, Timer

if TYPE_CHECKING:
    from grantflow.services.cases.stepping import Taken


def record(
    tx: Tx, taken: Sequence[Taken], authority: str | None, told: Mapping[str, Any]
) -> dict[UUID, Stepped]:
    """Write a batch of steps and return them; `told` is what the steps that caused them were told."""
    writing = Writing()
    likes: dict[tuple[int, int, str, str, str], _Like] = {}
    entering: list[tuple[Held, Sequence[Timer]]] = []
    messages: list[Message] = []
    stepped: dict[UUID, Stepped] = {}
    for each in taken:
        held, to_state, entry_id = each.held, each.to_state, each.entry_id
        key = (id(held.machine), each.row.number, held.state, to_state, each.role)
        like = likes.get(key)
        if like is None:
            like = likes[key] = _Like(tx, each, authority, told)
        seq = held.seq + 1
        entry, digested = like.entries.entry(entry_id, held.id, seq, held.head, each.cause)
        writing.entries.append(entry)
        if like.texts:
            writing.texts += [(entry_id, name, text) for name, text in like.texts.items()]
        if like.stays:
            writing.moves.append((held.id, to_state, held.resume_state, held.entered_at, seq, digested))
            if like.had_timers:
                writing.keep_timers_of.append((held.id, seq))
        else:
            writing.moves.append((held.id, to_state, like.resume_state(held), tx.now, seq, digested))
            if like.had_timers:
                writing.drop_timers_of.append(held.id)
            if like.timers:
                entering.append((held, like.timers))
        messages += [
            (held.id, entry_id, notice.role, notice.template, like.message) for notice in each.row.notices
        ]
        stepped[held.id] = Stepped(
            held.id,
            held.ref,
            held.lifecycle,
            each.row.name,
            held.state,
            to_state,
            seq,
            held.revision + 1,
            entry_id,
        )
    post(tx, writing, messages)
    tell_webhooks(tx, writing, [(each.held.id, each.entry_id) for each in taken if each.held.listened_to])
    entering = [(_with_new_stage(tx, held, timers), timers) for held, timers in entering]
    add_timers(tx, writing, entering, {held.id: held.seq + 1 for held, _ in entering})
    writing.write(tx)
    tx.forget(CaseRow, stepped)
    tx.taken.extend(stepped.values())
    return stepped


class _Like:
    """What the steps of a batch have in common that take one row out of one state, in one role: worked out once."""

    __slots__ = ("_reenters", "_remembers", "entries", "had_timers", "message", "stays", "texts", "timers")

    def __init__(self, tx: Tx, each: Taken, authority: str | None, told: Mapping[str, Any]) -> None:
        held, row, machine = each.held, each.row, each.held.machine
        self.texts = {name: as_text(value) for name, value in each.data.items()}
        self.message = _message({**told, **each.data})
        self.stays = row.to == SAME
        self.had_timers = bool(machine.timers(held.state))
        self.timers = machine.timers(each.to_state)
        self._reenters = each.to_state == held.state
        self._remembers = machine.remembers(each.to_state)
        what = (held.lifecycle, row.name, row.number, held.state, each.to_state)
        guards = guards_text(tuple(check.spec.name for check in machine.checks(row, held.state)))
        self.entries = Entries(tx, what, each.role, guards, authority, payload_digest(self.texts))

    def resume_state(self, held: Held) -> str | None:
        """Return the state to which a record that moves may be led back."""
        if not self._remembers:
            return None
        return held.resume_state if self._reenters else held.state


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
    back = [held.id for held, timers in entering if any(timer.pauses_in for timer in timers)]
    visits = visits_of(tx, back) if back else {}
    known: dict[tuple[int, int, UUID], datetime | None] = {}
    running: list[tuple[Held, Timer, datetime]] = []
    for held, timers in entering:
        for timer in timers:
            if timer.pauses_in:
                runs = runs_before(timer, visits.get(held.id, ()), tx.now)
                due = first_due(timer, held.call, {}, tx.now, tx.now, runs)
                if due is not None:
                    running.append((held, timer, due))
                continue
            # All that enter a state of one call at one moment have the same dates ahead of them.
            key = id(timer), id(held.call), held.call_id
            if key not in known:
                known[key] = first_due(timer, held.call, dates.get(held.call_id, {}), tx.now, tx.now)
            due = known[key]
            if due is not None:
                running.append((held, timer, due))
    writing.timers += [
        (each, held.id, held.call_id, seqs[held.id], timer.number, timer.at, due, 0)
        for each, (held, timer, due) in zip(tx.new_ids(len(running)), running, strict=True)
    ]


Message = tuple[UUID, UUID | None, str, str, str]
"""Record, entry, role, template and data (as JSON) of a message."""


def post(tx: Tx, writing: Writing, messages: Sequence[Message]) -> None:
    """Put messages into the outbox."""
    writing.outbox += [
        (each, "notice", *message, tx.now, 0)
        for each, message in zip(tx.new_ids(len(messages)), messages, strict=True)
    ]


def tell_webhooks(tx: Tx, writing: Writing, steps: Sequence[tuple[UUID, UUID]]) -> None:
    """Leave a message for each step, by record and entry, of which webhooks may want to know; ids alone."""
    writing.outbox += [
        (each, "step", case_id, entry_id, None, "step", "{}", tx.now, 0)
        for each, (case_id, entry_id) in zip(tx.new_ids(len(steps)), steps, strict=True)
    ]


def add_notices(
    tx: Tx,
    writing: Writing,
    notices: Sequence[Notice],
    case_id: UUID,
    entry_id: UUID | None,
    data: Mapping[str, Any],
) -> None:
    """Put the messages of one record into the outbox."""
    message = _message(data)
    post(tx, writing, [(case_id, entry_id, notice.role, notice.template, message) for notice in notices])


def _message(data: Mapping[str, Any]) -> str:
    return canonical_json({name: as_json(value) for name, value in data.items()}) if data else "{}"
