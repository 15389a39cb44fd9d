"""The page of one meeting: its agenda, who may vote on what with the arithmetic, and what has to be done next (P11)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import select

from grantflow.domain.programmes.bodies import SeatHeld, may_chair, voting
from grantflow.domain.refusal import Refusal
from grantflow.domain.words import in_language
from grantflow.services.cases import Choices, choices, compiled
from grantflow.services.programmes.meetings import seats_at
from grantflow.services.programmes.offers import Offer, offers_to
from grantflow.services.programmes.office import of_the_office
from grantflow.store.calls.models import Call
from grantflow.store.cases import CaseRow
from grantflow.store.people.models import User
from grantflow.store.programmes.models import AgendaItem, Body, Meeting, Minutes, Programme, Seat
from grantflow.store.session import Tx
from grantflow.workflow.model import Asked, Lifecycle, Row

ORDER = {"chair": 0, "member": 1, "deputy": 2}
Who = Literal["office", "chair", "adjuster", "voter", "nobody"]


@dataclass(frozen=True, slots=True)
class Next:
    """What has to be done next: a whole sentence with its places, where it is done, and whether it is the reader's to do."""

    text: str
    params: Mapping[str, Any]
    who: Who
    where: str
    mine: bool


@dataclass(frozen=True, slots=True)
class SeatView:
    """Somebody's seat on the day of the meeting."""

    user_id: UUID
    name: str
    kind: str
    present: bool
    myself: bool


@dataclass(frozen=True, slots=True)
class Arithmetic:
    """How it is counted whether enough are left for an item: members here, less those who left, plus deputies."""

    seats: int
    quorum: int
    members: int
    """Members in the room, deputies not counted."""
    left: int
    """Of the members in the room, those who left for this item."""
    deputies: int
    """Deputies who step into the places of those who are away or have left."""
    voters: tuple[str, ...]

    @property
    def enough(self) -> bool:
        """Whether the quorum is there."""
        return len(self.voters) >= self.quorum


@dataclass(frozen=True, slots=True)
class Carrying:
    """The step by which an item's outcome is carried out, as the reader may take it: open, or with every reason against."""

    name: str
    label: str
    about: str
    asks: tuple[Asked, ...]
    allowed: bool
    reasons: tuple[Refusal, ...]


@dataclass(frozen=True, slots=True)
class ItemView:
    """An item of the agenda."""

    id: UUID
    number: int
    ref: str
    record_id: UUID
    kind: str
    """What kind of record it is about, by the scheme."""
    call: str
    matter: str
    """The label of the step that the body is asked for."""
    left: tuple[UUID, ...]
    left_names: tuple[str, ...]
    count: Arithmetic
    outcome: str | None
    reason: str | None
    effective_at: datetime | None
    step: str | None
    """The label of the step that is still to be taken; nothing where none is, or none leads from where the record is."""
    carrying: Carrying | None
    may_leave: bool

    @property
    def moot(self) -> bool:
        """Whether the body decided, and the record can no longer take the step."""
        return self.outcome == "adopted" and self.effective_at is None and self.step is None


@dataclass(frozen=True, slots=True)
class Signature:
    """Who signed, and when."""

    name: str
    at: datetime


@dataclass(frozen=True, slots=True)
class MeetingPage:
    """Everything on the page of a meeting."""

    id: UUID
    number: int
    kind: str
    body_id: UUID
    body: str
    programme: str
    zone: str
    held_at: datetime
    called_at: datetime
    began: bool
    seats: tuple[SeatView, ...]
    items: tuple[ItemView, ...]
    minutes: str
    chair: Signature | None
    adjuster: Signature | None
    office: bool
    open: bool
    """Whether nobody has signed yet: from then on nothing that the minutes say changes."""
    may_sign_as_chair: bool
    may_sign_as_adjuster: bool
    offers: tuple[Offer, ...]
    next: tuple[Next, ...]

    @property
    def present(self) -> tuple[SeatView, ...]:
        """Who is in the room."""
        return tuple(seat for seat in self.seats if seat.present)


def may_see(tx: Tx, body: Body) -> bool:
    """Whether the actor may read the meetings of a body: who has or had a seat in it, its delegate, and the office."""
    if tx.actor.user_id is not None:
        if body.delegate_id == tx.actor.user_id:
            return True
        sits = select(Seat.id).where(Seat.body_id == body.id, Seat.user_id == tx.actor.user_id)
        if tx.session.scalar(sits.limit(1)) is not None:
            return True
    return of_the_office(tx, body.programme_id)


def meeting_page(tx: Tx, meeting_id: UUID, language: str) -> MeetingPage | None:
    """Return the page of a meeting, nothing where there is none that the actor may see."""
    found = tx.session.execute(
        select(Meeting, Body, Programme, Minutes)
        .join(Body, Body.id == Meeting.body_id)
        .join(Programme, Programme.id == Body.programme_id)
        .join(Minutes, Minutes.meeting_id == Meeting.id)
        .where(Meeting.id == meeting_id)
    ).one_or_none()
    if found is None or not may_see(tx, found.Body):
        return None
    meeting, body, programme, minutes = found
    office = of_the_office(tx, body.programme_id)
    seats = seats_at(tx, body.id, meeting.held_at)
    present = {UUID(each) for each in meeting.present}
    rows = _items(tx, meeting_id)
    left = {UUID(each) for row in rows for each in row.AgendaItem.left}
    signed = {each for each in (minutes.chair_id, minutes.adjuster_id) if each is not None}
    names = _names(tx, {seat.user_id for seat in seats} | left | signed)
    unsigned = minutes.chair_signed_at is None and minutes.adjuster_signed_at is None
    began = meeting.held_at <= tx.now
    taking = (
        choices(tx, [row.CaseRow.id for row in rows]) if tx.actor.user_id is not None and not unsigned else {}
    )
    items = tuple(
        _item(tx, row, _Room(body, seats, present, names, unsigned), taking, language) for row in rows
    )
    ready = bool(minutes.text.strip()) and all(item.outcome for item in items) and began
    me = tx.actor.user_id
    page = MeetingPage(
        id=meeting.id,
        number=meeting.number,
        kind=meeting.kind,
        body_id=body.id,
        body=in_language(body.title, language),
        programme=in_language(programme.name, language),
        zone=programme.zone,
        held_at=meeting.held_at,
        called_at=meeting.called_at,
        began=began,
        seats=tuple(
            SeatView(
                seat.user_id,
                names.get(seat.user_id, ""),
                seat.kind,
                seat.user_id in present,
                seat.user_id == me,
            )
            for seat in sorted(seats, key=lambda seat: ORDER[seat.kind])
        ),
        items=items,
        minutes=minutes.text,
        chair=_signature(names, minutes.chair_id, minutes.chair_signed_at),
        adjuster=_signature(names, minutes.adjuster_id, minutes.adjuster_signed_at),
        office=office,
        open=unsigned,
        may_sign_as_chair=ready
        and me is not None
        and minutes.chair_signed_at is None
        and minutes.adjuster_id != me
        and may_chair(seats, present, me),
        may_sign_as_adjuster=ready
        and me is not None
        and minutes.adjuster_signed_at is None
        and minutes.chair_id != me
        and me in present,
        offers=offers_to(
            tx, body, {(row.AgendaItem.record_id, row.AgendaItem.matter) for row in rows}, language
        )
        if office and unsigned
        else (),
        next=(),
    )
    return _with_next(page)


@dataclass(frozen=True, slots=True)
class _Room:
    body: Body
    seats: Sequence[SeatHeld]
    present: set[UUID]
    names: Mapping[UUID, str]
    unsigned: bool


def _items(tx: Tx, meeting_id: UUID) -> Sequence[Any]:
    return tx.session.execute(
        select(AgendaItem, CaseRow, Call)
        .join(CaseRow, CaseRow.id == AgendaItem.record_id)
        .join(Call, Call.id == CaseRow.call_id)
        .where(AgendaItem.meeting_id == meeting_id)
        .order_by(AgendaItem.number)
    ).all()


def _names(tx: Tx, people: Iterable[UUID]) -> Mapping[UUID, str]:
    wanted = sorted(people)
    if not wanted:
        return {}
    return {
        row.id: row.name for row in tx.session.execute(select(User.id, User.name).where(User.id.in_(wanted)))
    }


def _signature(names: Mapping[UUID, str], who: UUID | None, at: datetime | None) -> Signature | None:
    return None if who is None or at is None else Signature(names.get(who, ""), at)


def _item(tx: Tx, row: Any, room: _Room, taking: Mapping[UUID, Choices], language: str) -> ItemView:
    item, case, call = row.AgendaItem, row.CaseRow, row.Call
    lifecycle = compiled(tx, case.scheme, case.version).scheme.lifecycles[case.lifecycle]
    left = tuple(UUID(each) for each in item.left)
    step = _step(lifecycle, case.state, item)
    waits = item.outcome in {"adopted", "sent_back"} and item.effective_at is None and step is not None
    known = taking.get(case.id)
    choice = None if known is None or step is None or not waits else known.named(step.name)
    me = tx.actor.user_id
    return ItemView(
        id=item.id,
        number=item.number,
        ref=case.ref,
        record_id=case.id,
        kind=lifecycle.title,
        call=in_language(call.title, language, call.language),
        matter=next((each.label for each in lifecycle.rows if each.name == item.matter), item.matter),
        left=left,
        left_names=tuple(sorted(room.names.get(each, "") for each in left)),
        count=_arithmetic(room, left),
        outcome=item.outcome,
        reason=item.reason,
        effective_at=item.effective_at,
        step=step.label if waits and step is not None else None,
        carrying=None
        if choice is None
        else Carrying(choice.name, choice.label, choice.about, choice.asks, choice.allowed, choice.refusals),
        may_leave=room.unsigned
        and item.outcome is None
        and me not in left
        and me in {seat.user_id for seat in room.seats},
    )


def _step(lifecycle: Lifecycle, state: str, item: AgendaItem) -> Row | None:
    """Return the step that carries out an item from where its record is; before there is an outcome, the one asked for."""
    leaving = lifecycle.leaving(state)
    if item.outcome == "sent_back":
        return next(
            (
                row
                for row in leaving
                if "drop_item" in row.effects
                and any(guard.given.get("of") == item.matter for guard in row.guards)
            ),
            None,
        )
    return next((row for row in leaving if row.name == item.matter), None)


def _arithmetic(room: _Room, left: Sequence[UUID]) -> Arithmetic:
    gone = set(left)
    voters = voting(room.seats, room.present, gone)
    members = [seat.user_id for seat in room.seats if seat.kind != "deputy" and seat.user_id in room.present]
    deputies = {seat.user_id for seat in room.seats if seat.kind == "deputy"}
    return Arithmetic(
        seats=room.body.seats,
        quorum=room.body.quorum,
        members=len(members),
        left=len(gone.intersection(members)),
        deputies=len(deputies.intersection(voters)),
        voters=tuple(room.names.get(each, "") for each in voters),
    )


def _with_next(page: MeetingPage) -> MeetingPage:
    return replace(page, next=tuple(_next(page)))


def _next(page: MeetingPage) -> Iterable[Next]:
    """Yield what has to be done next, in the order in which it is done; nothing waits when nothing is yielded."""
    if not page.began:
        if not page.items:
            yield Next("Put on the agenda what the body shall decide.", {}, "office", "agenda", page.office)
        yield Next("The meeting is still to come.", {}, "nobody", "agenda", mine=False)
        return
    if page.open:
        waiting = list(_before_signing(page))
        if waiting:
            yield from waiting
            return
    if page.items and page.chair is None:
        yield Next("The chair signs the minutes.", {}, "chair", "minutes", page.may_sign_as_chair)
    if page.items and page.adjuster is None:
        text = "Somebody else who was there signs the minutes as the adjuster."
        yield Next(text, {}, "adjuster", "minutes", page.may_sign_as_adjuster)
    if page.chair is not None and page.adjuster is not None:
        yield from _after_signing(page)


def _before_signing(page: MeetingPage) -> Iterable[Next]:
    if not page.items:
        yield Next("Put on the agenda what the body shall decide.", {}, "office", "agenda", page.office)
        return
    if not page.present:
        yield Next("Note who is in the room.", {}, "office", "presence", page.office)
    else:
        for item in page.items:
            if item.outcome is not None:
                continue
            count = {
                "number": item.number,
                "count": len(item.count.voters),
                "quorum": item.count.quorum,
            }
            text = (
                "Note what was decided on item %(number)s."
                if item.count.enough
                else "Item %(number)s has %(count)s who can vote and needs %(quorum)s: adjourn it."
            )
            yield Next(text, count, "office", f"item-{item.number}", page.office)
    if not page.minutes.strip():
        yield Next("Write the minutes.", {}, "office", "minutes", page.office)


def _after_signing(page: MeetingPage) -> Iterable[Next]:
    for item in page.items:
        if item.step is not None:
            text = "One of those who could vote on item %(number)s carries it out: %(step)s."
            mine = item.carrying is not None and item.carrying.allowed
            given = {"number": item.number, "step": item.step}
            yield Next(text, given, "voter", f"item-{item.number}", mine)
        elif item.moot:
            text = "Item %(number)s can no longer be carried out: its record has moved on."
            yield Next(text, {"number": item.number}, "nobody", f"item-{item.number}", mine=False)
