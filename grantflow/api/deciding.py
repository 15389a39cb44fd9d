"""Deciding: the frozen ranking, the proposal line by line, and the letters before they leave."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from marshmallow import Schema, fields, validate

from grantflow.api.calls import next_page
from grantflow.api.house import language
from grantflow.api.problems import reason
from grantflow.api.routes import Given, Operations, operation
from grantflow.api.seen import WORDS, demand_words_seen, words_hash
from grantflow.api.shapes import MOST_WORDS, SHORT, Moment, MoneySchema, RefusalSchema, told
from grantflow.domain.refusal import Refused, refuse
from grantflow.services import awards
from grantflow.services.awards.letters_page import letter_page, letters_page
from grantflow.services.awards.proposal_page import (
    LineView,
    application_of_line,
    line_page,
    proposal_page,
)
from grantflow.services.awards.ranking_page import ranking_page
from grantflow.services.letters.compose import Points
from grantflow.store.session import Tx

group = Operations("deciding", __name__, description="Ranking, proposal and letters of a call.")

ANSWERS = ("yes", "reserve", "no")
_LONG = validate.Length(max=MOST_WORDS)
_RANK = validate.Range(min=0, max=2**31 - 1)


class RankQuery(Schema):
    """From which place on."""

    after = fields.Integer(load_default=0, validate=_RANK, metadata=told("The last place that you have."))


class LinesQuery(RankQuery):
    """Which lines of a proposal."""

    answer = fields.String(load_default="", validate=validate.OneOf(["", *ANSWERS]))


class RefQuery(Schema):
    """Behind which reference."""

    after = fields.String(load_default="", validate=SHORT)


class FrozenSchema(Schema):
    """A frozen ranking."""

    number = fields.Integer(required=True)
    at = Moment(required=True)
    sha256 = fields.String(required=True)
    pass_mark = fields.Integer(required=True)


class PlaceInRankingSchema(Schema):
    """A place in the ranking."""

    rank = fields.Integer(required=True)
    ref = fields.String(required=True)
    title = fields.String(required=True)
    organisation = fields.String(required=True)
    hundredths = fields.Integer(required=True, metadata=told("Of a point."))
    passes = fields.Boolean(required=True)
    spread = fields.Integer(required=True, allow_none=True)
    asked = fields.Nested(MoneySchema, required=True, allow_none=True)


class RankingSchema(Schema):
    """The last frozen ranking of the call's stage, from a place on."""

    frozen = fields.Nested(FrozenSchema, required=True, allow_none=True)
    ranked = fields.Integer(required=True)
    passing = fields.Integer(required=True)
    items = fields.List(fields.Nested(PlaceInRankingSchema), required=True)
    next = fields.String(required=True, allow_none=True)


class PotSchema(Schema):
    """A window: what it has, and what the proposal takes of it."""

    name = fields.String(required=True)
    envelope = fields.Nested(MoneySchema, required=True)
    free = fields.Nested(MoneySchema, required=True)
    planned = fields.Nested(MoneySchema, required=True)
    left = fields.Nested(MoneySchema, required=True)


class LineSchema(Schema):
    """What is proposed for an application, and the sentence of the rules."""

    rank = fields.Integer(required=True)
    ref = fields.String(required=True)
    title = fields.String(required=True)
    organisation = fields.String(required=True)
    answer = fields.String(required=True)
    amount = fields.Nested(MoneySchema, required=True)
    asked = fields.Nested(MoneySchema, required=True)
    allocated = fields.String(required=True, metadata=told("The answer of the rules."))
    allocated_amount = fields.Nested(MoneySchema, required=True)
    explanation = fields.Nested(RefusalSchema, required=True)
    reasons = fields.String(required=True)
    conditions = fields.List(fields.String(), required=True)
    departure_reason = fields.String(required=True)
    departs = fields.Boolean(required=True)
    words = fields.String(required=True, metadata=told("Names the line as it is; changing it names it."))


class ProposalSchema(Schema):
    """The last proposal of the call's stage, from a place on."""

    number = fields.Integer(required=True, allow_none=True)
    at = Moment(required=True, allow_none=True)
    stale = fields.Boolean(required=True, metadata=told("Whether a newer ranking has been frozen since."))
    decided_at = Moment(required=True, allow_none=True)
    may_write = fields.Boolean(required=True)
    pots = fields.List(fields.Nested(PotSchema), required=True)
    departures = fields.Integer(required=True)
    items = fields.List(fields.Nested(LineSchema), required=True)
    next = fields.String(required=True, allow_none=True)


class DrawUpSchema(Schema):
    """A proposal to be drawn up from the last frozen ranking."""

    anew = fields.Boolean(load_default=False, metadata=told("Replaces the one that there is."))


class ChangeSchema(Schema):
    """What is changed in a line; what is left out stays."""

    words = fields.String(validate=SHORT, metadata=told("The one that you saw."))
    answer = fields.String(validate=validate.OneOf(ANSWERS))
    amount = fields.Integer(strict=True, validate=validate.Range(min=0, max=2**53))
    conditions = fields.List(fields.String(validate=_LONG), validate=validate.Length(max=100))
    reasons = fields.String(validate=_LONG)
    departure_reason = fields.String(validate=_LONG)


class LotSchema(Schema):
    """All letters of the round that say the same."""

    kind = fields.String(required=True)
    count = fields.Integer(required=True)
    read = fields.Integer(required=True)
    amount = fields.Nested(MoneySchema, required=True)


class LetterLineSchema(Schema):
    """A letter that waits."""

    ref = fields.String(required=True)
    title = fields.String(required=True)
    organisation = fields.String(required=True)
    kind = fields.String(required=True)
    amount = fields.Nested(MoneySchema, required=True)
    read_by = fields.String(required=True, allow_none=True)
    read_at = Moment(required=True, allow_none=True)


class WaitingSchema(Schema):
    """The letters of a call that wait for their release."""

    lots = fields.List(fields.Nested(LotSchema), required=True)
    alone = fields.List(fields.Nested(LetterLineSchema), required=True, metadata=told("Out of the round."))
    items = fields.List(fields.Nested(LetterLineSchema), required=True)
    next = fields.String(required=True, allow_none=True)


class AnswerLineSchema(Schema):
    """One of the lines with which a decision begins."""

    label = fields.String(required=True)
    text = fields.String(required=True)


class PreviewSchema(Schema):
    """A letter as it would leave now."""

    ref = fields.String(required=True)
    language = fields.String(required=True)
    subject = fields.String(required=True)
    recipient = fields.String(required=True)
    answer = fields.List(fields.Nested(AnswerLineSchema), required=True)
    text = fields.List(fields.String(), required=True)
    sha256 = fields.String(required=True, metadata=told("Of this very text; reading it names it."))
    read_by = fields.String(required=True, allow_none=True)
    read_as_it_is = fields.Boolean(required=True)


class ReadSchema(Schema):
    """Which text you have read."""

    sha256 = fields.String(required=True, validate=SHORT)


@operation(
    group,
    "GET",
    "/calls/<slug>/ranking",
    scope="read",
    gives=RankingSchema,
    query=RankQuery,
    problems=(404,),
)
def show_ranking(tx: Tx, query: Mapping[str, Any], slug: str) -> Given | None:
    """Return the last frozen ranking of a call's stage, for those who may know of it."""
    page = ranking_page(tx, slug, language(), query["after"])
    if page is None:
        return None
    onward = page.next_after
    return Given(
        {
            "frozen": page.frozen,
            "ranked": page.ranked,
            "passing": page.passing,
            "items": page.lines,
            "next": None if onward is None else next_page(f"/calls/{slug}/ranking", query, onward),
        }
    )


@operation(
    group,
    "GET",
    "/calls/<slug>/proposal",
    scope="read",
    gives=ProposalSchema,
    query=LinesQuery,
    problems=(404,),
)
def show_proposal(tx: Tx, query: Mapping[str, Any], slug: str) -> Given | None:
    """Return the last proposal of a call's stage, for those who may know of it."""
    return _proposal(tx, slug, query)


def _proposal(tx: Tx, slug: str, query: Mapping[str, Any], status: int = 200) -> Given | None:
    page = proposal_page(tx, slug, language(), after=query["after"], only=query["answer"])
    if page is None:
        return None
    drawn, onward = page.drawn, page.next_after
    return Given(
        {
            "number": None if drawn is None else drawn.number,
            "at": None if drawn is None else drawn.at,
            "stale": drawn is not None and drawn.stale,
            "decided_at": None if drawn is None else drawn.decided_at,
            "may_write": page.may_write,
            "pots": page.pots,
            "departures": page.departures,
            "items": [_line(each) for each in page.lines],
            "next": None if onward is None else next_page(f"/calls/{slug}/proposal", query, onward),
        },
        status,
    )


def _line(line: LineView) -> dict[str, Any]:
    spelled = {
        "explanation": reason(line.sentence),
        "departure_reason": line.departure,
        "words": _words(line),
    }
    return {name: getattr(line, name) for name in set(LineSchema().fields) - spelled.keys()} | spelled


@operation(
    group,
    "POST",
    "/calls/<slug>/proposal",
    scope="write",
    gives=ProposalSchema,
    status=201,
    takes=DrawUpSchema,
    problems=(404, 409),
)
def draw_up(tx: Tx, body: Mapping[str, Any], slug: str) -> Given | None:
    """Draw up a proposal from the last frozen ranking; an earlier one stays in the file."""
    page = proposal_page(tx, slug, language())
    if page is None:
        return None
    if page.drawn is not None and not body["anew"]:
        raise refuse("not_confirmed", "There is a proposal already. Say “anew” to draw up another.", "anew")
    awards.draw_up_proposal(tx, page.call.id)
    return _proposal(tx, slug, {"after": 0, "answer": ""}, 201)


@operation(
    group,
    "PATCH",
    "/calls/<slug>/proposal/<ref>",
    scope="write",
    gives=LineSchema,
    takes=ChangeSchema,
    problems=(404, 409, 412, 428),
)
def change(tx: Tx, body: Mapping[str, Any], slug: str, ref: str) -> Given | None:
    """Change what is proposed for one application; what departs from the rules needs its reason."""
    page, application_id = line_page(tx, slug, ref, language()), application_of_line(tx, ref)
    if page is None or application_id is None or not page.may_write:
        return None
    demand_words_seen(body.get("words"), _words(page.line))
    changed = {name: value for name, value in body.items() if name != "words"}
    awards.change_line(tx, page.call.id, application_id, **changed)
    after = line_page(tx, slug, ref, language())
    return None if after is None else Given(_line(after.line), revisions={WORDS: _words(after.line)})


def _words(line: LineView) -> str:
    """Return what names a line as it is."""
    return words_hash(line.answer, line.amount, line.conditions, line.reasons, line.departure)


@operation(
    group,
    "GET",
    "/calls/<slug>/letters",
    scope="read",
    gives=WaitingSchema,
    query=RefQuery,
    problems=(404,),
)
def show_letters(tx: Tx, query: Mapping[str, Any], slug: str) -> Given | None:
    """Return the letters of a call that wait, for those who release them."""
    page = letters_page(tx, slug, language(), after=query["after"])
    if page is None:
        return None
    onward = page.next_after
    return Given(
        {
            "lots": page.lots,
            "alone": page.alone,
            "items": page.lines,
            "next": None if onward is None else next_page(f"/calls/{slug}/letters", query, onward),
        }
    )


@operation(group, "GET", "/applications/<ref>/letter", scope="read", gives=PreviewSchema, problems=(404,))
def show_letter(tx: Tx, ref: str) -> Given | None:
    """Return the letter about an application that waits, as it would leave now."""
    return _letter(tx, ref)


@operation(
    group,
    "POST",
    "/applications/<ref>/letter",
    scope="write",
    gives=PreviewSchema,
    takes=ReadSchema,
    problems=(404, 409),
)
def read_letter(tx: Tx, body: Mapping[str, Any], ref: str) -> Given | None:
    """Say that you have read this very text; a release asks for it."""
    try:
        page = letter_page(tx, ref, language())
    except Refused:
        return None  # who does not release it does not learn that it waits
    if page is None:
        return None
    awards.mark_read(tx, page.id, body["sha256"])
    return _letter(tx, ref)


def _letter(tx: Tx, ref: str) -> Given | None:
    try:
        page = letter_page(tx, ref, language())
    except Refused:
        return None
    if page is None:
        return None
    letter = page.shown.letter
    text = [
        part
        for block in letter.blocks
        for part in (block.items if isinstance(block, Points) else (block.text,))
    ]
    return Given(
        {
            "ref": page.ref,
            "language": letter.language,
            "subject": letter.subject,
            "recipient": letter.recipient,
            "answer": letter.answer,
            "text": text,
            "sha256": page.shown.text_sha256,
            "read_by": page.read_by,
            "read_as_it_is": page.read_as_it_is,
        }
    )
