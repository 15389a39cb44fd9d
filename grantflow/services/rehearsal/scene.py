"""Where a rehearsal stands: the simulated moment, the people, the seeded dice, and the way into the services."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from grantflow.domain.actor import SYSTEM, Actor
from grantflow.domain.calls.plan import CallPlan
from grantflow.domain.step import Stepped
from grantflow.domain.time import Span
from grantflow.services.rehearsal.cast import Cast, Person
from grantflow.services.rehearsal.clockwork import next_firing
from grantflow.store.session import Database, Tx
from grantflow.workflow.model import Scheme

OPENS, CLOSES, FRIDAY = 8, 17, 4
"""When those of the programme work, by the clock of the place; others keep their own evenings."""


@dataclass(slots=True)
class Naming:
    """What newcomers are called: guests first, by name and language; then people of no particular name."""

    domain: str = "rehearsal.invalid"
    identifier_kind: str = "REHEARSAL"
    """The kind of the numbers of made-up organisations: never one that a real one has."""
    guests: list[tuple[str, str, str]] = field(default_factory=list)
    """Address, name and language of those who come before anybody is made up."""


@dataclass(slots=True, weakref_slot=True)
class Scene:
    """What every made-up act needs. Acts open their transactions here, so that nothing that moved goes unnoticed."""

    database: Database
    scheme: Scheme
    plan: CallPlan
    dice: random.Random
    now: datetime
    applications: int
    call_id: UUID
    programme_id: UUID
    cast: Cast = field(default_factory=Cast)
    naming: Naming = field(default_factory=Naming)
    noticed: Callable[[Sequence[Stepped]], None] = lambda _steps: None
    due: datetime | None = None
    """When timers are fired next."""
    memory: dict[str, Any] = field(default_factory=dict)
    """What habits remember between two acts, under keys of their own."""

    @property
    def zone(self) -> ZoneInfo:
        """Where the call is held."""
        return ZoneInfo(self.plan.programme.zone)

    @contextmanager
    def acting(self, who: Person | Actor = SYSTEM) -> Iterator[Tx]:
        """Open a transaction in which somebody acts at this moment."""
        actor = who.actor if isinstance(who, Person) else who
        with self.database.transaction(actor, self.now) as tx:
            yield tx
            taken = tuple(tx.taken)
            tx.flush()
            if taken or (self.due is not None and self.due <= self.now):
                self.due = next_firing(tx)
        if taken:
            self.noticed(taken)

    @contextmanager
    def looking(self) -> Iterator[Tx]:
        """Open a transaction that only reads."""
        with self.database.reading(SYSTEM, self.now) as tx:
            yield tx

    def moment_within(self, span: str, role: str) -> datetime:
        """Return some moment about before a span from now has passed: in working hours for those of the programme."""
        parameter = self.scheme.parameters.get(span)
        if parameter is not None:
            span = str(self.plan.parameters.get(span, parameter.default))
        end = Span.parse(span).after(self.now, self.zone)
        minutes = max(1, int((end - self.now).total_seconds() // 60))
        drawn = self.now + timedelta(minutes=self.dice.randrange(1, minutes + 1))
        return self._awake(drawn, inside=role in self.cast.inside)

    def _awake(self, drawn: datetime, *, inside: bool) -> datetime:
        local = drawn.astimezone(self.zone)
        if inside and local.hour >= CLOSES:
            local = (local + timedelta(days=1)).replace(hour=OPENS)
        elif local.hour < OPENS:
            local = local.replace(hour=OPENS)
        while inside and local.weekday() > FRIDAY:
            local += timedelta(days=1)
        return local.astimezone(UTC)

    def somebody(self, role: str) -> Person:
        """Return somebody who plays an inside role; every role of a scheme is played."""
        return self.dice.choice(self.cast.inside[role])

    def inside_playing(self, roles: Sequence[str]) -> Person:
        """Return somebody who plays the first of some roles that works for the programme."""
        return self.somebody(next(role for role in roles if role in self.cast.inside))

    def likely(self, percent: int) -> bool:
        """Draw whether something happens."""
        return self.dice.randrange(100) < percent
