"""Bodies that decide, and their meetings: agenda, presence, who leaves, what came out, minutes and signatures."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from marshmallow import Schema, fields, validate

from grantflow.api.house import language
from grantflow.api.problems import reason
from grantflow.api.routes import PREFIX, Given, Operations, operation
from grantflow.api.seen import WORDS, demand_words_seen, words_hash
from grantflow.api.shapes import MOST_WORDS, SHORT, AskedSchema, Moment, RefusalSchema, When, told
from grantflow.api.writing import sentence
from grantflow.domain.programmes.bodies import OUTCOMES
from grantflow.domain.refusal import refuse
from grantflow.services.programmes import meetings
from grantflow.services.programmes.body_page import body_page, meetings_page
from grantflow.services.programmes.meeting_page import Carrying, ItemView, MeetingPage, meeting_page
from grantflow.services.records.visibility import find
from grantflow.store.session import Tx

group = Operations("bodies", __name__, description="Bodies that decide, and their meetings.")

A_MEETING = "/meetings/<uuid:meeting_id>"
AN_ITEM = f"{A_MEETING}/items/<uuid:item_id>"
_LONG = validate.Length(max=MOST_WORDS)


class BodyLineSchema(Schema):
    """A body that you have to do with."""

    id = fields.UUID(required=True)
    title = fields.String(required=True)
    programme = fields.String(required=True)
    office = fields.Boolean(required=True, metadata=told("Whether you keep its meetings."))


class BodiesSchema(Schema):
    """The bodies in which you sit, or whose meetings you keep."""

    items = fields.List(fields.Nested(BodyLineSchema), required=True)


class SeatSchema(Schema):
    """A seat and who holds it."""

    name = fields.String(required=True)
    kind = fields.String(required=True)


class MeetingLineSchema(Schema):
    """A meeting of a body."""

    id = fields.UUID(required=True)
    number = fields.Integer(required=True)
    kind = fields.String(required=True)
    held_at = Moment(required=True)
    signed = fields.Boolean(required=True)


class BodySchema(Schema):
    """A body: its seats, and its last meetings."""

    title = fields.String(required=True)
    quorum = fields.Integer(required=True)
    places = fields.Integer(required=True)
    seats = fields.List(fields.Nested(SeatSchema), required=True)
    meetings = fields.List(fields.Nested(MeetingLineSchema), required=True)


class CallMeetingSchema(Schema):
    """A meeting to be called."""

    held_at = When(required=True)
    kind = fields.String(load_default="meeting", validate=validate.OneOf(["meeting", "written", "urgent"]))


class PersonSchema(Schema):
    """Somebody with a seat on the day of the meeting."""

    user = fields.UUID(required=True, attribute="user_id")
    name = fields.String(required=True)
    kind = fields.String(required=True)
    present = fields.Boolean(required=True)


class CarryingSchema(Schema):
    """The step that carries out what was decided, as you may take it."""

    name = fields.String(required=True)
    label = fields.String(required=True)
    allowed = fields.Boolean(required=True)
    refusals = fields.List(fields.Nested(RefusalSchema), required=True)
    asks = fields.List(fields.Nested(AskedSchema), required=True)


class ItemSchema(Schema):
    """An item of the agenda."""

    id = fields.UUID(required=True)
    number = fields.Integer(required=True)
    record = fields.String(required=True, attribute="ref")
    matter_label = fields.String(required=True, attribute="matter")
    left = fields.List(fields.UUID(), required=True)
    quorum = fields.Boolean(required=True, attribute="count.enough")
    outcome = fields.String(required=True, allow_none=True)
    reason = fields.String(required=True, allow_none=True)
    effective_at = Moment(required=True, allow_none=True)
    step = fields.Nested(CarryingSchema, required=True, allow_none=True)


class SignatureSchema(Schema):
    """Who signed, and when."""

    name = fields.String(required=True)
    at = Moment(required=True)


class NextSchema(Schema):
    """What has to be done next, and whether it is yours to do."""

    sentence = fields.String(required=True)
    mine = fields.Boolean(required=True)


class MeetingSchema(Schema):
    """A meeting as you may see it."""

    id = fields.UUID(required=True)
    number = fields.Integer(required=True)
    kind = fields.String(required=True)
    body = fields.UUID(required=True, attribute="body_id")
    held_at = Moment(required=True)
    people = fields.List(fields.Nested(PersonSchema), required=True)
    items = fields.List(fields.Nested(ItemSchema), required=True)
    minutes = fields.String(required=True)
    words = fields.String(
        required=True, metadata=told("Names minutes and presence as they are; noting names it.")
    )
    chair = fields.Nested(SignatureSchema, required=True, allow_none=True)
    adjuster = fields.Nested(SignatureSchema, required=True, allow_none=True)
    next = fields.List(fields.Nested(NextSchema), required=True)


class PutSchema(Schema):
    """What the body shall decide: a record, and the step that it is asked for."""

    record = fields.String(required=True, validate=SHORT)
    matter = fields.String(required=True, validate=SHORT)


class NoteSchema(Schema):
    """Who is in the room, and the text of the minutes; what is left out stays."""

    words = fields.String(validate=SHORT, metadata=told("The one that you saw."))
    present = fields.List(fields.UUID(), validate=validate.Length(max=1000))
    minutes = fields.String(validate=_LONG)


class NoteItemSchema(Schema):
    """Who left for an item because of a conflict of interest; what came out of it."""

    left = fields.List(fields.UUID(), validate=validate.Length(max=1000))
    outcome = fields.String(validate=validate.OneOf(OUTCOMES))
    reason = fields.String(load_default="", validate=_LONG)


class SignSchema(Schema):
    """As what you sign."""

    role = fields.String(required=True, validate=validate.OneOf(["chair", "adjuster"]))


class LeaveSchema(Schema):
    """You leave the room; there is nothing more to say."""


class CarryOutSchema(Schema):
    """What the step asks for that carries out a decision."""

    data = fields.Dict(keys=fields.String(), values=fields.Raw(allow_none=True), load_default=dict)


@operation(group, "GET", "/bodies", scope="read", gives=BodiesSchema)
def show_bodies(tx: Tx) -> Given:
    """Return the bodies in which you sit, or whose meetings you keep."""
    return Given({"items": meetings_page(tx, language()).bodies})


@operation(group, "GET", "/bodies/<uuid:body_id>", scope="read", gives=BodySchema, problems=(404,))
def show_body(tx: Tx, body_id: UUID) -> Given | None:
    """Return a body with its seats and its last meetings."""
    page = body_page(tx, body_id, language())
    if page is None:
        return None
    held = sorted((*page.to_come, *page.past), key=lambda line: line.number)
    return Given(
        {
            "title": page.line.title,
            "quorum": page.quorum,
            "places": page.places,
            "seats": page.seats,
            "meetings": held,
        }
    )


@operation(
    group,
    "POST",
    "/bodies/<uuid:body_id>/meetings",
    scope="write",
    gives=MeetingSchema,
    status=201,
    takes=CallMeetingSchema,
    problems=(404, 409),
)
def convene(tx: Tx, body: Mapping[str, Any], body_id: UUID) -> Given | None:
    """Call a meeting; what was adjourned at the last one is on its agenda from the start."""
    if body_page(tx, body_id, language()) is None:
        return None
    made = meetings.call_meeting(tx, body_id, body["held_at"], kind=body["kind"])
    return _present(tx, made, 201)


@operation(group, "GET", A_MEETING, scope="read", gives=MeetingSchema, problems=(404,))
def show(tx: Tx, meeting_id: UUID) -> Given | None:
    """Return a meeting: its agenda, who is there, its minutes, and what has to be done next."""
    return _present(tx, meeting_id)


@operation(
    group,
    "POST",
    f"{A_MEETING}/items",
    scope="write",
    gives=MeetingSchema,
    status=201,
    takes=PutSchema,
    problems=(404, 409),
)
def put(tx: Tx, body: Mapping[str, Any], meeting_id: UUID) -> Given | None:
    """Put a record on the agenda of a meeting."""
    if meeting_page(tx, meeting_id, language()) is None:
        return None
    found = find(tx, body["record"])
    if found is None:
        raise refuse("unknown_record", "There is no such record that you may see.", "record")
    meetings.put_on_agenda(tx, meeting_id, found.id, body["matter"])
    return _present(tx, meeting_id, 201)


@operation(
    group,
    "PATCH",
    A_MEETING,
    scope="write",
    gives=MeetingSchema,
    takes=NoteSchema,
    problems=(404, 409, 412, 428),
)
def note(tx: Tx, body: Mapping[str, Any], meeting_id: UUID) -> Given | None:
    """Note who is in the room, or write the minutes; both stand from the first signature on."""
    page = meeting_page(tx, meeting_id, language())
    if page is None:
        return None
    demand_words_seen(body.get("words"), _words(page))
    if "present" in body:
        meetings.note_presence(tx, meeting_id, body["present"])
    if "minutes" in body:
        meetings.write_minutes(tx, meeting_id, body["minutes"])
    return _present(tx, meeting_id)


@operation(
    group,
    "PATCH",
    AN_ITEM,
    scope="write",
    gives=MeetingSchema,
    takes=NoteItemSchema,
    problems=(404, 409),
)
def note_item(tx: Tx, body: Mapping[str, Any], meeting_id: UUID, item_id: UUID) -> Given | None:
    """Note who left for an item, and what came out of it; where too few are left, it is adjourned."""
    item = _item(meeting_page(tx, meeting_id, language()), item_id)
    if item is None:
        return None
    if "left" in body:
        meetings.note_leaving(tx, item_id, body["left"])
    if "outcome" in body:
        said, why = body["outcome"], body["reason"]
        if said == "adjourned" and why.strip() and not meetings.has_quorum(tx, item_id):
            meetings.adjourn_item(tx, item_id, why)
        else:
            meetings.note_outcome(tx, item_id, said, why)
    return _present(tx, meeting_id)


@operation(
    group,
    "POST",
    f"{AN_ITEM}/leaving",
    scope="write",
    gives=MeetingSchema,
    takes=LeaveSchema,
    problems=(404, 409),
)
def leave(tx: Tx, _body: Mapping[str, Any], meeting_id: UUID, item_id: UUID) -> Given | None:
    """Leave the room for an item yourself, because of a conflict of interest."""
    if _item(meeting_page(tx, meeting_id, language()), item_id) is None:
        return None
    meetings.leave_for_item(tx, item_id)
    return _present(tx, meeting_id)


@operation(
    group,
    "POST",
    f"{A_MEETING}/signatures",
    scope="write",
    gives=MeetingSchema,
    status=201,
    takes=SignSchema,
    problems=(404, 409),
)
def sign(tx: Tx, body: Mapping[str, Any], meeting_id: UUID) -> Given | None:
    """Sign the minutes, as whoever chaired or as the adjuster."""
    if meeting_page(tx, meeting_id, language()) is None:
        return None
    if body["role"] == "chair":
        meetings.sign_minutes_as_chair(tx, meeting_id)
    else:
        meetings.sign_minutes_as_adjuster(tx, meeting_id)
    return _present(tx, meeting_id, 201)


@operation(
    group,
    "POST",
    f"{AN_ITEM}/step",
    scope="step",
    gives=MeetingSchema,
    takes=CarryOutSchema,
    problems=(404, 409),
)
def carry_out(tx: Tx, body: Mapping[str, Any], meeting_id: UUID, item_id: UUID) -> Given | None:
    """Take the step that the body decided on, on the authority of its minutes."""
    item = _item(meeting_page(tx, meeting_id, language()), item_id)
    if item is None:
        return None
    if item.carrying is None:
        raise refuse("not_from_here", "This step is not possible at this point.")
    meetings.carry_out(
        tx, item_id, {name: value for name, value in body["data"].items() if value is not None}
    )
    return _present(tx, meeting_id)


def _item(page: MeetingPage | None, item_id: UUID) -> ItemView | None:
    return next((each for each in page.items if each.id == item_id), None) if page is not None else None


def _present(tx: Tx, meeting_id: UUID, status: int = 200) -> Given | None:
    page = meeting_page(tx, meeting_id, language())
    if page is None:
        return None
    same = {each.attribute or name for name, each in MeetingSchema().fields.items()}
    body = {name: getattr(page, name) for name in same - {"people", "items", "next", "words"}}
    body["words"] = _words(page)
    body["people"] = page.seats
    body["items"] = [_as_body(each) for each in page.items]
    body["next"] = [{"sentence": sentence(each.text, each.params), "mine": each.mine} for each in page.next]
    address = f"{PREFIX}/meetings/{meeting_id}" if status == 201 else None
    return Given(body, status, {WORDS: body["words"]}, address)


def _words(page: MeetingPage) -> str:
    """Return what names the minutes of a meeting and who is there as they are."""
    return words_hash(page.minutes, *(seat.user_id for seat in page.present))


def _as_body(item: ItemView) -> dict[str, Any]:
    same = ("id", "number", "ref", "matter", "left", "outcome", "reason", "effective_at")
    return {
        **{name: getattr(item, name) for name in same},
        "count": item.count,
        "step": None if item.carrying is None else _step(item.carrying),
    }


def _step(carrying: Carrying) -> dict[str, Any]:
    return {
        "name": carrying.name,
        "label": carrying.label,
        "allowed": carrying.allowed,
        "refusals": [reason(each) for each in carrying.reasons],
        "asks": carrying.asks,
    }
