"""Guards on bodies: what each says, and when it says nothing."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from grantflow.domain.actor import SYSTEM, Actor
from grantflow.domain.programmes.bodies import Agenda, Item, SeatHeld
from grantflow.workflow.guards.bodies import (
    body_decided,
    body_sent_back,
    minutes_signed,
    quorum_lost,
    quorum_present,
)
from grantflow.workflow.registry import Ask

CHAIR, ANNA, BO, DEPUTY = (UUID(int=number) for number in range(1, 5))
SEATS = (
    SeatHeld(CHAIR, "chair"),
    SeatHeld(ANNA, "member"),
    SeatHeld(BO, "member"),
    SeatHeld(DEPUTY, "deputy"),
)
HELD = datetime(2026, 3, 2, 9, tzinfo=UTC)
SIGNED = {"outcome": "adopted", "signed_by_chair": True, "signed_by_adjuster": True}


def agenda(**more) -> Agenda:
    values = {
        "id": UUID(int=9),
        "number": 31,
        "matter": "adopt",
        "held_at": HELD,
        "seats": SEATS,
        "quorum": 2,
        "present": frozenset({CHAIR, ANNA}),
        "left": frozenset(),
        "outcome": None,
        "effective": False,
        "signed_by_chair": False,
        "signed_by_adjuster": False,
    }
    return Agenda((Item(**{**values, **more}),))


def ask(by: UUID | None = CHAIR, at: datetime = HELD + timedelta(hours=1), of: str = "adopt") -> Ask:
    return Ask(SYSTEM if by is None else Actor("person", by), at, {"of": of})


def codes(guard, facts, asked: Ask) -> list[str]:
    return [refusal.code for refusal in guard([facts], asked)]


@pytest.mark.parametrize(
    ("facts", "asked", "expected"),
    [
        (agenda(), ask(), []),
        (Agenda(()), ask(), ["not_on_agenda"]),
        (agenda(), ask(of="cancel"), ["not_on_agenda"]),
        (agenda(), ask(at=HELD - timedelta(minutes=1)), ["meeting_to_come"]),
        (agenda(present=frozenset({CHAIR})), ask(), ["quorum_missing"]),
        (agenda(left=frozenset({ANNA})), ask(), ["quorum_missing"]),
        (agenda(present=frozenset({CHAIR, ANNA, DEPUTY}), left=frozenset({ANNA})), ask(), []),
        (agenda(), ask(BO), ["not_among_the_voters"]),
        (agenda(), ask(None), ["not_among_the_voters"]),
        (agenda(effective=True), ask(), ["not_on_agenda"]),
    ],
)
def test_a_quorum_is_there_and_whoever_decides_is_part_of_it(facts, asked, expected):
    assert codes(quorum_present, facts, asked) == expected


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        (agenda(**SIGNED), []),
        (agenda(**{**SIGNED, "signed_by_adjuster": False}), ["adjuster_has_not_signed"]),
        (agenda(**{**SIGNED, "signed_by_chair": False}), ["chair_has_not_signed"]),
        (agenda(**{**SIGNED, "outcome": None}), ["item_undecided"]),
        (agenda(), ["item_undecided", "chair_has_not_signed", "adjuster_has_not_signed"]),
    ],
)
def test_a_decision_takes_effect_when_the_minutes_are_signed(facts, expected):
    assert codes(minutes_signed, facts, ask()) == expected


def test_minutes_say_nothing_where_the_quorum_says_it_already():
    assert codes(minutes_signed, Agenda(()), ask()) == []
    assert codes(body_decided, Agenda(()), ask()) == ["not_on_agenda"]
    assert codes(body_decided, agenda(), ask(BO)) == [
        "not_among_the_voters",
        "item_undecided",
        "chair_has_not_signed",
        "adjuster_has_not_signed",
    ]
    assert codes(body_decided, agenda(**SIGNED), ask()) == []


@pytest.mark.parametrize(
    ("facts", "asked", "expected"),
    [
        (agenda(present=frozenset({CHAIR})), ask(), []),
        (agenda(), ask(), ["quorum_is_there"]),
        (Agenda(()), ask(), ["not_on_agenda"]),
        (agenda(), ask(at=HELD - timedelta(days=1)), ["meeting_to_come"]),
        (agenda(present=frozenset({CHAIR}), outcome="adopted"), ask(), ["item_has_outcome"]),
        (agenda(present=frozenset({CHAIR}), outcome="adjourned"), ask(), ["not_on_agenda"]),
    ],
)
def test_an_item_is_adjourned_only_for_want_of_a_quorum(facts, asked, expected):
    assert codes(quorum_lost, facts, asked) == expected


SENT_BACK = {**SIGNED, "outcome": "sent_back"}


@pytest.mark.parametrize(
    ("facts", "asked", "expected"),
    [
        (agenda(**SENT_BACK), ask(), []),
        (Agenda(()), ask(), ["not_on_agenda"]),
        (agenda(**SENT_BACK), ask(of="cancel"), ["not_on_agenda"]),
        (agenda(**{**SENT_BACK, "effective": True}), ask(), ["not_on_agenda"]),
        (agenda(), ask(at=HELD - timedelta(days=1)), ["meeting_to_come"]),
        (agenda(), ask(), ["item_not_sent_back"]),
        (agenda(**SIGNED), ask(), ["item_not_sent_back"]),
        (agenda(**SENT_BACK), ask(BO), ["not_among_the_voters"]),
        (agenda(**{**SENT_BACK, "present": frozenset({CHAIR})}), ask(), ["quorum_missing"]),
        (
            agenda(outcome="sent_back"),
            ask(),
            ["chair_has_not_signed", "adjuster_has_not_signed"],
        ),
    ],
)
def test_what_comes_back_was_sent_back_by_the_body_and_its_minutes(facts, asked, expected):
    assert codes(body_sent_back, facts, asked) == expected
