"""What was brought to a lab, as far as whoever asks may read it, and what it led to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ScalarSelect, and_, func, select
from sqlalchemy.orm import aliased

from grantflow.services.cases import compiled
from grantflow.services.labs.taking_part import COUNTS
from grantflow.store.cases import CaseRow
from grantflow.store.labs.models import (
    ActionSource,
    Contribution,
    Frame,
    FrameAction,
    LabSession,
    Participation,
    Support,
)
from grantflow.store.labs.visibility import contribution_visible_to, frame_visible_to, is_published
from grantflow.store.people.models import Organisation, User
from grantflow.store.session import Tx

MOST_SHOWN = 500


@dataclass(frozen=True, slots=True)
class Action:
    """An action of the frame that something led to."""

    number: int
    title: str


@dataclass(frozen=True, slots=True)
class ContributionView:
    """Something that was brought. Its author is named where they agreed to that and have not left."""

    id: UUID
    ref: str
    kind: str
    text: str
    author: str | None
    organisation: str | None
    helix: str
    nuts: str | None
    session: str | None
    state: str
    published: bool
    """Whether it stands published: in the lab, or for everybody."""
    supportable: bool
    public: bool
    kept_because: str | None
    support: int
    supported: bool
    mine: bool
    actions: tuple[Action, ...]


def contributions(
    tx: Tx, call_id: UUID, *, own_place: UUID | None, all_names: bool
) -> tuple[ContributionView, ...]:
    """Return what was brought to a lab, the latest first; `all_names` shows every author, as the programme knows them."""
    support, own_support = _support(own_place)
    rows = tx.session.execute(
        select(
            Contribution,
            CaseRow,
            Participation,
            User.name,
            Organisation.name.label("firm"),
            LabSession.title,
            support.label("support"),
            own_support.label("supported"),
        )
        .join(CaseRow, CaseRow.id == Contribution.id)
        .join(Participation, Participation.id == Contribution.participation_id)
        .outerjoin(User, User.id == Contribution.author_id)
        .outerjoin(Organisation, Organisation.id == Contribution.organisation_id)
        .outerjoin(LabSession, LabSession.id == Contribution.session_id)
        .where(CaseRow.call_id == call_id, contribution_visible_to(tx, tx.actor))
        .order_by(CaseRow.created_at.desc(), CaseRow.id.desc())
        .limit(MOST_SHOWN)
    ).all()
    ids = [row.CaseRow.id for row in rows]
    led_to = _actions(tx, ids)
    shown = []
    for row in rows:
        one, case = row.Contribution, row.CaseRow
        state = compiled(tx, case.scheme, case.version).scheme.lifecycles[case.lifecycle].states[case.state]
        own = own_place is not None and one.participation_id == own_place
        named = own or all_names or bool(row.Participation.name_shown)
        shown.append(
            ContributionView(
                id=one.id,
                ref=case.ref,
                kind=one.kind,
                text=one.text,
                author=row.name if named else None,
                organisation=row.firm if named else None,
                helix=row.Participation.helix,
                nuts=row.Participation.nuts,
                session=row.title,
                state=state.label,
                published=is_published(state),
                supportable=COUNTS in state.tags,
                public=one.visibility == "public",
                kept_because=one.kept_in_lab_because,
                support=row.support,
                supported=bool(row.supported),
                mine=own,
                actions=led_to.get(one.id, ()),
            )
        )
    return tuple(shown)


def _support(own_place: UUID | None) -> tuple[ScalarSelect[int], ScalarSelect[int]]:
    """Return how much support counts for a contribution, once a person and once an organisation, and the reader's own."""
    backing = func.coalesce(Support.organisation_id, Support.participation_id)
    counted = select(func.count(func.distinct(backing))).where(Support.contribution_id == Contribution.id)
    own = select(func.count()).where(
        Support.contribution_id == Contribution.id, Support.participation_id == own_place
    )
    return counted.correlate(Contribution).scalar_subquery(), own.correlate(Contribution).scalar_subquery()


def _actions(tx: Tx, ids: Sequence[UUID]) -> Mapping[UUID, tuple[Action, ...]]:
    """Return the actions to which contributions led, in the latest frame that whoever asks may see."""
    if not ids:
        return {}
    later, later_case = aliased(Frame), CaseRow
    seen = (
        select(func.max(later.version))
        .join(later_case, later_case.id == later.id)
        .where(later.call_id == Frame.call_id, frame_visible_to(tx, tx.actor))
        .correlate(Frame)
        .scalar_subquery()
    )
    found = tx.session.execute(
        select(ActionSource.contribution_id, FrameAction.number, FrameAction.title)
        .join(FrameAction, FrameAction.id == ActionSource.action_id)
        .join(Frame, and_(Frame.id == FrameAction.frame_id, Frame.version == seen))
        .where(ActionSource.contribution_id.in_(ids))
        .order_by(FrameAction.number)
    )
    led: dict[UUID, tuple[Action, ...]] = {}
    for row in found:
        led[row.contribution_id] = (*led.get(row.contribution_id, ()), Action(row.number, row.title))
    return led
