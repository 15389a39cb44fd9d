"""Where the story of the demo is told: its moving clock, its people and records by the names that the story gave them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from grantflow.domain.actor import SYSTEM, Actor
from grantflow.domain.refusal import Refused
from grantflow.services import clock, timers
from grantflow.services.demo.script import Event
from grantflow.store.session import Database, Tx

FRIDAY = 4
A_MOMENT = timedelta(seconds=1)


class Stage:
    """A database in which the story is told, and what of it must be found again."""

    def __init__(self, database: Database, today: datetime, zone: ZoneInfo) -> None:
        self.database = database
        self.today = today
        self.zone = zone
        self.now = today
        self.people: dict[str, UUID] = {}
        self.organisations: dict[str, UUID] = {}
        self.records: dict[str, UUID] = {}

    def begin(self, day: int) -> None:
        """Set the clock to the day before the first."""
        self.now = self.moment(day - 1, time(8))

    def moment(self, day: int, at: time) -> datetime:
        """Return a moment of a day counted from today, moved to the next working day."""
        local = self.today.astimezone(self.zone).date() + timedelta(days=day)
        while local.weekday() > FRIDAY:
            local += timedelta(days=1)
        return datetime.combine(local, at, self.zone).astimezone(UTC)

    def come_to(self, day: int, at: time) -> None:
        """Let time pass until a moment, but never past today; whatever falls due on the way fires at its own moment."""
        target = max(min(self.moment(day, at), self.today), self.now + A_MOMENT)
        while True:
            with self.database.reading(SYSTEM, self.now) as tx:
                due = timers.next_due_at(tx)
            if due is None or due > target:
                break
            self.now = max(self.now, due)
            clock.fire_at(self.database, self.now)
        self.now = target

    def come_to_the_end(self) -> None:
        """Let the rest of the time until today pass."""
        self.come_to(0, self.today.astimezone(self.zone).time())

    def actor(self, name: str | None) -> Actor:
        """Return somebody of the story as the one who acts; the system where nobody is named."""
        return SYSTEM if name is None else Actor("person", self.people[name])

    @contextmanager
    def acting(self, name: str | None) -> Iterator[Tx]:
        """Open a unit of work of somebody, a moment after the last one."""
        self.now += A_MOMENT
        with self.database.transaction(self.actor(name), self.now) as tx:
            yield tx

    @contextmanager
    def by_link(self, holder: Callable[[Tx], Actor | None]) -> Iterator[Tx]:
        """Open a unit of work of whoever holds a mailed link, a moment after the last one."""
        self.now += A_MOMENT
        with self.database.reading(SYSTEM, self.now) as tx:
            actor = holder(tx)
        assert actor is not None, "no link was sent"
        with self.database.transaction(actor, self.now) as tx:
            yield tx

    def record(self, name: str) -> UUID:
        """Return a record by its name in the story."""
        return self.records[name]

    @contextmanager
    def telling(self, event: Event) -> Iterator[None]:
        """Say where in the story something was refused, if it is: then the story and the rules do not fit."""
        try:
            yield
        except Refused as refused:
            refused.add_note(f"{event.place.file}:{event.place.line}: {event.who} {event.verb} {event.of}")
            raise
