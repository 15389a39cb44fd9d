"""The only way of running records to a newer version of their scheme: an explicit map, a replay, one transaction.

A call and everything below it moves as a whole or not at all. A record may move when its present state has a place in
the new version, that place is as final as the old one, and every step of its history would have been legal there too
(the compliance criterion of Rinderle, Reichert and Dadam, 2004). Rules that were promised to applicants do not change
under them: what the replay finds is shown first, and a move with a finding is refused.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from typing import Any
from uuid import UUID

from grantflow.domain.refusal import Refusal, Refused
from grantflow.services.cases import schemes
from grantflow.services.cases.creating import CREATION_ROW
from grantflow.services.cases.holding import Held, hold_above, hold_again, seen
from grantflow.services.cases.model import UnknownCase
from grantflow.services.cases.timing import dates_of, first_due, runs_before, visits_of
from grantflow.services.cases.writing import Entries, Writing, guards_text
from grantflow.store.session import Tx
from grantflow.store.statements import Statement, identifier
from grantflow.workflow.machine import Compiled, Machine
from grantflow.workflow.model import REMEMBERED, SAME, SYSTEM_ROLE

MOVE = "move"
"""The name under which the journal keeps a move."""
MOVE_ROW = -2
"""The number of the row that such an entry names: it is none of the scheme's."""

StateMap = Mapping[str, Mapping[str, str]]
"""By lifecycle, the new name of each state that is called otherwise in the new version."""

_BELOW = Statement("SELECT c.id FROM gf_case c WHERE c.call_id = :call ORDER BY c.id")
_HISTORY = Statement("""
    SELECT e.record_id, e.seq, e.transition, e.row, e.from_state, e.to_state
    FROM gf_journal_entry e JOIN gf_case c ON c.id = e.record_id
    WHERE c.call_id = :call ORDER BY e.record_id, e.seq
""")
_VERSION = Statement("UPDATE gf_case SET version = :version WHERE call_id = :call")


@dataclass(frozen=True, slots=True)
class Moving:
    """A record that would move: from which state to which, and what stands against it."""

    ref: str
    lifecycle: str
    from_state: str
    to_state: str
    against: tuple[Refusal, ...]


def plan_move(tx: Tx, call_id: UUID, version: int, states: StateMap) -> list[Moving]:
    """Return what a move of a call to another version of its scheme would do; nothing is written.

    Raises:
        UnknownCase: there is no such call.
        KeyError: that version was never published.
    """
    return [moving for _, moving in _planned(tx, _held(tx, call_id), call_id, version, states)]


def move(tx: Tx, call_id: UUID, version: int, states: StateMap, authority: str) -> list[Moving]:
    """Move a call and every record in it to another version of its scheme; the journal says on whose authority.

    Raises:
        Refused: something stands against one of the records; none is moved.
    """
    hold_above(tx, [call_id], {"call"})
    planned = _planned(tx, _held(tx, call_id), call_id, version, states)
    against = tuple(refusal for _, moving in planned for refusal in moving.against)
    if against:
        raise Refused(against)
    _write(tx, planned, call_id, version, authority)
    return [moving for _, moving in planned]


def _held(tx: Tx, call_id: UUID) -> list[Held]:
    ids = [identifier(row[0]) for row in _BELOW(tx, call=call_id)]
    if not ids:
        raise UnknownCase(call_id)
    return seen(tx, ids) if tx.read_only else hold_again(tx, ids)


def _planned(
    tx: Tx, records: Sequence[Held], call_id: UUID, version: int, states: StateMap
) -> list[tuple[Held, Moving]]:
    target = schemes.compiled(tx, records[0].scheme, version)
    history: dict[UUID, list[Any]] = {
        identifier(record): list(rows) for record, rows in groupby(_HISTORY(tx, call=call_id), itemgetter(0))
    }
    planned = []
    for each in sorted(records, key=lambda one: one.ref):
        names = states.get(each.lifecycle, {})
        to_state = names.get(each.state, each.state)
        against = tuple(_against(each, target, to_state, names, history.get(each.id, [])))
        planned.append((each, Moving(each.ref, each.lifecycle, each.state, to_state, against)))
    return planned


def _against(
    each: Held, target: Compiled, to_state: str, names: Mapping[str, str], history: Sequence[Any]
) -> Iterator[Refusal]:
    about = {"ref": each.ref, "state": each.state, "to": to_state}
    machine = target.machines.get(each.lifecycle)
    if machine is None or machine.lifecycle.record != each.record:
        yield Refusal("no_such_lifecycle", "%(ref)s has no lifecycle in the new version.", about)
        return
    if to_state not in machine.lifecycle.states:
        yield Refusal(
            "no_such_state", "%(ref)s is in “%(state)s”, which has no place in the new version.", about
        )
        return
    if (to_state in machine.lifecycle.final) != (each.state in each.machine.lifecycle.final):
        yield Refusal(
            "finality_changes", "%(ref)s would go from “%(state)s” to “%(to)s”: only one is final.", about
        )
    if each.machine.remembers(each.state) or machine.remembers(to_state):
        yield Refusal("suspended_now", "%(ref)s stands still. Let it be resumed first, then move it.", about)
    resume: str | None = None
    for _record, seq, transition, row, from_state, state in history:
        source, reached = names.get(from_state, from_state), names.get(state, state)
        if row not in (CREATION_ROW, MOVE_ROW) and not _possible(
            machine, transition, source, reached, resume
        ):
            yield Refusal(
                "history_differs",
                "%(ref)s took step %(seq)s (%(step)s) in a way that the new version does not know.",
                {**about, "seq": seq, "step": transition},
            )
        if source != reached:
            resume = source if machine.remembers(reached) else None


def _possible(machine: Machine, transition: str, source: str, reached: str, resume: str | None) -> bool:
    targets = {SAME: source, REMEMBERED: resume}
    return any(
        targets.get(row.to, row.to) == reached
        for row in machine.lifecycle.rows
        if row.name == transition and source in row.sources
    )


def _write(
    tx: Tx, planned: Sequence[tuple[Held, Moving]], call_id: UUID, version: int, authority: str
) -> None:
    writing = Writing()
    role = SYSTEM_ROLE if tx.actor.is_system else MOVE
    dates = dates_of(tx, [call_id]).get(call_id, {})
    visits = visits_of(tx, [each.id for each, _ in planned])
    for each, moving in planned:
        target = schemes.compiled(tx, each.scheme, version)
        versions = guards_text((f"{each.scheme} v{each.version}", f"{each.scheme} v{version}"))
        what = (each.lifecycle, MOVE, MOVE_ROW, each.state, moving.to_state)
        entries = Entries(tx, what, role, versions, authority)
        entry, head = entries.entry(tx.new_id(), each.id, each.seq + 1, each.head, None)
        writing.entries.append(entry)
        writing.moves.append((each.id, moving.to_state, None, each.entered_at, each.seq + 1, head))
        writing.drop_timers_of.append(each.id)
        standing = each.call.under(target)
        for timer in target.machines[each.lifecycle].timers(moving.to_state):
            runs = runs_before(timer, visits.get(each.id, [])[:-1], each.entered_at)
            due = first_due(timer, standing, dates, each.entered_at, tx.now, runs)
            if due is not None:
                writing.timers.append(
                    (tx.new_id(), each.id, call_id, each.seq + 1, timer.number, timer.at, due, 0)
                )
    writing.write(tx)
    _VERSION(tx, version=version, call=call_id)
    tx.forget()
