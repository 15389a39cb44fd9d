"""Money: integer minor units and a currency, never a float; rates in basis points."""

from __future__ import annotations

from dataclasses import dataclass

BASIS_POINTS = 10_000
"""A rate of 100 %."""


def share_of(amount: int, basis_points: int) -> int:
    """Return the share of `amount` (minor units, not negative) at a rate, rounded half up, once."""
    if amount < 0 or basis_points < 0:
        raise ValueError("amounts and rates are not negative")
    return (amount * basis_points + BASIS_POINTS // 2) // BASIS_POINTS


@dataclass(frozen=True, slots=True, order=False)
class Money:
    """An amount in minor units (cents, öre, pence) of one currency (ISO 4217)."""

    amount: int
    currency: str

    def __post_init__(self) -> None:
        if not isinstance(self.amount, int) or isinstance(self.amount, bool):
            raise TypeError("money is a whole number of minor units")

    def __add__(self, other: Money) -> Money:
        return Money(self.amount + self._alike(other), self.currency)

    def __sub__(self, other: Money) -> Money:
        return Money(self.amount - self._alike(other), self.currency)

    def __le__(self, other: Money) -> bool:
        return self.amount <= self._alike(other)

    def __lt__(self, other: Money) -> bool:
        return self.amount < self._alike(other)

    def share(self, basis_points: int) -> Money:
        """Return the share at a rate in basis points, rounded half up."""
        return Money(share_of(self.amount, basis_points), self.currency)

    def __str__(self) -> str:
        """Plain text for logs and command lines, e.g. `300 000.00 EUR`; pages format by language."""
        whole, cents = divmod(abs(self.amount), 100)
        sign = "-" if self.amount < 0 else ""
        return f"{sign}{whole:,}".replace(",", " ") + f".{cents:02d} {self.currency}"

    def _alike(self, other: Money) -> int:
        if other.currency != self.currency:
            raise ValueError(f"{self.currency} and {other.currency} are not added or compared")
        return other.amount
