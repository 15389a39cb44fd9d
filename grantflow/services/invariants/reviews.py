"""What must hold of reviews: nobody in conflict counts, and rankings rest on what was handed in."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import and_, func, select
from sqlalchemy.orm import aliased

from grantflow.services.invariants.rows import rows
from grantflow.store.applications.models import Application, ConflictDeclaration, Partner
from grantflow.store.cases import CaseRow
from grantflow.store.meaning import tags_of
from grantflow.store.people.models import Membership, User
from grantflow.store.reviews.models import RankedReview, Review
from grantflow.store.session import Tx

_MEANING = (CaseRow.ref, CaseRow.scheme, CaseRow.version, CaseRow.lifecycle, CaseRow.state)


def no_review_in_conflict_counts(tx: Tx) -> Iterator[str]:
    """No review counts whose author is in conflict with the application, or whose conflict nobody has decided on."""
    newer = aliased(ConflictDeclaration)
    last = (
        select(func.max(newer.number))
        .where(
            newer.application_id == ConflictDeclaration.application_id,
            newer.user_id == ConflictDeclaration.user_id,
        )
        .correlate(ConflictDeclaration)
        .scalar_subquery()
    )
    found = (
        select(*_MEANING, ConflictDeclaration.kind)
        .join(Review, Review.id == CaseRow.id)
        .join(
            ConflictDeclaration,
            and_(
                ConflictDeclaration.application_id == Review.application_id,
                ConflictDeclaration.user_id == Review.reviewer_id,
            ),
        )
        .where(ConflictDeclaration.number == last, ConflictDeclaration.kind != "none")
    )
    for ref, scheme, version, lifecycle, state, kind in rows(tx, found):
        if "counts" in tags_of(tx, scheme, version, lifecycle, state):
            yield f"{ref} counts, and its author has a {kind} conflict on record"


def nobody_reviews_their_own(tx: Tx) -> Iterator[str]:
    """No review counts whose author belongs to the applicant or to a partner."""
    organisations = (
        select(Application.id.label("application_id"), Application.organisation_id)
        .union(
            select(Partner.application_id, Partner.organisation_id).where(
                Partner.organisation_id.is_not(None)
            )
        )
        .subquery()
    )
    found = (
        select(*_MEANING, User.id)
        .join(Review, Review.id == CaseRow.id)
        .join(organisations, organisations.c.application_id == Review.application_id)
        .join(Membership, Membership.organisation_id == organisations.c.organisation_id)
        .join(User, and_(User.id == Membership.user_id, User.id == Review.reviewer_id))
        .distinct()
    )
    for ref, scheme, version, lifecycle, state, _ in rows(tx, found):
        if "counts" in tags_of(tx, scheme, version, lifecycle, state):
            yield f"{ref} counts, and its author belongs to those who apply"


def rankings_count_what_was_handed_in(tx: Tx) -> Iterator[str]:
    """Every review that a ranking counted had been handed in."""
    found = (
        select(CaseRow.ref)
        .join(Review, Review.id == CaseRow.id)
        .join(RankedReview, RankedReview.review_id == Review.id)
        .where(Review.submitted_at.is_(None))
        .distinct()
    )
    for (ref,) in rows(tx, found):
        yield f"{ref} was counted and never handed in"
