"""Guards on the call itself: complete, with or without a lab, its deadline, its money, its stages."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from grantflow.domain.calls.facts import CallDeadline, CallMoney, CallOutline
from grantflow.domain.refusal import Refusal
from grantflow.workflow.registry import Ask, guard


@guard()
def call_complete(outline: CallOutline, ask: Ask) -> Iterable[Refusal]:
    """The call has its dates, all of them still to come, and its money."""
    del ask
    for name in outline.dates_missing:
        yield Refusal("date_missing", "The date “%(date)s” is not set yet.", {"date": name}, f"dates.{name}")
    for name in outline.dates_past:
        yield Refusal("date_past", "The date “%(date)s” lies in the past.", {"date": name}, f"dates.{name}")
    if not outline.windows:
        yield Refusal("money_missing", "No funder has opened a window for this call yet.", {}, "windows")
    for name in outline.empty_windows:
        yield Refusal(
            "window_empty", "There is no money in the window “%(window)s”.", {"window": name}, "windows"
        )


@guard()
def call_has_lab(outline: CallOutline, ask: Ask) -> Iterable[Refusal]:
    """A challenge lab comes before the money."""
    del ask
    if not outline.has_lab:
        yield Refusal("call_without_lab", "This call has no lab.")


@guard()
def call_has_no_lab(outline: CallOutline, ask: Ask) -> Iterable[Refusal]:
    """No challenge lab comes before the money."""
    del ask
    if outline.has_lab:
        yield Refusal("call_with_lab", "This call begins with its lab.")


@guard()
def has_next_stage(outline: CallOutline, ask: Ask) -> Iterable[Refusal]:
    """The call has a further stage."""
    del ask
    if outline.stage >= outline.stages:
        yield Refusal("last_stage", "This is the last stage of the call.")


@guard()
def deadline_moves_later(standing: CallDeadline, ask: Ask) -> Iterable[Refusal]:
    """The new deadline lies later than the present one."""
    if standing.deadline is None:
        yield Refusal("no_deadline", "No deadline is running that could be moved.")
        return
    day = ask.data.get("new_deadline")
    if isinstance(day, date):
        yield from _later(standing, day, ask)


@guard()
def resumes_in_time(standing: CallDeadline, ask: Ask) -> Iterable[Refusal]:
    """A deadline that has passed meanwhile is set anew, later than it was."""
    if standing.deadline is None:
        return
    day = ask.data.get("new_deadline")
    if isinstance(day, date):
        yield from _later(standing, day, ask)
    elif standing.deadline.at <= ask.now:
        yield Refusal(
            "deadline_passed_meanwhile",
            "The deadline passed while the call stood still. Set a new one, so that nobody loses by the pause.",
            {},
            "new_deadline",
        )


def _later(standing: CallDeadline, day: date, ask: Ask) -> Iterable[Refusal]:
    assert standing.deadline is not None
    moved = standing.deadline.moved_to(day).instant
    if moved <= standing.deadline.at:
        yield Refusal(
            "deadline_not_later",
            "A deadline moves later, never earlier; it is on %(date)s now.",
            {"date": standing.deadline.local.date().isoformat()},
            "new_deadline",
        )
    elif moved <= ask.now:
        yield Refusal("deadline_past", "The new deadline lies in the past.", {}, "new_deadline")


@guard()
def envelope_covers_what_is_used(money: CallMoney, ask: Ask) -> Iterable[Refusal]:
    """The new envelope covers what is already decided and promised from it."""
    name, new = ask.data.get("window"), ask.data.get("new_envelope")
    if name is None:
        return
    window = money.windows.get(name)
    if window is None:
        known = {"window": name, "known": ", ".join(sorted(money.windows))}
        yield Refusal(
            "unknown_window", "There is no window “%(window)s”; there are: %(known)s.", known, "window"
        )
    elif isinstance(new, int) and new < window.used:
        yield Refusal(
            "envelope_below_used",
            "More than that is decided or promised from this window already.",
            {"used": window.used, "new": new},
            "new_envelope",
        )
