"""Guards of reviews and rankings: what they let pass, and each reason by its code."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

import pytest

from grantflow.domain.actor import Actor
from grantflow.domain.calls.rubrics import Criterion, Rubric
from grantflow.domain.reviews.reading import (
    TIE_WORDS,
    RankingStanding,
    ReviewCount,
    ReviewerTies,
    RoundReviews,
    ScoreSheet,
)
from grantflow.workflow.guards import reviews as guards
from grantflow.workflow.registry import Ask, GuardSpec

BIRGIT = UUID(int=5)
RUBRIC = Rubric(
    "seed",
    1,
    "en",
    {},
    0,
    5,
    (),
    (
        Criterion("potential", {"en": "Potential"}, {}, 60, None, comment_required=True),
        Criterion("actors", {"en": "Actors"}, {}, 40, None, comment_required=False),
    ),
    60,
)


def codes(guard: GuardSpec, *facts: object, given=None) -> list[str]:
    found = guard(facts, Ask(Actor("person", BIRGIT), datetime(2019, 1, 7, tzinfo=UTC), given or {}))
    assert all(refusal.sentence for refusal in found)
    return [refusal.code for refusal in found]


@pytest.mark.parametrize("guard", [guards.reviewer_free_of_hard_conflict, guards.no_conflict_of_interest])
def test_each_tie_to_an_application_has_its_own_code(guard: GuardSpec) -> None:
    assert codes(guard, ReviewerTies(BIRGIT, frozenset(), there_already=True)) == []
    found = [
        codes(guard, ReviewerTies(BIRGIT, frozenset({tie}), there_already=False)) for tie in sorted(TIE_WORDS)
    ]
    assert [len(each) for each in found] == [1] * len(TIE_WORDS)
    assert len({each[0] for each in found}) == len(TIE_WORDS)


def test_nobody_reads_the_same_application_twice() -> None:
    assert codes(
        guards.reviewer_not_already_there, ReviewerTies(BIRGIT, frozenset(), there_already=True)
    ) == ["reviewer_already_there"]


@pytest.mark.parametrize(
    ("points", "comments", "comment", "expected"),
    [
        ({"potential": 4, "actors": 0}, {"potential": "Far."}, "Good.", []),
        (
            {"actors": 6},
            {},
            " ",
            ["score_missing", "comment_missing", "score_off_scale", "judgement_missing"],
        ),
    ],
)
def test_a_review_is_whole_before_it_is_handed_in(points, comments, comment, expected) -> None:
    assert codes(guards.scores_complete, ScoreSheet(RUBRIC, points, comments, comment)) == expected


def test_every_application_needs_its_reviewers_and_then_its_reviews() -> None:
    reviews = RoundReviews(
        (ReviewCount("NMS-1", 3, 0), ReviewCount("NMS-2", 1, 2), ReviewCount("NMS-3", 0, 2))
    )
    assert codes(guards.reviewers_assigned, reviews, given={"at_least": 3}) == ["reviewers_missing"]
    assert codes(guards.reviews_complete, reviews, given={"at_least": 3}) == ["reviews_missing"] * 2
    assert codes(guards.reviews_complete, RoundReviews(()), given={"at_least": 3}) == []


def test_out_of_round_needs_as_many_reviews() -> None:
    assert codes(guards.reviewed_enough, ReviewCount("NMS-1", 3, 0), given={"at_least": 3}) == []
    assert codes(guards.reviewed_enough, ReviewCount("NMS-1", 2, 5), given={"at_least": 3}) == [
        "reviews_missing"
    ]


@pytest.mark.parametrize(
    ("standing", "expected"),
    [
        (RankingStanding(exists=True, stopped_counting=0, uncounted=0, missing=()), []),
        (RankingStanding(exists=False, stopped_counting=0, uncounted=0, missing=()), ["no_ranking"]),
        (
            RankingStanding(exists=True, stopped_counting=1, uncounted=2, missing=("NMS-4",)),
            ["ranking_counts_set_aside", "ranking_lacks_reviews", "ranking_lacks_applications"],
        ),
    ],
)
def test_a_stale_ranking_is_not_decided_on(standing: RankingStanding, expected: list[str]) -> None:
    assert codes(guards.ranking_fresh, standing) == expected
