"""The ranking: exact, the same for the same reviews, and moved by nothing but points."""

from __future__ import annotations

from fractions import Fraction
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from grantflow.domain.calls.rubrics import Criterion, Rubric
from grantflow.domain.reviews.ranking import Entrant, ScoredReview, as_json, rank, total_of

WEIGHTS = {"potential": 40, "actors": 30, "feasibility": 30}


def rubric(threshold: int | None = None) -> Rubric:
    criteria = tuple(
        Criterion(name, {}, {}, weight, threshold if name == "potential" else None)
        for name, weight in WEIGHTS.items()
    )
    return Rubric("seed", 1, "en", {}, 0, 5, (), criteria, 60, ("potential", "feasibility"))


def entrant(number: int, *reviews: tuple[int, int, int]) -> Entrant:
    scored = tuple(
        ScoredReview(UUID(int=number * 100 + place), dict(zip(WEIGHTS, points, strict=True)))
        for place, points in enumerate(reviews)
    )
    return Entrant(UUID(int=number), f"NMS-{number:04d}", scored)


points = st.tuples(*[st.integers(0, 5)] * 3)
entrants = st.lists(st.lists(points, max_size=4), max_size=8).map(
    lambda all_of: [entrant(number, *reviews) for number, reviews in enumerate(all_of, 1)]
)


def test_a_sum_is_a_weighted_share_of_the_highest_scores() -> None:
    assert total_of(rubric(), {"potential": 5, "actors": 5, "feasibility": 5}) == 100
    assert total_of(rubric(), {"potential": 3, "actors": 3, "feasibility": 3}) == 60
    assert total_of(rubric(), {"potential": 1, "actors": 0, "feasibility": 0}) == 8


def test_equal_sums_are_parted_by_the_criteria_that_the_rubric_names_and_then_by_reference() -> None:
    strong_potential, strong_actors = entrant(2, (4, 0, 0)), entrant(1, (1, 4, 0))
    assert total_of(rubric(), strong_potential.reviews[0].points) == 32
    assert total_of(rubric(), strong_actors.reviews[0].points) == 32
    assert [line.ref for line in rank(rubric(), 60, [strong_actors, strong_potential])] == [
        "NMS-0002",
        "NMS-0001",
    ]
    twins = [entrant(4, (3, 3, 3)), entrant(3, (3, 3, 3))]
    assert [line.ref for line in rank(rubric(), 60, twins)] == ["NMS-0003", "NMS-0004"]


def test_whoever_reaches_the_mark_passes_and_whoever_lies_below_a_threshold_does_not() -> None:
    at_the_mark, just_below = entrant(1, (3, 3, 3)), entrant(2, (3, 3, 3), (3, 3, 2))
    assert [line.passes for line in rank(rubric(), 60, [at_the_mark, just_below])] == [True, False]
    uneven = entrant(3, (1, 5, 5))
    (line,) = rank(rubric(threshold=2), 60, [uneven])
    assert line.total == 68
    assert (line.below, line.passes) == (("potential",), False)


def test_nothing_read_is_nothing_passed() -> None:
    (line,) = rank(rubric(), 0, [entrant(1)])
    assert (line.total, line.passes) == (Fraction(0), False)


@given(entrants, st.randoms(use_true_random=False))
def test_the_order_in_which_reviews_come_changes_nothing(all_of, chance) -> None:
    shuffled = []
    for each in all_of:
        reviews = list(each.reviews)
        chance.shuffle(reviews)
        shuffled.append(Entrant(each.id, each.ref, tuple(reviews)))
    chance.shuffle(shuffled)
    first, second = rank(rubric(2), 60, all_of), rank(rubric(2), 60, shuffled)
    assert first == second
    assert as_json(rubric(2), 60, first, all_of) == as_json(rubric(2), 60, second, shuffled)


@given(entrants)
def test_places_are_gapless_and_sums_never_rise_down_the_list(all_of) -> None:
    lines = rank(rubric(), 60, all_of)
    assert [line.rank for line in lines] == list(range(1, len(all_of) + 1))
    assert {line.id for line in lines} == {each.id for each in all_of}
    totals = [line.total for line in lines]
    assert totals == sorted(totals, reverse=True)
    assert all(0 <= total <= 100 for total in totals)


@given(entrants)
def test_leaving_out_the_last_moves_nobody_else(all_of) -> None:
    lines = rank(rubric(), 60, all_of)
    if not lines:
        return
    rest = [each for each in all_of if each.id != lines[-1].id]
    assert rank(rubric(), 60, rest) == lines[:-1]


@given(st.lists(points, min_size=1, max_size=5))
def test_hundredths_are_the_sum_rounded_half_up_once(reviews) -> None:
    (line,) = rank(rubric(), 60, [entrant(1, *reviews)])
    assert abs(line.total * 100 - line.hundredths) <= Fraction(1, 2)
