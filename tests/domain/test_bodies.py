"""Who may vote, whether enough are left, who may sign (process rule P11)."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grantflow.domain.programmes.bodies import Agenda, Item, SeatHeld, may_chair, voting

CHAIR, ANNA, BO, CILLA, DAN, EVA, FELIX = (UUID(int=number) for number in range(1, 8))
BOARD = (
    SeatHeld(CHAIR, "chair"),
    SeatHeld(ANNA, "member"),
    SeatHeld(BO, "member"),
    SeatHeld(CILLA, "member"),
    SeatHeld(DAN, "member"),
    SeatHeld(EVA, "deputy"),
    SeatHeld(FELIX, "deputy"),
)
EVERYBODY = frozenset(seat.user_id for seat in BOARD)
HELD = datetime(2026, 3, 2, 9, tzinfo=UTC)


def item(*, present=EVERYBODY, left=frozenset(), **more) -> Item:
    values = {
        "id": UUID(int=99),
        "number": 1,
        "matter": "adopt",
        "held_at": HELD,
        "seats": BOARD,
        "quorum": 3,
        "present": frozenset(present),
        "left": frozenset(left),
        "outcome": None,
        "effective": False,
        "signed_by_chair": False,
        "signed_by_adjuster": False,
    }
    return Item(**{**values, **more})


@pytest.mark.parametrize(
    ("present", "left", "expected"),
    [
        (EVERYBODY, (), (CHAIR, ANNA, BO, CILLA, DAN)),
        (EVERYBODY, (DAN,), (CHAIR, ANNA, BO, CILLA, EVA)),
        (EVERYBODY, (DAN, EVA), (CHAIR, ANNA, BO, CILLA, FELIX)),
        ((CHAIR, ANNA, EVA, FELIX), (), (CHAIR, ANNA, EVA, FELIX)),
        ((EVA, FELIX), (), (EVA, FELIX)),
        ((), (), ()),
        ((CHAIR, UUID(int=77)), (), (CHAIR,)),
    ],
)
def test_deputies_take_the_places_of_members_who_are_away_or_left(present, left, expected):
    assert voting(BOARD, present, left) == expected


people = st.sets(st.sampled_from(sorted(EVERYBODY)))


@given(present=people, left=people)
def test_nobody_votes_who_is_away_or_left_and_never_more_than_there_are_seats(present, left):
    voters = voting(BOARD, present, left)
    assert set(voters) <= present - left
    assert len(set(voters)) == len(voters) <= 5


@given(present=people, left=people, leaver=st.sampled_from(sorted(EVERYBODY)))
def test_leaving_the_room_never_adds_a_vote(present, left, leaver):
    assert len(voting(BOARD, present, left | {leaver})) <= len(voting(BOARD, present, left))


@given(present=people, left=people, comer=st.sampled_from(sorted(EVERYBODY)))
def test_coming_to_the_meeting_never_takes_a_vote_away(present, left, comer):
    assert len(voting(BOARD, present | {comer}, left)) >= len(voting(BOARD, present, left))


@given(present=people, left=people)
def test_a_member_in_the_room_without_a_conflict_always_votes(present, left):
    members = {seat.user_id for seat in BOARD if seat.kind != "deputy"}
    assert members & present - left <= set(voting(BOARD, present, left))


def test_quorum_is_counted_per_item_after_those_in_conflict_have_left():
    assert item(present=(CHAIR, ANNA, BO)).has_quorum
    assert not item(present=(CHAIR, ANNA, BO), left=(BO,)).has_quorum
    assert item(present=(CHAIR, ANNA, BO, EVA), left=(BO,)).has_quorum


def test_a_member_chairs_only_where_the_chair_is_away():
    assert may_chair(BOARD, EVERYBODY, CHAIR)
    assert not may_chair(BOARD, EVERYBODY, ANNA)
    assert may_chair(BOARD, {ANNA, BO}, ANNA)
    assert not may_chair(BOARD, {ANNA, BO}, CHAIR)
    assert not may_chair(BOARD, {ANNA, UUID(int=77)}, UUID(int=77))


def test_an_item_waits_until_it_is_carried_out_adjourned_or_sent_back():
    assert Agenda((item(),)).open_item("adopt") is not None
    assert Agenda((item(outcome="adopted"),)).open_item("adopt") is not None
    assert Agenda((item(),)).open_item("cancel") is None
    for closed in (
        {"outcome": "adjourned"},
        {"outcome": "sent_back"},
        {"outcome": "adopted", "effective": True},
    ):
        assert Agenda((item(**closed),)).open_item("adopt") is None
