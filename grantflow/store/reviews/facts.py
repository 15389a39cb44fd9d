"""Fact loaders of the room of reviews: a fixed number of statements, for one record or for thousands."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    BindParameter,
    ColumnElement,
    CompoundSelect,
    bindparam,
    cast,
    func,
    literal,
    null,
    select,
    union_all,
)
from sqlalchemy.orm import aliased

from grantflow.domain.reviews import reading
from grantflow.store.applications.models import Application, ConflictDeclaration, Partner
from grantflow.store.applications.papers import rubrics_of
from grantflow.store.calls.models import Call, lab_of_call
from grantflow.store.cases import CaseRow
from grantflow.store.labs.models import (
    ActionSource,
    Contribution,
    Frame,
    FrameAction,
    FrameAuthor,
    Participation,
)
from grantflow.store.people.models import Membership
from grantflow.store.prepared import IDS, Prepared, about
from grantflow.store.reviews.models import (
    RankedReview,
    Ranking,
    RankingLine,
    Review,
    Score,
)
from grantflow.store.reviews.reading import UP_FOR_ASSESSMENT, reviews_of, up_for_assessment
from grantflow.store.session import Tx
from grantflow.store.statements import Statement, identifier
from grantflow.workflow.registry import fact


@cache
def _pairs() -> Prepared:
    return select(Review.id, Review.application_id, Review.reviewer_id).where(Review.id.in_(IDS))


@fact(reading.ReviewerTies, of=["review"])
def reviewer_ties(tx: Tx, ids: Sequence[UUID]) -> Mapping[UUID, reading.ReviewerTies]:
    """Read what ties each review's reviewer to its application: two statements, one for ties and one for other reviews."""
    pairs = {row.id: (row.application_id, row.reviewer_id) for row in tx.execute(_pairs(), about(ids))}
    ties = ties_of(tx, set(pairs.values()))
    others = reviews_of(tx, applications={application for application, _ in pairs.values()})
    return {
        each: reading.ReviewerTies(
            reviewer,
            ties.get((application, reviewer), frozenset()),
            any(
                other.reviewer_id == reviewer and other.id != each and (other.alive or other.counts)
                for other in others.get(application, ())
            ),
        )
        for each, (application, reviewer) in pairs.items()
    }


PEOPLE: BindParameter[Any] = bindparam("people", expanding=True)


@cache
def _ties() -> CompoundSelect[*tuple[Any, ...]]:
    member, partner_member = aliased(Membership), aliased(Membership)
    nothing = cast(null(), BigInteger)
    parts = [
        select(
            Application.id,
            member.user_id,
            literal("member").label("kind"),
            nothing.label("number"),
            Application.actions,
        )
        .select_from(Application)
        .join(member, member.organisation_id == Application.organisation_id)
        .where(member.user_id.in_(PEOPLE)),
        select(Application.id, partner_member.user_id, literal("partner"), nothing, Application.actions)
        .select_from(Application)
        .join(Partner, Partner.application_id == Application.id)
        .join(partner_member, partner_member.organisation_id == Partner.organisation_id)
        .where(partner_member.user_id.in_(PEOPLE)),
        select(Application.id, FrameAuthor.user_id, literal("lab_author"), nothing, Application.actions)
        .select_from(Application)
        .join(Call, Call.id == Application.call_id)
        .join(Frame, Frame.call_id == lab_of_call())
        .join(FrameAuthor, FrameAuthor.frame_id == Frame.id)
        .where(FrameAuthor.user_id.in_(PEOPLE)),
        select(
            Application.id,
            Participation.user_id,
            literal("co_owner"),
            FrameAction.number,
            Application.actions,
        )
        .select_from(Application)
        .join(Call, Call.id == Application.call_id)
        .join(Participation, Participation.call_id == lab_of_call())
        .join(Contribution, Contribution.participation_id == Participation.id)
        .join(ActionSource, ActionSource.contribution_id == Contribution.id)
        .join(FrameAction, FrameAction.id == ActionSource.action_id)
        .where(Participation.user_id.in_(PEOPLE), Participation.level == "co_owner"),
        select(
            ConflictDeclaration.application_id,
            ConflictDeclaration.user_id,
            ConflictDeclaration.kind,
            nothing,
            Application.actions,
        )
        .select_from(ConflictDeclaration)
        .join(Application, Application.id == ConflictDeclaration.application_id)
        .where(ConflictDeclaration.user_id.in_(PEOPLE), _latest()),
    ]
    return union_all(*(part.where(Application.id.in_(IDS)) for part in parts))


def ties_of(tx: Tx, pairs: set[tuple[UUID, UUID]]) -> Mapping[tuple[UUID, UUID], frozenset[reading.TieKind]]:
    """Return what ties people to applications (pairs of application and person), found and declared."""
    asked = {
        "ids": sorted({application for application, _ in pairs}),
        "people": sorted({person for _, person in pairs}),
    }
    found: dict[tuple[UUID, UUID], set[reading.TieKind]] = defaultdict(set)
    for row in tx.execute(_ties(), asked):
        pair: tuple[UUID, UUID] = (row.id, row.user_id)
        if pair not in pairs:
            continue
        if row.kind == "co_owner":
            if row.number in (row.actions or ()):
                found[pair].add("co_owner")
        elif row.kind in _OF_DECLARATION:
            tie = _OF_DECLARATION[row.kind]
            if tie is not None:
                found[pair].add(tie)
        else:
            found[pair].add(row.kind)
    return {pair: frozenset(kinds) for pair, kinds in found.items()}


_OF_DECLARATION: Mapping[str, reading.TieKind | None] = {
    "hard": "declared",
    "soft": "undecided",
    "none": None,
}


def _latest() -> ColumnElement[bool]:
    """Return the condition that a declaration is the last one about its person and application."""
    later = aliased(ConflictDeclaration)
    return ~(
        select(later.id)
        .where(
            later.application_id == ConflictDeclaration.application_id,
            later.user_id == ConflictDeclaration.user_id,
            later.number > ConflictDeclaration.number,
        )
        .exists()
    )


@cache
def _score_sheet() -> Prepared:
    return (
        select(
            Review.id,
            Review.comment.label("judgement"),
            Application.call_id,
            Application.stage,
            Score.criterion,
            Score.points,
            Score.comment,
        )
        .select_from(Review)
        .join(Application, Application.id == Review.application_id)
        .outerjoin(Score, Score.review_id == Review.id)
        .where(Review.id.in_(IDS))
    )


@fact(reading.ScoreSheet, of=["review"])
def score_sheet(tx: Tx, ids: Sequence[UUID]) -> Mapping[UUID, reading.ScoreSheet]:
    """Read the scores of each review; a second statement reads the rubrics."""
    rows = tx.execute(_score_sheet(), about(ids)).all()
    rubrics = rubrics_of(tx, {(row.call_id, row.stage) for row in rows})
    points: dict[UUID, dict[str, int]] = defaultdict(dict)
    comments: dict[UUID, dict[str, str]] = defaultdict(dict)
    judged = {}
    for row in rows:
        judged[row.id] = (row.call_id, row.stage), row.judgement
        if row.points is not None:
            points[row.id][row.criterion] = row.points
        if row.criterion is not None:
            comments[row.id][row.criterion] = row.comment
    return {
        each: reading.ScoreSheet(rubrics[stage][0], points[each], comments[each], judgement)
        for each, (stage, judgement) in judged.items()
    }


@cache
def _refs() -> Prepared:
    return select(CaseRow.id, CaseRow.ref).where(CaseRow.id.in_(IDS))


@fact(reading.ReviewCount, of=["application"])
def review_count(tx: Tx, ids: Sequence[UUID]) -> Mapping[UUID, reading.ReviewCount]:
    """Read how many reviews of each application count."""
    refs = tx.execute(_refs(), about(ids)).all()
    reviews = reviews_of(tx, applications=ids)
    return {
        row.id: reading.ReviewCount(
            row.ref,
            sum(review.counts for review in reviews.get(row.id, ())),
            sum(review.alive and not review.counts for review in reviews.get(row.id, ())),
        )
        for row in refs
    }


MOST = 100
"""So many applications that lack reviews are told of: whoever closes a round has enough to do with them."""

# Counted where the rows are: a page of a large call would otherwise carry every review over to look at it.
_ROUND = Statement(
    """
    WITH counted AS (
        SELECT c.call_id, c.ref,
            count(CASE WHEN r.submitted_at IS NOT NULL AND v.scheme || '/' || v.version || '/' || v.state IN :counts*text
                THEN 1 END) AS counting,
            count(CASE WHEN v.scheme || '/' || v.version || '/' || v.state IN :alive*text
                AND NOT (r.submitted_at IS NOT NULL AND v.scheme || '/' || v.version || '/' || v.state IN :counts*text)
                THEN 1 END) AS coming
        FROM gf_case c JOIN gf_application a ON a.id = c.id JOIN gf_call k ON k.id = c.call_id AND k.stage = a.stage
        LEFT JOIN gf_review r ON r.application_id = a.id LEFT JOIN gf_case v ON v.id = r.id
        WHERE c.call_id IN :calls*uuid AND c.scheme || '/' || c.version || '/' || c.state IN :up*text
        GROUP BY c.call_id, c.ref),
    placed AS (
        SELECT call_id, ref, counting, coming,
            row_number() OVER (PARTITION BY call_id ORDER BY counting, ref) AS by_counting,
            row_number() OVER (PARTITION BY call_id ORDER BY counting + coming, ref) AS by_all
        FROM counted)
    SELECT call_id, ref, counting, coming FROM placed WHERE by_counting <= :most OR by_all <= :most
    ORDER BY call_id, ref
    """
)


@fact(reading.RoundReviews, of=["call"])
def round_reviews(tx: Tx, ids: Sequence[UUID]) -> Mapping[UUID, reading.RoundReviews]:
    """Read which applications that are up for assessment have the fewest reviews, in one statement."""
    counts: dict[UUID, list[reading.ReviewCount]] = {each: [] for each in ids}
    states = _states(tx)
    for call_id, ref, counting, coming in _ROUND(tx, calls=list(ids), most=MOST, **states):
        counts[identifier(call_id)].append(reading.ReviewCount(ref, int(counting), int(coming)))
    return {each: reading.RoundReviews(tuple(found)) for each, found in counts.items()}


def _states(tx: Tx) -> Mapping[str, Sequence[str]]:
    """Return the states in which applications are up for assessment, and in which reviews count or may come to count."""
    up, counting, alive = ["-"], ["-"], ["-"]
    for compiled in tx.engine.all():
        scheme = compiled.scheme
        for lifecycle in scheme.lifecycles.values():
            for state in lifecycle.states.values():
                named = f"{scheme.name}/{scheme.version}/{state.name}"
                if lifecycle.record == "application" and state.tags >= UP_FOR_ASSESSMENT:
                    up.append(named)
                if lifecycle.record == "review" and "counts" in state.tags:
                    counting.append(named)
                if lifecycle.record == "review" and state.name not in lifecycle.final:
                    alive.append(named)
    return {"up": up, "counts": counting, "alive": alive}


@cache
def _ranked() -> Prepared:
    return select(RankedReview.ranking_id, RankedReview.review_id).where(RankedReview.ranking_id.in_(IDS))


@cache
def _held() -> Prepared:
    return select(RankingLine.ranking_id, RankingLine.application_id).where(RankingLine.ranking_id.in_(IDS))


@fact(reading.RankingStanding, of=["call"])
def ranking_standing(tx: Tx, ids: Sequence[UUID]) -> Mapping[UUID, reading.RankingStanding]:
    """Read how the last ranking of each call's stage stands to the reviews as they are now."""
    last = last_rankings(tx, ids)
    rankings = list(last.values())
    ranked = defaultdict(set)
    for row in tx.execute(_ranked(), about(rankings)):
        ranked[row.ranking_id].add(row.review_id)
    held = defaultdict(set)
    for row in tx.execute(_held(), about(rankings)):
        held[row.ranking_id].add(row.application_id)
    reviews = reviews_of(tx, calls=ids)
    waiting: dict[UUID, list[tuple[UUID, str]]] = {each: [] for each in ids}
    for up in up_for_assessment(tx, ids):
        waiting[up.call_id].append((up.id, up.ref))
    found = {}
    for each in ids:
        ranking = last.get(each)
        if ranking is None:
            found[each] = reading.RankingStanding(exists=False, stopped_counting=0, uncounted=0, missing=())
            continue
        counting = {
            review.id
            for application, _ in waiting[each]
            for review in reviews.get(application, ())
            if review.counts
        }
        still = {review.id for all_of in reviews.values() for review in all_of if review.counts}
        found[each] = reading.RankingStanding(
            exists=True,
            stopped_counting=len(ranked[ranking] - still),
            uncounted=len(counting - ranked[ranking]),
            missing=tuple(ref for application, ref in waiting[each] if application not in held[ranking]),
        )
    return found


@cache
def _last_rankings() -> Prepared:
    newest = (
        select(Ranking.call_id, Ranking.stage, func.max(Ranking.number).label("number"))
        .group_by(Ranking.call_id, Ranking.stage)
        .subquery()
    )
    return (
        select(Ranking.call_id, Ranking.id)
        .select_from(Ranking)
        .join(Call, (Call.id == Ranking.call_id) & (Call.stage == Ranking.stage))
        .join(
            newest,
            (newest.c.call_id == Ranking.call_id)
            & (newest.c.stage == Ranking.stage)
            & (newest.c.number == Ranking.number),
        )
        .where(Ranking.call_id.in_(IDS))
    )


def last_rankings(tx: Tx, call_ids: Sequence[UUID]) -> Mapping[UUID, UUID]:
    """Return the last frozen ranking of each call's present stage, where there is one."""
    return {row.call_id: row.id for row in tx.execute(_last_rankings(), about(call_ids))}
