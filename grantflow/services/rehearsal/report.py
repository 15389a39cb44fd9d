"""What a rehearsal tells: figures for machines, and sentences for a programme manager."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from hashlib import sha256
from typing import Any

from grantflow.store.types import canonical_json

NOT_IN_THE_DIGEST = ("seconds", "statements", "digest")
"""What differs between two runs of one seed, or between two databases."""


@dataclass(frozen=True, slots=True)
class MoneyLine:
    """The balances of one window at the end, in minor units."""

    window: str
    currency: str
    envelope: int
    reserved: int
    committed: int
    released: int
    paid: int


@dataclass(frozen=True, slots=True)
class WorkloadLine:
    """How many steps people of one role took in one week (ISO)."""

    role: str
    week: str
    actions: int


@dataclass(frozen=True, slots=True)
class TimelineLine:
    """Something that happened to the call."""

    at: str
    what: str


@dataclass(frozen=True, slots=True)
class InvariantLine:
    """One thing that must always hold, and whether it does."""

    name: str
    holds: bool
    detail: str


@dataclass(frozen=True, slots=True)
class Report:
    """The outcome of one rehearsal."""

    call: str
    scheme: str
    seed: int
    applications: dict[str, int]
    states: dict[str, dict[str, int]]
    transitions: int
    refusals: dict[str, int]
    money: list[MoneyLine]
    workload: list[WorkloadLine]
    timeline: list[TimelineLine]
    invariants: list[InvariantLine]
    seconds: float = 0.0
    statements: int = 0
    digest: str = field(default="")

    def as_json(self) -> dict[str, Any]:
        """Return the report as plain JSON values, its digest included."""
        plain = asdict(self)
        plain["digest"] = digest_of(plain)
        return plain

    @property
    def holds(self) -> bool:
        """Whether every invariant holds."""
        return bool(self.invariants) and all(line.holds for line in self.invariants)


def digest_of(plain: dict[str, Any]) -> str:
    """Return the sha256 of the canonical JSON of what must be the same in every run of one seed."""
    told = {key: value for key, value in plain.items() if key not in NOT_IN_THE_DIGEST}
    return sha256(canonical_json(told).encode()).hexdigest()
