"""The worker's life: take a slot, start the job engine, then look after messages, timers and lost colleagues in turn."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime
from threading import Event
from typing import Literal, cast
from uuid import UUID

import structlog
from sqlalchemy.exc import DBAPIError

from grantflow.domain.actor import SYSTEM
from grantflow.services import clock, digests, post
from grantflow.services.mail import Carrier, FileCarrier, SmtpCarrier
from grantflow.services.webhooks.sending import Sender
from grantflow.settings import Settings
from grantflow.store import migrate
from grantflow.store.faults import fault_of
from grantflow.store.session import Database
from grantflow.worker.delivery import Delivery, PaperMill
from grantflow.worker.slots import Slot

log = structlog.get_logger()

PATIENCE = 10
"""Seconds that a worker which is told to stop gives to what it is doing."""
BEATS_PER_LEASE = 3
SWEEP_EVERY = 60
AFTER_FAULT = 5
"""Seconds until a worker looks again after its database was gone or its disk full."""

LOOK_AT_VERSION = 5
"""Seconds between two looks whether the database is still that of this version."""

ENDED, LOST_SLOT, OTHER_VERSION = 0, 1, 3


def run(database: Database, settings: Settings, stop: Event, link: post.LinkMaker) -> int:
    """Work until told to stop; returns the exit code.

    It is not 0 where a new process must start: the slot was lost, or the database is another version's by now.
    """
    worker = Worker(database, settings, stop, link)
    log.info("worker ready", slot=worker.slot.name)
    try:
        code = worker.turns(settings).take()
    finally:
        worker.close()
    log.info("worker ended", slot=worker.slot.name)
    return code


class Worker:
    """One worker: its slot, its job engine, and what it looks after."""

    def __init__(
        self, database: Database, settings: Settings, stop: Event, link: post.LinkMaker | None = None
    ) -> None:
        from grantflow.worker.jobs import Jobs  # noqa: PLC0415 - takes seconds; `carrier` below is wanted without it

        self._database = database
        self._stop = stop
        self._revision = migrate.head()
        self._mill = PaperMill(settings.pdf_processes)
        self._sending = settings.sends
        self._delivery = Delivery(
            database,
            carrier(database, settings),
            self._mill,
            settings.data_folder / "files",
            self.now,
            link,
            house=settings.address,
            sending=self._sending,
            sender=Sender(private=settings.webhooks_inside == "allowed"),
        )
        self.slot = Slot(database, settings.worker_lease, time.monotonic)
        self._jobs = Jobs(database, self.slot.name, settings.worker_threads, self.send)

    def turns(self, settings: Settings) -> Turns:
        """Return what this worker does again and again."""
        turns = Turns(self._stop)
        beats = settings.worker_lease / BEATS_PER_LEASE
        turns.every(beats, lambda: None if self.slot.beat() else turns.end(LOST_SLOT))
        turns.every(beats, self.look_after_the_others)
        turns.every(LOOK_AT_VERSION, lambda: None if self.fits() else turns.end(OTHER_VERSION))
        turns.every(settings.dispatch_every, self.dispatch)
        turns.every(settings.timers_every, self.fire_timers)
        turns.every(SWEEP_EVERY, self.sweep)
        turns.every(SWEEP_EVERY, self.gather)
        return turns

    def now(self) -> datetime:
        """Return the time that counts: the wall's, or the demo clock's."""
        wall = datetime.now(UTC)
        with self._database.reading(SYSTEM, wall) as tx:
            return clock.shown(tx, wall)

    def send(self, message_id: UUID) -> str:
        """Deliver one message; what fails is handed to the job engine again, for later."""
        return self._delivery.deliver(
            message_id, lambda tx, delay: self._jobs.enqueue(tx, [message_id], delay)
        )

    def dispatch(self) -> None:
        """Hand what waits in the outbox to the job engine, a batch in each transaction; hold it where nothing may be sent."""
        if not self._sending:
            with self._database.transaction(SYSTEM, self.now()) as tx:
                post.hold_waiting(tx)
            return
        while not self._stop.is_set():
            with self._database.transaction(SYSTEM, self.now()) as tx:
                taken = post.hand_out(tx)
                if taken:
                    self._jobs.enqueue(tx, taken)
            if len(taken) < post.BATCH:
                return

    def fire_timers(self) -> None:
        """Fire what fell due; a call in which that breaks stops no other."""

        def broken(call: UUID, error: Exception) -> None:
            log.error("timers failed", call=str(call), exc_info=error)

        clock.fire_at(self._database, self.now(), on_fault=broken)

    def fits(self) -> bool:
        """Say whether the tables are those of this version: a worker does nothing in those of another."""
        with self._database.reading(SYSTEM, datetime.now(UTC)) as tx:
            found = migrate.current(tx.connection)
        if found != self._revision:
            log.error("database of another version", found=found, needed=self._revision)
        return found == self._revision

    def look_after_the_others(self) -> None:
        """Take up the work of workers that died."""
        for slot, heir in self.slot.lost():
            resumed = self._jobs.resume(slot)
            self.slot.give_up(slot, heir)
            log.info("work taken over", slot=slot, by=self.slot.name, workflows=resumed)

    def sweep(self) -> None:
        """Let what was forgotten wait again."""
        with self._database.transaction(SYSTEM, self.now()) as tx:
            post.take_back_forgotten(tx)

    def gather(self) -> None:
        """Put the daily mails whose hour has come into the outbox."""
        with self._database.transaction(SYSTEM, self.now()) as tx:
            digests.gather(tx)

    def close(self) -> None:
        """End; the slot stays where work is left, so that another worker takes it up."""
        unfinished = self._jobs.close(PATIENCE)
        self._mill.close()
        if not unfinished:
            self.slot.give_up()


def carrier(database: Database, settings: Settings) -> Carrier:
    """Return what takes mails away: files for a demo, whatever the settings say, else as they say."""
    with database.reading(SYSTEM, datetime.now(UTC)) as tx:
        demo = clock.is_demo(tx)
    if demo or settings.mail_delivery == "files":
        return FileCarrier(settings.data_folder / "mail", settings.mail_from)
    return SmtpCarrier(
        settings.mail_from,
        settings.mail_server,
        settings.mail_port,
        cast("Literal['starttls', 'tls', 'none']", settings.mail_security),
        settings.mail_user,
        settings.mail_password,
    )


class Turns:
    """Things done again and again, each in its own rhythm, one at a time; a fault of the database ends none of them."""

    def __init__(self, stop: Event) -> None:
        self._stop = stop
        self._turns: list[tuple[float, Callable[[], object]]] = []
        self._code = ENDED

    def every(self, seconds: float, do: Callable[[], object]) -> None:
        """Do something every so many seconds of steady time."""
        self._turns.append((seconds, do))

    def end(self, code: int) -> None:
        """End with an exit code."""
        self._code = code
        self._stop.set()

    def take(self) -> int:
        """Take turns until told to stop; returns the exit code."""
        due = [0.0] * len(self._turns)
        while not self._stop.is_set():
            for number, (seconds, do) in enumerate(self._turns):
                if self._stop.is_set() or time.monotonic() < due[number]:
                    continue
                due[number] = time.monotonic() + (seconds if self._done(do) else max(seconds, AFTER_FAULT))
            self._stop.wait(max(0.0, min(due) - time.monotonic()))
        return self._code

    def _done(self, do: Callable[[], object]) -> bool:
        try:
            do()
        except (DBAPIError, OSError) as error:
            fault = fault_of(error)
            if fault is None:
                raise
            log.error(fault.sentence, code=fault.code)
            return False
        return True
