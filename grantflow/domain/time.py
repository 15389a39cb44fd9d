"""Time: instants in UTC, spans, working days, and deadlines that keep their local words."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Container
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

Unit = Literal["min", "h", "d", "wd", "w", "mo"]
_SPAN = re.compile(r"(\d{1,4})(min|h|d|wd|w|mo)")


def instant(value: datetime) -> datetime:
    """Return an aware time in UTC; a naive one is an error, never a guess."""
    if value.tzinfo is None:
        raise ValueError("a time without a zone is not an instant")
    return value.astimezone(UTC)


def utc_text(value: datetime) -> str:
    """Return the fixed-width ISO text of an instant, with Z: what is stored, hashed and printed for machines."""
    return instant(value).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"


def from_utc_text(text: str) -> datetime:
    """Return the instant that `utc_text` wrote."""
    if len(text) != 27 or text[-1] != "Z":
        raise ValueError(f"{text!r} is no instant as it is stored")
    return datetime.fromisoformat(text)


@dataclass(frozen=True, slots=True)
class Span:
    """A length of time as people write it: `90min`, `48h`, `10d`, `10wd` (working days), `3w`, `12mo`."""

    count: int
    unit: Unit

    @classmethod
    def parse(cls, text: str) -> Span:
        """Read `10d` and the like.

        Raises:
            ValueError: the text is none of the known forms.
        """
        match = _SPAN.fullmatch(text)
        if match is None:
            raise ValueError(f"{text!r} is not a span such as 90min, 48h, 10d, 10wd, 3w or 12mo")
        return cls(int(match[1]), match[2])  # type: ignore[arg-type]  # the pattern admits exactly the units

    def __str__(self) -> str:
        return f"{self.count}{self.unit}"

    def after(self, start: datetime, zone: ZoneInfo, days_off: Container[date] = ()) -> datetime:
        """Return the instant this long after `start`; days, weeks and months keep the local time of day."""
        return self._from(start, zone, days_off, 1)

    def before(self, start: datetime, zone: ZoneInfo, days_off: Container[date] = ()) -> datetime:
        """Return the instant this long before `start`."""
        return self._from(start, zone, days_off, -1)

    def _from(self, start: datetime, zone: ZoneInfo, days_off: Container[date], sign: int) -> datetime:
        if self.unit in ("min", "h"):
            return start + sign * timedelta(minutes=self.count * (60 if self.unit == "h" else 1))
        local = start.astimezone(zone).replace(tzinfo=None)
        if self.unit == "mo":
            moved = _add_months(local, sign * self.count)
        elif self.unit == "wd":
            moved = _add_working_days(local, sign * self.count, days_off)
        else:
            moved = local + sign * timedelta(days=self.count * (7 if self.unit == "w" else 1))
        return at_local(moved, zone)


def at_local(local: datetime, zone: ZoneInfo) -> datetime:
    """Return the instant of a local date-time; in the gap of a clock change, the hour after it; when doubled, the first."""
    return local.replace(tzinfo=zone, fold=0).astimezone(UTC)


@dataclass(frozen=True, slots=True)
class LocalTime:
    """A date as a call announces it: local words and zone, from which the instant follows."""

    local: datetime
    zone: str

    def __post_init__(self) -> None:
        if self.local.tzinfo is not None:
            raise ValueError("the local words of a date carry no zone; the zone stands beside them")

    @property
    def instant(self) -> datetime:
        """The moment in UTC."""
        return at_local(self.local, ZoneInfo(self.zone))

    def __str__(self) -> str:
        return f"{self.local:%Y-%m-%d %H:%M} {self.zone}"


def _add_months(local: datetime, months: int) -> datetime:
    year, month = divmod(local.year * 12 + local.month - 1 + months, 12)
    return local.replace(year=year, month=month + 1, day=min(local.day, monthrange(year, month + 1)[1]))


def _add_working_days(local: datetime, days: int, days_off: Container[date]) -> datetime:
    step, left = (1 if days >= 0 else -1), abs(days)
    while left:
        local += timedelta(days=step)
        if local.weekday() < 5 and local.date() not in days_off:
            left -= 1
    return local
