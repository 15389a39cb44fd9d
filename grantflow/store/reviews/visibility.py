"""Who may see which review, and which applications reviewers may read."""

from __future__ import annotations

from sqlalchemy import ColumnElement, and_, false, or_, select, true
from sqlalchemy.orm import aliased

from grantflow.domain.actor import Actor
from grantflow.store.applications.visibility import not_in_conflict
from grantflow.store.calls.viewing import viewable
from grantflow.store.cases import CaseRow
from grantflow.store.reviews.models import Review
from grantflow.store.session import Tx
from grantflow.workflow.model import Lifecycle, Scheme

RECORD = "review"


def visible_to(tx: Tx, actor: Actor) -> ColumnElement[bool]:
    """Return the condition on `CaseRow` that an actor may see a review; in conflict with its application, nobody does."""
    application = (
        select(Review.application_id).where(Review.id == CaseRow.id).correlate(CaseRow).scalar_subquery()
    )
    return and_(CaseRow.record == RECORD, viewable(tx, actor, RECORD), not_in_conflict(actor, application))


def abstract_visible_to(tx: Tx, actor: Actor) -> ColumnElement[bool]:
    """Return the condition on `CaseRow` that a reviewer may see title, applicants and abstract of an application."""
    return _through_a_review(tx, actor, declared=False)


def readable_by_reviewer(tx: Tx, actor: Actor) -> ColumnElement[bool]:
    """Return the condition on `CaseRow` that a reviewer may read an application: no conflict, and said so before."""
    return _through_a_review(tx, actor, declared=True)


def _through_a_review(tx: Tx, actor: Actor, *, declared: bool) -> ColumnElement[bool]:
    if actor.is_system:
        return true()
    if actor.user_id is None:
        return false()
    case, review = aliased(CaseRow), aliased(Review)
    opened = or_(
        false(),
        *(
            and_(
                case.scheme == compiled.scheme.name,
                case.version == compiled.scheme.version,
                case.lifecycle == lifecycle.name,
                case.state.in_(_open_to_reviewers(compiled.scheme, lifecycle)),
            )
            for compiled in tx.engine.all()
            for lifecycle in compiled.scheme.lifecycles.values()
            if lifecycle.record == RECORD
        ),
    )
    through = (
        select(review.id)
        .join(case, case.id == review.id)
        .where(
            review.application_id == CaseRow.id,
            review.reviewer_id == actor.user_id,
            review.set_aside_at.is_(None),
            opened,
            review.conflict_declared_at.is_not(None) if declared else true(),
        )
        .correlate(CaseRow)
        .exists()
    )
    return and_(through, not_in_conflict(actor, CaseRow.id))


def _open_to_reviewers(scheme: Scheme, lifecycle: Lifecycle) -> list[str]:
    return [
        state.name
        for state in lifecycle.states.values()
        if any(scheme.roles[role].audience == "reviewer" for role in state.view)
    ]
