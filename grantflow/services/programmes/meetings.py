"""Meetings of bodies: called, attended, minuted and signed; what they decide is carried out through the door (P11)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from grantflow.domain.programmes.bodies import OUTCOMES, ItemOutcome, SeatHeld, may_chair, voting
from grantflow.domain.programmes.plan import MeetingKind
from grantflow.domain.refusal import refuse
from grantflow.services.cases import Stepped, step
from grantflow.services.deeds import place_of
from grantflow.services.programmes.office import demand_office
from grantflow.store.calls.models import Call
from grantflow.store.cases import CaseRow
from grantflow.store.programmes.models import AgendaItem, Body, Meeting, Minutes, Programme, Seat
from grantflow.store.session import Tx
from grantflow.workflow.model import Lifecycle, Row

DECIDED_BY = frozenset({"quorum_present", "body_decided"})
"""The guards by which a step waits for a body; each names with `of` the step that is put on the agenda."""


def call_meeting(tx: Tx, body_id: UUID, held_at: datetime, *, kind: MeetingKind = "meeting") -> UUID:
    """Call a meeting of a body; what the last one adjourned is on its agenda from the start."""
    body = _kept(tx, body_id)
    last = tx.session.scalar(select(func.max(Meeting.number)).where(Meeting.body_id == body.id)) or 0
    meeting = Meeting(
        id=tx.new_id(),
        body_id=body.id,
        number=last + 1,
        kind=kind,
        called_at=tx.now,
        held_at=held_at,
        present=[],
    )
    tx.session.add(meeting)
    tx.session.add(
        Minutes(
            meeting_id=meeting.id,
            text="",
            chair_id=None,
            chair_signed_at=None,
            adjuster_id=None,
            adjuster_signed_at=None,
        )
    )
    tx.flush()
    for item in _adjourned(tx, body.id):
        _put(tx, meeting, item.record_id, item.matter)
    return meeting.id


def put_on_agenda(tx: Tx, meeting_id: UUID, record_id: UUID, matter: str) -> UUID:
    """Put a record on the agenda of a meeting: `matter` is the step that the body is asked for.

    Raises:
        Refused: it is there already, no body decides on it, or the minutes of that meeting stand.
    """
    meeting = tx.session.get_one(Meeting, meeting_id)
    _kept(tx, meeting.body_id)
    _demand_open(tx, meeting)
    lifecycle, _ = place_of(tx, record_id)
    if matter not in matters(lifecycle):
        raise refuse("not_for_a_body", "No body is asked for this step.", "matter")
    same = select(AgendaItem.id).where(
        AgendaItem.meeting_id == meeting_id, AgendaItem.record_id == record_id, AgendaItem.matter == matter
    )
    if tx.session.scalar(same) is not None:
        raise refuse("on_agenda_already", "This is on the agenda of that meeting already.", "agenda")
    return _put(tx, meeting, record_id, matter)


def note_presence(tx: Tx, meeting_id: UUID, people: Iterable[UUID]) -> None:
    """Note who of the body is in the room; who has no seat is no part of it."""
    meeting = tx.session.get_one(Meeting, meeting_id)
    people = set(people)
    body = _kept(tx, meeting.body_id)
    _demand_open(tx, meeting)
    seats = {seat.user_id for seat in seats_at(tx, body.id, meeting.held_at)}
    strangers = people - seats
    if strangers:
        raise refuse(
            "no_seat", "%(count)s of those named have no seat in the body.", "present", count=len(strangers)
        )
    meeting.present = sorted(str(each) for each in people)
    tx.flush()


def note_leaving(tx: Tx, item_id: UUID, people: Iterable[UUID]) -> None:
    """Note who left the room for an item because of a conflict of interest."""
    item, meeting = _item(tx, item_id)
    _demand_undecided(tx, item, meeting)
    left = {str(each) for each in people}
    if left - set(meeting.present) - set(item.left):
        raise refuse("not_present", "Only somebody who was in the room can leave it.", "left")
    item.left = sorted(left)
    tx.flush()


def leave_for_item(tx: Tx, item_id: UUID) -> None:
    """Say as a member of the body that one leaves the room for an item, because of a conflict of interest.

    Raises:
        Refused: whoever acts has no seat, or the item has its outcome already.
    """
    item, meeting = _item(tx, item_id, demand=False)
    seats = seats_at(tx, meeting.body_id, max(meeting.held_at, tx.now))
    if tx.actor.user_id not in {seat.user_id for seat in seats}:
        raise refuse("no_seat", "Only somebody with a seat in the body leaves for an item.", "left")
    _demand_undecided(tx, item, meeting)
    item.left = sorted({*item.left, str(tx.actor.user_id)})
    tx.flush()


def note_outcome(tx: Tx, item_id: UUID, outcome: ItemOutcome, reason: str = "") -> None:
    """Note what the body decided on an item, if it had its quorum, and why.

    Raises:
        Refused: the meeting is still to come, or too few were left; then the item is adjourned.
    """
    item, meeting = _item(tx, item_id)
    _demand_open(tx, meeting)
    if outcome not in OUTCOMES:
        raise refuse("outcome_unknown", "“%(outcome)s” is no outcome of an item.", "outcome", outcome=outcome)
    if meeting.held_at > tx.now:
        raise refuse("meeting_to_come", "The meeting is still to come.")
    if item.effective_at is not None:
        raise refuse("item_carried_out", "What was decided on this item has been carried out.", "outcome")
    if outcome != "adjourned" and not has_quorum(tx, item_id):
        raise refuse("quorum_missing", "Too few could vote on this item; it has to be adjourned.", "present")
    if outcome != "adopted" and not reason.strip():
        raise refuse("reason_missing", "Say why, for the minutes.", "reason")
    item.outcome, item.reason = outcome, reason.strip() or None
    tx.flush()


def has_quorum(tx: Tx, item_id: UUID) -> bool:
    """Whether enough of the body are left for an item."""
    item, meeting = _item(tx, item_id)
    body = tx.session.get_one(Body, meeting.body_id)
    return len(voters(tx, item, meeting)) >= body.quorum


def voters(tx: Tx, item: AgendaItem, meeting: Meeting) -> tuple[UUID, ...]:
    """Return who may vote on an item."""
    seats = seats_at(tx, meeting.body_id, meeting.held_at)
    return voting(seats, {UUID(each) for each in meeting.present}, {UUID(each) for each in item.left})


def adjourn_item(tx: Tx, item_id: UUID, reason: str) -> Stepped | None:
    """Adjourn an item for want of a quorum; it is kept for the next meeting, and its record says so where it can."""
    item, meeting = _item(tx, item_id)
    _demand_open(tx, meeting)
    row = _row_about(tx, item, "keep_on_agenda")
    if row is None:
        note_outcome(tx, item_id, "adjourned", reason)
        return None
    return step(tx, item.record_id, row.name, data={"reason": reason})


def write_minutes(tx: Tx, meeting_id: UUID, text: str) -> None:
    """Write the minutes of a meeting; once somebody has signed, they stand."""
    meeting = tx.session.get_one(Meeting, meeting_id)
    _kept(tx, meeting.body_id)
    _demand_open(tx, meeting)
    if not text.strip():
        raise refuse("text_missing", "Write the minutes.", "text")
    tx.session.get_one(Minutes, meeting_id).text = text.strip()
    tx.flush()


def sign_minutes_as_chair(tx: Tx, meeting_id: UUID) -> None:
    """Sign the minutes as whoever chaired the meeting."""
    meeting, minutes, user_id = _signing(tx, meeting_id)
    seats = seats_at(tx, meeting.body_id, meeting.held_at)
    if not may_chair(seats, {UUID(each) for each in meeting.present}, user_id):
        raise refuse("did_not_chair", "Only whoever chaired the meeting signs as its chair.", "minutes")
    if minutes.adjuster_id == user_id:
        raise refuse("same_signatory", "Chair and adjuster are two people.", "minutes")
    minutes.chair_id, minutes.chair_signed_at = user_id, tx.now
    tx.flush()


def sign_minutes_as_adjuster(tx: Tx, meeting_id: UUID) -> None:
    """Sign the minutes as the adjuster: somebody else who was there."""
    meeting, minutes, user_id = _signing(tx, meeting_id)
    if str(user_id) not in meeting.present:
        raise refuse("not_present", "Only somebody who was at the meeting adjusts its minutes.", "minutes")
    if minutes.chair_id == user_id:
        raise refuse("same_signatory", "Chair and adjuster are two people.", "minutes")
    minutes.adjuster_id, minutes.adjuster_signed_at = user_id, tx.now
    tx.flush()


def carry_out(tx: Tx, item_id: UUID, data: Mapping[str, Any] | None = None) -> Stepped:
    """Take the step that the body decided on, on the authority of its minutes: what it adopted, or the way back."""
    item, meeting = _item(tx, item_id, demand=False)
    body = tx.session.get_one(Body, meeting.body_id)
    authority = f"{body.name} §{item.number}, meeting {meeting.number}"
    row = _row_about(tx, item, "drop_item") if item.outcome == "sent_back" else None
    if row is not None:
        return step(
            tx, item.record_id, row.name, data={"reason": item.reason, **(data or {})}, authority=authority
        )
    return step(tx, item.record_id, item.matter, data=data, authority=authority)


def matters(lifecycle: Lifecycle) -> Mapping[str, str]:
    """Return the steps of a kind of record that a body is asked for, with their labels."""
    return {row.name: row.label for row in lifecycle.rows if asks_a_body(row)}


def asks_a_body(row: Row) -> bool:
    """Whether a step is taken when a body has decided on it."""
    return any(guard.name in DECIDED_BY and guard.given.get("of") == row.name for guard in row.guards)


def _row_about(tx: Tx, item: AgendaItem, effect: str) -> Row | None:
    """Return the step with an effect on the agenda that speaks of the matter of this item."""
    lifecycle, state = place_of(tx, item.record_id)
    return next(
        (
            row
            for row in lifecycle.leaving(state)
            if effect in row.effects and any(guard.given.get("of") == item.matter for guard in row.guards)
        ),
        None,
    )


def seats_at(tx: Tx, body_id: UUID, at: datetime) -> tuple[SeatHeld, ...]:
    """Return the seats of a body as they were held at a moment."""
    held = (
        select(Seat)
        .where(Seat.body_id == body_id, Seat.since <= at, (Seat.until.is_(None)) | (Seat.until > at))
        .order_by(Seat.since, Seat.id)
    )
    return tuple(SeatHeld(seat.user_id, seat.kind) for seat in tx.session.scalars(held))  # type: ignore[arg-type]  # the column holds exactly the kinds


def _kept(tx: Tx, body_id: UUID) -> Body:
    """Return a body whose meetings the actor keeps, locked: what is numbered within it is numbered once."""
    body = tx.session.get_one(Body, body_id, with_for_update=True)
    demand_office(tx, body.programme_id)
    return body


def _item(tx: Tx, item_id: UUID, *, demand: bool = True) -> tuple[AgendaItem, Meeting]:
    item = tx.session.get_one(AgendaItem, item_id)
    meeting = tx.session.get_one(Meeting, item.meeting_id)
    if demand:
        _kept(tx, meeting.body_id)
    return item, meeting


def _put(tx: Tx, meeting: Meeting, record_id: UUID, matter: str) -> UUID:
    programme = (
        select(Programme.id)
        .join(Call, Call.programme_id == Programme.id)
        .join(CaseRow, CaseRow.call_id == Call.id)
    )
    body = tx.session.get_one(Body, meeting.body_id)
    if tx.session.scalar(programme.where(CaseRow.id == record_id)) != body.programme_id:
        raise refuse("other_programme", "The body does not decide on records of another programme.", "agenda")
    numbers = select(func.max(AgendaItem.number)).join(Meeting, Meeting.id == AgendaItem.meeting_id)
    last = tx.session.scalar(numbers.where(Meeting.body_id == meeting.body_id)) or 0
    item = AgendaItem(
        id=tx.new_id(),
        meeting_id=meeting.id,
        number=last + 1,
        record_id=record_id,
        matter=matter,
        left=[],
        outcome=None,
        reason=None,
        effective_at=None,
    )
    tx.session.add(item)
    tx.flush()
    return item.id


def _adjourned(tx: Tx, body_id: UUID) -> list[AgendaItem]:
    """Return what was adjourned and has not come back since."""
    every = (
        select(AgendaItem)
        .join(Meeting, Meeting.id == AgendaItem.meeting_id)
        .where(Meeting.body_id == body_id)
        .order_by(AgendaItem.number)
    )
    latest = {(item.record_id, item.matter): item for item in tx.session.scalars(every)}
    return sorted(
        (item for item in latest.values() if item.outcome == "adjourned"), key=lambda item: item.number
    )


def _signing(tx: Tx, meeting_id: UUID) -> tuple[Meeting, Minutes, UUID]:
    meeting = tx.session.get_one(Meeting, meeting_id)
    if tx.actor.user_id is None:
        raise refuse("wrong_role", "Minutes are signed by people.")
    if meeting.held_at > tx.now:
        raise refuse("meeting_to_come", "The meeting is still to come.")
    minutes = tx.session.get_one(Minutes, meeting_id, with_for_update=True)
    if not minutes.text.strip():
        raise refuse("minutes_missing", "The minutes are not written yet.", "minutes")
    waiting = select(AgendaItem.number).where(
        AgendaItem.meeting_id == meeting_id, AgendaItem.outcome.is_(None)
    )
    for number in tx.session.scalars(waiting.order_by(AgendaItem.number).limit(1)):
        raise refuse(
            "item_undecided",
            "The minutes do not say yet what was decided on item %(number)s.",
            "minutes",
            number=number,
        )
    return meeting, minutes, tx.actor.user_id


def _demand_open(tx: Tx, meeting: Meeting) -> None:
    minutes = tx.session.get_one(Minutes, meeting.id)
    if minutes.chair_signed_at is not None or minutes.adjuster_signed_at is not None:
        raise refuse(
            "minutes_stand",
            "Somebody has signed the minutes of this meeting; they stand as they are.",
            "minutes",
        )


def _demand_undecided(tx: Tx, item: AgendaItem, meeting: Meeting) -> None:
    """Let nobody change who votes on an item that has its outcome."""
    _demand_open(tx, meeting)
    if item.outcome is not None:
        raise refuse(
            "item_has_outcome", "Item %(number)s has its outcome already.", "left", number=item.number
        )
