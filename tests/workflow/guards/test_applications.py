"""Guards of applications: what they let pass, and each reason by its code."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from grantflow.domain.actor import Actor
from grantflow.domain.applications.checking import Checklist
from grantflow.domain.applications.sending import (
    CompletionAsked,
    Conflicts,
    FilledForm,
    FrameServed,
    LabBar,
    SendingTimes,
    WindowLimits,
)
from grantflow.domain.calls.forms import Field, Form, Section
from grantflow.workflow.guards import applications as guards
from grantflow.workflow.registry import Ask, GuardSpec

NOON = datetime(2018, 12, 12, 12, tzinfo=UTC)
KARIN = UUID(int=7)


def codes(guard: GuardSpec, *facts: object, now: datetime = NOON, given=None, data=None) -> list[str]:
    ask = Ask(Actor("person", KARIN), now, given or {}, data or {})
    found = guard(facts, ask)
    assert all(refusal.sentence for refusal in found)
    return [refusal.code for refusal in found]


def times(
    deadline: timedelta | None = None,
    registration: timedelta | None = None,
    registered: timedelta | None = None,
    *,
    standing_still: bool = False,
) -> SendingTimes:
    dates = {"submission_deadline": deadline, "registration_deadline": registration}
    return SendingTimes(
        {name: NOON + at for name, at in dates.items() if at is not None},
        None if deadline is None else NOON + deadline,
        None if registered is None else NOON + registered,
        standing_still=standing_still,
    )


HOUR = timedelta(hours=1)
UNTIL = {"until": "registration_deadline"}


@pytest.mark.parametrize(
    ("known", "in_time", "late"),
    [
        (times(HOUR), [], ["not_late"]),
        (times(timedelta()), ["deadline_passed"], []),
        (times(-HOUR), ["deadline_passed"], []),
        (times(), [], ["not_late"]),
        (times(HOUR, standing_still=True), ["call_stands_still"], ["call_stands_still"]),
    ],
)
def test_the_moment_of_sending_decides_what_is_late(known, in_time, late) -> None:
    assert codes(guards.window_open, known) == in_time
    assert codes(guards.window_closed, known) == late


@pytest.mark.parametrize(
    ("known", "to_register", "to_send"),
    [
        (times(HOUR), [], []),
        (times(HOUR, registration=HOUR), [], ["not_registered"]),
        (times(HOUR, registration=HOUR, registered=-HOUR), ["already_registered"], []),
        (times(HOUR, registration=-HOUR), ["registration_closed"], ["not_registered"]),
        (
            times(2 * HOUR, registration=-HOUR, registered=timedelta()),
            ["already_registered", "registration_closed"],
            ["registered_late"],
        ),
        (times(-HOUR), ["registration_closed"], []),
    ],
)
def test_registration_has_its_own_end_where_the_call_has_one(known, to_register, to_send) -> None:
    assert codes(guards.registration_open, known, given=UNTIL) == to_register
    assert codes(guards.registered_in_time, known, given=UNTIL) == to_send


def form() -> Form:
    def section(name: str, *, may_be_completed: bool) -> Section:
        fields = (Field(f"{name}_text", "short_text", {"en": name}, {}, True, False, None, None, None, {}),)
        return Section(name, {}, {}, may_be_completed, fields)

    return Form(
        "seed",
        1,
        "en",
        {},
        (section("idea", may_be_completed=False), section("budget", may_be_completed=True)),
    )


def filled(**answers: Any) -> FilledForm:
    return FilledForm(form(), answers, 3)


def test_a_form_is_sent_when_everything_is_answered() -> None:
    assert codes(guards.form_complete, filled(idea_text="x", budget_text="y")) == []
    assert codes(guards.form_complete, filled(idea_text="x")) == ["field_missing"]


@pytest.mark.parametrize(
    ("sections", "expected"),
    [
        ("budget", []),
        ("budget, idea", ["section_not_completable"]),
        ("partners", ["unknown_section"]),
    ],
)
def test_only_what_is_not_scored_is_reopened(sections: str, expected: list[str]) -> None:
    assert codes(guards.sections_may_be_completed, filled(), data={"sections": sections}) == expected


def test_a_completion_needs_something_new_and_a_whole_form() -> None:
    whole = filled(idea_text="x", budget_text="y")
    assert codes(guards.completion_given, whole, CompletionAsked(("budget",), saved_since=True)) == []
    untouched = CompletionAsked(("budget",), saved_since=False)
    assert codes(guards.completion_given, filled(idea_text="x"), untouched) == [
        "nothing_completed",
        "field_missing",
    ]


@pytest.mark.parametrize(
    ("frame", "expected"),
    [
        (FrameServed(has_lab=False, offered=frozenset(), named=()), []),
        (FrameServed(has_lab=True, offered=frozenset({1, 2}), named=(2,)), []),
        (FrameServed(has_lab=True, offered=frozenset({1, 2}), named=()), ["no_action_named"]),
        (FrameServed(has_lab=True, offered=frozenset({1, 2}), named=(2, 3, 4)), ["action_not_in_frame"] * 2),
    ],
)
def test_the_fund_invests_only_inside_the_frame(frame: FrameServed, expected: list[str]) -> None:
    assert codes(guards.inside_frame, frame) == expected


LIMITS = WindowLimits(30_000, 60_000, "SE312", "seed_fund", "EUR", 8_000, 40_000, 6_000, ("SE311", "SE312"))


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({}, []),
        ({"asked": 36_000}, []),
        ({"asked": 36_001}, ["above_maximum"]),
        ({"asked": 40_001, "cost": 90_000}, ["above_maximum"]),
        ({"asked": 7_999}, ["below_minimum"]),
        ({"asked": None}, ["nothing_asked"]),
        ({"cost": 0}, ["no_cost"]),
        ({"nuts": "SE110"}, ["outside_territory"]),
        ({"nuts": None, "asked": 1}, ["outside_territory", "below_minimum"]),
        ({"territory": (), "nuts": None}, []),
        ({"window": None}, ["no_window"]),
    ],
)
def test_the_window_has_limits(changed: dict[str, Any], expected: list[str]) -> None:
    assert codes(guards.within_window_limits, replace(LIMITS, **changed)) == expected


@pytest.mark.parametrize(
    ("bar", "expected"),
    [
        (LabBar(frozenset(), in_organisation=False), []),
        (LabBar(frozenset({KARIN}), in_organisation=True), ["barred_by_lab"]),
        (LabBar(frozenset({UUID(int=9)}), in_organisation=True), ["organisation_barred_by_lab"]),
        (LabBar(frozenset({KARIN}), in_organisation=False, on_paper=True), []),
        (LabBar(frozenset({KARIN}), in_organisation=True, on_paper=True), ["organisation_barred_by_lab"]),
    ],
)
def test_who_wrote_on_the_frame_does_not_apply_inside_it(bar: LabBar, expected: list[str]) -> None:
    assert codes(guards.not_barred_by_the_lab, bar) == expected


def test_a_conflict_on_record_keeps_a_person_out() -> None:
    assert codes(guards.not_in_conflict, Conflicts(frozenset({UUID(int=9)}))) == []
    assert codes(guards.not_in_conflict, Conflicts(frozenset({KARIN}))) == ["in_conflict"]


@pytest.mark.parametrize(
    ("answers", "complete", "met", "not_met"),
    [
        ({"a": "yes", "b": "not_applicable"}, [], [], ["no_item_unmet"]),
        ({"a": "yes", "b": "no"}, [], ["checklist_unmet"], []),
        ({}, ["checklist_open"] * 2, [], ["no_item_unmet"]),
    ],
)
def test_a_checklist_is_answered_before_it_says_anything(answers, complete, met, not_met) -> None:
    checklist = Checklist({"a": "First", "b": "Second"}, answers)
    assert codes(guards.checklist_complete, checklist) == complete
    assert codes(guards.checklist_met, checklist) == met
    assert codes(guards.checklist_not_met, checklist) == not_met


@pytest.mark.parametrize(
    ("arrived", "in_time", "late"),
    [
        (timedelta(hours=-3), [], ["arrived_in_time"]),
        (timedelta(hours=-1), ["arrived_late"], []),
        (timedelta(), ["arrived_late"], []),
        (timedelta(hours=1), ["arrives_in_future", "arrived_late"], ["arrives_in_future"]),
    ],
)
def test_paper_is_in_time_by_its_arrival(arrived: timedelta, in_time: list[str], late: list[str]) -> None:
    sent = replace(times(timedelta(hours=-1)), on_paper=True)
    data = {"arrived": NOON + arrived}
    assert codes(guards.arrived_in_time, sent, data=data) == in_time
    assert codes(guards.arrived_late, sent, data=data) == late


def test_paper_waits_while_the_call_stands_still() -> None:
    sent, data = replace(times(timedelta(hours=1)), standing_still=True), {"arrived": NOON}
    assert codes(guards.arrived_in_time, sent, data=data) == ["call_stands_still"]
    assert "call_stands_still" in codes(guards.arrived_late, sent, data=data)


def test_only_paper_is_begun_after_the_deadline_and_entered_as_paper() -> None:
    over, ahead = times(timedelta()), times(timedelta(hours=1))
    assert codes(guards.begun_in_time_or_on_paper, over) == ["too_late_to_begin"]
    assert codes(guards.begun_in_time_or_on_paper, replace(over, on_paper=True)) == []
    assert codes(guards.begun_in_time_or_on_paper, ahead) == []
    assert codes(guards.came_on_paper, ahead) == ["not_on_paper"]
    assert codes(guards.came_on_paper, replace(ahead, on_paper=True)) == []
