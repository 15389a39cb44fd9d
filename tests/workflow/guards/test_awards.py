"""Guards of proposals, decisions and awards: what they let pass, and each reason by its code."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from grantflow.domain.actor import Actor
from grantflow.domain.awards.deciding import (
    AwardStanding,
    Delegation,
    LetterRead,
    LettersRead,
    NextStage,
    PotPlanned,
    ProposalStanding,
    ReservePlace,
    RoundStanding,
    StageEntry,
    WindowMoney,
)
from grantflow.workflow.guards import awards as guards
from grantflow.workflow.registry import Ask, GuardSpec

NOON = datetime(2019, 2, 7, 12, tzinfo=UTC)
SOFIA = UUID(int=3)


def codes(guard: GuardSpec, *facts: object, now: datetime = NOON, given=None, data=None) -> list[str]:
    found = guard(facts, Ask(Actor("person", SOFIA), now, given or {}, data or {}))
    assert all(refusal.sentence for refusal in found)
    return [refusal.code for refusal in found]


def test_a_later_stage_may_be_for_those_who_completed_the_earlier() -> None:
    assert codes(guards.may_enter_this_stage, StageEntry(None, completed=False)) == []
    assert codes(guards.may_enter_this_stage, StageEntry(1, completed=True)) == []
    assert codes(guards.may_enter_this_stage, StageEntry(1, completed=False)) == ["stage_not_open"]
    assert codes(guards.somebody_may_enter_next_stage, NextStage(restricted=False, holders=0)) == []
    assert codes(guards.somebody_may_enter_next_stage, NextStage(restricted=True, holders=1)) == []
    assert codes(guards.somebody_may_enter_next_stage, NextStage(restricted=True, holders=0)) == [
        "nobody_may_enter"
    ]


def test_what_belongs_to_the_round_is_decided_in_it() -> None:
    before, after = RoundStanding(decided=False), RoundStanding(decided=True)
    assert (codes(guards.in_round, before), codes(guards.in_round, after)) == ([], ["round_decided"])
    assert (codes(guards.out_of_round, after), codes(guards.out_of_round, before)) == (
        [],
        ["round_not_decided"],
    )


PROPOSAL = ProposalStanding(
    exists=True,
    from_last_ranking=True,
    unproposed=(),
    unexplained=(),
    unfit=(),
    pots=(PotPlanned("seed_fund", "EUR", 100, 100),),
)


@pytest.mark.parametrize(
    ("changed", "proposed", "explained", "fits"),
    [
        ({}, [], [], []),
        ({"exists": False, "pots": ()}, ["no_proposal"], [], []),
        (
            {"from_last_ranking": False, "unproposed": ("NMS-1",)},
            ["proposal_outdated", "application_unproposed"],
            [],
            [],
        ),
        ({"unexplained": ("NMS-1", "NMS-2")}, [], ["departure_unexplained"] * 2, []),
        (
            {"unfit": ("NMS-1",), "pots": (PotPlanned("seed_fund", "EUR", 100, 101),)},
            [],
            [],
            ["proposal_over_budget", "sum_outside_limits"],
        ),
    ],
)
def test_a_proposal_is_whole_explained_and_within_the_money(changed, proposed, explained, fits) -> None:
    standing = replace(PROPOSAL, **changed)
    assert codes(guards.every_application_proposed, standing) == proposed
    assert codes(guards.departures_explained, standing) == explained
    assert codes(guards.proposal_within_budget, standing) == fits


@pytest.mark.parametrize(
    ("delegation", "data", "expected"),
    [
        (Delegation(SOFIA, 30, "EUR", 30), {}, []),
        (Delegation(None, 30, "EUR", 30), {}, []),
        (Delegation(SOFIA, 30, "EUR", 31), {}, ["above_delegation"]),
        (Delegation(SOFIA, 30, "EUR", 31), {"amount": 30}, []),
        (Delegation(UUID(int=9), 0, "EUR", 1), {}, ["not_the_delegate", "above_delegation"]),
    ],
)
def test_a_delegate_decides_up_to_what_was_delegated(delegation, data, expected) -> None:
    assert codes(guards.delegation_covers, delegation, data=data) == expected


MONEY = WindowMoney(
    "seed_fund", "EUR", free=30, granted=30, asked=50, minimum=10, maximum=40, rate=6_000, cost=100
)


@pytest.mark.parametrize(
    ("changed", "data", "expected"),
    [
        ({}, {}, []),
        ({"free": 29}, {}, ["budget_gone"]),
        ({}, {"amount": 31}, ["budget_gone"]),
        ({"free": 99}, {"amount": 41}, ["sum_outside_limits"]),
        ({"free": 99, "cost": 50}, {"amount": 31}, ["sum_outside_limits"]),
        ({}, {"amount": 9}, ["sum_outside_limits"]),
        ({"granted": 0, "minimum": 0}, {}, ["sum_outside_limits"]),
    ],
)
def test_money_is_granted_within_the_limits_and_what_is_left(changed, data, expected) -> None:
    assert codes(guards.budget_left, replace(MONEY, **changed), data=data) == expected


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"asked": 30}, []),
        ({"asked": 31}, ["budget_gone"]),
        ({"asked": 9}, ["sum_outside_limits"]),
        ({"asked": 41, "free": 99}, ["sum_outside_limits"]),
    ],
)
def test_a_rule_grants_what_is_asked_for_whatever_else_is_told(changed, expected) -> None:
    asked = replace(MONEY, granted=0, **changed)

    assert codes(guards.budget_left_for_what_is_asked, asked, data={"amount": 20}) == expected


def test_the_reserve_moves_up_in_its_order_or_with_a_reason_and_until_its_end() -> None:
    first = ReservePlace((), NOON, "Europe/Stockholm", frozenset())
    second = replace(first, ahead=("NMS-3",))
    assert codes(guards.reserve_in_order, first) == []
    assert codes(guards.reserve_in_order, second, data={"passed_over": " "}) == ["reserve_out_of_order"]
    assert codes(guards.reserve_in_order, second, data={"passed_over": "It is too large."}) == []
    period = {"period": "6mo"}
    end = datetime(2019, 8, 7, 11, tzinfo=UTC)
    assert codes(guards.reserve_not_ended, first, now=end - timedelta(seconds=1), given=period) == []
    assert codes(guards.reserve_not_ended, first, now=end, given=period) == ["reserve_over"]


def test_no_letter_leaves_that_nobody_read() -> None:
    assert codes(guards.letter_previewed, LetterRead(decided=True, read=True)) == []
    assert codes(guards.letter_previewed, LetterRead(decided=True, read=False)) == ["letter_unread"]
    assert codes(guards.letters_previewed, LettersRead(2, ())) == []
    assert codes(guards.letters_previewed, LettersRead(2, ("NMS-1",))) == ["letters_unread"]


AWARD = AwardStanding(
    signatories=frozenset({SOFIA}),
    open_conditions=frozenset({2}),
    offered_at=NOON,
    zone="Europe/Stockholm",
    days_off=frozenset[date](),
    accepted=False,
    currency="EUR",
    amount=100,
    rate=6_000,
    reported_cost=150,
    summary="It ran all winter.",
)


def test_a_yes_binds_only_by_somebody_who_may_sign() -> None:
    assert codes(guards.signatory_authorised, AWARD) == []
    assert codes(guards.signatory_authorised, replace(AWARD, signatories=frozenset())) == ["not_authorised"]


def test_conditions_are_fulfilled_one_by_one() -> None:
    done = replace(AWARD, open_conditions=frozenset())
    assert (codes(guards.has_open_conditions, AWARD), codes(guards.has_open_conditions, done)) == (
        [],
        ["no_open_condition"],
    )
    assert (codes(guards.has_no_open_conditions, done), codes(guards.has_no_open_conditions, AWARD)) == (
        [],
        ["conditions_open"],
    )
    assert codes(guards.condition_is_open, AWARD, data={"condition": "2"}) == []
    assert codes(guards.condition_is_open, AWARD, data={"condition": "1"}) == ["condition_unknown"]


@pytest.mark.parametrize(
    ("changed", "after", "expected"),
    [
        ({}, timedelta(days=30), []),
        ({}, timedelta(days=29), ["not_overdue"]),
        ({"accepted": True}, timedelta(days=31), ["already_accepted"]),
    ],
)
def test_an_award_lapses_only_when_its_time_to_accept_has_passed(
    changed: dict[str, Any], after: timedelta, expected: list[str]
) -> None:
    award = replace(AWARD, **changed)
    assert codes(guards.acceptance_overdue, award, now=NOON + after, given={"period": "30d"}) == expected


def test_a_report_says_what_was_done_and_what_it_cost() -> None:
    assert codes(guards.report_plausible, AWARD) == []
    assert codes(guards.report_plausible, replace(AWARD, summary=" ", reported_cost=0)) == [
        "report_empty",
        "report_without_cost",
    ]
