"""Allocation: never overspent, in order, and a sentence for everybody that anybody can check by subtraction."""

from __future__ import annotations

from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from grantflow.domain.awards.allocation import Bid, Pot, allocate, final_grant, grantable
from grantflow.domain.money import share_of

ONE, TWO = UUID(int=1), UUID(int=2)


def pot(id_: UUID = ONE, free: int = 100, minimum: int = 10, maximum: int = 60, rate: int = 5_000) -> Pot:
    return Pot(id_, "EUR", free, minimum, maximum, rate)


def bid(rank: int, asked: int, cost: int | None = None, *, passes: bool = True, pot_id: UUID = ONE) -> Bid:
    return Bid(
        UUID(int=1000 + rank), rank, "70.00", passes, (), pot_id, asked, 2 * asked if cost is None else cost
    )


bids = st.lists(
    st.tuples(st.integers(0, 90), st.integers(0, 180), st.booleans(), st.sampled_from([ONE, TWO])),
    max_size=12,
).map(
    lambda all_of: [
        bid(rank, asked, cost, passes=passes, pot_id=pot_id)
        for rank, (asked, cost, passes, pot_id) in enumerate(all_of, 1)
    ]
)
pots = st.tuples(st.integers(0, 300), st.integers(0, 300)).map(
    lambda free: [pot(ONE, free[0]), pot(TWO, free[1], minimum=1, maximum=80, rate=10_000)]
)


def test_whoever_does_not_fit_is_skipped_and_a_smaller_one_after_it_is_funded() -> None:
    said = allocate([bid(1, 60), bid(2, 50), bid(3, 40)], [pot()], 60)
    assert [(line.answer, line.amount) for line in said] == [("yes", 60), ("reserve", 50), ("yes", 40)]
    assert said[1].sentence % said[1].values == (
        "Place 2 with 70.00 points: 0.50 EUR were needed and 0.40 EUR were left in the window, 0.10 EUR too little."
    )


def test_more_than_the_rules_allow_is_cut_and_said() -> None:
    (line,) = allocate([bid(1, 90, 100)], [pot()], 60)
    assert (line.answer, line.amount) == ("yes", 50)
    assert "0.50 EUR granted of 0.90 EUR asked" in line.sentence % line.values


def test_too_small_a_grant_and_too_few_points_are_no() -> None:
    small, weak = allocate([bid(1, 9), bid(2, 20, passes=False)], [pot()], 60)
    assert (small.answer, small.amount, weak.answer, weak.amount) == ("no", 0, "no", 0)
    assert "at least 0.10 EUR" in small.sentence % small.values
    assert "below the pass mark of 60" in weak.sentence % weak.values


@given(bids, pots)
def test_no_window_is_ever_overspent_and_everybody_is_told_why(all_of, of_funders) -> None:
    said = allocate(all_of, of_funders, 60)
    assert [line.id for line in said] == [each.id for each in all_of]
    assert all(line.sentence % line.values for line in said)
    for each in of_funders:
        spent = sum(line.amount for line in said if line.pot == each.id and line.answer == "yes")
        assert spent <= each.free


@given(bids, pots)
def test_a_reserve_place_is_one_subtraction(all_of, of_funders) -> None:
    left = {each.id: each.free for each in of_funders}
    for line in allocate(all_of, of_funders, 60):
        if line.answer == "yes":
            left[line.pot] -= line.amount
        elif line.answer == "reserve":
            assert line.values["short"].amount == line.amount - left[line.pot] > 0


@given(bids, pots)
def test_what_comes_after_changes_nothing_before(all_of, of_funders) -> None:
    if all_of:
        assert allocate(all_of[:-1], of_funders, 60) == allocate(all_of, of_funders, 60)[:-1]


@given(bids)
def test_with_money_for_all_nobody_is_on_the_reserve(all_of) -> None:
    rich = [pot(ONE, 10_000), pot(TWO, 10_000)]
    assert {line.answer for line in allocate(all_of, rich, 60)} <= {"yes", "no"}


@given(st.integers(0, 10**9), st.integers(0, 10**9))
def test_a_grant_is_never_more_than_asked_allowed_or_shared(asked: int, cost: int) -> None:
    most = grantable(pot(maximum=40_000_00, rate=6_000), asked, cost)
    assert most == min(asked, 40_000_00, share_of(cost, 6_000))


@given(st.integers(1, 10**9), st.integers(0, 10_000), st.integers(0, 10**9))
def test_the_final_grant_is_the_lower_of_sum_and_share_of_cost(amount: int, rate: int, cost: int) -> None:
    assert final_grant(amount, rate, cost) == min(amount, share_of(cost, rate))
    assert 0 <= final_grant(amount, rate, cost) <= amount
