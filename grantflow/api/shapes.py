"""The shapes of what is sent and given, from which both the reading and the OpenAPI document come."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from flask_smorest.fields import Upload
from marshmallow import Schema, ValidationError, fields, validate

from grantflow.api.writing import moment, plain

MOST = 100
"""Entries of one page."""
SHORT = validate.Length(max=200)
MOST_WORDS = 20_000
"""Characters of what somebody writes in one go, where no form says less."""
NUMBER = validate.Range(min=0, max=2**53)


class Moment(fields.DateTime):
    """An instant in UTC, with Z."""

    def _serialize(self, value: datetime | None, attr: str | None, obj: Any, **kwargs: Any) -> str | None:
        del attr, obj, kwargs
        return None if value is None else moment(value)


class When(fields.AwareDateTime):
    """An instant that is sent: with the offset of its clock, kept in UTC."""

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any
    ) -> datetime:
        given: datetime = super()._deserialize(value, attr, data, **kwargs)
        try:
            return given.astimezone(UTC)
        except (OverflowError, ValueError):
            raise ValidationError("Not a valid datetime.") from None


class Plain(fields.Raw):
    """A value of any kind, as JSON spells it."""

    def _serialize(self, value: Any, attr: str | None, obj: Any, **kwargs: Any) -> Any:
        del attr, obj, kwargs
        return plain(value)


def told(about: str) -> dict[str, str]:
    """Return what the document says about a field."""
    return {"description": about}


class RefusalSchema(Schema):
    """A reason against: a stable code, a sentence, and where it is mended."""

    code = fields.String(required=True)
    sentence = fields.String(required=True)
    where = fields.String(required=True, allow_none=True)


class ProblemSchema(Schema):
    """What went wrong (RFC 9457)."""

    type = fields.String(required=True)
    title = fields.String(required=True)
    status = fields.Integer(required=True)
    detail = fields.String(required=True)
    refusals = fields.List(fields.Nested(RefusalSchema), required=True)


class MoneySchema(Schema):
    """An amount in minor units: cents, öre, pence."""

    amount = fields.Integer(required=True)
    currency = fields.String(required=True)


class PageQuery(Schema):
    """Which page of a list is wanted."""

    after = fields.String(validate=SHORT, metadata=told("The key behind which the page begins."))
    limit = fields.Integer(load_default=50, validate=validate.Range(min=1, max=MOST))


class OrganisationSchema(Schema):
    """An organisation for which the person may act."""

    id = fields.UUID(required=True)
    name = fields.String(required=True)


class MeSchema(Schema):
    """For whom the token acts."""

    name = fields.String(required=True)
    email = fields.String(required=True)
    scopes = fields.List(fields.String(), required=True)
    organisations = fields.List(fields.Nested(OrganisationSchema), required=True)


# Calls


class StateSchema(Schema):
    """Where a call stands, in words."""

    label = fields.String(required=True)
    phase = fields.String(required=True)


class DateSchema(Schema):
    """A date of a call."""

    name = fields.String(required=True)
    label = fields.String(required=True)
    about = fields.String(required=True)
    at = Moment(required=True)


class CallLineSchema(Schema):
    """A call in the list."""

    slug = fields.String(required=True)
    ref = fields.String(required=True)
    title = fields.String(required=True)
    agency = fields.String(required=True)
    state = fields.Nested(StateSchema, required=True)
    next_date = fields.Nested(DateSchema, required=True, allow_none=True)
    envelopes = fields.List(fields.Nested(MoneySchema), required=True)


class CallsSchema(Schema):
    """A page of calls."""

    items = fields.List(fields.Nested(CallLineSchema), required=True)
    next = fields.String(required=True, allow_none=True, metadata=told("The address of the next page."))


class StageSchema(Schema):
    """A stage of a call."""

    number = fields.Integer(required=True)
    title = fields.String(required=True)
    current = fields.Boolean(required=True)
    dates = fields.List(fields.Nested(DateSchema), required=True)


class WindowSchema(Schema):
    """A pot of money of a call."""

    name = fields.String(required=True)
    funder = fields.String(required=True)
    stage = fields.Integer(required=True)
    envelope = fields.Nested(MoneySchema, required=True)
    granted = fields.Nested(MoneySchema, required=True)
    paid = fields.Nested(MoneySchema, required=True)
    minimum = fields.Nested(MoneySchema, required=True, allow_none=True)
    maximum = fields.Nested(MoneySchema, required=True, allow_none=True)
    rate = fields.Integer(required=True, metadata=told("Basis points of the cost."))


class OutcomeSchema(Schema):
    """How many applications ended how, as far as it is told."""

    name = fields.String(required=True)
    count = fields.Integer(required=True)


class CallSchema(Schema):
    """A call, as everybody may know it."""

    slug = fields.String(required=True)
    ref = fields.String(required=True)
    title = fields.String(required=True)
    summary = fields.String(required=True)
    agency = fields.String(required=True)
    programme = fields.String(required=True)
    zone = fields.String(required=True)
    scheme = fields.String(required=True)
    version = fields.Integer(required=True)
    state = fields.Nested(StateSchema, required=True)
    takes_applications = fields.Boolean(required=True)
    stages = fields.List(fields.Nested(StageSchema), required=True)
    windows = fields.List(fields.Nested(WindowSchema), required=True)
    outcomes = fields.List(fields.Nested(OutcomeSchema), required=True)


# Applications


class ApplicationsQuery(PageQuery):
    """Which applications are wanted."""

    call = fields.String(validate=SHORT, metadata=told("The slug of their call."))
    state = fields.String(validate=SHORT, metadata=told("The state in which you see them."))


class ApplicationLineSchema(Schema):
    """An application in the list."""

    ref = fields.String(required=True)
    title = fields.String(required=True)
    call = fields.String(required=True)
    organisation = fields.String(required=True)
    state = fields.String(required=True)
    state_label = fields.String(required=True)


class ApplicationsSchema(Schema):
    """A page of applications."""

    items = fields.List(fields.Nested(ApplicationLineSchema), required=True)
    next = fields.String(required=True, allow_none=True, metadata=told("The address of the next page."))


class StartSchema(Schema):
    """An application to be started."""

    call = fields.String(required=True, validate=SHORT, metadata=told("The slug of the call."))
    organisation = fields.UUID(required=True, metadata=told("One of those that /me names."))
    window = fields.String(validate=SHORT, metadata=told("Needed where the stage has several."))
    language = fields.String(validate=validate.Regexp(r"^[a-z]{2}\Z"))


class SaveSchema(Schema):
    """Answers to be saved; others stay as they are, and null takes one away."""

    answers = fields.Dict(keys=fields.String(), values=fields.Raw(allow_none=True), required=True)
    answers_revision = fields.Integer(strict=True, validate=NUMBER)


class FileFieldSchema(Schema):
    """Which question of the form a file answers."""

    field = fields.String(required=True, validate=SHORT)


class FileSchema(Schema):
    """A file to be handed in."""

    file = Upload(required=True)


class KeptFileSchema(Schema):
    """A file that was handed in."""

    id = fields.UUID(required=True)
    name = fields.String(required=True)
    size = fields.Integer(required=True)


class SentFieldSchema(Schema):
    """A question with the answer that was sent."""

    name = fields.String(required=True)
    kind = fields.String(required=True)
    label = fields.String(required=True)
    answer = Plain(required=True, allow_none=True)


class SentSectionSchema(Schema):
    """A section of what was sent."""

    name = fields.String(required=True)
    title = fields.String(required=True)
    fields_ = fields.List(fields.Nested(SentFieldSchema), required=True, data_key="fields")


class SentSchema(Schema):
    """What was sent last: frozen, with its checksum."""

    number = fields.Integer(required=True)
    at = Moment(required=True)
    sha256 = fields.String(required=True)
    sections = fields.List(fields.Nested(SentSectionSchema), required=True)


class ApplicationSchema(Schema):
    """An application: its answers for who may write them now, what was sent for whoever may see it."""

    ref = fields.String(required=True)
    title = fields.String(required=True)
    call = fields.String(required=True)
    organisation = fields.String(required=True)
    state = fields.String(required=True)
    state_label = fields.String(required=True)
    revision = fields.Integer(required=True, metadata=told("Of the record; a step names it."))
    editable = fields.Boolean(required=True)
    answers = fields.Dict(keys=fields.String(), values=fields.Raw(), required=True, allow_none=True)
    answers_revision = fields.Integer(required=True, allow_none=True, metadata=told("A save names it."))
    missing = fields.List(fields.Nested(RefusalSchema), required=True)
    files = fields.List(fields.Nested(KeptFileSchema), required=True)
    asked = fields.Nested(MoneySchema, required=True, allow_none=True)
    cost = fields.Nested(MoneySchema, required=True, allow_none=True)
    sent = fields.Nested(SentSchema, required=True, allow_none=True)


class DecisionSchema(Schema):
    """A decision about an application."""

    number = fields.Integer(required=True)
    kind = fields.String(required=True)
    amount = fields.Nested(MoneySchema, required=True)
    reasons = fields.String(required=True)
    conditions = fields.List(fields.String(), required=True)
    decided_at = Moment(required=True, allow_none=True)
    told_at = Moment(required=True, allow_none=True)
    public_at = Moment(required=True, allow_none=True)


class DecisionsSchema(Schema):
    """The decisions about an application that you may know of; the last one holds."""

    items = fields.List(fields.Nested(DecisionSchema), required=True)


class LetterSchema(Schema):
    """A letter that went out; its file is there once it is filed."""

    template = fields.String(required=True)
    role = fields.String(required=True)
    at = Moment(required=True)
    file = fields.String(required=True, allow_none=True)


class LettersSchema(Schema):
    """The letters about an application to the roles that you play."""

    items = fields.List(fields.Nested(LetterSchema), required=True)


class ChecklistItemSchema(Schema):
    """A formal condition, with the officer's answer."""

    name = fields.String(required=True)
    answer = fields.String(required=True, allow_none=True)


class ChecklistSchema(Schema):
    """The checklist of an application."""

    items = fields.List(fields.Nested(ChecklistItemSchema), required=True)


class CheckSchema(Schema):
    """Answers to items of the checklist: yes, no or not_applicable."""

    answers = fields.Dict(keys=fields.String(), values=fields.String(), required=True)
    notes = fields.Dict(keys=fields.String(), values=fields.String(), load_default=dict)


class OwnWordSchema(Schema):
    """What ties somebody to an application: nothing, something to be weighed, or enough to step aside."""

    kind = fields.String(required=True, validate=validate.OneOf(["none", "soft", "hard"]))
    reason = fields.String(load_default="", validate=validate.Length(max=4000))


# Records


class FactSchema(Schema):
    """Something about a record."""

    label = fields.String(required=True)
    value = Plain(required=True)


class TextSchema(Schema):
    """A long text, under what it answers."""

    label = fields.String(required=True)
    text = fields.String(required=True)


class PartSchema(Schema):
    """A part of a record's content."""

    title = fields.String(required=True)
    facts = fields.List(fields.Nested(FactSchema), required=True)
    texts = fields.List(fields.Nested(TextSchema), required=True)


class PathStepSchema(Schema):
    """A step on the path of a record."""

    label = fields.String(required=True)
    when = fields.String(required=True, validate=validate.OneOf(["done", "now", "later"]))
    at = Moment(required=True, allow_none=True)


class BelowSchema(Schema):
    """A record below another."""

    ref = fields.String(required=True)
    kind = fields.String(required=True)
    state = fields.String(required=True)
    state_label = fields.String(required=True)


class RecordSchema(Schema):
    """A record of any kind, as you may see it."""

    ref = fields.String(required=True)
    kind = fields.String(required=True)
    title = fields.String(required=True)
    call = fields.String(required=True)
    above = fields.String(required=True, allow_none=True)
    scheme = fields.String(required=True)
    version = fields.Integer(required=True)
    lifecycle = fields.String(required=True)
    state = fields.String(required=True)
    state_label = fields.String(required=True)
    since = Moment(required=True)
    revision = fields.Integer(required=True)
    waits_for = fields.List(fields.String(), required=True)
    path = fields.List(fields.Nested(PathStepSchema), required=True)
    content = fields.List(fields.Nested(PartSchema), required=True)
    below = fields.List(fields.Nested(BelowSchema), required=True)


class AskedSchema(Schema):
    """What a step asks for."""

    name = fields.String(required=True)
    kind = fields.String(required=True)
    label = fields.String(required=True)
    required = fields.Boolean(required=True)
    choices = fields.List(fields.String(), required=True)


class TransitionSchema(Schema):
    """A step that you could take: allowed, or with every reason against."""

    name = fields.String(required=True)
    label = fields.String(required=True)
    allowed = fields.Boolean(required=True)
    refusals = fields.List(fields.Nested(RefusalSchema), required=True)
    asks = fields.List(fields.Nested(AskedSchema), required=True)


class TransitionsSchema(Schema):
    """What you may do with a record, and why not."""

    ref = fields.String(required=True)
    state = fields.String(required=True)
    revision = fields.Integer(required=True)
    transitions = fields.List(fields.Nested(TransitionSchema), required=True)


class TakeSchema(Schema):
    """A step to be taken."""

    transition = fields.String(required=True, validate=SHORT)
    revision = fields.Integer(strict=True, validate=NUMBER, metadata=told("The one that you saw."))
    data = fields.Dict(keys=fields.String(), values=fields.Raw(allow_none=True), load_default=dict)


class TakenSchema(Schema):
    """A step that was taken, and where the record is now; nothing of it where you do not see it any more."""

    ref = fields.String(required=True)
    transition = fields.String(required=True)
    state = fields.String(required=True, allow_none=True)
    state_label = fields.String(required=True, allow_none=True)
    revision = fields.Integer(required=True, allow_none=True)


class JournalQuery(Schema):
    """Which entries are wanted."""

    after = fields.Integer(
        load_default=0, validate=NUMBER, metadata=told("The number of the last one you have.")
    )
    limit = fields.Integer(load_default=50, validate=validate.Range(min=1, max=MOST))


class EntryTextSchema(Schema):
    """What was filled in."""

    label = fields.String(required=True)
    value = Plain(required=True)


class EntrySchema(Schema):
    """An entry of the journal, as far as you may know of it."""

    number = fields.Integer(required=True)
    at = Moment(required=True)
    sentence = fields.String(required=True)
    who = fields.List(fields.String(), required=True)
    texts = fields.List(fields.Nested(EntryTextSchema), required=True)
    state = fields.String(required=True, allow_none=True)


class JournalSchema(Schema):
    """A page of the journal, the first entry first."""

    ref = fields.String(required=True)
    items = fields.List(fields.Nested(EntrySchema), required=True)
    next = fields.String(required=True, allow_none=True, metadata=told("The address of the next page."))
