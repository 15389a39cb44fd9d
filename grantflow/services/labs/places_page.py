"""Who registered for a lab, for the officials who admit; a session with those who may have been there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from grantflow.services.labs.lab_page import LabHead, SessionView, lab_head
from grantflow.store.cases import CaseRow
from grantflow.store.labs.models import Attendance, LabSession, Participation
from grantflow.store.labs.visibility import participation_visible_to
from grantflow.store.people.models import Organisation, User
from grantflow.store.session import Tx
from grantflow.workflow.model import Lifecycle

ADMITS = "give_lab_access"
"""The effect of the step that admits somebody."""
MOST_SHOWN = 500


@dataclass(frozen=True, slots=True)
class Place:
    """Somebody's place in a lab, as the programme sees it."""

    id: UUID
    ref: str
    name: str | None
    organisation: str | None
    helix: str
    nuts: str | None
    level: str
    registered_at: datetime
    state: str
    waiting: bool
    """Whether it can still be admitted."""
    admitted: bool


@dataclass(frozen=True, slots=True)
class PlacesPage:
    """Everybody who registered for a lab."""

    head: LabHead
    waiting: tuple[Place, ...]
    others: tuple[Place, ...]
    taken: int


@dataclass(frozen=True, slots=True)
class SessionPage:
    """A session, and the members who may have been there."""

    head: LabHead
    session: SessionView
    members: tuple[Place, ...]
    there: frozenset[UUID]


def places_page(tx: Tx, slug: str, language: str) -> PlacesPage | None:
    """Return who registered for a lab; nothing for those who do not work for the programme."""
    head = lab_head(tx, slug, language)
    if head is None or not head.office:
        return None
    rows = _places(tx, head)
    return PlacesPage(
        head,
        tuple(place for place in rows if place.waiting),
        tuple(place for place in rows if not place.waiting),
        sum(place.admitted for place in rows),
    )


def session_page(tx: Tx, slug: str, session_id: UUID, language: str) -> SessionPage | None:
    """Return a session of a lab for those who keep it; nothing for anybody else."""
    head = lab_head(tx, slug, language)
    if head is None or not head.office:
        return None
    row = tx.session.get(LabSession, session_id)
    if row is None or row.call_id != head.call_id:
        return None
    there = frozenset(
        tx.session.scalars(select(Attendance.participation_id).where(Attendance.session_id == session_id))
    )
    members = tuple(place for place in _places(tx, head) if place.admitted or place.id in there)
    view = SessionView(
        id=row.id,
        number=row.number,
        title=row.title,
        place=row.place,
        agenda=row.agenda,
        starts_at=row.starts_at,
        held_at=row.held_at,
        attended=len(there),
        results=row.results,
    )
    return SessionPage(head, view, members, there)


def _places(tx: Tx, head: LabHead) -> list[Place]:
    lifecycle = head.of_record("participation")
    assert lifecycle is not None, "a call with a lab has places in it"
    rows = tx.session.execute(
        select(Participation, CaseRow, User.name, Organisation.name.label("firm"))
        .join(CaseRow, CaseRow.id == Participation.id)
        .outerjoin(User, User.id == Participation.user_id)
        .outerjoin(Organisation, Organisation.id == Participation.organisation_id)
        .where(Participation.call_id == head.call_id, participation_visible_to(tx, tx.actor))
        .order_by(Organisation.name.is_(None), Organisation.name, User.name, CaseRow.id)
        .limit(MOST_SHOWN)
    )
    return [
        Place(
            id=row.Participation.id,
            ref=row.CaseRow.ref,
            name=row.name,
            organisation=row.firm,
            helix=row.Participation.helix,
            nuts=row.Participation.nuts,
            level=row.Participation.level,
            registered_at=row.CaseRow.created_at,
            state=lifecycle.states[row.CaseRow.state].label,
            waiting=_admits(lifecycle, row.CaseRow.state),
            admitted="counts" in lifecycle.states[row.CaseRow.state].tags,
        )
        for row in rows
    ]


def _admits(lifecycle: Lifecycle, state: str) -> bool:
    """Whether a step leads from a state by which somebody is admitted."""
    return any(ADMITS in row.effects for row in lifecycle.leaving(state))
