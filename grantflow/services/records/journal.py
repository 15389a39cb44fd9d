"""The journal of a record in plain sentences, as far as the reader may know of it.

Masks hold: what leads from one state to another that the reader sees as the same did not happen for them, and what is
said of a masked step is what would be said of the step that they may see.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from itertools import groupby
from typing import Any

from sqlalchemy import Select, bindparam, select

from grantflow.domain.money import Money
from grantflow.domain.time import from_utc_text
from grantflow.services.cases import CREATE
from grantflow.services.records.meaning import decides, is_inside, label_for
from grantflow.services.records.said import Label, Sentence, Value
from grantflow.services.records.visibility import Found, seen_state
from grantflow.store.journal import JournalEntry, JournalText
from grantflow.store.people.models import User
from grantflow.store.session import Tx
from grantflow.workflow.model import SAME, Asked, Row, State

ERASED = Label("This text was erased.")


@dataclass(frozen=True, slots=True)
class Told:
    """A step as the journal tells it."""

    seq: int
    at: datetime
    sentence: Sentence
    who: tuple[Label | str, ...]
    """A name, a role, both, or nobody: as far as the reader may know."""
    texts: tuple[tuple[str, Value], ...]
    """What was filled in, under the labels of the fields."""
    tone: str
    """decision, system or plain."""
    state: str | None
    """The state that the reader saw from then on, where it changed."""


@dataclass(frozen=True, slots=True)
class Seen:
    """A step that the reader may know of, before it is put into words."""

    row: Any
    source: State | None
    target: State
    step: Row | None
    texts: tuple[tuple[str, str | None], ...]
    """What was filled in, by field; whether the reader may read it is asked when it is told."""

    @property
    def changed(self) -> bool:
        """Whether the reader sees the record elsewhere from then on."""
        return self.source is None or self.source.name != self.target.name


@cache
def _entries() -> Select[*tuple[Any, ...]]:
    return (
        select(
            JournalEntry.id,
            JournalEntry.seq,
            JournalEntry.transition,
            JournalEntry.row,
            JournalEntry.from_state,
            JournalEntry.to_state,
            JournalEntry.actor_kind,
            JournalEntry.user_id,
            JournalEntry.role,
            JournalEntry.at,
            JournalEntry.cause,
            User.name,
            JournalText.field,
            JournalText.text,
        )
        .outerjoin(User, User.id == JournalEntry.user_id)
        .outerjoin(JournalText, JournalText.entry_id == JournalEntry.id)
        .where(
            JournalEntry.record_id == bindparam("record"),
            JournalEntry.seq < bindparam("before"),
            JournalEntry.seq >= bindparam("least"),
        )
        .order_by(JournalEntry.seq.desc(), JournalText.field)
    )


def entries_of(tx: Tx, found: Found, *, before: int | None = None, most: int | None = None) -> list[Seen]:
    """Return the steps of a record that the reader may know of, the newest first, in one statement.

    Of somebody outside all are read: how many there are must not tell of those that they may not see.
    """
    inside = is_inside(found.scheme, found.roles)
    top = found.revision if before is None or not inside else min(before, found.revision)
    least = 0 if most is None or not inside else max(0, top - most)
    rows = tx.execute(_entries(), {"record": found.id, "before": top, "least": least}).all()
    seen = []
    for _, same in groupby(rows, key=lambda row: row.seq):
        entry = list(same)
        texts = tuple((row.field, row.text) for row in entry if row.field is not None)
        each = _seen(tx, found, entry[0], texts)
        if each is not None:
            seen.append(each)
    return seen


def _seen(tx: Tx, found: Found, row: Any, texts: tuple[tuple[str, str | None], ...]) -> Seen | None:
    states = found.lifecycle.states
    if row.to_state not in states:  # of an earlier version of the scheme
        return None
    target = seen_state(tx, found.scheme, found.lifecycle, row.to_state, found.roles)
    source = None
    if row.from_state in states:
        source = seen_state(tx, found.scheme, found.lifecycle, row.from_state, found.roles)
    hidden = target.name != row.to_state or (source is not None and source.name != row.from_state)
    if source is None or source.name != target.name:
        step = _same_step_in_the_open(found, row.transition, source, target) if hidden else _row(found, row)
        return Seen(row, source, target, step, texts)
    if hidden:
        return None
    each = Seen(row, source, target, _row(found, row), texts)
    if is_inside(found.scheme, found.roles) or (row.user_id is not None and row.user_id == tx.actor.user_id):
        return each
    told = each.step is not None and any(notice.role in found.roles for notice in each.step.notices)
    return each if told else None


def _row(found: Found, entry: Any) -> Row | None:
    rows, number = found.lifecycle.rows, int(entry.row)
    if 0 <= number < len(rows) and rows[number].name == entry.transition:
        return rows[number]
    return next((row for row in rows if row.name == entry.transition), None)


def _same_step_in_the_open(found: Found, name: str, source: State | None, target: State) -> Row | None:
    """Return the row of that name that leads from where the reader saw the record to where they see it, if there is one."""
    for row in found.lifecycle.rows:
        if row.name == name and source is not None and source.name in row.sources and row.to == target.name:
            return row
    return next(
        (
            row
            for row in found.lifecycle.rows
            if row.name == name and source is not None and source.name == target.name and row.to == SAME
        ),
        None,
    )


def told(tx: Tx, found: Found, seen: Sequence[Seen]) -> tuple[Told, ...]:
    """Put steps into words, with names and texts as far as the reader may know them."""
    inside = is_inside(found.scheme, found.roles)
    return tuple(_told(tx, found, each, inside=inside) for each in seen)


def _told(tx: Tx, found: Found, each: Seen, *, inside: bool) -> Told:
    row = each.row
    before = each.source.name if each.source else None
    decided = each.changed and decides(found.lifecycle, before, each.target.name)
    texts = each.texts if _may_read(tx, found, each, inside=inside) else ()
    return Told(
        seq=row.seq,
        at=row.at,
        sentence=_sentence(found, each),
        who=_who(tx, found, each, inside=inside),
        texts=tuple(_filled(found, each.step, field, text) for field, text in texts),
        tone="decision" if decided else "system" if row.actor_kind == "system" else "plain",
        state=each.target.name if each.changed else None,
    )


def _sentence(found: Found, each: Seen) -> Sentence:
    state = label_for(each.target, found.roles, found.scheme)
    if each.row.transition == CREATE and each.source is None:
        return Sentence("%(what)s was begun.", {"what": found.lifecycle.title})
    if each.step is None:
        return Sentence("It moved on. It is now: %(state)s.", {"state": state})
    step = each.step.label
    clock = _clock(found, each) if each.row.actor_kind == "system" and each.row.cause is None else None
    if clock == "date":
        if not each.changed:
            return Sentence("A date of the call passed: %(step)s.", {"step": step})
        return Sentence(
            "A date of the call passed: %(step)s. It is now: %(state)s.", {"step": step, "state": state}
        )
    if clock == "span":
        if not each.changed:
            return Sentence("The time for it had passed: %(step)s.", {"step": step})
        return Sentence(
            "The time for it had passed: %(step)s. It is now: %(state)s.", {"step": step, "state": state}
        )
    if not each.changed:
        return Sentence("%(step)s.", {"step": step})
    return Sentence("%(step)s. It is now: %(state)s.", {"step": step, "state": state})


def _clock(found: Found, each: Seen) -> str | None:
    for timer in found.lifecycle.timers:
        if timer.do == each.row.transition and each.row.from_state in timer.states:
            return "date" if timer.at else "span"
    return None


def _who(tx: Tx, found: Found, each: Seen, *, inside: bool) -> tuple[Label | str, ...]:
    row = each.row
    if row.actor_kind == "system":
        return (Label("By itself"),)
    if row.user_id is not None and row.user_id == tx.actor.user_id:
        return (Label("You"),)
    role = found.scheme.roles.get(row.role)
    label: tuple[Label | str, ...] = (Label(role.label),) if role else ()
    known = inside or (role is not None and role.outside and row.role in found.roles)
    return (row.name, *label) if row.name and known else label


def _may_read(tx: Tx, found: Found, each: Seen, *, inside: bool) -> bool:
    """Whether the reader may read what was filled in: their own words, and what they were told of by letter."""
    if inside or (each.row.user_id is not None and each.row.user_id == tx.actor.user_id):
        return True
    if each.step is None or not found.roles:
        return False
    return each.row.role in found.roles or any(notice.role in found.roles for notice in each.step.notices)


def _filled(found: Found, step: Row | None, name: str, text: str | None) -> tuple[str, Value]:
    asked = next((each for each in step.asks if each.name == name), None) if step else None
    label = asked.label if asked else name.replace("_", " ").capitalize()
    return label, ERASED if text is None else _value(found, asked, text)


def _value(found: Found, asked: Asked | None, text: str) -> Value:
    """Return what was filled in as the page writes it: the journal keeps it as text."""
    kind = asked.kind if asked else "text"
    if kind == "money":
        return Money(int(json.loads(text)), found.currency)
    if kind == "whole_number":
        return int(json.loads(text))
    if kind == "date":
        return date.fromisoformat(json.loads(text) if text.startswith('"') else text)
    if kind == "moment":
        return from_utc_text(json.loads(text) if text.startswith('"') else text)
    if kind == "choice":
        return Label(text)
    return text


def seen_since(seen: Sequence[Seen], found: Found) -> datetime:
    """Return since when the reader sees the record where they see it; `seen` holds its steps, the newest first."""
    for each in seen:
        if each.changed:
            return each.row.at  # type: ignore[no-any-return]  # a row of the journal
    return found.created_at
