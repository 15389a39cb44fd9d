"""Guards on the call and its dates: what each says, and when it says nothing."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from grantflow.domain.actor import SYSTEM
from grantflow.domain.calls.facts import (
    CallDates,
    CallDeadline,
    CallMoney,
    CallOutline,
    Deadline,
    WindowMoney,
)
from grantflow.workflow.guards.calls import (
    call_complete,
    call_has_lab,
    call_has_no_lab,
    deadline_moves_later,
    envelope_covers_what_is_used,
    has_next_stage,
    resumes_in_time,
)
from grantflow.workflow.guards.dates import date_reached, next_stage_date_reached
from grantflow.workflow.registry import Ask

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
DEADLINE = CallDeadline(Deadline("submission_deadline", datetime(2026, 3, 20, 14), "Europe/Stockholm"))  # noqa: DTZ001 - local words


def outline(**more) -> CallOutline:
    values = {
        "has_lab": True,
        "stage": 1,
        "stages": 1,
        "dates_missing": (),
        "dates_past": (),
        "windows": 1,
        "empty_windows": (),
    }
    return CallOutline(**{**values, **more})


def codes(guard, fact, *, now=NOW, given=None, **data) -> list[str]:
    return [refusal.code for refusal in guard([fact], Ask(SYSTEM, now, given or {}, data))]


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        (outline(), []),
        (outline(dates_missing=("fund_opens", "submission_deadline")), ["date_missing", "date_missing"]),
        (outline(dates_past=("fund_opens",)), ["date_past"]),
        (outline(windows=0), ["money_missing"]),
        (outline(empty_windows=("seed_fund",)), ["window_empty"]),
    ],
)
def test_a_call_is_complete_with_dates_to_come_and_money(facts, expected):
    assert codes(call_complete, facts) == expected


def test_every_call_has_a_lab_or_none():
    for has_lab in (True, False):
        assert bool(codes(call_has_lab, outline(has_lab=has_lab))) == (not has_lab)
        assert bool(codes(call_has_no_lab, outline(has_lab=has_lab))) == has_lab


def test_the_last_stage_has_none_after_it():
    assert codes(has_next_stage, outline(stage=1, stages=2)) == []
    assert codes(has_next_stage, outline(stage=2, stages=2)) == ["last_stage"]


@pytest.mark.parametrize(
    ("fact", "now", "day", "expected"),
    [
        (DEADLINE, NOW, date(2026, 3, 21), []),
        (DEADLINE, NOW, None, []),
        (DEADLINE, NOW, date(2026, 3, 20), ["deadline_not_later"]),
        (DEADLINE, NOW, date(2026, 3, 1), ["deadline_not_later"]),
        (DEADLINE, NOW + timedelta(days=30), date(2026, 3, 25), ["deadline_past"]),
        (CallDeadline(None), NOW, date(2026, 3, 21), ["no_deadline"]),
    ],
)
def test_a_deadline_moves_later_never_earlier(fact, now, day, expected):
    data = {} if day is None else {"new_deadline": day}
    assert codes(deadline_moves_later, fact, now=now, **data) == expected


@pytest.mark.parametrize(
    ("fact", "now", "day", "expected"),
    [
        (CallDeadline(None), NOW, None, []),
        (DEADLINE, NOW, None, []),
        (DEADLINE, datetime(2026, 3, 20, 13, tzinfo=UTC), None, ["deadline_passed_meanwhile"]),
        (DEADLINE, NOW + timedelta(days=30), date(2026, 3, 25), ["deadline_past"]),
        (DEADLINE, NOW + timedelta(days=30), date(2026, 4, 25), []),
        (DEADLINE, NOW, date(2026, 3, 19), ["deadline_not_later"]),
    ],
)
def test_a_halted_call_resumes_with_a_deadline_to_come(fact, now, day, expected):
    data = {} if day is None else {"new_deadline": day}
    assert codes(resumes_in_time, fact, now=now, **data) == expected


def test_a_moved_deadline_keeps_its_time_of_day_over_a_clock_change():
    assert DEADLINE.deadline is not None
    assert DEADLINE.deadline.at == datetime(2026, 3, 20, 13, tzinfo=UTC)
    assert DEADLINE.deadline.moved_to(date(2026, 4, 20)).instant == datetime(2026, 4, 20, 12, tzinfo=UTC)


MONEY = CallMoney({"seed_fund": WindowMoney(1000, 200, 300), "top_up": WindowMoney(50, 0, 0)})


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ({}, []),
        ({"window": "seed_fund", "new_envelope": 500}, []),
        ({"window": "seed_fund", "new_envelope": 499}, ["envelope_below_used"]),
        ({"window": "seedfund", "new_envelope": 5000}, ["unknown_window"]),
        ({"window": "top_up", "new_envelope": 0}, []),
    ],
)
def test_an_envelope_covers_what_is_used(data, expected):
    assert codes(envelope_covers_what_is_used, MONEY, **data) == expected


def test_a_date_is_reached_at_its_very_moment():
    dates = CallDates({"fund_opens": NOW}, {"fund_opens": NOW + timedelta(days=9)})
    asked = {"date": "fund_opens"}
    assert codes(date_reached, dates, given=asked) == []
    assert codes(date_reached, dates, given=asked, now=NOW - timedelta(seconds=1)) == ["too_early"]
    assert codes(next_stage_date_reached, dates, given=asked) == ["too_early"]
    assert codes(next_stage_date_reached, CallDates({}, {}), given=asked) == ["date_not_set"]
