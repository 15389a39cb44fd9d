"""Reviewing: who reads an application, what ties them to it, and their scores."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask import Response, request
from marshmallow import Schema, fields, validate

from grantflow.api.applications import sent_body
from grantflow.api.house import house, language
from grantflow.api.papers import handed_out
from grantflow.api.problems import reason
from grantflow.api.routes import Given, Operations, operation
from grantflow.api.seen import RECORD, SCORES, said
from grantflow.api.shapes import (
    MOST_WORDS,
    NUMBER,
    SHORT,
    Moment,
    OwnWordSchema,
    RefusalSchema,
    SentSchema,
    told,
)
from grantflow.domain.refusal import refuse
from grantflow.services import applications, files, reviews
from grantflow.services.catalogues import SPOKEN
from grantflow.services.records.stepping import seen_revision
from grantflow.services.records.visibility import Found, find
from grantflow.services.reviews.review_page import (
    ConflictPage,
    ScoresPage,
    conflict_page,
    file_of_review,
    scores_page,
)
from grantflow.services.reviews.reviewers_page import reviewers_page
from grantflow.store.files import StoredFile
from grantflow.store.session import Tx

group = Operations("reviews", __name__, description="Who reads an application, and what they say of it.")

READERS = "/applications/<ref>/reviews"
_LONG = validate.Length(max=MOST_WORDS)


class ReaderSchema(Schema):
    """Somebody who reads an application, was asked to, or did."""

    ref = fields.String(required=True, attribute="review_ref", metadata=told("Of the review."))
    reviewer = fields.UUID(required=True, attribute="reviewer_id")
    name = fields.String(required=True)
    state_label = fields.String(required=True, attribute="state")
    since = Moment(required=True)
    handed_in = fields.Boolean(required=True)
    counts = fields.Boolean(required=True)
    possible_conflict = fields.String(required=True, allow_none=True)


class CandidateSchema(Schema):
    """Somebody who could read it."""

    id = fields.UUID(required=True)
    name = fields.String(required=True)


class ReadersSchema(Schema):
    """Who reads an application, and who could."""

    wanted = fields.Integer(required=True)
    short = fields.Integer(required=True, metadata=told("How many reviewers are still to be found."))
    readers = fields.List(fields.Nested(ReaderSchema), required=True)
    candidates = fields.List(fields.Nested(CandidateSchema), required=True)


class AskSchema(Schema):
    """Whom to ask: reviewers by their ids, or somebody by their address."""

    reviewers = fields.List(fields.UUID(), validate=validate.Length(min=1, max=100))
    email = fields.String(validate=SHORT)
    name = fields.String(load_default="", validate=SHORT)
    language = fields.String(load_default=SPOKEN[0], validate=validate.OneOf(SPOKEN))


class SettleSchema(Schema):
    """Why what a reviewer said keeps them not from reading."""

    reviewer = fields.UUID(required=True)
    reason = fields.String(required=True, validate=_LONG)


class CriterionSchema(Schema):
    """A criterion with what is scored so far."""

    name = fields.String(required=True)
    title = fields.String(required=True)
    weight = fields.Integer(required=True)
    threshold = fields.Integer(required=True, allow_none=True)
    comment_required = fields.Boolean(required=True)
    points = fields.Integer(required=True, allow_none=True)
    comment = fields.String(required=True)


class ReviewSchema(Schema):
    """A review; of the application no more than title and abstract before its reviewer said what ties them to it."""

    ref = fields.String(required=True)
    application = fields.String(required=True)
    title = fields.String(required=True)
    organisation = fields.String(required=True, allow_none=True)
    state = fields.String(required=True)
    state_label = fields.String(required=True)
    revision = fields.Integer(required=True, metadata=told("Of the record; a step names it."))
    due = Moment(required=True, allow_none=True)
    declared_at = Moment(required=True, allow_none=True)
    abstract = fields.String(required=True, allow_none=True)
    sent = fields.Nested(SentSchema, required=True, allow_none=True)
    least = fields.Integer(required=True, allow_none=True)
    most = fields.Integer(required=True, allow_none=True)
    criteria = fields.List(fields.Nested(CriterionSchema), required=True)
    comment = fields.String(required=True)
    scores_revision = fields.Integer(required=True, allow_none=True, metadata=told("A save names it."))
    total = fields.Integer(required=True, allow_none=True, metadata=told("In hundredths of a point."))
    may_write = fields.Boolean(required=True)
    missing = fields.List(fields.Nested(RefusalSchema), required=True)
    submitted_at = Moment(required=True, allow_none=True)
    sha256 = fields.String(required=True, allow_none=True)


class ScoreSchema(Schema):
    """Points and comments by criterion, and the overall judgement; what is left out stays."""

    scores_revision = fields.Integer(strict=True, validate=NUMBER)
    points = fields.Dict(
        keys=fields.String(),
        values=fields.Integer(strict=True, allow_none=True, validate=validate.Range(-(2**31), 2**31 - 1)),
        load_default=dict,
    )
    comments = fields.Dict(keys=fields.String(), values=fields.String(validate=_LONG), load_default=dict)
    comment = fields.String(validate=_LONG)


@operation(group, "GET", READERS, scope="read", gives=ReadersSchema, problems=(404,))
def show_readers(tx: Tx, ref: str) -> Given | None:
    """Return who reads an application and who could, for those who may know."""
    return _readers(tx, ref)


def _readers(tx: Tx, ref: str, status: int = 200) -> Given | None:
    page = reviewers_page(tx, ref, language())
    return None if page is None else Given(page, status)


@operation(
    group,
    "POST",
    READERS,
    scope="write",
    gives=ReadersSchema,
    status=201,
    takes=AskSchema,
    problems=(404, 409),
)
def ask(tx: Tx, body: Mapping[str, Any], ref: str) -> Given | None:
    """Ask reviewers to read an application, all of them or none; or somebody by their address."""
    page = reviewers_page(tx, ref, language())
    if page is None:
        return None
    if ("reviewers" in body) == ("email" in body):
        raise refuse("bad_field", "Name either reviewers or an address.", "reviewers")
    if "reviewers" in body:
        reviews.ask_reviewers(tx, page.id, body["reviewers"])
    else:
        way_in = f"{house().address or request.host_url.rstrip('/')}/invitations"
        asked = reviews.Newcomer(body["email"], body["name"], body["language"], way_in, house().wall())
        reviews.ask_by_mail(tx, page.id, asked)
    return _readers(tx, ref, 201)


@operation(
    group,
    "POST",
    "/applications/<ref>/settlements",
    scope="write",
    gives=ReadersSchema,
    takes=SettleSchema,
    problems=(404, 409),
)
def settle(tx: Tx, body: Mapping[str, Any], ref: str) -> Given | None:
    """Decide that what a reviewer said about a possible conflict keeps them not from reading."""
    page = reviewers_page(tx, ref, language())
    if page is None or body["reviewer"] not in {each.reviewer_id for each in page.readers}:
        return None
    applications.settle_conflict(tx, page.id, body["reviewer"], body["reason"])
    return _readers(tx, ref)


@operation(group, "GET", "/reviews/<ref>", scope="read", gives=ReviewSchema, problems=(404,))
def show(tx: Tx, ref: str) -> Given | None:
    """Return a review: its own to its reviewer, what was handed in to those who may know of it."""
    return _present(tx, ref)


@operation(
    group,
    "POST",
    "/reviews/<ref>/conflict",
    scope="write",
    gives=OwnWordSchema,
    takes=OwnWordSchema,
    problems=(404, 409),
)
def declare(tx: Tx, body: Mapping[str, Any], ref: str) -> Given | None:
    """Say what ties you to an application: nothing opens it, something ends your review."""
    page = conflict_page(tx, ref, language())
    if page is None:
        return None
    reviews.declare(tx, page.head.id, body["kind"], body["reason"])
    return Given(body)


@operation(
    group,
    "PATCH",
    "/reviews/<ref>",
    scope="write",
    gives=ReviewSchema,
    takes=ScoreSchema,
    problems=(404, 409, 412, 428),
)
def score(tx: Tx, body: Mapping[str, Any], ref: str) -> Given | None:
    """Save scores and comments of a review of your own, where it was not saved elsewhere since you looked."""
    seen = said(body.get("scores_revision"), SCORES)
    page = scores_page(tx, ref, language())
    if page is None or not page.head.own:
        return None
    reviews.save_scores(
        tx,
        page.head.id,
        body["points"],
        body["comments"],
        comment=body.get("comment"),
        revision=seen.demand(page.revision),
    )
    return _present(tx, ref)


@operation(
    group,
    "GET",
    "/reviews/<ref>/files/<uuid:file_id>",
    scope="read",
    gives={"type": "string", "format": "binary"},
    media_type="application/octet-stream",
    problems=(404,),
)
def show_file(tx: Tx, ref: str, file_id: UUID) -> Response | None:
    """Hand out a file that was sent with the application which you read."""
    folder = house().data_folder
    found = file_of_review(tx, ref, file_id, language())
    if found is None or folder is None:
        return None
    kept = tx.session.get_one(StoredFile, found)
    name = f"{ref}-{found.hex[:8]}.{kept.media_type.rpartition('/')[2]}"  # the sender's own may name them
    return handed_out(name, kept.media_type, files.read(tx, folder / "files", found))


def _present(tx: Tx, ref: str) -> Given | None:
    found = find(tx, ref, {"review"}, language())
    if found is None:
        return None
    scored = scores_page(tx, ref, language())
    told_before = None if scored is not None else conflict_page(tx, ref, language())
    if scored is not None:
        body, marks = _scored(scored), {SCORES: scored.revision}
    elif told_before is not None:
        body, marks = _untold(told_before), {}
    else:
        return None
    revision = seen_revision(tx, found)
    return Given({**body, **_head(found, revision)}, revisions={RECORD: revision, **marks})


def _head(found: Found, revision: int) -> dict[str, Any]:
    return {"ref": found.ref, "state": found.shown.name, "revision": revision}


def _of_page(page: ScoresPage | ConflictPage) -> dict[str, Any]:
    head = page.head
    return {
        "application": head.application_ref,
        "title": head.title,
        "organisation": head.organisation,
        "state_label": head.state,
        "due": head.due,
        "declared_at": head.declared_at,
    }


def _untold(page: ConflictPage) -> dict[str, Any]:
    nothing = dict.fromkeys(("sent", "least", "most", "scores_revision", "total", "submitted_at", "sha256"))
    return {
        **_of_page(page),
        **nothing,
        "abstract": page.abstract,
        "criteria": [],
        "comment": "",
        "may_write": False,
        "missing": [],
    }


def _scored(page: ScoresPage) -> dict[str, Any]:
    same = ("least", "most", "criteria", "comment", "total", "may_write", "submitted_at", "sha256")
    return {
        **_of_page(page),
        **{name: getattr(page, name) for name in same},
        "abstract": None if page.sent is None else page.sent.abstract,
        "sent": None if page.sent is None else sent_body(page.sent),
        "scores_revision": page.revision,
        "missing": [reason(each) for each in page.missing],
    }
