"""Which applications are up for assessment, and which reviews of them count: what rankings and guards start from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from grantflow.store.applications.models import Application
from grantflow.store.calls.models import Call
from grantflow.store.cases import CaseRow
from grantflow.store.meaning import is_final, tags_of
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


def up_for_assessment(tx: Tx, call_ids: Sequence[UUID]) -> list[UpForAssessment]:
    """Return the applications of calls that wait for their answer in the call's present stage, by reference."""
    found = (
        select(
            CaseRow.id,
            CaseRow.ref,
            CaseRow.call_id,
            CaseRow.scheme,
            CaseRow.version,
            CaseRow.lifecycle,
            CaseRow.state,
        )
        .select_from(CaseRow)
        .join(Application, Application.id == CaseRow.id)
        .join(Call, (Call.id == CaseRow.call_id) & (Call.stage == Application.stage))
        .where(CaseRow.call_id.in_(call_ids))
        .order_by(CaseRow.ref)
    )
    return [
        UpForAssessment(row.id, row.ref, row.call_id)
        for row in tx.execute(found)
        if tags_of(tx, row.scheme, row.version, row.lifecycle, row.state) >= UP_FOR_ASSESSMENT
    ]


def reviews_of(
    tx: Tx, *, applications: Iterable[UUID] | None = None, calls: Iterable[UUID] | None = None
) -> Mapping[UUID, list[ReviewState]]:
    """Return all reviews by application, of some applications or of all in some calls."""
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
    )
    if applications is not None:
        found = found.where(Review.application_id.in_(list(applications)))
    if calls is not None:
        found = found.where(CaseRow.call_id.in_(list(calls)))
    by_application: dict[UUID, list[ReviewState]] = {}
    for row in tx.execute(found.order_by(CaseRow.id)):
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
