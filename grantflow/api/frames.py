"""Frames: written as drafts, commented on, answered; what becomes of them are steps."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from marshmallow import Schema, fields, validate

from grantflow.api.house import language
from grantflow.api.routes import PREFIX, Given, Operations, operation
from grantflow.api.seen import RECORD, WORDS, demand_words_seen, words_hash
from grantflow.api.shapes import MOST_WORDS, SHORT, Moment, MoneySchema, told
from grantflow.domain.refusal import refuse
from grantflow.services.labs import framing
from grantflow.services.labs.frame_page import FramePage, frame_page, sources_to_choose
from grantflow.services.labs.lab_page import lab_head
from grantflow.services.records.stepping import seen_revision
from grantflow.services.records.visibility import Found, find
from grantflow.store.session import Tx

group = Operations("frames", __name__, description="Frames of labs: vision, actions, consultation.")

_LONG = validate.Length(max=MOST_WORDS)
_MOST_ACTIONS = 20
_WHOLE = validate.Range(min=0, max=2**53)


class IndicatorSchema(Schema):
    """By what an action is measured."""

    name = fields.String(required=True, validate=SHORT)
    baseline = fields.Integer(required=True, strict=True, validate=_WHOLE)
    target = fields.Integer(required=True, strict=True, validate=_WHOLE)


class ActionSchema(Schema):
    """An action to be written."""

    title = fields.String(required=True, validate=SHORT)
    about = fields.String(load_default="", validate=_LONG)
    envelope = fields.Integer(required=True, strict=True, validate=_WHOLE, metadata=told("In minor units."))
    indicators = fields.List(
        fields.Nested(IndicatorSchema), load_default=list, validate=validate.Length(max=_MOST_ACTIONS)
    )
    sources = fields.List(fields.String(), load_default=list, metadata=told("References of contributions."))


class BeginSchema(Schema):
    """A frame to be begun."""

    title = fields.String(validate=SHORT)
    vision = fields.String(load_default="", validate=_LONG)
    conditions = fields.String(load_default="", validate=_LONG)
    changes = fields.String(load_default="", validate=_LONG)
    language = fields.String(validate=validate.Regexp(r"^[a-z]{2}\Z"))


class WriteSchema(Schema):
    """What is written on a frame; what is left out stays, actions are written anew as a whole."""

    words = fields.String(validate=SHORT, metadata=told("The one that you saw."))
    title = fields.String(validate=SHORT)
    vision = fields.String(validate=_LONG)
    conditions = fields.String(validate=_LONG)
    changes = fields.String(validate=_LONG)
    actions = fields.List(fields.Nested(ActionSchema), validate=validate.Length(max=_MOST_ACTIONS))


class SourceSchema(Schema):
    """A contribution from which an action came."""

    ref = fields.String(required=True)
    kind = fields.String(required=True)


class WrittenActionSchema(Schema):
    """An action of a frame."""

    number = fields.Integer(required=True)
    title = fields.String(required=True)
    about = fields.String(required=True)
    envelope = fields.Nested(MoneySchema, required=True)
    indicators = fields.List(fields.Nested(IndicatorSchema), required=True)
    sources = fields.List(fields.Nested(SourceSchema), required=True)


class CommentSchema(Schema):
    """What somebody said on the draft, and the answer."""

    id = fields.UUID(required=True)
    author = fields.String(required=True, allow_none=True)
    text = fields.String(required=True)
    at = Moment(required=True)
    answer = fields.String(required=True, allow_none=True)
    answered_at = Moment(required=True, allow_none=True)


class FrameSchema(Schema):
    """A frame as you may see it."""

    ref = fields.String(required=True)
    version = fields.Integer(required=True)
    title = fields.String(required=True)
    vision = fields.String(required=True)
    conditions = fields.String(required=True)
    changes = fields.String(required=True)
    state = fields.String(required=True)
    state_label = fields.String(required=True)
    revision = fields.Integer(required=True, metadata=told("Of the record; a step names it."))
    words = fields.String(required=True, metadata=told("Names the words as they are; writing names it."))
    may_write = fields.Boolean(required=True)
    consulted_from = Moment(required=True, allow_none=True)
    consulted_until = Moment(required=True, allow_none=True)
    adopted_at = Moment(required=True, allow_none=True)
    sha256 = fields.String(required=True, allow_none=True)
    actions = fields.List(fields.Nested(WrittenActionSchema), required=True)
    comments = fields.List(fields.Nested(CommentSchema), required=True)


class SaySchema(Schema):
    """What you say on the draft."""

    text = fields.String(required=True)


class AnswerSchema(Schema):
    """The answer to a comment."""

    answer = fields.String(required=True, validate=_LONG)


@operation(
    group,
    "POST",
    "/calls/<slug>/lab/frames",
    scope="write",
    gives=FrameSchema,
    status=201,
    takes=BeginSchema,
    problems=(404, 409),
)
def begin(tx: Tx, body: Mapping[str, Any], slug: str) -> Given | None:
    """Begin the next version of the frame of a lab."""
    head = lab_head(tx, slug, language())
    if head is None:
        return None
    made = framing.start_frame(
        tx,
        head.call_id,
        body.get("title", head.title),
        vision=body["vision"],
        conditions=body["conditions"],
        changes=body["changes"],
        lang=body.get("language", language()),
    )
    return _present(tx, made.ref, 201)


@operation(group, "GET", "/frames/<ref>", scope="read", gives=FrameSchema, problems=(404,))
def show(tx: Tx, ref: str) -> Given | None:
    """Return a frame with its actions and what was said on it."""
    return _present(tx, ref)


@operation(
    group,
    "PATCH",
    "/frames/<ref>",
    scope="write",
    gives=FrameSchema,
    takes=WriteSchema,
    problems=(404, 409, 412, 428),
)
def write(tx: Tx, body: Mapping[str, Any], ref: str) -> Given | None:
    """Write on a frame that is still a draft, where nobody wrote on it since you looked."""
    found, page = _page(tx, ref)
    if found is None or page is None:
        return None
    demand_words_seen(body.get("words"), _words(page))
    framing.write_frame(
        tx,
        page.id,
        title=body.get("title"),
        vision=body.get("vision"),
        conditions=body.get("conditions"),
        changes=body.get("changes"),
    )
    if "actions" in body:
        known = {each.ref: each.id for each in sources_to_choose(tx, page.head.call_id)}
        framing.write_actions(tx, page.id, [_action(each, known) for each in body["actions"]])
    return _present(tx, ref)


def _action(given: Mapping[str, Any], known: Mapping[str, UUID]) -> framing.Action:
    if unknown := sorted(set(given["sources"]) - known.keys()):
        text = "“%(ref)s” is nothing that was brought to this lab and published."
        raise refuse("unknown_source", text, "actions", ref=unknown[0][:80])
    return framing.Action(
        given["title"],
        given["envelope"],
        tuple(framing.Indicator(**each) for each in given["indicators"]),
        given["about"],
        tuple(known[each] for each in given["sources"]),
    )


@operation(
    group,
    "POST",
    "/frames/<ref>/comments",
    scope="write",
    gives=FrameSchema,
    status=201,
    takes=SaySchema,
    problems=(404, 409),
)
def comment(tx: Tx, body: Mapping[str, Any], ref: str) -> Given | None:
    """Say something on a draft that is open for comments."""
    found, page = _page(tx, ref)
    if found is None or page is None:
        return None
    framing.comment_on_frame(tx, page.id, body["text"])
    return _present(tx, ref, 201)


@operation(
    group,
    "PATCH",
    "/frames/<ref>/comments/<uuid:comment_id>",
    scope="write",
    gives=FrameSchema,
    takes=AnswerSchema,
    problems=(404, 409),
)
def answer(tx: Tx, body: Mapping[str, Any], ref: str, comment_id: UUID) -> Given | None:
    """Answer a comment, as one of those who write the frame."""
    found, page = _page(tx, ref)
    if found is None or page is None or comment_id not in {each.id for each in page.comments}:
        return None
    framing.answer_comment(tx, comment_id, body["answer"])
    return _present(tx, ref)


def _page(tx: Tx, ref: str) -> tuple[Found | None, FramePage | None]:
    """Return the record of a reference and its page, where the actor may see it."""
    found = find(tx, ref, {"frame"}, language())
    return found, None if found is None else frame_page(tx, found.slug, language(), ref=ref)


def _words(page: FramePage) -> str:
    """Return what names the words of a frame as they are."""
    return words_hash(page.title, page.vision, page.conditions, page.changes, *page.actions)


def _present(tx: Tx, ref: str, status: int = 200) -> Given | None:
    found, page = _page(tx, ref)
    if found is None or page is None:
        return None
    own = set(FrameSchema().fields) - {"state", "state_label", "revision", "words"}
    words, revision = _words(page), seen_revision(tx, found)
    body = {
        **{name: getattr(page, name) for name in own},
        "state": found.shown.name,
        "state_label": page.state,
        "revision": revision,
        "words": words,
    }
    return Given(
        body, status, {RECORD: revision, WORDS: words}, f"{PREFIX}/frames/{ref}" if status == 201 else None
    )
