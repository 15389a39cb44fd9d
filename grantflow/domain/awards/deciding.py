"""What guards know when something is decided: money, delegation, queue, letters, proposal."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal
from uuid import UUID
from zoneinfo import ZoneInfo

from grantflow.domain.money import share_of
from grantflow.domain.time import Span

DecisionKind = Literal[
    "yes", "reserve", "no", "ineligible", "dismissed", "admitted", "lapsed", "terminated", "annulled"
]


def kind_of(before: frozenset[str], after: frozenset[str]) -> DecisionKind:
    """Return what a step of an application decides, from the meaning of the states that it leaves and enters."""
    if "funded" in after:
        return "yes"
    if "refused" in after:
        return "no"
    if "ineligible" in after:
        return "dismissed" if "late" in after else "ineligible"
    if "late" in before:
        return "admitted"
    raise ValueError("a step that is recorded as a decision leads to a state that says what was decided")


@dataclass(frozen=True, slots=True)
class StageEntry:
    """Whether a stage is open only to those who completed an earlier one, and whether the applicant did."""

    needs_stage: int | None
    completed: bool


@dataclass(frozen=True, slots=True)
class RoundStanding:
    """Whether the stage to which an application belongs has been decided on already."""

    decided: bool


@dataclass(frozen=True, slots=True)
class WindowMoney:
    """What the window of an application still has, and what its last decision grants (or would, from the reserve)."""

    window: str
    currency: str
    free: int
    granted: int
    asked: int
    minimum: int
    maximum: int
    rate: int
    cost: int

    @property
    def most(self) -> int:
        """The most that may be granted: the lowest of what is asked, the maximum and the share of the cost."""
        return min(self.asked, self.maximum, share_of(self.cost, self.rate))


@dataclass(frozen=True, slots=True)
class Delegation:
    """Who decides alone for the body of an application's window, and up to which sum."""

    delegate_id: UUID | None
    up_to: int
    currency: str
    granted: int


@dataclass(frozen=True, slots=True)
class ReservePlace:
    """An application's place on the reserve list of its window."""

    ahead: tuple[str, ...]
    """References of those before it."""
    since: datetime
    zone: str
    days_off: frozenset[date]

    def ends_at(self, period: Span) -> datetime:
        """Return when the place ends."""
        return period.after(self.since, ZoneInfo(self.zone), self.days_off)


@dataclass(frozen=True, slots=True)
class LetterRead:
    """Whether somebody read the letter of the decision that is to be released."""

    decided: bool
    read: bool


@dataclass(frozen=True, slots=True)
class LettersRead:
    """References of the applications of a call whose letters nobody has read yet, and how many decisions wait."""

    waiting: int
    unread: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PotPlanned:
    """What a proposal takes from one window."""

    window: str
    currency: str
    free: int
    planned: int


@dataclass(frozen=True, slots=True)
class ProposalStanding:
    """How the last proposal of a stage stands to the applications, the ranking and the money as they are now."""

    exists: bool
    from_last_ranking: bool
    unproposed: tuple[str, ...]
    unexplained: tuple[str, ...]
    """References of lines that depart from the rules' answer without a reason."""
    unfit: tuple[str, ...]
    """References of lines whose sum the window's limits or the request do not allow."""
    pots: tuple[PotPlanned, ...]


@dataclass(frozen=True, slots=True)
class NextStage:
    """Who may enter the stage after the present one: all, or the holders of a completed award."""

    restricted: bool
    holders: int


@dataclass(frozen=True, slots=True)
class AwardStanding:
    """What guards know of an award."""

    signatories: frozenset[UUID]
    """Who may sign for the organisation."""
    open_conditions: frozenset[int]
    offered_at: datetime
    zone: str
    days_off: frozenset[date]
    accepted: bool
    currency: str
    amount: int
    rate: int
    reported_cost: int | None
    summary: str

    def due_at(self, period: Span) -> datetime:
        """Return until when the award may be accepted."""
        return period.after(self.offered_at, ZoneInfo(self.zone), self.days_off)
