"""Amounts, numbers and days as people type them."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grantflow.services import formats


@pytest.mark.parametrize(
    ("typed", "language", "minor"),
    [
        ("30 000,50", "sv", 3_000_050),
        ("30000.5", "en", 3_000_050),
        ("30.000,50", "en", 3_000_050),
        ("30,000.50", "sv", 3_000_050),
        ("1.000.000", "en", 100_000_000),
        ("30,000", "en", 3_000_000),
        ("30.000", "de", 3_000_000),
        ("€ 500", "en", 50_000),
        ("30 000 kr", "sv", 3_000_000),
        ("0", "lt", 0),
        ("30.000", "en", None),
        ("30,000", "sv", None),
        ("30,000,50", "sv", None),
        ("-5", "en", None),
        ("2 3OO", "en", None),
        (",50", "en", None),
        ("", "en", None),
        ("9" * 5000, "en", None),
        ("٣", "en", None),
    ],
)
def test_an_amount_is_read_only_where_it_can_mean_one_thing(typed: str, language: str, minor: int | None):
    assert formats.read_amount(typed, language) == minor


@given(st.integers(0, 10**14), st.sampled_from(["en", "sv", "lt", "de", "nl", "ro"]))
def test_what_is_shown_in_a_field_is_read_as_the_same(minor: int, language: str):
    assert formats.read_amount(formats.plain_amount(minor, language), language) == minor


@given(st.text())
def test_nothing_that_is_typed_is_an_error_of_ours(typed: str):
    for read in (formats.read_amount(typed, "sv"), formats.read_whole(typed, "en")):
        assert read is None or read >= 0
    formats.read_day(typed)


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("2027-03-31", date(2027, 3, 31)),
        ("31.3.2027", date(2027, 3, 31)),
        (" 31/03/2027 ", date(2027, 3, 31)),
        ("30 February", None),
        ("2027-02-30", None),
        ("31.13.2027", None),
    ],
)
def test_a_day_is_read_as_the_standard_or_the_day_first(typed: str, day: date | None):
    assert formats.read_day(typed) == day


@pytest.mark.parametrize(
    ("typed", "at"),
    [
        ("2027-03-31 14:00", datetime(2027, 3, 31, 12, tzinfo=UTC)),
        ("2027-03-31T14:00", datetime(2027, 3, 31, 12, tzinfo=UTC)),
        (" 31.1.2027  9.05 ", datetime(2027, 1, 31, 8, 5, tzinfo=UTC)),
        ("2027-03-31", None),
        ("2027-03-31 24:00", None),
        ("31 March at noon", None),
        ("14:00", None),
    ],
)
def test_a_moment_is_read_in_the_time_of_its_zone(typed: str, at: datetime | None):
    assert formats.read_moment(typed, "Europe/Stockholm") == at
