"""Who may see which record, whatever its kind, and the one way in which pages find a record.

A record that is unknown, foreign or hidden is the same to whoever asks: it is not found.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, false, select

from grantflow.domain.actor import Actor
from grantflow.domain.words import in_language
from grantflow.services.cases import schemes
from grantflow.services.cases.holding import remember_seen
from grantflow.store.aid.visibility import line_visible_to, payment_visible_to
from grantflow.store.applications.visibility import visible_to as application_visible_to
from grantflow.store.awards.visibility import visible_to as award_visible_to
from grantflow.store.calls.viewing import shown, shown_state
from grantflow.store.calls.visibility import visible_to as call_visible_to
from grantflow.store.calls.visible import public_states
from grantflow.store.cases import CaseRow
from grantflow.store.labs.visibility import (
    contribution_visible_to,
    frame_visible_to,
    is_published,
    participation_visible_to,
)
from grantflow.store.people.roles import HELD_BY_LINK, HELD_BY_PERSON, SYSTEM_ROLES
from grantflow.store.reviews.visibility import visible_to as review_visible_to
from grantflow.store.session import Tx
from grantflow.store.statements import Statement, identifier, identifier_or_none, moment
from grantflow.workflow.model import Lifecycle, Scheme, State

VISIBLE: Mapping[str, Callable[[Tx, Actor], ColumnElement[bool]]] = {
    "call": call_visible_to,
    "participation": participation_visible_to,
    "contribution": contribution_visible_to,
    "frame": frame_visible_to,
    "application": application_visible_to,
    "line": line_visible_to,
    "payment": payment_visible_to,
    "review": review_visible_to,
    "award": award_visible_to,
}
"""The condition of each kind of record; a kind that is missing here is seen by nobody."""


@dataclass(frozen=True, slots=True)
class Found:
    """A record that whoever asked may see.

    `state` is where it is, which may be confidential: pages show `shown`. `revision` is what the door compares; who
    sees a masked state is given `records.stepping.seen_revision` instead, since counting steps would tell of them.
    """

    id: UUID
    ref: str
    record: str
    scheme: Scheme
    lifecycle: Lifecycle
    state: str
    shown: State
    roles: frozenset[str]
    revision: int
    call_id: UUID
    parent_id: UUID | None
    resume_state: str | None
    entered_at: datetime
    created_at: datetime
    parent_ref: str
    """Of the record above it; empty for a call."""
    slug: str
    """Of its call."""
    zone: str
    currency: str
    stage: int
    """The stage that its call is in."""
    has_lab: bool
    call_title: str
    """In the reader's language, else in the call's own."""
    agenda: str
    """Its items on agendas, as they were read: number, matter and meeting of each, with commas between."""

    @property
    def meetings(self) -> Mapping[str, UUID]:
        """By matter: the meeting that has the record on its agenda, the last one."""
        items = [each.split(" ") for each in self.agenda.split(",") if each]
        items.sort(key=lambda item: int(item[0]))
        return {matter: UUID(meeting) for _, matter, meeting in items}

    @property
    def is_masked(self) -> bool:
        """Whether its state is confidential for whoever asked."""
        return self.shown.name != self.state


def visible(tx: Tx, actor: Actor, kind: str) -> ColumnElement[bool]:
    """Return the condition on `CaseRow` that an actor may see a record of a kind."""
    condition = VISIBLE.get(kind)
    return false() if condition is None else condition(tx, actor)


def find(tx: Tx, ref: str, kinds: Collection[str] | None = None, language: str = "en") -> Found | None:
    """Return the record of a reference, where the actor may see it and it is of one of some kinds; else nothing."""
    return _one(tx, _BY_REF, kinds, language, ref=ref)


def find_call(tx: Tx, slug: str, language: str = "en") -> Found | None:
    """Return the call of an address, where the actor may see it; else nothing."""
    return _one(tx, _BY_SLUG, None, language, slug=slug)


def find_id(
    tx: Tx, record_id: UUID, kinds: Collection[str] | None = None, language: str = "en"
) -> Found | None:
    """Return the record of an identifier, as `find` does."""
    return _one(tx, _BY_ID, kinds, language, ids=[record_id])


def find_page(
    tx: Tx,
    kind: str,
    *,
    most: int,
    after: str = "",
    call_id: UUID | None = None,
    state: str = "",
    language: str = "en",
) -> list[Found]:
    """Return the records of a kind that the actor may see, by reference, from behind one on.

    `state` is the one that the actor sees, so that a filter finds out nothing that the record would not show.
    """
    conditions = [CaseRow.record == kind, visible(tx, tx.actor, kind)]
    if after:
        conditions.append(CaseRow.ref > after)
    if call_id is not None:
        conditions.append(CaseRow.call_id == call_id)
    if state:
        conditions.append(shown_state(tx, tx.actor, kind) == state)
    ids = list(tx.execute(select(CaseRow.id).where(*conditions).order_by(CaseRow.ref).limit(most)).scalars())
    if not ids:
        return []
    found = {each.id: each for each, _ in (_read(tx, row, language) for row in _run(tx, _BY_ID, ids=ids))}
    return [found[each] for each in ids]


def find_below(tx: Tx, record_id: UUID, language: str = "en") -> list[Found]:
    """Return the records right below one that the actor may see, in the order of their references."""
    tx.flush()
    rows = [_read(tx, row, language) for row in _run(tx, _BELOW, parents=[record_id])]
    return [found for found, is_tied in rows if _may_see(tx, found, tied=is_tied)]


# One record is looked at by itself: the same rule as the conditions above, at a tenth of what asking them costs. Tests
# hold the two together for everybody and every record.

_COLUMNS = """c.id, c.ref, c.record, c.scheme, c.version, c.lifecycle, c.state, c.revision, c.call_id, c.parent_id,
    c.resume_state, c.entered_at, c.created_at, k.slug, k.zone, k.currency, k.stage, k.has_lab, k.title, k.language,
    p.ref"""
_MORE = "c.seq, c.head, k.parameters, k.days_off"
"""What the engine asks of a record beside that, so that what may be done with it needs no second look."""
_TIE = """(SELECT d.kind FROM gf_conflict_declaration d
    WHERE d.application_id IN (c.id, c.parent_id) AND d.user_id = :user ORDER BY d.number DESC LIMIT 1)"""


def _ways(rest: str) -> Mapping[tuple[str, bool], Statement]:
    """Return a question about records as a person, the holder of a link and anybody else asks it, on both databases."""
    made = {}
    for postgresql in (False, True):
        gathered = "string_agg(g.role, ',')" if postgresql else "group_concat(g.role)"
        item = "i.number || ' ' || i.matter || ' ' || CAST(i.meeting_id AS text)"
        items = f"string_agg({item}, ',')" if postgresql else f"group_concat({item})"
        agenda = f"(SELECT {items} FROM gf_agenda_item i WHERE i.record_id = c.id)"  # noqa: S608 - texts of this code
        for kind, held, tie in (
            ("person", HELD_BY_PERSON, _TIE),
            ("link", HELD_BY_LINK, "NULL"),
            ("", "", "NULL"),
        ):
            roles = f"(SELECT {gathered} FROM gf_role_grant g WHERE {held})" if held else "NULL"  # noqa: S608 - texts of this code
            made[kind, postgresql] = Statement(
                f"SELECT {_COLUMNS}, {roles}, {tie}, {_MORE}, {agenda} FROM gf_case c "  # noqa: S608 - texts of this code
                f"JOIN gf_call k ON k.id = c.call_id LEFT JOIN gf_case p ON p.id = c.parent_id {rest}"
            )
    return made


_BY_REF = _ways("WHERE c.ref = :ref")
_BY_SLUG = _ways("WHERE k.slug = :slug AND c.id = k.id")
_BY_ID = _ways("WHERE c.id IN :ids*uuid")
_BELOW = _ways("WHERE c.parent_id IN :parents*uuid ORDER BY c.ref LIMIT 60")


def _run(tx: Tx, ways: Mapping[tuple[str, bool], Statement], **values: Any) -> Iterable[Any]:
    actor = tx.actor
    if actor.kind == "person":
        values |= {"user": actor.user_id, "now": tx.now}
    elif actor.kind == "link":
        values |= {"grant_id": actor.grant_id, "now": tx.now}
    kind = actor.kind if actor.kind in ("person", "link") else ""
    return ways[kind, tx.is_postgresql](tx, **values)


def _one(
    tx: Tx,
    ways: Mapping[tuple[str, bool], Statement],
    kinds: Collection[str] | None,
    language: str,
    **values: Any,
) -> Found | None:
    tx.flush()
    for row in _run(tx, ways, **values):
        found, is_tied = _read(tx, row, language)
        if (kinds is None or found.record in kinds) and _may_see(tx, found, tied=is_tied):
            return found
    return None


def _read(tx: Tx, row: Any, language: str) -> tuple[Found, bool]:
    """Return a record as it was read, and whether a hard conflict between it and the actor is on record."""
    scheme = schemes.compiled(tx, row[3], row[4]).scheme
    lifecycle = scheme.lifecycles[row[5]]
    roles = SYSTEM_ROLES if tx.actor.is_system else frozenset((row[21] or "").split(",")) - {""}
    each = identifier(row[0])
    title = row[18] if isinstance(row[18], dict) else json.loads(row[18])
    found = Found(
        id=each,
        ref=row[1],
        record=row[2],
        scheme=scheme,
        lifecycle=lifecycle,
        state=row[6],
        shown=seen_state(tx, scheme, lifecycle, row[6], roles),
        roles=roles,
        revision=row[7],
        call_id=identifier(row[8]),
        parent_id=identifier_or_none(row[9]),
        resume_state=row[10],
        entered_at=moment(row[11]),
        created_at=moment(row[12]),
        slug=row[13],
        zone=row[14],
        currency=row[15],
        stage=row[16],
        has_lab=bool(row[17]),
        call_title=in_language(title, language, row[19]),
        parent_ref=row[20] or "",
        agenda=row[27] or "",
    )
    zone_to_days_off = row[14], row[16], row[25], row[26]
    remember_seen(
        tx,
        (
            *row[:2],
            row[8],
            row[9],
            *row[3:6],
            row[2],
            row[6],
            row[10],
            row[11],
            row[23],
            row[24],
            row[7],
            *zone_to_days_off,
            row[21],
            False,  # nobody is told of what is only looked at
        ),
    )
    return found, row[22] == "hard"


def _may_see(tx: Tx, found: Found, *, tied: bool) -> bool:
    """Whether the actor may see a record: what `VISIBLE` says of its kind, of one record."""
    if found.record not in VISIBLE:
        return False
    if tied and found.record in UNDER_CONFLICT:
        return False
    if tx.actor.is_system or not found.roles.isdisjoint(found.lifecycle.states[found.state].view):
        return True
    if found.record in {"call", "frame"}:
        return found.state in public_states(found.scheme, found.lifecycle)
    if found.record == "contribution" and is_published(found.lifecycle.states[found.state]):
        others = select(CaseRow.id).where(CaseRow.id == found.id, visible(tx, tx.actor, found.record))
        return tx.execute(others).scalar() is not None
    return False


UNDER_CONFLICT = frozenset({"application", "review", "award", "line", "payment"})
"""Kinds of records that nobody sees who is in conflict with the application."""


def seen_state(tx: Tx, scheme: Scheme, lifecycle: Lifecycle, state: str, roles: Collection[str]) -> State:
    """Return the state that the actor sees, with these roles on the record; the system sees what is."""
    return lifecycle.states[state] if tx.actor.is_system else shown(scheme, lifecycle, state, roles)
