"""De minimis aid: how much an undertaking has had in a rolling window, and how much more it may have.

Amounts are minor units of the rule's currency. What counts is the day on which the right to the aid was conferred,
never the day of payment (Reg. (EU) 2023/2831, Art. 3(3)); a new award that would exceed the ceiling falls outside
entirely (Art. 3(7)), so the answer to "does it fit" is never "in part".
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from grantflow.domain.money import Money

Boundary = Literal["inclusive", "exclusive"]
Confidence = Literal["verified", "memory", "draft"]


@dataclass(frozen=True, slots=True)
class Rule:
    """A dated rule of a rule file: the ceiling, over how many years, and where it is written."""

    name: str
    act: str
    article: str
    ceiling: int
    currency: str
    years: int
    boundary: Boundary
    """Whether an award given exactly that many years ago to the day still counts; counting it is cautious."""
    valid_from: date
    valid_to: date
    confidence: Confidence
    register_within: str
    """How soon after the grant the register is told, as a span in working days."""
    sources: tuple[str, ...] = ()

    def in_force(self, on: date) -> bool:
        """Whether it holds for aid granted on a day."""
        return self.valid_from <= on <= self.valid_to

    def window_opens(self, on: date) -> date:
        """Return the day so many calendar years before (29 February becomes the 28th)."""
        year = on.year - self.years
        return date(year, on.month, min(on.day, monthrange(year, on.month)[1]))

    def counts(self, granted_on: date, on: date) -> bool:
        """Whether aid granted on one day counts in what may be granted on another."""
        opens = self.window_opens(on)
        starts_inside = opens <= granted_on if self.boundary == "inclusive" else opens < granted_on
        return starts_inside and granted_on <= on


@dataclass(frozen=True, slots=True)
class Aid:
    """Aid that an undertaking has received, from us or, by its own word, from others."""

    granted_on: date
    amount: int
    declared: bool = False

    def __post_init__(self) -> None:
        if self.amount < 0:
            raise ValueError("aid is not negative")


@dataclass(frozen=True, slots=True)
class Position:
    """Where an undertaking stands on a day: what it had, what is held for it, and what is left."""

    rule: Rule
    on: date
    ceiling: int
    used: int
    held: int

    @property
    def headroom(self) -> int:
        """What may still be granted; nothing when the ceiling is passed already."""
        return max(0, self.ceiling - self.used - self.held)

    def fits(self, amount: int) -> bool:
        """Whether a new award fits whole; up to the ceiling exactly is still inside."""
        return self.used + self.held + amount <= self.ceiling

    @property
    def kept(self) -> bool:
        """Whether what was given and what is held stay within the ceiling."""
        return self.fits(0)

    def money(self, amount: int) -> str:
        """Return an amount in the words of the rule's currency."""
        return str(Money(amount, self.rule.currency))


def rule_in_force(rules: Iterable[Rule], on: date) -> Rule | None:
    """Return the rule that decides about aid granted on a day; the one that began last where several hold."""
    held = [rule for rule in rules if rule.in_force(on)]
    return max(held, key=lambda rule: rule.valid_from, default=None)


def used(rule: Rule, aids: Iterable[Aid], on: date) -> int:
    """Return the sum of the aid that counts on a day."""
    return sum(aid.amount for aid in aids if rule.counts(aid.granted_on, on))


def position(
    rules: Sequence[Rule], aids: Iterable[Aid], held: int, on: date, ceiling: int | None = None
) -> Position | None:
    """Return where an undertaking stands, or nothing where no rule is in force.

    A call may set a lower ceiling than the rule, never a higher one.
    """
    rule = rule_in_force(rules, on)
    if rule is None:
        return None
    limit = rule.ceiling if ceiling is None else min(ceiling, rule.ceiling)
    return Position(rule, on, limit, used(rule, aids, on), held)
