"""How support is counted, and the proof of equal access."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grantflow.domain.labs.facts import EqualAccess
from grantflow.domain.labs.places import Backing, support_counted

PUBLISHED = datetime(2026, 3, 1, 12, tzinfo=UTC)
ids = st.integers(1, 6).map(lambda number: UUID(int=number))
backings = st.lists(st.builds(Backing, ids, st.none() | ids.map(lambda each: UUID(int=each.int + 100))))


@given(backings)
def test_support_counts_each_person_and_each_organisation_once(given_backings):
    counted = support_counted(given_backings)
    assert counted <= len({each.participation_id for each in given_backings}) or counted <= len(
        given_backings
    )
    assert counted == support_counted([*given_backings, *given_backings]), "doing so twice changes nothing"
    assert counted == support_counted(reversed(given_backings))


@given(backings, st.builds(Backing, ids, ids.map(lambda each: UUID(int=each.int + 100))))
def test_a_colleague_adds_no_weight(given_backings, backing):
    before = support_counted([*given_backings, backing])
    colleague = Backing(UUID(int=999), backing.organisation_id)
    assert support_counted([*given_backings, backing, colleague]) == before


def test_somebody_alone_counts_for_themselves():
    assert support_counted([Backing(UUID(int=1), None), Backing(UUID(int=2), None)]) == 2


def codes(access: EqualAccess, after: timedelta) -> list[str]:
    return [refusal.code for refusal in access.against(14, PUBLISHED + after)]


@pytest.mark.parametrize(
    ("access", "after", "expected"),
    [
        (EqualAccess(PUBLISHED, 0, 5, 0), timedelta(days=14), []),
        (EqualAccess(PUBLISHED, 0, 0, 0), timedelta(days=14, microseconds=-1), ["frame_too_fresh"]),
        (EqualAccess(None, 0, 0, 0), timedelta(days=99), ["frame_not_published"]),
        (EqualAccess(PUBLISHED, 2, 0, 1), timedelta(days=20), ["contributions_hidden", "results_hidden"]),
    ],
)
def test_the_lock_opens_line_by_line(access, after, expected):
    assert codes(access, after) == expected


@given(hidden=st.integers(0, 3), results=st.integers(0, 3), days=st.integers(0, 30))
def test_once_open_it_stays_open_and_hiding_never_opens_it(hidden, results, days):
    access = EqualAccess(PUBLISHED, hidden, 0, results)
    is_open = not codes(access, timedelta(days=days))
    assert is_open == (hidden == 0 and results == 0 and days >= 14)
    if is_open:
        assert not codes(access, timedelta(days=days + 1))
