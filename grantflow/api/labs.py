"""Challenge labs: who takes part, where they meet, what they bring."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from marshmallow import Schema, fields, validate

from grantflow.api.calls import next_page
from grantflow.api.house import language
from grantflow.api.routes import PREFIX, Given, Operations, operation
from grantflow.api.shapes import MOST_WORDS, SHORT, Moment, PageQuery, When, told
from grantflow.domain.labs.places import CONTRIBUTION_KINDS, HELICES, LEVELS
from grantflow.domain.refusal import refuse
from grantflow.services.labs import taking_part
from grantflow.services.labs.contribution_list import ContributionView
from grantflow.services.labs.lab_page import LabPage, lab_head, lab_page
from grantflow.services.labs.places_page import places_page, session_page
from grantflow.store.session import Tx

group = Operations("labs", __name__, description="Challenge labs: who takes part, and what they bring.")

A_LAB = "/calls/<slug>/lab"
_LONG = validate.Length(max=MOST_WORDS)


class SessionSchema(Schema):
    """A workshop or meeting of a lab."""

    id = fields.UUID(required=True)
    number = fields.Integer(required=True)
    title = fields.String(required=True)
    place = fields.String(required=True)
    agenda = fields.String(required=True)
    starts_at = Moment(required=True)
    held_at = Moment(required=True, allow_none=True)
    attended = fields.Integer(required=True)
    results = fields.String(required=True, allow_none=True)


class OwnPlaceSchema(Schema):
    """Your own place in a lab."""

    ref = fields.String(required=True)
    level = fields.String(required=True)
    admitted = fields.Boolean(required=True)


class FrameLineSchema(Schema):
    """The latest frame that you may see."""

    ref = fields.String(required=True)
    version = fields.Integer(required=True)
    title = fields.String(required=True)
    state_label = fields.String(required=True, attribute="state")
    open_for_comments = fields.Boolean(required=True)


class LabSchema(Schema):
    """A lab as you may see it."""

    question = fields.String(required=True)
    why_now = fields.String(required=True)
    members = fields.Integer(required=True)
    may_register = fields.Boolean(required=True)
    may_contribute = fields.Boolean(required=True)
    may_start_frame = fields.Boolean(required=True)
    own = fields.Nested(OwnPlaceSchema, required=True, allow_none=True)
    sessions = fields.List(fields.Nested(SessionSchema), required=True)
    frame = fields.Nested(FrameLineSchema, required=True, allow_none=True)


class InterestSchema(Schema):
    """Whoever wants to take part, for an organisation of theirs or alone."""

    organisation = fields.UUID(
        metadata=told("One of those that /me names; left out by who takes part alone.")
    )
    helix = fields.String(validate=validate.OneOf(HELICES))
    nuts = fields.String(validate=SHORT)
    level = fields.String(load_default="contributor", validate=validate.OneOf(LEVELS))
    name_shown = fields.Boolean(load_default=False)


class PlaceSchema(Schema):
    """Somebody's place in a lab, as the programme sees it."""

    ref = fields.String(required=True)
    name = fields.String(required=True, allow_none=True)
    organisation = fields.String(required=True, allow_none=True)
    helix = fields.String(required=True)
    nuts = fields.String(required=True, allow_none=True)
    level = fields.String(required=True)
    registered_at = Moment(required=True)
    state_label = fields.String(required=True, attribute="state")
    waiting = fields.Boolean(required=True)
    admitted = fields.Boolean(required=True)


class PlacesSchema(Schema):
    """A page of the places in a lab."""

    items = fields.List(fields.Nested(PlaceSchema), required=True)
    next = fields.String(required=True, allow_none=True)


class PlanSchema(Schema):
    """A session to be planned."""

    title = fields.String(required=True, validate=SHORT)
    place = fields.String(required=True, validate=SHORT)
    starts_at = When(required=True)
    agenda = fields.String(load_default="", validate=_LONG)


class KeepSchema(Schema):
    """What is noted about a session: another day, who was there, what came out of it."""

    starts_at = When()
    attended = fields.List(fields.String(), metadata=told("References of places; it is held from now on."))
    results = fields.String(validate=_LONG)


class BringSchema(Schema):
    """Something that is brought to a lab."""

    kind = fields.String(required=True, validate=validate.OneOf(CONTRIBUTION_KINDS))
    text = fields.String(required=True)
    language = fields.String(validate=validate.Regexp(r"^[a-z]{2}\Z"))
    public = fields.Boolean(load_default=True)
    session = fields.UUID()


class ActionLineSchema(Schema):
    """An action of the frame."""

    number = fields.Integer(required=True)
    title = fields.String(required=True)


class ContributionSchema(Schema):
    """Something that was brought; its author is named where they agreed to that and have not left."""

    ref = fields.String(required=True)
    kind = fields.String(required=True)
    text = fields.String(required=True)
    author = fields.String(required=True, allow_none=True)
    organisation = fields.String(required=True, allow_none=True)
    session = fields.String(required=True, allow_none=True)
    state_label = fields.String(required=True, attribute="state")
    published = fields.Boolean(required=True)
    public = fields.Boolean(required=True)
    support = fields.Integer(required=True)
    supported = fields.Boolean(required=True)
    mine = fields.Boolean(required=True)
    actions = fields.List(fields.Nested(ActionLineSchema), required=True)


class ContributionsSchema(Schema):
    """A page of contributions."""

    items = fields.List(fields.Nested(ContributionSchema), required=True)
    next = fields.String(required=True, allow_none=True)


class SupportSchema(Schema):
    """Whether you support it."""

    supported = fields.Boolean(load_default=True)


class SeenBySchema(Schema):
    """Who sees a contribution: everybody, or the lab alone with a reason."""

    public = fields.Boolean(required=True)
    reason = fields.String(load_default="", validate=_LONG)


@operation(group, "GET", A_LAB, scope="everybody", gives=LabSchema, problems=(404,))
def show(tx: Tx, slug: str) -> Given | None:
    """Return the lab of a call: its question, its sessions, the frame as far as it is shown."""
    page = lab_page(tx, slug, language())
    return None if page is None else Given(page)


@operation(
    group,
    "GET",
    f"{A_LAB}/places",
    scope="read",
    gives=PlacesSchema,
    query=PageQuery,
    problems=(404,),
)
def show_places(tx: Tx, query: Mapping[str, Any], slug: str) -> Given | None:
    """Return who registered for a lab, for its officials, by the references of their places."""
    page = places_page(tx, slug, language())
    if page is None:
        return None
    every = sorted((*page.waiting, *page.others), key=lambda place: place.ref)
    return _listed(f"/calls/{slug}/lab/places", every, query)


def _listed(address: str, every: list[Any], query: Mapping[str, Any]) -> Given:
    """Return the page of things with references behind the one that the query names."""
    left = [each for each in every if each.ref > query.get("after", "")]
    page = left[: query["limit"]]
    onward = next_page(address, query, page[-1].ref) if len(left) > len(page) else None
    return Given({"items": page, "next": onward})


@operation(
    group,
    "POST",
    f"{A_LAB}/places",
    scope="write",
    gives=OwnPlaceSchema,
    status=201,
    takes=InterestSchema,
    problems=(404, 409),
)
def register(tx: Tx, body: Mapping[str, Any], slug: str) -> Given | None:
    """Register yourself for a lab; an official answers."""
    page = lab_page(tx, slug, language())
    if page is None:
        return None
    made = taking_part.register_interest(
        tx,
        page.head.call_id,
        organisation_id=body.get("organisation"),
        helix=body.get("helix"),
        nuts=body.get("nuts"),
        level=body["level"],
        name_shown=body["name_shown"],
    )
    own = {"ref": made.ref, "level": body["level"], "admitted": False}
    return Given(own, 201, location=f"{PREFIX}/records/{made.ref}")


@operation(
    group,
    "POST",
    f"{A_LAB}/sessions",
    scope="write",
    gives=SessionSchema,
    status=201,
    takes=PlanSchema,
    problems=(404, 409),
)
def plan(tx: Tx, body: Mapping[str, Any], slug: str) -> Given | None:
    """Plan a session of a lab, as its office."""
    head = lab_head(tx, slug, language())
    if head is None or not head.office:
        return None
    made = taking_part.plan_session(
        tx, head.call_id, body["title"], body["starts_at"], place=body["place"], agenda=body["agenda"]
    )
    return _session(tx, slug, made, 201)


@operation(
    group,
    "PATCH",
    f"{A_LAB}/sessions/<uuid:session_id>",
    scope="write",
    gives=SessionSchema,
    takes=KeepSchema,
    problems=(404, 409),
)
def keep(tx: Tx, body: Mapping[str, Any], slug: str, session_id: UUID) -> Given | None:
    """Move a session, note that it was held and by whom, or publish what came out of it."""
    page = session_page(tx, slug, session_id, language())
    if page is None:
        return None
    if "starts_at" in body:
        taking_part.move_session(tx, session_id, body["starts_at"])
    if "attended" in body:
        members = {each.ref: each.id for each in page.members}
        if unknown := sorted(set(body["attended"]) - members.keys()):
            text = "“%(place)s” is no place of somebody who was admitted to this lab."
            raise refuse("not_in_the_lab", text, "attended", place=unknown[0][:80])
        taking_part.hold_session(tx, session_id, [members[each] for each in body["attended"]])
    if "results" in body:
        taking_part.publish_results(tx, session_id, body["results"])
    return _session(tx, slug, session_id)


def _session(tx: Tx, slug: str, session_id: UUID, status: int = 200) -> Given | None:
    page = session_page(tx, slug, session_id, language())
    return None if page is None else Given(page.session, status)


@operation(
    group,
    "GET",
    f"{A_LAB}/contributions",
    scope="everybody",
    gives=ContributionsSchema,
    query=PageQuery,
    problems=(404,),
)
def show_contributions(tx: Tx, query: Mapping[str, Any], slug: str) -> Given | None:
    """Return what was brought to a lab as far as you may read it, by reference."""
    page = lab_page(tx, slug, language())
    if page is None:
        return None
    every = sorted(page.contributions, key=lambda each: each.ref)
    return _listed(f"/calls/{slug}/lab/contributions", every, query)


@operation(
    group,
    "POST",
    f"{A_LAB}/contributions",
    scope="write",
    gives=ContributionSchema,
    status=201,
    takes=BringSchema,
    problems=(404, 409),
)
def contribute(tx: Tx, body: Mapping[str, Any], slug: str) -> Given | None:
    """Bring something to a lab in which you have a place."""
    page = lab_page(tx, slug, language())
    if page is None:
        return None
    made = taking_part.contribute(
        tx,
        page.head.call_id,
        body["kind"],
        body["text"],
        lang=body.get("language", language()),
        public=body["public"],
        session_id=body.get("session"),
    )
    return _contribution(tx, slug, made.ref, 201)


@operation(
    group,
    "POST",
    f"{A_LAB}/contributions/<ref>/support",
    scope="write",
    gives=ContributionSchema,
    takes=SupportSchema,
    problems=(404, 409),
)
def support(tx: Tx, body: Mapping[str, Any], slug: str, ref: str) -> Given | None:
    """Support a contribution as a member of its lab, or no longer."""
    found = _one(lab_page(tx, slug, language()), ref)
    if found is None:
        return None
    if body["supported"]:
        taking_part.support(tx, found.id)
    else:
        taking_part.withdraw_support(tx, found.id)
    return _contribution(tx, slug, ref)


@operation(
    group,
    "PATCH",
    f"{A_LAB}/contributions/<ref>",
    scope="write",
    gives=ContributionSchema,
    takes=SeenBySchema,
    problems=(404, 409),
)
def show_to(tx: Tx, body: Mapping[str, Any], slug: str, ref: str) -> Given | None:
    """Say as the office of a lab who sees a contribution."""
    found = _one(lab_page(tx, slug, language()), ref)
    if found is None:
        return None
    if body["public"]:
        taking_part.show_to_public(tx, found.id)
    else:
        taking_part.keep_in_lab(tx, found.id, body["reason"])
    return _contribution(tx, slug, ref)


def _one(page: LabPage | None, ref: str) -> ContributionView | None:
    every = () if page is None else page.contributions
    return next((each for each in every if each.ref == ref), None)


def _contribution(tx: Tx, slug: str, ref: str, status: int = 200) -> Given | None:
    found = _one(lab_page(tx, slug, language()), ref)
    return None if found is None else Given(found, status)
