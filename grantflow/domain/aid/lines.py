"""Lines: one firm, one activity, one lump sum; and the facts that guards weigh about them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

from grantflow.domain.aid.de_minimis import Aid, Rule

LUMP_SUM = "lump_sum_"
"""How the parameters of a scheme are called that say what an activity is worth."""
CEILING = "de_minimis_ceiling"
"""How the parameter is called by which a call sets a ceiling below that of the rule."""

SME_HEADCOUNT = 250
SME_TURNOVER = 50_000_000_00
SME_BALANCE = 43_000_000_00
"""Rec. 2003/361, Art. 2(1): fewer than 250 people, and at most 50 million of turnover or 43 million of balance."""


def activities(parameters: Iterable[str]) -> tuple[str, ...]:
    """Return the activities for which a scheme has a lump sum, by the names of its parameters."""
    return tuple(name.removeprefix(LUMP_SUM) for name in parameters if name.startswith(LUMP_SUM))


def in_words(activity: str) -> str:
    """Return an activity as words, which catalogues know: `trade_fair` as “Trade fair”."""
    return activity.replace("_", " ").capitalize()


def lump_sums(parameters: Mapping[str, Any]) -> dict[str, int]:
    """Return what each activity that a call offers is worth; a sum of nothing means that it is not offered."""
    return {
        name.removeprefix(LUMP_SUM): value
        for name, value in parameters.items()
        if name.startswith(LUMP_SUM) and isinstance(value, int) and value > 0
    }


def ceiling_of(parameters: Mapping[str, Any]) -> int | None:
    """Return the de minimis ceiling that a call set, if it set one."""
    value = parameters.get(CEILING)
    return value if isinstance(value, int) else None


def small_or_medium(headcount: int, turnover: int, balance: int) -> bool:
    """Whether a firm that stands alone is no larger than medium-sized."""
    return headcount < SME_HEADCOUNT and (turnover <= SME_TURNOVER or balance <= SME_BALANCE)


Size = Literal["micro", "small", "medium", "large"]
_SIZES: tuple[tuple[Size, int, int, int], ...] = (
    ("micro", 10, 2_000_000_00, 2_000_000_00),
    ("small", 50, 10_000_000_00, 10_000_000_00),
    ("medium", SME_HEADCOUNT, SME_TURNOVER, SME_BALANCE),
)
"""Rec. 2003/361, Art. 2: fewer people than, and at most so much turnover or so much balance."""


def size_of(headcount: int, turnover: int, balance: int) -> Size:
    """Return the size class of a firm that stands alone."""
    return next(
        (
            size
            for size, people, most_turnover, most_balance in _SIZES
            if headcount < people and (turnover <= most_turnover or balance <= most_balance)
        ),
        "large",
    )


@dataclass(frozen=True, slots=True)
class CallStanding:
    """How the call stands to which a record belongs."""

    receives: bool
    stopped: bool
    """Suspended, or called off."""


@dataclass(frozen=True, slots=True)
class Intermediary:
    """What the organisation that asks does as an intermediary."""

    name: str
    functions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Selection:
    """How the cluster invited and chose the firms, recorded before it sends the request (process rule P20)."""

    how: str
    rules: str
    rules_published_on: date
    invited: int
    answered: int
    chosen: int
    reasons: str
    """Why those who answered and were not chosen were not."""


@dataclass(frozen=True, slots=True)
class SelectionRecord:
    """The record of the selection, where there is one yet."""

    selection: Selection | None
    listed: int
    """How many firms the request names."""


@dataclass(frozen=True, slots=True)
class ListedLine:
    """A line as the request names it."""

    ref: str
    firm: str
    firm_id: UUID
    activity: str
    amount: int
    starts_on: date
    passed_on: int | None
    live: bool
    """Whether it has not ended."""


@dataclass(frozen=True, slots=True)
class ListedLines:
    """All lines of a request and what the call offers."""

    lines: tuple[ListedLine, ...]
    offered: Mapping[str, int]
    currency: str

    @property
    def live(self) -> tuple[ListedLine, ...]:
        """The lines that have not ended."""
        return tuple(line for line in self.lines if line.live)

    @property
    def total(self) -> int:
        """What the lines that have not ended are worth."""
        return sum(line.amount for line in self.live)


@dataclass(frozen=True, slots=True)
class LineOffer:
    """What a line is worth now and what the activities are worth that it could have instead."""

    activity: str
    amount: int
    offered: Mapping[str, int]
    currency: str


@dataclass(frozen=True, slots=True)
class FreeMoney:
    """What is free in the pot of the call, and what a record asks of it or has had reserved."""

    free: int
    asked: int
    reserved: int
    currency: str
    least: int
    """The smallest lump sum that the call offers."""


@dataclass(frozen=True, slots=True)
class LineAid:
    """A line and all the aid of its firm."""

    ref: str
    firm: str
    amount: int
    aids: tuple[Aid, ...]
    held: int
    """Held for the firm by open requests, this line's own share left out."""
    rules: tuple[Rule, ...]
    zone: str


@dataclass(frozen=True, slots=True)
class RequestAid:
    """The lines of a request that are cleared, each with the aid of its firm; `held` includes them all."""

    lines: tuple[LineAid, ...]


@dataclass(frozen=True, slots=True)
class Declaration:
    """What a firm said of itself when it confirmed its line."""

    headcount: int
    turnover: int
    balance: int
    no_other_aid: bool
    """It says that it had no de minimis aid but what it lists."""
    listed: int
    """How many awards it lists."""
    consent: bool


@dataclass(frozen=True, slots=True)
class FirmsWord:
    """A firm's declaration where there is one, and who may sign for the firm."""

    declaration: Declaration | None
    signatories: frozenset[UUID]
    confirmed_at: datetime | None


@dataclass(frozen=True, slots=True)
class DeliveryProof:
    """What proves that an activity took place, where something was handed in."""

    done_on: date | None
    asked_on: date | None
    """The day on which the request was sent: what began before is not paid for (process rule P20)."""


@dataclass(frozen=True, slots=True)
class Account:
    """The bank account of the cluster: given, and confirmed by a second person."""

    given: bool
    confirmed: bool


@dataclass(frozen=True, slots=True)
class PaymentSum:
    """What a payment says and what its lines are worth."""

    amount: int
    lines: int
    currency: str


@dataclass(frozen=True, slots=True)
class RequestStanding:
    """How the request stands to which a line belongs."""

    open_again: bool
