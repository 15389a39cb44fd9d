"""Identifiers: of the seventh version, ascending where they are made together, the same again from a seed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import RFC_4122

from grantflow.domain.ids import Ids

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def test_each_says_when_it_was_made_and_is_of_the_seventh_version():
    for each in Ids().many(NOW, 50):
        assert (each.version, each.variant) == (7, RFC_4122)
        assert each.int >> 80 == int(NOW.timestamp() * 1000)


def test_many_are_all_different_and_ascend():
    made = Ids().many(NOW, 1000)
    assert len(set(made)) == 1000
    assert made == sorted(made)


def test_later_ones_sort_after_earlier_ones():
    ids = Ids()
    assert ids.new(NOW) < ids.new(NOW + timedelta(milliseconds=1))


def test_a_seed_makes_the_same_ones_again_and_no_two_alike():
    one, other = Ids("seed"), Ids("seed")
    assert [one.new(NOW), *one.many(NOW, 5)] == [other.new(NOW), *other.many(NOW, 5)]
    assert Ids("seed").new(NOW) != Ids("another").new(NOW)
    assert Ids().new(NOW) != Ids().new(NOW)
