"""Requests for lump sums: how the firms were chosen, the firms, what proves each activity, and the claim."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_smorest.fields import Upload
from marshmallow import Schema, fields, validate

from grantflow.api.house import house
from grantflow.api.routes import Given, Operations, operation
from grantflow.api.seen import RECORD, WORDS, demand_words_seen, said, words_hash
from grantflow.api.shapes import MOST_WORDS, NUMBER, SHORT, MoneySchema, TakenSchema, told
from grantflow.domain.aid.functions import FUNCTIONS
from grantflow.domain.refusal import Refused, refuse
from grantflow.domain.uploads import LARGEST
from grantflow.services.aid import delivery
from grantflow.services.aid.claiming import TypedClaim, prepare_claim
from grantflow.services.aid.naming import name_firm, say_selection
from grantflow.services.aid.pages.cluster_delivery import proof_page
from grantflow.services.aid.pages.cluster_request import SelectionPage, live_firms, selection_page
from grantflow.services.aid.payments import confirm_account
from grantflow.services.aid.requests import offers
from grantflow.services.applications.rights import place
from grantflow.services.records.page import state_tag
from grantflow.services.records.stepping import seen_revision
from grantflow.services.records.visibility import Found, find
from grantflow.store.session import Tx

group = Operations("aid", __name__, description="Requests for lump sums of named firms.")

KIND, PART = "application", "line"
LINES = "/applications/<ref>/lines"
_LONG = validate.Length(max=MOST_WORDS)
_COUNT = validate.Range(min=0, max=10_000)


class ChosenSchema(Schema):
    """How the firms were invited and chosen."""

    how = fields.String(required=True)
    rules = fields.String(required=True)
    rules_published_on = fields.Date(required=True)
    invited = fields.Integer(required=True)
    answered = fields.Integer(required=True)
    chosen = fields.Integer(required=True)
    reasons = fields.String(required=True)


class AidLineSchema(Schema):
    """A firm with its activity, until the line has ended."""

    ref = fields.String(required=True)
    firm = fields.String(required=True)
    activity = fields.String(required=True)
    amount = fields.Nested(MoneySchema, required=True)
    place = fields.String(required=True)
    starts_on = fields.Date(required=True)
    contact = fields.String(required=True)
    state = fields.String(required=True)
    state_label = fields.String(required=True)


class OfferSchema(Schema):
    """An activity that the call offers, and what it is worth."""

    activity = fields.String(required=True)
    amount = fields.Nested(MoneySchema, required=True)


class LinesSchema(Schema):
    """What a request says beside its form."""

    selection = fields.Nested(ChosenSchema, required=True, allow_none=True)
    words = fields.String(required=True, metadata=told("Names the selection as it is; recording names it."))
    offered = fields.List(fields.Nested(OfferSchema), required=True)
    items = fields.List(fields.Nested(AidLineSchema), required=True)


class SelectSchema(Schema):
    """How the firms were invited and chosen; as often as you mend it, before sending."""

    words = fields.String(validate=SHORT, metadata=told("The one that you saw."))
    how = fields.String(required=True, validate=_LONG)
    rules = fields.String(required=True, validate=_LONG)
    rules_published_on = fields.Date(required=True)
    invited = fields.Integer(required=True, strict=True, validate=_COUNT)
    answered = fields.Integer(required=True, strict=True, validate=_COUNT)
    chosen = fields.Integer(required=True, strict=True, validate=_COUNT)
    reasons = fields.String(load_default="", validate=_LONG)
    functions = fields.List(
        fields.String(validate=validate.OneOf(sorted(FUNCTIONS))),
        metadata=told("What your organisation does for firms, where it has not said so yet."),
    )


class FirmSchema(Schema):
    """A firm to be named: by its number, or one that you have named before."""

    known = fields.UUID(metadata=told("Of a firm that you have named before."))
    name = fields.String(validate=SHORT)
    number = fields.String(validate=SHORT, metadata=told("Under which its country has registered it."))
    country = fields.String(validate=SHORT)
    activity = fields.String(required=True, validate=SHORT)
    place = fields.String(required=True, validate=SHORT)
    starts_on = fields.Date(required=True)
    contact = fields.String(required=True, validate=SHORT, metadata=told("Where the firm's link is sent."))


class ProofSchema(Schema):
    """What proves that an activity took place; the step is taken with it."""

    revision = fields.Integer(validate=NUMBER, metadata=told("Of the line, as you saw it."))
    done_on = fields.Date(required=True)
    what = fields.String(required=True, validate=_LONG)


class PaperSchema(Schema):
    """The paper that shows it."""

    file = Upload()


class ClaimSchema(Schema):
    """What reached each firm, and the account to which the money goes."""

    passed_on = fields.Dict(
        keys=fields.String(),
        values=fields.Integer(strict=True, validate=NUMBER),
        load_default=dict,
        metadata=told("Minor units, by the reference of the line."),
    )
    iban = fields.String(load_default="", validate=SHORT)
    holder = fields.String(load_default="", validate=SHORT)


class ConfirmSchema(Schema):
    """How an account was confirmed: by a call back to a number that was on file before."""

    how = fields.String(required=True, validate=validate.Length(min=1, max=MOST_WORDS))


class ConfirmedSchema(Schema):
    """That it is."""

    confirmed = fields.Boolean(required=True)


@operation(group, "GET", LINES, scope="read", gives=LinesSchema, problems=(404,))
def show(tx: Tx, ref: str) -> Given | None:
    """Return the firms of a request, how they were chosen, and what the call offers."""
    return _present(tx, ref)


@operation(
    group,
    "PATCH",
    "/applications/<ref>/selection",
    scope="write",
    gives=LinesSchema,
    takes=SelectSchema,
    problems=(404, 409, 412, 428),
)
def select(tx: Tx, body: Mapping[str, Any], ref: str) -> Given | None:
    """Record how the firms were invited and chosen."""
    found = _request(tx, ref)
    if found is None:
        return None
    page = selection_page(tx, place(tx, found.id))
    demand_words_seen(body.get("words"), _words(page))
    say_selection(tx, found.id, {name: body[name] for name in body if name != "words"}, seen=page.seen)
    return _present(tx, ref)


@operation(
    group,
    "POST",
    LINES,
    scope="write",
    gives=LinesSchema,
    status=201,
    takes=FirmSchema,
    problems=(404, 409),
)
def name(tx: Tx, body: Mapping[str, Any], ref: str) -> Given | None:
    """Name a firm in a request, with an activity at its lump sum."""
    found = _request(tx, ref)
    if found is None:
        return None
    known = {"known": str(body["known"])} if "known" in body else {}
    name_firm(tx, found.id, {**body, **known})
    return _present(tx, ref, 201)


@operation(
    group,
    "POST",
    "/lines/<ref>/proof",
    scope="write",
    gives=TakenSchema,
    status=201,
    form=ProofSchema,
    files=PaperSchema,
    problems=(404, 409, 412, 413, 428),
)
def prove(tx: Tx, form: Mapping[str, Any], files: Mapping[str, Any], ref: str) -> Given | None:
    """Hand in the proof of a line, with a paper where there is one, and take the step that it opens."""
    seen = said(form.get("revision"), RECORD)
    found = find(tx, ref, {PART})
    if found is None or proof_page(tx, ref) is None:
        return None
    seen.demand(seen_revision(tx, found))
    folder, file = house().data_folder, files.get("file")
    if file is not None and folder is None:
        raise refuse("no_room_for_files", "Files cannot be handed in here now.", "file")
    given = (
        None
        if file is None or folder is None
        else delivery.Given(folder / "files", file.filename or "", file.stream.read(LARGEST + 1))
    )
    typed = {"done_on": form["done_on"].isoformat(), "what": form["what"]}
    taken = delivery.prove(tx, found.id, typed, given, revision=found.revision)
    after = find(tx, ref)
    return Given(
        {
            "ref": ref,
            "transition": taken.transition,
            "state": None if after is None else after.shown.name,
            "state_label": None if after is None else state_tag(after).label,
            "revision": None if after is None else seen_revision(tx, after),
        },
        201,
    )


@operation(
    group,
    "POST",
    "/applications/<ref>/claim",
    scope="write",
    gives=LinesSchema,
    takes=ClaimSchema,
    problems=(404, 409),
)
def claim(tx: Tx, body: Mapping[str, Any], ref: str) -> Given | None:
    """Say what reached each firm, and give the account; the money itself is claimed by a step."""
    found = _request(tx, ref)
    if found is None:
        return None
    lines = {line.ref: line.id for line, _ in live_firms(tx, found.id)}
    if unknown := sorted(set(body["passed_on"]) - lines.keys()):
        raise refuse(
            "unknown_line", "“%(ref)s” is no line of this request.", "passed_on", ref=unknown[0][:80]
        )
    values = {lines[each]: value for each, value in body["passed_on"].items()}
    refs = {line_id: each for each, line_id in lines.items()}
    wrong = prepare_claim(tx, found.id, TypedClaim(values, refs, body["iban"], body["holder"]))
    if wrong:
        raise Refused(wrong)
    return _present(tx, ref)


@operation(
    group,
    "POST",
    "/applications/<ref>/account/confirmation",
    scope="write",
    gives=ConfirmedSchema,
    takes=ConfirmSchema,
    problems=(404, 409),
)
def confirm(tx: Tx, body: Mapping[str, Any], ref: str) -> Given | None:
    """Confirm the account of a request, as somebody of the programme who did not enter it."""
    found = _request(tx, ref)
    if found is None:
        return None
    confirm_account(tx, found.id, body["how"])
    return Given({"confirmed": True})


def _request(tx: Tx, ref: str) -> Found | None:
    """Return an application of a scheme that has lines, where the actor may see it."""
    found = find(tx, ref, {KIND})
    has_lines = found is not None and any(each.record == PART for each in found.scheme.lifecycles.values())
    return found if has_lines else None


def _words(page: SelectionPage) -> str:
    return words_hash(page.seen)


def _present(tx: Tx, ref: str, status: int = 200) -> Given | None:
    found = _request(tx, ref)
    if found is None:
        return None
    page = selection_page(tx, place(tx, found.id))
    items = [
        {
            **{each: getattr(line, each) for each in set(AidLineSchema().fields) - {"state", "state_label"}},
            "state": state.name,
            "state_label": state.label,
        }
        for line, state in live_firms(tx, found.id)
    ]
    return Given(
        {
            "selection": page.kept,
            "words": _words(page),
            "offered": [
                {"activity": activity, "amount": {"amount": worth, "currency": found.currency}}
                for activity, worth in offers(tx, found.call_id).items()
            ],
            "items": items,
        },
        status,
        {WORDS: _words(page)},
    )
