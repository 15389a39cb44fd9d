"""A clock that stands still goes on with what was left: the same time has run in the end, however often it stood."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from random import Random
from zoneinfo import ZoneInfo

import pytest

from grantflow.domain.clocks import Run, due_after, working_time
from grantflow.domain.time import Span

ZONE = ZoneInfo("Europe/Stockholm")
DAYS_OFF = frozenset({date(2026, 4, 3), date(2026, 4, 6), date(2026, 5, 1), date(2026, 5, 14)})
TRIES = 300
TEN_DAYS = Span(10, "wd")


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZONE).astimezone(UTC)


def local(moment: datetime) -> datetime:
    return moment.astimezone(ZONE).replace(tzinfo=None)


def working(start: datetime, end: datetime) -> timedelta:
    return working_time(local(start), local(end), DAYS_OFF)


def drawn(seed: int) -> tuple[Span, list[Run], datetime]:
    """Draw a span and a life of its clock: started on a working day, stopped and gone on with a few times."""
    dice = Random(seed)
    span = Span(dice.randrange(1, 30), "wd")
    day = date(2026, 3, 2) + timedelta(days=dice.randrange(60))
    while day.weekday() > 4 or day in DAYS_OFF:
        day += timedelta(days=1)
    start = datetime(day.year, day.month, day.day, dice.randrange(5, 23), dice.randrange(60), tzinfo=ZONE)
    moments = [start.astimezone(UTC)]
    for _ in range(2 * dice.randrange(4)):
        moments.append(moments[-1] + timedelta(minutes=dice.randrange(4 * 24 * 60)))
    runs = [Run(begin, end) for begin, end in list(pairwise(moments))[::2]]
    return span, runs, moments[-1]


@pytest.mark.parametrize(
    ("stopped", "resumed", "due"),
    [
        ("2026-03-04 10:00", "2026-03-04 10:00", "2026-03-16 10:00"),  # it never stood
        ("2026-03-04 10:00", "2026-03-11 10:00", "2026-03-23 10:00"),  # five working days
        ("2026-03-04 16:00", "2026-03-05 09:00", "2026-03-17 03:00"),  # over night
        (
            "2026-03-06 23:00",
            "2026-03-08 23:00",
            "2026-03-16 11:00",
        ),  # an hour of Friday, and days without work
        ("2026-03-16 10:00", "2026-03-20 08:00", "2026-03-20 08:00"),  # it was due when it was stopped
        ("2026-03-18 10:00", "2026-03-20 08:00", "2026-03-20 08:00"),  # it was overdue
    ],
)
def test_it_goes_on_with_what_was_left(stopped: str, resumed: str, due: str):
    runs = [Run(at("2026-03-02 10:00"), at(stopped))]
    assert due_after(TEN_DAYS, runs, at(resumed), ZONE, DAYS_OFF) == at(due)


def test_a_clock_that_never_ran_is_due_its_whole_span_later():
    for seed in range(TRIES):
        span, _, resumed = drawn(seed)
        assert due_after(span, [], resumed, ZONE, DAYS_OFF) == span.after(resumed, ZONE, DAYS_OFF)


def test_a_clock_that_stood_for_no_time_is_due_as_if_it_had_not():
    for seed in range(TRIES):
        span, runs, _ = drawn(seed)
        start = runs[0].start if runs else at("2026-03-02 10:00")
        whole = span.after(start, ZONE, DAYS_OFF)
        moments = [start + (whole - start) * share / 4 for share in range(4)]
        unbroken = [Run(begin, end) for begin, end in pairwise(moments)]
        assert due_after(span, unbroken, moments[-1], ZONE, DAYS_OFF) == whole


def test_in_the_end_as_much_working_time_has_run_as_the_span_has():
    overdue = 0
    for seed in range(TRIES):
        span, runs, resumed = drawn(seed)
        start = runs[0].start if runs else resumed
        whole = working(start, span.after(start, ZONE, DAYS_OFF))
        ran = sum((working(run.start, run.end) for run in runs), timedelta())
        due = due_after(span, runs, resumed, ZONE, DAYS_OFF)
        if ran >= whole:
            overdue += 1
            assert due == resumed
        else:
            assert ran + working(resumed, due) == whole
    assert 0 < overdue < TRIES / 2


def test_the_later_it_goes_on_the_later_it_is_due():
    for seed in range(TRIES):
        span, runs, resumed = drawn(seed)
        if not runs:
            continue
        dues = [
            due_after(span, runs, resumed + timedelta(hours=7 * step), ZONE, DAYS_OFF) for step in range(12)
        ]
        assert dues == sorted(dues)
        assert dues[0] >= resumed
        assert dues[0] >= span.after(runs[0].start, ZONE, DAYS_OFF) or dues[0] == resumed


@pytest.mark.parametrize(
    ("span", "due"),
    [
        (Span(48, "h"), "2026-03-31 00:00"),
        (Span(2, "d"), "2026-03-31 00:00"),
        (Span(1, "w"), "2026-04-05 00:00"),
        (Span(1, "mo"), "2026-04-29 00:00"),
    ],
)
def test_other_spans_go_on_by_the_clock_on_the_wall(span: Span, due: str):
    runs = [Run(at("2026-03-27 06:00"), at("2026-03-27 12:00"))]
    assert due_after(span, runs, at("2026-03-29 06:00"), ZONE) == at(due)
