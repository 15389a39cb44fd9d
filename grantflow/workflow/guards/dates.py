"""Guards on the dates of a call."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from grantflow.domain.calls.facts import CallDates
from grantflow.domain.refusal import Refusal
from grantflow.workflow.registry import Ask, guard


@guard(takes={"date": "date"})
def date_reached(dates: CallDates, ask: Ask) -> Iterable[Refusal]:
    """A date of the call has come."""
    return _reached(dates.now, dates.zone, ask)


@guard(takes={"date": "date"})
def next_stage_date_reached(dates: CallDates, ask: Ask) -> Iterable[Refusal]:
    """A date of the call's next stage has come."""
    return _reached(dates.next, dates.zone, ask)


def _reached(dates: Mapping[str, datetime], zone: str, ask: Ask) -> Iterable[Refusal]:
    name = ask.given["date"]
    at = dates.get(name)
    if at is None:
        yield Refusal("date_not_set", "The date “%(date)s” is not set.", {"date": name}, f"dates.{name}")
    elif ask.now < at:
        local = at.astimezone(ZoneInfo(zone))
        yield Refusal(
            "too_early",
            "This is possible from %(at)s on.",
            {"at": f"{local:%Y-%m-%d %H:%M}", "date": name},
            f"dates.{name}",
        )
