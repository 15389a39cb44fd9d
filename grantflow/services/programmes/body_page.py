"""The bodies that somebody has to do with: their seats, and their meetings, to come and past."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import and_, func, or_, select

from grantflow.domain.words import in_language
from grantflow.services.programmes.meeting_page import may_see
from grantflow.services.programmes.office import of_the_office
from grantflow.store.people.models import RoleGrant, User
from grantflow.store.programmes.models import AgendaItem, Body, Meeting, Minutes, Programme, Seat
from grantflow.store.session import Tx

PAST_SHOWN = 50
"""How many past meetings a list shows."""


@dataclass(frozen=True, slots=True)
class MeetingLine:
    """A meeting in a list."""

    id: UUID
    number: int
    kind: str
    body: str
    zone: str
    held_at: datetime
    items: int
    signed: bool
    past: bool


@dataclass(frozen=True, slots=True)
class BodyLine:
    """A body in a list."""

    id: UUID
    title: str
    programme: str
    zone: str
    office: bool
    """Whether the reader keeps its meetings."""


@dataclass(frozen=True, slots=True)
class MeetingsPage:
    """Every body that somebody has to do with, and its meetings."""

    bodies: tuple[BodyLine, ...]
    to_come: tuple[MeetingLine, ...]
    past: tuple[MeetingLine, ...]


@dataclass(frozen=True, slots=True)
class SeatLine:
    """A seat and who holds it."""

    id: UUID
    name: str
    email: str
    kind: str
    since: datetime


@dataclass(frozen=True, slots=True)
class BodyPage:
    """Everything on the page of a body."""

    line: BodyLine
    quorum: int
    places: int
    delegate: str | None
    seats: tuple[SeatLine, ...]
    to_come: tuple[MeetingLine, ...]
    past: tuple[MeetingLine, ...]

    @property
    def free(self) -> int:
        """How many of the members' places nobody holds."""
        return self.places - sum(seat.kind != "deputy" for seat in self.seats)


def meetings_page(tx: Tx, language: str) -> MeetingsPage:
    """Return the bodies in which whoever asks sits or whose office they work in, with their meetings."""
    lines = tuple(_line(tx, body, programme, language) for body, programme in _mine(tx))
    meetings = _meetings(tx, [line.id for line in lines], language)
    return MeetingsPage(lines, *_parted(meetings))


def body_page(tx: Tx, body_id: UUID, language: str) -> BodyPage | None:
    """Return the page of a body, nothing where there is none whose meetings the actor may see."""
    found = tx.session.execute(
        select(Body, Programme, User.name)
        .join(Programme, Programme.id == Body.programme_id)
        .outerjoin(User, User.id == Body.delegate_id)
        .where(Body.id == body_id)
    ).one_or_none()
    if found is None or not may_see(tx, found.Body):
        return None
    seats = tx.session.execute(
        select(Seat, User.name, User.email)
        .join(User, User.id == Seat.user_id)
        .where(Seat.body_id == body_id, Seat.until.is_(None))
        .order_by(Seat.since, Seat.id)
    )
    order = {"chair": 0, "member": 1, "deputy": 2}
    return BodyPage(
        _line(tx, found.Body, found.Programme, language),
        found.Body.quorum,
        found.Body.seats,
        found.name,
        tuple(
            sorted(
                (SeatLine(seat.id, name, email, seat.kind, seat.since) for seat, name, email in seats),
                key=lambda seat: order[seat.kind],
            )
        ),
        *_parted(_meetings(tx, [body_id], language)),
    )


def _line(tx: Tx, body: Body, programme: Programme, language: str) -> BodyLine:
    return BodyLine(
        body.id,
        in_language(body.title, language),
        in_language(programme.name, language),
        programme.zone,
        of_the_office(tx, programme.id),
    )


def _mine(tx: Tx) -> Sequence[tuple[Body, Programme]]:
    me = tx.actor.user_id
    if me is None:
        return ()
    sits = select(Seat.id).where(Seat.body_id == Body.id, Seat.user_id == me).exists()
    decides = or_(RoleGrant.role == Body.role, RoleGrant.role == Body.delegate_role)
    keeps = (
        select(RoleGrant.id)
        .where(
            RoleGrant.scope_id == Body.programme_id,
            RoleGrant.user_id == me,
            or_(RoleGrant.ended_at.is_(None), RoleGrant.ended_at > tx.now),
            ~decides,
        )
        .exists()
    )
    found = (
        select(Body, Programme)
        .join(Programme, Programme.id == Body.programme_id)
        .where(or_(sits, Body.delegate_id == me, keeps))
        .order_by(Programme.ref_prefix, Body.name)
    )
    return [(row.Body, row.Programme) for row in tx.session.execute(found)]


def _meetings(tx: Tx, bodies: Sequence[UUID], language: str) -> Sequence[MeetingLine]:
    if not bodies:
        return ()
    items = (
        select(func.count(AgendaItem.id))
        .where(AgendaItem.meeting_id == Meeting.id)
        .correlate(Meeting)
        .scalar_subquery()
    )
    found = (
        select(Meeting, Body.title, Programme.zone, Minutes, items.label("items"))
        .join(Body, Body.id == Meeting.body_id)
        .join(Programme, Programme.id == Body.programme_id)
        .join(Minutes, and_(Minutes.meeting_id == Meeting.id))
        .where(Meeting.body_id.in_(bodies))
        .order_by(Meeting.held_at.desc(), Meeting.id)
        .limit(PAST_SHOWN)
    )
    return [
        MeetingLine(
            id=row.Meeting.id,
            number=row.Meeting.number,
            kind=row.Meeting.kind,
            body=in_language(row.title, language),
            zone=row.zone,
            held_at=row.Meeting.held_at,
            items=row.items,
            signed=row.Minutes.chair_signed_at is not None and row.Minutes.adjuster_signed_at is not None,
            past=row.Meeting.held_at <= tx.now,
        )
        for row in tx.session.execute(found)
    ]


def _parted(lines: Sequence[MeetingLine]) -> tuple[tuple[MeetingLine, ...], tuple[MeetingLine, ...]]:
    """Return the meetings that want something still, the next first, and those that are done, the latest first."""
    to_come = tuple(line for line in reversed(lines) if not line.signed)
    return to_come, tuple(line for line in lines if line.signed)
