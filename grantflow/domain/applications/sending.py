"""What guards know of an application that is to be sent: times, answers, frame, window."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from grantflow.domain.calls.forms import Form
from grantflow.domain.money import share_of


@dataclass(frozen=True, slots=True)
class SendingTimes:
    """When an application may be sent, by the dates of its own stage and not by where a timer has got to."""

    dates: Mapping[str, datetime]
    deadline: datetime | None
    """The last moment to send in time, by the date that the scheme says is the deadline."""
    registered_at: datetime | None
    standing_still: bool
    """Whether the call is suspended or called off."""
    on_paper: bool = False
    """Whether an officer enters what came on paper (P6): its true arrival counts, not the moment of entering it."""

    def is_late(self, now: datetime) -> bool:
        """Whether something that arrives now is late; the very moment of the deadline is."""
        return self.deadline is not None and now >= self.deadline


@dataclass(frozen=True, slots=True)
class FilledForm:
    """The pinned form of an application's stage, and the answers as last saved."""

    form: Form
    answers: Mapping[str, Any]
    revision: int


@dataclass(frozen=True, slots=True)
class FrameServed:
    """Which actions an application names, of those in the frame that is in force."""

    has_lab: bool
    offered: frozenset[int]
    named: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class WindowLimits:
    """What an application asks for, and the limits of the window that it asks."""

    asked: int | None
    cost: int | None
    nuts: str | None
    window: str | None
    currency: str
    minimum: int
    maximum: int
    rate: int
    territory: tuple[str, ...]

    @property
    def most(self) -> int:
        """The most that may be asked for: the window's maximum, or its share of the cost."""
        return min(self.maximum, share_of(self.cost or 0, self.rate))

    @property
    def inside_territory(self) -> bool:
        """Whether the window may fund where the applicant is."""
        return not self.territory or any((self.nuts or "").startswith(code) for code in self.territory)


@dataclass(frozen=True, slots=True)
class CompletionAsked:
    """The open request for what was missing, if there is one, and whether anything was saved since."""

    sections: tuple[str, ...]
    saved_since: bool


@dataclass(frozen=True, slots=True)
class LabBar:
    """Who wrote on the frame for the programme: they may neither apply inside it nor review (equal access)."""

    authors: frozenset[UUID]
    in_organisation: bool
    """Whether one of them belongs to the organisation that applies."""
    on_paper: bool = False
    """Whether an officer enters what came on paper: who enters it does not apply."""


@dataclass(frozen=True, slots=True)
class Conflicts:
    """Who has a hard conflict of interest with an application on record."""

    people: frozenset[UUID]


def named_sections(text: str) -> tuple[str, ...]:
    """Return the sections that somebody listed in one line, divided by commas or spaces."""
    return tuple(dict.fromkeys(text.replace(",", " ").split()))
