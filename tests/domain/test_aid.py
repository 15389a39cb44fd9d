"""The de minimis window, against the vectors of the plan and as properties."""

from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from grantflow.domain.aid.de_minimis import Aid, Rule, position, rule_in_force, used
from grantflow.domain.aid.lines import ceiling_of, lump_sums, small_or_medium

EURO = 100
RULE = Rule(
    name="dm_ceiling",
    act="Reg. (EU) 2023/2831",
    article="3(2)",
    ceiling=300_000 * EURO,
    currency="EUR",
    years=3,
    boundary="inclusive",
    valid_from=date(2024, 1, 1),
    valid_to=date(2030, 12, 31),
    confidence="verified",
    register_within="20wd",
)
OLD = replace(
    RULE, name="old", ceiling=200_000 * EURO, valid_from=date(2014, 1, 1), valid_to=date(2023, 12, 31)
)
HAD = (
    Aid(date(2023, 11, 30), 120_000 * EURO),
    Aid(date(2024, 5, 2), 100_000 * EURO),
    Aid(date(2025, 3, 10), 60_000 * EURO),
)


def at(on, rule=RULE, held=0, ceiling=None, aids=HAD):
    place = position([rule], aids, held, on, ceiling)
    assert place is not None
    return place


def test_v1_an_award_that_does_not_fit_whole_falls_outside_entirely():
    place = at(date(2026, 11, 22))
    assert (place.used, place.headroom) == (280_000 * EURO, 20_000 * EURO)
    assert not place.fits(25_000 * EURO)
    assert place.fits(20_000 * EURO)


def test_v2_the_first_award_has_left_the_window_and_the_ceiling_itself_is_inside():
    place = at(date(2026, 12, 1))
    assert place.used == 160_000 * EURO
    assert place.fits(140_000 * EURO)
    assert not place.fits(140_000 * EURO + 1)


def test_v3_the_boundary_day_counts_or_not_as_the_rule_says():
    day = date(2026, 11, 30)
    assert at(day).headroom == 20_000 * EURO
    assert at(day, replace(RULE, boundary="exclusive")).headroom == 140_000 * EURO


def test_a_leap_day_opens_the_window_on_the_28th():
    assert RULE.window_opens(date(2028, 2, 29)) == date(2025, 2, 28)
    assert RULE.counts(date(2025, 2, 28), date(2028, 2, 29))
    assert not RULE.counts(date(2025, 2, 27), date(2028, 2, 29))


def test_what_is_held_takes_headroom_like_aid():
    assert at(date(2026, 11, 22), held=15_000 * EURO).headroom == 5_000 * EURO


def test_a_call_lowers_the_ceiling_and_never_raises_it():
    assert at(date(2026, 12, 1), ceiling=200_000 * EURO).headroom == 40_000 * EURO
    assert at(date(2026, 12, 1), ceiling=900_000 * EURO).headroom == 140_000 * EURO


def test_the_rule_of_the_day_of_the_grant_decides():
    assert rule_in_force([RULE, OLD], date(2023, 12, 31)) == OLD
    assert rule_in_force([RULE, OLD], date(2024, 1, 1)) == RULE
    assert position([RULE], HAD, 0, date(2031, 1, 1)) is None


def test_the_story_of_the_joinery_298_500_leaves_room_for_matchmaking_and_not_for_the_fair():
    place = at(date(2026, 11, 23), aids=[Aid(date(2025, 5, 5), 298_500 * EURO, declared=True)])
    assert not place.fits(4_000 * EURO)
    assert place.fits(1_500 * EURO)
    assert place.headroom == 1_500 * EURO


DAYS = st.dates(date(2022, 1, 1), date(2029, 12, 31))
AIDS = st.lists(st.builds(Aid, DAYS, st.integers(0, 400_000 * EURO)), max_size=8)
TODAY = st.dates(date(2024, 1, 1), date(2030, 12, 31))


@given(AIDS, st.builds(Aid, DAYS, st.integers(0, 400_000 * EURO)), TODAY)
def test_more_aid_never_means_more_headroom(aids, more, today):
    assert at(today, aids=[*aids, more]).headroom <= at(today, aids=aids).headroom


@given(AIDS, st.randoms(), TODAY)
def test_the_order_of_awards_does_not_matter(aids, random, today):
    shuffled = list(aids)
    random.shuffle(shuffled)
    assert used(RULE, shuffled, today) == used(RULE, aids, today)


@given(AIDS, DAYS, st.integers(0, 1000), st.integers(0, 1000), TODAY)
def test_splitting_an_amount_changes_nothing(aids, day, one, other, today):
    whole = used(RULE, [*aids, Aid(day, one + other)], today)
    assert whole == used(RULE, [*aids, Aid(day, one), Aid(day, other)], today)


@given(DAYS, TODAY)
def test_aid_counts_for_three_years_to_the_day_and_then_never_again(granted, today):
    counts = RULE.counts(granted, today)
    assert counts == (RULE.window_opens(today) <= granted <= today)
    if counts:
        assert not RULE.counts(granted, today + timedelta(days=3 * 366))


@given(AIDS, st.integers(0, 400_000 * EURO), st.integers(0, 400_000 * EURO), TODAY)
def test_what_fits_is_exactly_what_the_headroom_says(aids, held, amount, today):
    place = at(today, aids=aids, held=held)
    assert place.fits(amount) == (place.kept and amount <= place.headroom)


def test_lump_sums_are_the_parameters_called_so_that_are_worth_something():
    parameters = {"lump_sum_fair": 400, "lump_sum_visit": 0, "de_minimis_ceiling": 9, "other": "lump_sum_x"}
    assert lump_sums(parameters) == {"fair": 400}
    assert ceiling_of(parameters) == 9
    assert ceiling_of({}) is None


def test_a_firm_is_small_or_medium_by_people_and_by_one_of_two_sums():
    million = 1_000_000_00
    assert small_or_medium(249, 50 * million, 43 * million)
    assert not small_or_medium(250, 0, 0)
    assert small_or_medium(10, 51 * million, 43 * million)
    assert small_or_medium(10, 50 * million, 44 * million)
    assert not small_or_medium(10, 51 * million, 44 * million)
