"""What a home is made of, each read in one statement, however many records somebody has."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, false, func, or_, select, union, union_all
from sqlalchemy.orm import aliased

from grantflow.store.aid.models import Line
from grantflow.store.applications.models import Application, ConflictDeclaration
from grantflow.store.calls.models import Call, CallDate
from grantflow.store.cases import CaseRow
from grantflow.store.people.models import Membership, Organisation, RoleGrant
from grantflow.store.programmes.models import AgendaItem, Body, Meeting, Programme, Seat
from grantflow.store.session import Tx
from grantflow.store.timers import TimerRow

MOST = 200
"""So many records of one's own are listed, the last that moved first; lists know the others."""


@dataclass(frozen=True, slots=True)
class CallOf:
    """The call that something belongs to."""

    id: UUID
    slug: str
    title: Any
    """Words by language."""
    language: str
    zone: str
    programme_id: UUID
    stage: int


@dataclass(frozen=True, slots=True)
class Own:
    """A record on which, or above which, somebody plays a role from outside."""

    id: UUID
    ref: str
    parent_id: UUID | None
    scheme: str
    version: int
    lifecycle: str
    record: str
    state: str
    seq: int
    entered_at: datetime
    call: CallOf


@dataclass(frozen=True, slots=True)
class Many:
    """How many records of a call are in one state."""

    scheme: str
    version: int
    lifecycle: str
    state: str
    count: int
    ref: str
    """Of the only one; nothing where there are several."""
    call: CallOf


@dataclass(frozen=True, slots=True)
class Sitting:
    """A meeting that is still to come, or whose items are still open."""

    id: UUID
    body: Any
    number: int
    held_at: datetime
    zone: str
    open_items: int


_CALL = (Call.id, Call.slug, Call.title, Call.language, Call.zone, Call.programme_id, Call.stage)


def held_roles(tx: Tx, user_id: UUID) -> Mapping[UUID, frozenset[str]]:
    """Return the roles that somebody plays now, by scope, on their own or through an organisation."""
    memberships = select(Membership.organisation_id).where(Membership.user_id == user_id)
    rows = tx.execute(
        select(RoleGrant.scope_id, RoleGrant.role).where(
            or_(RoleGrant.user_id == user_id, RoleGrant.organisation_id.in_(memberships)),
            or_(RoleGrant.ended_at.is_(None), RoleGrant.ended_at > tx.now),
        )
    )
    found: dict[UUID, set[str]] = {}
    for row in rows:
        found.setdefault(row.scope_id, set()).add(row.role)
    return {scope: frozenset(roles) for scope, roles in found.items()}


def own_records(tx: Tx, user_id: UUID, scopes: Collection[UUID]) -> list[Own]:
    """Return the records on scopes and right below them, without those that a hard conflict closes."""
    if not scopes:
        return []
    rows = tx.execute(
        select(
            CaseRow.id,
            CaseRow.ref,
            CaseRow.parent_id,
            CaseRow.scheme,
            CaseRow.version,
            CaseRow.lifecycle,
            CaseRow.record,
            CaseRow.state,
            CaseRow.seq,
            CaseRow.entered_at,
            *(column.label(f"call_{column.key}") for column in _CALL),
        )
        .join(Call, Call.id == CaseRow.call_id)
        .where(or_(CaseRow.id.in_(scopes), CaseRow.parent_id.in_(scopes)), _open_to(user_id))
        .order_by(CaseRow.entered_at.desc(), CaseRow.id)
        .limit(MOST)
    )
    return [
        Own(
            row.id,
            row.ref,
            row.parent_id,
            row.scheme,
            row.version,
            row.lifecycle,
            row.record,
            row.state,
            row.seq,
            row.entered_at,
            _call(row),
        )
        for row in rows
    ]


def many_records(tx: Tx, user_id: UUID, scopes: Collection[UUID]) -> list[Many]:
    """Return how many records are in which state, in the calls that are on scopes or of programmes on them.

    They are counted from the index alone; the few that a hard conflict closes are counted for themselves and taken off.
    """
    if not scopes:
        return []
    keys = (CaseRow.call_id, CaseRow.lifecycle, CaseRow.state, CaseRow.scheme, CaseRow.version)
    closed, below = _closed_to(user_id), aliased(CaseRow)
    every = (
        select(*keys, func.count().label("number"))
        .where(CaseRow.call_id.in_(_calls_on(scopes)))
        .group_by(*keys)
    )
    taken_off = (
        select(*keys, (-func.count()).label("number"))
        .where(CaseRow.id.in_(union(closed, select(below.id).where(below.parent_id.in_(closed)))))
        .group_by(*keys)
    )
    both = union_all(every, taken_off).subquery()
    one = aliased(CaseRow)
    counted = (
        select(*both.c[:5], func.sum(both.c.number).label("number"), func.count().label("parts"))
        .group_by(*both.c[:5])
        .subquery()
    )
    only = (
        select(one.ref)
        .where(
            one.call_id == counted.c.call_id,
            one.lifecycle == counted.c.lifecycle,
            one.state == counted.c.state,
            counted.c.number == 1,
            counted.c.parts == 1,
        )
        .limit(1)
        .correlate(counted)
        .scalar_subquery()
    )
    rows = tx.execute(
        select(*counted.c[1:6], only.label("ref"), *(column.label(f"call_{column.key}") for column in _CALL))
        .join(Call, Call.id == counted.c.call_id)
        .where(counted.c.number > 0)
        .order_by(Call.id, counted.c.lifecycle, counted.c.state, counted.c.scheme, counted.c.version)
    )
    return [
        Many(row.scheme, row.version, row.lifecycle, row.state, int(row.number), row.ref or "", _call(row))
        for row in rows
    ]


def _calls_on(scopes: Collection[UUID]) -> Select[Any]:
    return select(Call.id).where(or_(Call.id.in_(scopes), Call.programme_id.in_(scopes)))


def _open_to(user_id: UUID) -> ColumnElement[bool]:
    """Return the condition that no hard conflict of a person with an application closes a case."""
    closed = _closed_to(user_id)
    return and_(CaseRow.id.not_in(closed), or_(CaseRow.parent_id.is_(None), CaseRow.parent_id.not_in(closed)))


def _closed_to(user_id: UUID) -> Select[Any]:
    """Return the applications with which the last that somebody said of themselves is a hard conflict."""
    said, later = aliased(ConflictDeclaration), aliased(ConflictDeclaration)
    overtaken = (
        select(later.id)
        .where(
            later.application_id == said.application_id,
            later.user_id == said.user_id,
            later.number > said.number,
        )
        .exists()
    )
    return select(said.application_id).where(said.user_id == user_id, said.kind == "hard", ~overtaken)


def _call(row: Any) -> CallOf:
    return CallOf(
        row.call_id,
        row.call_slug,
        row.call_title,
        row.call_language,
        row.call_zone,
        row.call_programme_id,
        row.call_stage,
    )


def titles_of(tx: Tx, record_ids: Collection[UUID]) -> Mapping[UUID, str]:
    """Return what those among some records are called that have a name: applications, and lines by their firms."""
    if not record_ids:
        return {}
    named = (
        select(Line.id, Organisation.name)
        .join(Organisation, Organisation.id == Line.firm_id)
        .where(Line.id.in_(record_ids))
    )
    titled = select(Application.id, Application.title).where(Application.id.in_(record_ids))
    rows = tx.execute(union_all(titled, named))
    return {row.id: row.title for row in rows if row.title}


def due_of_records(tx: Tx, records: Sequence[Own]) -> Mapping[UUID, Sequence[tuple[int, datetime]]]:
    """Return for each record its timers that are still to come: number and moment."""
    if not records:
        return {}
    rows = tx.execute(
        select(TimerRow.case_id, TimerRow.seq, TimerRow.number, TimerRow.due_at)
        .where(TimerRow.case_id.in_([each.id for each in records]), TimerRow.due_at > tx.now)
        .order_by(TimerRow.due_at)
    )
    present = {each.id: each.seq for each in records}
    found: dict[UUID, list[tuple[int, datetime]]] = {}
    for row in rows:
        if present[row.case_id] == row.seq:
            found.setdefault(row.case_id, []).append((row.number, row.due_at))
    return found


def due_of_many(tx: Tx, waiting: Sequence[Many]) -> Mapping[tuple[UUID, str, str, int], datetime]:
    """Return when the next timer of each kind comes in groups of records: by call, lifecycle, state and number."""
    if not waiting:
        return {}
    groups = or_(
        false(),
        *(
            and_(
                CaseRow.call_id == each.call.id,
                CaseRow.lifecycle == each.lifecycle,
                CaseRow.state == each.state,
            )
            for each in waiting
        ),
    )
    rows = tx.execute(
        select(
            CaseRow.call_id,
            CaseRow.lifecycle,
            CaseRow.state,
            TimerRow.number,
            func.min(TimerRow.due_at).label("due_at"),
        )
        .join(CaseRow, and_(CaseRow.id == TimerRow.case_id, CaseRow.seq == TimerRow.seq))
        .where(groups, TimerRow.due_at > tx.now)
        .group_by(CaseRow.call_id, CaseRow.lifecycle, CaseRow.state, TimerRow.number)
    )
    return {(row.call_id, row.lifecycle, row.state, row.number): row.due_at for row in rows}


def dates_of_calls(tx: Tx, calls: Collection[UUID]) -> Mapping[tuple[UUID, int, str], datetime]:
    """Return the dates of calls that are still to come: by call, stage and name, the nearest first."""
    if not calls:
        return {}
    rows = tx.execute(
        select(CallDate.call_id, CallDate.stage, CallDate.name, CallDate.at)
        .where(CallDate.call_id.in_(calls), CallDate.at > tx.now)
        .order_by(CallDate.at, CallDate.name)
    )
    return {(row.call_id, row.stage, row.name): row.at for row in rows}


def sittings(tx: Tx, user_id: UUID) -> list[Sitting]:
    """Return the meetings, of bodies in which somebody has a seat, that are ahead or have open items."""
    still_open = (
        select(AgendaItem.meeting_id, func.count().label("count"))
        .where(AgendaItem.outcome.is_(None))
        .group_by(AgendaItem.meeting_id)
        .subquery()
    )
    rows = tx.execute(
        select(
            Meeting.id,
            Meeting.number,
            Meeting.held_at,
            Body.title,
            Programme.zone,
            func.coalesce(still_open.c["count"], 0).label("open_items"),
        )
        .join(Body, Body.id == Meeting.body_id)
        .join(Programme, Programme.id == Body.programme_id)
        .join(Seat, and_(Seat.body_id == Body.id, Seat.user_id == user_id, Seat.until.is_(None)))
        .outerjoin(still_open, still_open.c.meeting_id == Meeting.id)
        .where(or_(Meeting.held_at > tx.now, still_open.c["count"] > 0))
        .order_by(Meeting.held_at, Meeting.id)
    )
    return [
        Sitting(row.id, row.title, row.number, row.held_at, row.zone, int(row.open_items)) for row in rows
    ]
