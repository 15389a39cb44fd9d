"""The page of a lab: the challenge, who takes part, sessions, what was brought, the frame, and one's own place in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from grantflow.domain.labs.places import HELICES
from grantflow.domain.words import in_language
from grantflow.services.cases import Choices, choices
from grantflow.services.labs.contribution_list import ContributionView, contributions
from grantflow.services.labs.found import FoundLab, lab_of
from grantflow.services.labs.taking_part import COUNTS
from grantflow.store.cases import CaseRow
from grantflow.store.labs.models import Attendance, Frame, FrameComment, LabSession, Participation
from grantflow.store.labs.visibility import frame_visible_to
from grantflow.store.people.models import Organisation, User
from grantflow.store.session import Tx
from grantflow.workflow.model import Lifecycle, Scheme


@dataclass(frozen=True, slots=True)
class LabHead:
    """Whose lab it is, and what the reader is in it: what every page of a lab begins with."""

    call_id: UUID
    programme_id: UUID
    slug: str
    ref: str
    title: str
    agency: str
    programme: str
    zone: str
    currency: str
    state: str
    territory: tuple[str, ...]
    scheme: Scheme
    roles: frozenset[str]
    office: bool

    def of_record(self, record: str) -> Lifecycle | None:
        """Return the lifecycle of a kind of record in this call."""
        return next((each for each in self.scheme.lifecycles.values() if each.record == record), None)

    def receives(self, record: str) -> bool:
        """Whether records of a kind can be begun in the call now."""
        lifecycle = self.of_record(record)
        return lifecycle is not None and self.state in lifecycle.creation.during

    def creates(self, record: str) -> bool:
        """Whether the reader could begin records of a kind now."""
        lifecycle = self.of_record(record)
        return (
            lifecycle is not None
            and self.receives(record)
            and not self.roles.isdisjoint(lifecycle.creation.by)
        )


@dataclass(frozen=True, slots=True)
class Share:
    """How many come from somewhere, and how many are hoped for where that was said."""

    name: str
    count: int
    wanted: int | None = None


@dataclass(frozen=True, slots=True)
class Named:
    """Somebody who agreed that their name is shown."""

    name: str
    organisation: str | None
    helix: str
    nuts: str | None


@dataclass(frozen=True, slots=True)
class SessionView:
    """A workshop or meeting of the lab."""

    id: UUID
    number: int
    title: str
    place: str
    agenda: str
    starts_at: datetime
    held_at: datetime | None
    attended: int
    results: str | None


@dataclass(frozen=True, slots=True)
class OwnPlace:
    """The reader's own place in the lab, and what they may do with it."""

    id: UUID
    ref: str
    level: str
    admitted: bool
    choices: Choices


@dataclass(frozen=True, slots=True)
class FrameLine:
    """The frame, as far as the reader may know of it."""

    id: UUID
    ref: str
    version: int
    title: str
    state: str
    settled: bool
    """Whether it is in force or done with, so that a newer version may be begun."""
    open_for_comments: bool
    comments: int
    unanswered: int


@dataclass(frozen=True, slots=True)
class LabPage:
    """Everything on the page of a lab."""

    head: LabHead
    question: str
    why_now: str
    members: int
    waiting: int
    """How many registered and wait for an answer."""
    helices: tuple[Share, ...]
    places: tuple[Share, ...]
    named: tuple[Named, ...]
    sessions: tuple[SessionView, ...]
    contributions: tuple[ContributionView, ...]
    own: OwnPlace | None
    may_register: bool
    may_contribute: bool
    frame: FrameLine | None
    may_start_frame: bool

    @property
    def unread(self) -> int:
        """How many contributions the programme has not published yet."""
        return sum(not each.published and not each.mine for each in self.contributions)

    @property
    def nameless(self) -> int:
        """How many of the members are not named."""
        return self.members - len(self.named)


def lab_head(tx: Tx, slug: str, language: str) -> LabHead | None:
    """Return what every page of a lab begins with; nothing where the call is hidden or has no lab."""
    found = lab_of(tx, slug)
    return None if found is None else _head(found, slug, language)


def _head(found: FoundLab, slug: str, language: str) -> LabHead:
    return LabHead(
        call_id=found.call_id,
        programme_id=found.programme_id,
        slug=slug,
        ref=found.ref,
        title=in_language(found.title, language, found.language),
        agency=found.agency,
        programme=in_language(found.programme, language),
        zone=found.zone,
        currency=found.currency,
        state=found.state,
        territory=tuple(found.territory),
        scheme=found.scheme,
        roles=found.roles,
        office=found.office,
    )


def lab_page(tx: Tx, slug: str, language: str) -> LabPage | None:
    """Return the page of a lab; nothing where whoever asks may not know of the call, or it has no lab."""
    lab = lab_of(tx, slug)
    if lab is None:
        return None
    head = _head(lab, slug, language)
    own = _own(tx, head)
    counted, waiting = _counted(tx, head)
    by_helix: dict[str, int] = {}
    by_place: dict[str, int] = {}
    for (helix, nuts), count in counted.items():
        by_helix[helix] = by_helix.get(helix, 0) + count
        by_place[nuts or ""] = by_place.get(nuts or "", 0) + count
    frame = _frame(tx, head)
    return LabPage(
        head=head,
        question=in_language(lab.question, language),
        why_now=in_language(lab.why_now, language),
        members=sum(counted.values()),
        waiting=waiting,
        helices=tuple(Share(each, by_helix.get(each, 0), lab.wanted.get(each)) for each in HELICES),
        places=tuple(Share(*each) for each in sorted(by_place.items(), key=lambda each: (-each[1], each[0]))),
        named=_named(tx, head),
        sessions=_sessions(tx, head.call_id),
        contributions=contributions(
            tx, head.call_id, own_place=None if own is None else own.id, all_names=head.office
        ),
        own=own,
        may_register=own is None and head.receives("participation"),
        may_contribute=own is not None and own.admitted and head.receives("contribution"),
        frame=frame,
        may_start_frame=head.creates("frame") and (frame is None or frame.settled),
    )


def _own(tx: Tx, head: LabHead) -> OwnPlace | None:
    if tx.actor.user_id is None:
        return None
    row = tx.session.execute(
        select(Participation, CaseRow)
        .join(CaseRow, CaseRow.id == Participation.id)
        .where(Participation.call_id == head.call_id, Participation.user_id == tx.actor.user_id)
    ).one_or_none()
    if row is None:
        return None
    place, case = row
    state = head.scheme.lifecycles[case.lifecycle].states[case.state]
    known = choices(tx, [place.id])[place.id]
    return OwnPlace(place.id, case.ref, place.level, COUNTS in state.tags, known)


def _counted(tx: Tx, head: LabHead) -> tuple[Mapping[tuple[str, str | None], int], int]:
    """Return how many of each helix and place are members, or were when the lab ended; and how many wait for an answer."""
    rows = tx.session.execute(
        select(
            CaseRow.lifecycle,
            CaseRow.state,
            Participation.helix,
            Participation.nuts,
            Participation.admitted_at.is_not(None),
            func.count(),
        )
        .join(CaseRow, CaseRow.id == Participation.id)
        .where(Participation.call_id == head.call_id)
        .group_by(
            CaseRow.lifecycle,
            CaseRow.state,
            Participation.helix,
            Participation.nuts,
            Participation.admitted_at.is_not(None),
        )
    )
    members: dict[tuple[str, str | None], int] = {}
    waiting = 0
    for lifecycle, state, helix, nuts, admitted, count in rows:
        if "submitted" in head.scheme.lifecycles[lifecycle].states[state].tags:
            waiting += count
        elif admitted:
            members[helix, nuts] = members.get((helix, nuts), 0) + count
    return members, waiting


def _named(tx: Tx, head: LabHead) -> tuple[Named, ...]:
    """Return the members who agreed that their names are shown."""
    found = (
        select(User.name, Organisation.name.label("firm"), Participation.helix, Participation.nuts)
        .join(User, User.id == Participation.user_id)
        .outerjoin(Organisation, Organisation.id == Participation.organisation_id)
        .where(
            Participation.call_id == head.call_id,
            Participation.name_shown == 1,
            Participation.admitted_at.is_not(None),
        )
        .order_by(Organisation.name.is_(None), Organisation.name, User.name)
    )
    return tuple(Named(row.name, row.firm, row.helix, row.nuts) for row in tx.session.execute(found))


def _sessions(tx: Tx, call_id: UUID) -> tuple[SessionView, ...]:
    there = (
        select(func.count())
        .where(Attendance.session_id == LabSession.id)
        .correlate(LabSession)
        .scalar_subquery()
    )
    found = (
        select(LabSession, there.label("there"))
        .where(LabSession.call_id == call_id)
        .order_by(LabSession.starts_at, LabSession.number)
    )
    return tuple(_session(row.LabSession, row.there) for row in tx.session.execute(found))


def _session(row: LabSession, there: int) -> SessionView:
    return SessionView(
        id=row.id,
        number=row.number,
        title=row.title,
        place=row.place,
        agenda=row.agenda,
        starts_at=row.starts_at,
        held_at=row.held_at,
        attended=there,
        results=row.results,
    )


def _frame(tx: Tx, head: LabHead) -> FrameLine | None:
    comments: Any = select(func.count()).where(FrameComment.frame_id == Frame.id).correlate(Frame)
    unanswered = comments.where(FrameComment.answer.is_(None))
    rows: Sequence[Any] = tx.session.execute(
        select(
            Frame,
            CaseRow,
            comments.scalar_subquery().label("comments"),
            unanswered.scalar_subquery().label("unanswered"),
        )
        .join(CaseRow, CaseRow.id == Frame.id)
        .where(Frame.call_id == head.call_id, frame_visible_to(tx, tx.actor))
        .order_by(Frame.version.desc())
        .limit(1)
    ).all()
    for row in rows:
        state = head.scheme.lifecycles[row.CaseRow.lifecycle].states[row.CaseRow.state]
        return FrameLine(
            id=row.Frame.id,
            ref=row.CaseRow.ref,
            version=row.Frame.version,
            title=row.Frame.title,
            state=state.label,
            settled=bool(state.tags & {"in_force", "closed"}),
            open_for_comments=row.Frame.consulted_from is not None and row.Frame.consulted_until is None,
            comments=row.comments,
            unanswered=row.unanswered,
        )
    return None
