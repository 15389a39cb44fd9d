"""What steps of reviews do beside moving them, and the freezing of rankings."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from uuid import UUID

from sqlalchemy import func, insert, select, update

from grantflow.domain.applications.answers import sealed
from grantflow.domain.reviews.ranking import Entrant, ScoredReview, as_json, rank
from grantflow.services.applications.conflicts import Source, keep_word
from grantflow.services.cases import Move
from grantflow.store.applications.papers import rubrics_of
from grantflow.store.calls.models import Call
from grantflow.store.reviews.models import Ranking, Review, ReviewRound, Score
from grantflow.store.reviews.reading import reviews_of, up_for_assessment
from grantflow.store.session import Tx
from grantflow.store.statements import Table
from grantflow.workflow.registry import effect


@effect(of=["review"], guards=["no_conflict_of_interest"])
def note_no_conflict(tx: Tx, moves: Sequence[Move]) -> None:
    """Keep that the reviewer declared to have no conflict of interest, and when."""
    ids = [move.case_id for move in moves]
    tx.execute(update(Review).where(Review.id.in_(ids)).values(conflict_declared_at=tx.now))
    tx.forget(Review, ids)
    for application, reviewer in _pairs(tx, ids).values():
        keep_word(tx, application, reviewer, "none", "declared", None)


@effect(of=["review"], asks=["reason"])
def note_conflict(tx: Tx, moves: Sequence[Move]) -> None:
    """Keep the conflict of interest: from now on the person sees the application nowhere."""
    pairs = _pairs(tx, [move.case_id for move in moves])
    for move in moves:
        application, reviewer = pairs[move.case_id]
        source: Source = "declared" if move.actor.user_id == reviewer else "found"
        keep_word(tx, application, reviewer, "hard", source, move.data["reason"])


def _pairs(tx: Tx, ids: Sequence[UUID]) -> dict[UUID, tuple[UUID, UUID]]:
    found = select(Review.id, Review.application_id, Review.reviewer_id).where(Review.id.in_(ids))
    return {row.id: (row.application_id, row.reviewer_id) for row in tx.execute(found)}


@effect(of=["review"], guards=["scores_complete"])
def freeze_scores(tx: Tx, moves: Sequence[Move]) -> None:
    """Freeze scores and comments with their hash, as handed in."""
    ids = [move.case_id for move in moves]
    scores: dict[UUID, dict[str, list[object]]] = defaultdict(dict)
    for row in tx.execute(
        select(Score.review_id, Score.criterion, Score.points, Score.comment).where(Score.review_id.in_(ids))
    ):
        scores[row.review_id][row.criterion] = [row.points, row.comment]
    comments = {
        row.id: row.comment for row in tx.execute(select(Review.id, Review.comment).where(Review.id.in_(ids)))
    }
    for each in ids:
        _, digest = sealed({"review": each.hex, "scores": scores[each], "comment": comments[each]})
        tx.execute(update(Review).where(Review.id == each).values(submitted_at=tx.now, sha256=digest))
    tx.forget(Review, ids)


@effect(of=["review"], asks=["reason"])
def stop_counting(tx: Tx, moves: Sequence[Move]) -> None:
    """Keep since when the review no longer counts; rankings that counted it are stale (P13)."""
    ids = [move.case_id for move in moves]
    tx.execute(update(Review).where(Review.id.in_(ids)).values(set_aside_at=tx.now))
    tx.forget(Review, ids)


# Rankings

_LINES = Table(
    "gf_ranking_line",
    {
        "ranking_id": "uuid",
        "application_id": "uuid",
        "rank": "bigint",
        "points": "bigint",
        "reviews": "bigint",
        "passes": "bigint",
    },
)
_RANKED = Table("gf_ranked_review", {"ranking_id": "uuid", "review_id": "uuid"})


@effect(of=["call"], guards=["reviews_complete"], locks=["call"])
def freeze_ranking(tx: Tx, moves: Sequence[Move]) -> None:
    """Freeze the ranking of the call's stage: a pure function of the reviews that count, with its text and hash."""
    for move in moves:
        freeze(tx, move.call_id)


def freeze(tx: Tx, call_id: UUID) -> UUID:
    """Compute and keep the ranking of a call's present stage; returns it."""
    call = tx.execute(select(Call.stage).where(Call.id == call_id)).one()
    rubric, pass_mark = rubrics_of(tx, [(call_id, call.stage)])[call_id, call.stage]
    entrants = entrants_of(tx, call_id)
    lines = rank(rubric, pass_mark, entrants)
    text, digest = sealed(as_json(rubric, pass_mark, lines, entrants))
    ranking = tx.new_id()
    number = (
        select(func.coalesce(func.max(Ranking.number), 0) + 1)
        .where(Ranking.call_id == call_id, Ranking.stage == call.stage)
        .scalar_subquery()
    )
    tx.execute(
        insert(Ranking).values(
            id=ranking,
            call_id=call_id,
            stage=call.stage,
            number=number,
            rubric=rubric.name,
            rubric_version=rubric.version,
            text=text,
            sha256=digest,
            frozen_at=tx.now,
            frozen_by=tx.actor.user_id,
        )
    )
    _LINES.insert(
        tx,
        [(ranking, line.id, line.rank, line.hundredths, line.reviews, int(line.passes)) for line in lines],
    )
    _RANKED.insert(tx, [(ranking, review.id) for each in entrants for review in each.reviews])
    return ranking


def entrants_of(tx: Tx, call_id: UUID) -> list[Entrant]:
    """Return every application that is up for assessment with its reviews that count, in three statements."""
    up = up_for_assessment(tx, [call_id])
    reviews = reviews_of(tx, calls=[call_id])
    counting = {each.id: [review.id for review in reviews.get(each.id, ()) if review.counts] for each in up}
    points: Mapping[UUID, dict[str, int]] = defaultdict(dict)
    found = (
        select(Score.review_id, Score.criterion, Score.points)
        .join(Review, Review.id == Score.review_id)
        .join(ReviewRound, ReviewRound.id == Review.round_id)
        .where(ReviewRound.call_id == call_id, Review.submitted_at.is_not(None), Score.points.is_not(None))
    )
    for row in tx.execute(found):
        points[row.review_id][row.criterion] = row.points
    return [
        Entrant(
            each.id, each.ref, tuple(ScoredReview(review, points[review]) for review in counting[each.id])
        )
        for each in up
    ]
