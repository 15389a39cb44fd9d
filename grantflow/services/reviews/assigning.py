"""Giving applications to reviewers, one pair at a time; nobody in conflict gets any."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import func, insert, select

from grantflow.domain.refusal import refuse
from grantflow.services import cases
from grantflow.services.applications.rights import demand_no_conflict
from grantflow.services.deeds import lifecycle_of
from grantflow.services.people.roles import demand_role, grant_role
from grantflow.services.reviews.wanted import reviews_wanted
from grantflow.store.applications.models import Application
from grantflow.store.cases import CaseRow
from grantflow.store.reviews.facts import ties_of
from grantflow.store.reviews.models import Review, ReviewRound
from grantflow.store.session import Tx

RECORD = "review"


def open_round(tx: Tx, call_id: UUID, stage: int, *, wanted: int, blindness: str = "single") -> UUID:
    """Open a further round of reviews in a stage of a call.

    Raises:
        Refused: reviewers are not the actor's to ask.
    """
    row = tx.execute(select(CaseRow.scheme, CaseRow.version).where(CaseRow.id == call_id)).one_or_none()
    if row is None:
        raise cases.UnknownCase(call_id)
    by = cases.compiled(tx, row.scheme, row.version).scheme.of_record(RECORD).creation.by
    demand_role(tx, call_id, frozenset(by))
    number = (
        select(func.coalesce(func.max(ReviewRound.number), 0) + 1)
        .where(ReviewRound.call_id == call_id, ReviewRound.stage == stage)
        .scalar_subquery()
    )
    opened = tx.new_id()
    tx.execute(
        insert(ReviewRound).values(
            id=opened,
            call_id=call_id,
            stage=stage,
            number=number,
            wanted=wanted,
            blindness=blindness,
            opened_at=tx.now,
        )
    )
    return opened


def assign_reviewer(tx: Tx, application_id: UUID, reviewer_id: UUID) -> cases.Created:
    """Plan that somebody reads an application, in the stage's last round; the first one opens by itself.

    Raises:
        Refused: something ties the person to the application, or they have it already, or it is not up for assessment.
    """
    demand_no_conflict(tx, application_id)
    application = tx.session.get(Application, application_id)
    if application is None:
        raise cases.UnknownCase(application_id)
    round_id = _last_round(tx, application)

    def keep(case_id: UUID) -> None:
        tx.session.add(
            Review(
                id=case_id,
                application_id=application_id,
                round_id=round_id,
                reviewer_id=reviewer_id,
                comment="",
                scores_revision=0,
            )
        )

    lifecycle = lifecycle_of(tx, application.call_id, RECORD)
    created = cases.create(tx, lifecycle, call_id=application.call_id, parent_id=application_id, record=keep)
    grant_role(tx, _reviewing_role(tx, created), created.case_id, user_id=reviewer_id)
    return created


def _last_round(tx: Tx, application: Application) -> UUID:
    last = tx.execute(
        select(ReviewRound.id)
        .where(ReviewRound.call_id == application.call_id, ReviewRound.stage == application.stage)
        .order_by(ReviewRound.number.desc())
        .limit(1)
    ).scalar()
    if last is not None:
        return UUID(str(last))
    wanted = reviews_wanted(tx, application.call_id)
    return open_round(tx, application.call_id, application.stage, wanted=wanted)


def _reviewing_role(tx: Tx, created: cases.Created) -> str:
    row = tx.execute(select(CaseRow.scheme, CaseRow.version).where(CaseRow.id == created.case_id)).one()
    scheme = cases.compiled(tx, row.scheme, row.version).scheme
    movers = {role for each in scheme.lifecycles[created.lifecycle].rows for role in each.by}
    for name, role in scheme.roles.items():
        if role.audience == "reviewer" and name in movers:
            return name
    raise refuse("no_reviewer_role", "This scheme has no role that reviews.")


def free_reviewers(tx: Tx, application_id: UUID, people: list[UUID]) -> list[UUID]:
    """Return who of some people could read an application: nothing ties them to it. A shortlist for a replacement."""
    tied = ties_of(tx, {(application_id, person) for person in people})
    taken = set(
        tx.execute(select(Review.reviewer_id).where(Review.application_id == application_id)).scalars()
    )
    return [person for person in people if not tied.get((application_id, person)) and person not in taken]
