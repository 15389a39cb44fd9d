"""How matters come before a body: a meeting is called, held, minuted and signed (process rule P11)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select

from grantflow.domain.actor import SYSTEM
from grantflow.domain.programmes.bodies import ItemOutcome
from grantflow.domain.refusal import Refusal
from grantflow.services import cases
from grantflow.services.programmes import meetings
from grantflow.services.rehearsal.agenda import Act
from grantflow.services.rehearsal.cast import Person
from grantflow.services.rehearsal.habits.kinds import Habits, Situation
from grantflow.services.rehearsal.scene import Scene
from grantflow.store.applications.models import Application
from grantflow.store.calls.models import Call, FunderWindow
from grantflow.store.people.models import Membership
from grantflow.store.programmes.models import AgendaItem, Body, Meeting, Seat
from grantflow.store.session import Tx

SITS_AT = time(10, 0)
"""When bodies sit, by the clock of the place."""


def go_before_the_body(at: Situation, refusals: Sequence[Refusal]) -> bool:
    """Call a meeting of the body with this matter on its agenda; where a quorum is to be missed, it is held at once."""
    del refusals
    missed = "quorum_lost" in at.guards
    scene, matter = at.scene, _matter(at.guards)
    held_at = scene.now if missed else _next_sitting(scene)
    with scene.acting(SYSTEM) as tx:
        body_id = _body(tx, scene.call_id)
        meeting_id = meetings.call_meeting(tx, body_id, held_at)
        if _item(tx, at.act.case_id, matter, meeting_id) is None:
            meetings.put_on_agenda(tx, meeting_id, at.act.case_id, matter)
        if missed:
            body = tx.session.get_one(Body, body_id)
            here = [seat.user_id for seat in meetings.seats_at(tx, body_id, held_at)][: body.quorum - 1]
            meetings.note_presence(tx, meeting_id, here)
    return missed


def hold_the_meeting(at: Situation, refusals: Sequence[Refusal]) -> bool:
    """Hold the meeting whose day has come: who is there, who leaves, what is decided, who signs."""
    del refusals
    scene, matter = at.scene, _matter(at.guards)
    if "quorum_lost" in at.guards:
        return False
    with scene.acting(SYSTEM) as tx:
        item = _item(tx, at.act.case_id, matter)
        if item is None:
            return False
        meeting = tx.session.get_one(Meeting, item.meeting_id)
        if meeting.held_at > scene.now:
            return False
        seats = meetings.seats_at(tx, meeting.body_id, meeting.held_at)
        away = scene.dice.randrange(len(seats)) if len(seats) > 1 else None
        here = [seat.user_id for number, seat in enumerate(seats) if number != away]
        meetings.note_presence(tx, meeting.id, here)
        outcome: ItemOutcome = "sent_back" if "body_sent_back" in at.guards else "adopted"
        decided = _deal_with(tx, scene, item, here, outcome)
        for other in _undecided(tx, meeting.id):
            _deal_with(tx, scene, other, here, "adopted")
        if not decided:
            return False
        meetings.write_minutes(tx, meeting.id, "The body decided as noted under each item.")
        meeting_id = meeting.id
        chairs = {seat.user_id: seat.kind for seat in seats}
    chair = next((each for each in here if chairs[each] == "chair"), here[0])
    adjuster = next(each for each in here if each != chair)
    with scene.acting(Person(chair)) as tx:
        meetings.sign_minutes_as_chair(tx, meeting_id)
    with scene.acting(Person(adjuster)) as tx:
        meetings.sign_minutes_as_adjuster(tx, meeting_id)
    return True


def _deal_with(tx: Tx, scene: Scene, item: AgendaItem, here: Sequence[UUID], outcome: ItemOutcome) -> bool:
    """Deal with one item of a meeting; say whether enough were left to decide."""
    meetings.note_leaving(tx, item.id, _tied(tx, scene.call_id, here))
    decided = meetings.has_quorum(tx, item.id)
    reason = "The body wants one part of it written anew." if decided else "Too few were left to decide."
    meetings.note_outcome(tx, item.id, outcome if decided else "adjourned", reason)
    return decided


def _undecided(tx: Tx, meeting_id: UUID) -> list[AgendaItem]:
    found = select(AgendaItem).where(AgendaItem.meeting_id == meeting_id, AgendaItem.outcome.is_(None))
    return list(tx.session.scalars(found.order_by(AgendaItem.number)))


def carry_out(tx: Tx, act: Act, data: Mapping[str, Any]) -> None:
    """Carry out what the body decided, on the authority of its minutes."""
    item = _item(tx, act.case_id, act.transition)
    if item is None:
        cases.step(tx, act.case_id, act.transition, data=data)
    else:
        meetings.carry_out(tx, item.id, data)


def _matter(guards: Mapping[str, Mapping[str, Any]]) -> str:
    return next(str(given["of"]) for given in guards.values() if "of" in given)


def _next_sitting(scene: Scene) -> datetime:
    day = scene.now.astimezone(scene.zone).date() + timedelta(days=scene.dice.randrange(5, 12))
    while day.weekday() > 4:
        day += timedelta(days=1)
    return datetime.combine(day, SITS_AT, scene.zone)


def _body(tx: Tx, call_id: UUID) -> UUID:
    """Return the body that decides on the money of the call's present stage."""
    found = (
        select(FunderWindow.body_id)
        .join(Call, (Call.id == FunderWindow.call_id) & (Call.stage == FunderWindow.stage))
        .where(Call.id == call_id)
        .order_by(FunderWindow.name)
        .limit(1)
    )
    return tx.session.scalars(found).one()


def _item(tx: Tx, record_id: UUID, matter: str, meeting_id: UUID | None = None) -> AgendaItem | None:
    """Return the item about a record that still waits to be carried out, the latest first."""
    found = (
        select(AgendaItem)
        .join(Meeting, Meeting.id == AgendaItem.meeting_id)
        .where(
            AgendaItem.record_id == record_id,
            AgendaItem.matter == matter,
            AgendaItem.effective_at.is_(None),
            AgendaItem.outcome.is_(None) | (AgendaItem.outcome == "adopted"),
        )
        .order_by(Meeting.held_at.desc(), AgendaItem.number.desc())
    )
    if meeting_id is not None:
        found = found.where(AgendaItem.meeting_id == meeting_id)
    return tx.session.scalars(found).first()


def _tied(tx: Tx, call_id: UUID, here: Sequence[UUID]) -> list[UUID]:
    """Return who of those in the room belongs to an organisation that applies in the call."""
    found = (
        select(Membership.user_id)
        .join(Application, Application.organisation_id == Membership.organisation_id)
        .where(Application.call_id == call_id, Membership.user_id.in_(here))
        .distinct()
    )
    return sorted(tx.session.scalars(found))


def seated(tx: Tx, body_id: UUID) -> list[UUID]:
    """Return who has a seat in a body, in the order of the seats."""
    found = select(Seat.user_id).where(Seat.body_id == body_id).order_by(Seat.since, Seat.id)
    return list(tx.session.scalars(found))


HABITS = Habits(
    remedies={
        "not_on_agenda": go_before_the_body,
        "quorum_missing": hold_the_meeting,
        "item_undecided": hold_the_meeting,
        "item_not_sent_back": hold_the_meeting,
        "chair_has_not_signed": hold_the_meeting,
        "adjuster_has_not_signed": hold_the_meeting,
    },
    detours=frozenset({"quorum_is_there", "item_has_outcome", "item_not_sent_back"}),
    ways={"carry_out_item": carry_out},
)
