"""What guards know of a call."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from grantflow.domain.time import LocalTime


@dataclass(frozen=True, slots=True)
class CallOutline:
    """The shape of a call: with a lab or without, how many stages, what it has not set yet."""

    has_lab: bool
    stage: int
    stages: int
    dates_missing: tuple[str, ...]
    """Dates that some stage needs and does not set."""
    dates_past: tuple[str, ...]
    """Dates of the first stage that lie behind."""
    windows: int
    empty_windows: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CallDates:
    """The dates of the stage that a call is in, and of the one after."""

    now: Mapping[str, datetime]
    next: Mapping[str, datetime]
    zone: str = "UTC"
    """The zone in which people read them."""


@dataclass(frozen=True, slots=True)
class Deadline:
    """The date at which the clock ends the state that a call is in; of a suspended call, the state it returns to."""

    name: str
    local: datetime
    zone: str

    @property
    def at(self) -> datetime:
        """The instant."""
        return LocalTime(self.local, self.zone).instant

    def moved_to(self, day: date) -> LocalTime:
        """Return the deadline on another day, at its time of day."""
        return LocalTime(datetime.combine(day, self.local.time()), self.zone)


@dataclass(frozen=True, slots=True)
class CallDeadline:
    """The deadline under which a call stands now, if it stands under one."""

    deadline: Deadline | None


@dataclass(frozen=True, slots=True)
class WindowMoney:
    """A window's envelope and what of it is used."""

    envelope: int
    reserved: int
    committed: int

    @property
    def used(self) -> int:
        """What is decided or promised."""
        return self.reserved + self.committed


@dataclass(frozen=True, slots=True)
class CallMoney:
    """The windows of a call by name."""

    windows: Mapping[str, WindowMoney]
    further: int = 0
    """What the further rounds have that continue the call; their projects lie inside the same frame."""

    @property
    def envelope(self) -> int:
        """What the call has in all."""
        return sum(window.envelope for window in self.windows.values())

    @property
    def fund(self) -> int:
        """What there is for the frame: the call's own money and that of its further rounds."""
        return self.envelope + self.further
