"""Which applications are up for assessment, and which reviews of them count: what rankings and guards start from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from uuid import UUID

from sqlalchemy import bindparam, select

from grantflow.store.applications.models import Application
from grantflow.store.calls.models import Call
from grantflow.store.cases import CaseRow
from grantflow.store.meaning import is_final, tags_of
from grantflow.store.prepared import IDS, Prepared, about
from grantflow.store.reviews.models import Review
from grantflow.store.session import Tx

UP_FOR_ASSESSMENT = frozenset({"eligible", "awaiting_decision"})
"""The tags of the states in which an application waits for its place and its answer."""


@dataclass(frozen=True, slots=True)
class UpForAssessment:
    """An application of the call's present stage that waits for its answer."""

    id: UUID
    ref: str
    call_id: UUID


@dataclass(frozen=True, slots=True)
class ReviewState:
    """A review and whether it counts, or is still alive."""

    id: UUID
    application_id: UUID
    reviewer_id: UUID
    counts: bool
    alive: bool


@cache
def _up_for_assessment() -> Prepared:
    return (
        select(
            CaseRow.id,
            CaseRow.ref,
            CaseRow.call_id,
            CaseRow.scheme,
            CaseRow.version,
            CaseRow.lifecycle,
            CaseRow.state,
        )
        .join(Application, Application.id == CaseRow.id)
        .join(Call, (Call.id == CaseRow.call_id) & (Call.stage == Application.stage))
        .where(CaseRow.call_id.in_(IDS))
        .order_by(CaseRow.ref)
    )


def up_for_assessment(tx: Tx, call_ids: Sequence[UUID]) -> list[UpForAssessment]:
    """Return the applications of calls that wait for their answer in the call's present stage, by reference."""
    return [
        UpForAssessment(row.id, row.ref, row.call_id)
        for row in tx.execute(_up_for_assessment(), about(call_ids))
        if tags_of(tx, row.scheme, row.version, row.lifecycle, row.state) >= UP_FOR_ASSESSMENT
    ]


@cache
def _reviews(*, of_applications: bool, of_calls: bool) -> Prepared:
    found = (
        select(
            CaseRow.id,
            CaseRow.scheme,
            CaseRow.version,
            CaseRow.lifecycle,
            CaseRow.state,
            Review.application_id,
            Review.reviewer_id,
            Review.submitted_at,
        )
        .select_from(CaseRow)
        .join(Review, Review.id == CaseRow.id)
        .order_by(CaseRow.id)
    )
    if of_applications:
        found = found.where(Review.application_id.in_(IDS))
    if of_calls:
        found = found.where(CaseRow.call_id.in_(bindparam("calls", expanding=True)))
    return found


def reviews_of(
    tx: Tx, *, applications: Iterable[UUID] | None = None, calls: Iterable[UUID] | None = None
) -> Mapping[UUID, list[ReviewState]]:
    """Return all reviews by application, of some applications or of all in some calls."""
    found = _reviews(of_applications=applications is not None, of_calls=calls is not None)
    asked: dict[str, list[UUID]] = {}
    if applications is not None:
        asked["ids"] = list(applications)
    if calls is not None:
        asked["calls"] = list(calls)
    by_application: dict[UUID, list[ReviewState]] = {}
    for row in tx.execute(found, asked):
        tags = tags_of(tx, row.scheme, row.version, row.lifecycle, row.state)
        state = ReviewState(
            row.id,
            row.application_id,
            row.reviewer_id,
            counts="counts" in tags and row.submitted_at is not None,
            alive=not is_final(tx, row.scheme, row.version, row.lifecycle, row.state),
        )
        by_application.setdefault(row.application_id, []).append(state)
    return by_application
