"""Reading and scoring: the conflict is declared first, scores save themselves, handing in freezes them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import CursorResult, delete, insert, update

from grantflow.domain.refusal import Refusal, Refused, refuse
from grantflow.domain.reviews.reading import ScoreSheet
from grantflow.domain.words import in_language
from grantflow.services import deeds
from grantflow.services.applications.rights import demand_edit, demand_no_conflict
from grantflow.services.cases import Stepped
from grantflow.store.reviews import facts
from grantflow.store.reviews.models import Review, Score
from grantflow.store.session import Tx


def accept(tx: Tx, review_id: UUID) -> Stepped:
    """Say that there is no conflict of interest, and start to read."""
    return deeds.take(tx, review_id, "note_no_conflict")


def declare_conflict(tx: Tx, review_id: UUID, reason: str) -> Stepped:
    """Declare (or, for the programme, find) a conflict of interest: the review ends, access ends with it."""
    return deeds.take(tx, review_id, "note_conflict", data={"reason": reason})


def sheet_of(tx: Tx, review_id: UUID) -> ScoreSheet:
    """Return the rubric of a review and what is scored so far."""
    tx.flush()
    found: ScoreSheet = facts.score_sheet.load(tx, [review_id])[review_id]
    return found


def save_scores(
    tx: Tx,
    review_id: UUID,
    points: Mapping[str, int | None],
    comments: Mapping[str, str] | None = None,
    *,
    comment: str | None = None,
    revision: int | None = None,
) -> int:
    """Save points and comments by criterion, and the overall judgement; what is not named stays. Returns the revision.

    Raises:
        Refused: the review is not the actor's to write now, or points do not lie on the scale; nothing is changed.
    """
    demand_edit(tx, review_id)
    review = tx.session.get(Review, review_id, populate_existing=True)
    assert review is not None
    _demand_own(tx, review)
    if revision is not None and revision != review.scores_revision:
        raise refuse("scores_stale", "This review was saved elsewhere in the meantime. Look at that first.")
    sheet = sheet_of(tx, review_id)
    said = comments or {}
    wrong = [*_unknown(sheet, {*points, *said}), *_off_scale(sheet, points)]
    if wrong:
        raise Refused(wrong)
    saved: CursorResult[Any] = tx.execute(
        update(Review)
        .where(Review.id == review_id, Review.scores_revision == review.scores_revision)
        .values(
            scores_revision=review.scores_revision + 1,
            saved_at=tx.now,
            comment=review.comment if comment is None else comment,
        )
    )
    if saved.rowcount != 1:
        raise refuse("scores_stale", "This review was saved elsewhere at the same moment. Please try again.")
    tx.session.refresh(review)
    _keep(tx, review_id, {**sheet.points, **points}, {**sheet.comments, **said})
    return review.scores_revision


def submit_review(tx: Tx, review_id: UUID) -> Stepped:
    """Hand in a review: scores and comments are frozen with their hash."""
    return deeds.take(tx, review_id, "freeze_scores")


def set_aside(tx: Tx, review_id: UUID, reason: str) -> Stepped:
    """Set a review aside: it stays in the file and stops counting (P13)."""
    return deeds.take(tx, review_id, "stop_counting", data={"reason": reason})


def _demand_own(tx: Tx, review: Review) -> None:
    if not tx.actor.is_system and tx.actor.user_id != review.reviewer_id:
        raise refuse("not_your_review", "A review is written by its reviewer alone.")
    demand_no_conflict(tx, review.application_id)


def _unknown(sheet: ScoreSheet, names: set[str]) -> list[Refusal]:
    known = {criterion.name for criterion in sheet.rubric.criteria}
    return [
        Refusal("unknown_criterion", "The rubric has no criterion “%(name)s”.", {"name": name}, name)
        for name in sorted(names - known)
    ]


def _off_scale(sheet: ScoreSheet, points: Mapping[str, int | None]) -> list[Refusal]:
    rubric = sheet.rubric
    return [
        Refusal(
            "score_off_scale",
            "“%(title)s” has a score that does not lie on the scale from %(least)s to %(most)s.",
            {
                "title": in_language(criterion.title, "en", rubric.language),
                "least": rubric.least,
                "most": rubric.most,
            },
            criterion.name,
        )
        for criterion in rubric.criteria
        if (scored := points.get(criterion.name)) is not None
        and not (type(scored) is int and rubric.least <= scored <= rubric.most)
    ]


def _keep(tx: Tx, review_id: UUID, points: Mapping[str, int | None], comments: Mapping[str, str]) -> None:
    tx.execute(delete(Score).where(Score.review_id == review_id))
    rows = [
        {
            "review_id": review_id,
            "criterion": name,
            "points": points.get(name),
            "comment": comments.get(name, ""),
        }
        for name in sorted({*points, *comments})
    ]
    if rows:
        tx.execute(insert(Score), rows)
