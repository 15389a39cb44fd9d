"""Allocation: down one ranking, each pot its own limits; whoever does not fit is skipped, and everybody is told why.

The rule is strict order with skipping: an application is funded in full when its pot still holds what it may get; else
it goes to the reserve and the next one is tried. Anybody can redo it by hand: each reserve place is one subtraction.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal
from uuid import UUID

from grantflow.domain.money import Money, share_of

Answer = Literal["yes", "reserve", "no"]

FUNDED = (
    "Place %(rank)s with %(points)s points: %(amount)s granted, as asked; %(left)s are left in the window."
)
FUNDED_LESS = (
    "Place %(rank)s with %(points)s points: %(amount)s granted of %(asked)s asked, the most that the window's rules "
    "allow; %(left)s are left in the window."
)
RESERVE = (
    "Place %(rank)s with %(points)s points: %(amount)s were needed and %(left)s were left in the window, "
    "%(short)s too little."
)
UNDER_THE_MARK = "Place %(rank)s with %(points)s points: below the pass mark of %(pass_mark)s."
TOO_LOW = "Place %(rank)s with %(points)s points: too low on %(criteria)s."
TOO_SMALL = "Place %(rank)s with %(points)s points: %(amount)s is what it may get, and the window grants at least %(minimum)s."


@dataclass(frozen=True, slots=True)
class Pot:
    """What a window has to give: its free money and its limits."""

    id: UUID
    currency: str
    free: int
    minimum: int
    maximum: int
    rate: int


@dataclass(frozen=True, slots=True)
class Bid:
    """A ranked application and what it asks of which pot."""

    id: UUID
    rank: int
    points: str
    """The sum as people read it, e.g. 78.25."""
    passes: bool
    below: tuple[str, ...]
    pot: UUID
    asked: int
    cost: int


@dataclass(frozen=True, slots=True)
class Allotted:
    """What the rules give to one application, with the sentence that explains it."""

    id: UUID
    rank: int
    pot: UUID
    answer: Answer
    amount: int
    sentence: str
    values: Mapping[str, Any] = field(default_factory=dict)


def grantable(pot: Pot, asked: int, cost: int) -> int:
    """Return what a pot may grant at most: the lowest of what is asked, its maximum, and its share of the cost."""
    return min(asked, pot.maximum, share_of(cost, pot.rate))


def allocate(bids: Iterable[Bid], pots: Iterable[Pot], pass_mark: int) -> tuple[Allotted, ...]:
    """Go down the ranking once and return an answer for each bid, in order of rank."""
    by_id = {pot.id: pot for pot in pots}
    left = {pot.id: pot.free for pot in by_id.values()}
    allotted = []
    for bid in sorted(bids, key=lambda bid: bid.rank):
        pot = by_id[bid.pot]
        answer = _answer(bid, pot, left[pot.id], pass_mark)
        if answer.answer == "yes":
            left[pot.id] -= answer.amount
        allotted.append(answer)
    return tuple(allotted)


def _answer(bid: Bid, pot: Pot, left: int, pass_mark: int) -> Allotted:
    amount = grantable(pot, bid.asked, bid.cost)

    def said(answer: Answer, sentence: str, **values: Any) -> Allotted:
        granted = 0 if answer == "no" else amount
        told = {"rank": bid.rank, "points": bid.points, **values}
        return Allotted(bid.id, bid.rank, pot.id, answer, granted, sentence, told)

    def money(sum_: int) -> Money:
        return Money(sum_, pot.currency)

    if not bid.passes:
        if bid.below:
            return said("no", TOO_LOW, criteria=", ".join(bid.below))
        return said("no", UNDER_THE_MARK, pass_mark=pass_mark)
    if amount < max(pot.minimum, 1):
        return said("no", TOO_SMALL, amount=money(amount), minimum=money(pot.minimum))
    if amount > left:
        short = money(amount - left)
        return said("reserve", RESERVE, amount=money(amount), left=money(left), short=short)
    rest = money(left - amount)
    if amount < bid.asked:
        return said("yes", FUNDED_LESS, amount=money(amount), asked=money(bid.asked), left=rest)
    return said("yes", FUNDED, amount=money(amount), left=rest)


def final_grant(amount: int, rate: int, approved_cost: int) -> int:
    """Return what is paid in the end: the lower of the sum granted and the rate of the approved cost (P18)."""
    return min(amount, share_of(approved_cost, rate))
