"""Slots of workers: each holds one and shows a beat; whoever stands still for a lease is taken over by another."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable
from datetime import UTC, datetime
from uuid import UUID

import structlog
from sqlalchemy.exc import IntegrityError

from grantflow.domain.actor import SYSTEM
from grantflow.domain.refusal import Refused
from grantflow.store import workers
from grantflow.store.session import Database
from grantflow.store.workers import Sign

log = structlog.get_logger()

RACES = 20
"""So many workers may start in one moment before one of them gives up finding a slot."""


class Slot:
    """The slot of this worker, and its eye on the others."""

    def __init__(self, database: Database, lease: float, steady: Callable[[], float]) -> None:
        self._database = database
        self._lease = lease
        self._steady = steady
        self._seen: dict[str, tuple[Sign, float]] = {}
        self.holder = database.ids.new(datetime.now(UTC))
        self.name = self._take()

    def beat(self) -> bool:
        """Give a sign of life; false when the slot was taken over, and this worker must stop at once."""
        with self._database.transaction(SYSTEM, datetime.now(UTC)) as tx:
            return workers.beat(tx, self.name, self.holder)

    def lost(self) -> list[tuple[str, UUID]]:
        """Take over the slots whose beat has stood still for a lease, and return them with the identity they got."""
        wall = datetime.now(UTC)
        with self._database.reading(SYSTEM, wall) as tx:
            signs = [sign for sign in workers.signs(tx) if sign.slot != self.name]
        moment = self._steady()
        seen = {}
        for sign in signs:
            known = self._seen.get(sign.slot)
            seen[sign.slot] = known if known is not None and known[0] == sign else (sign, moment)
        self._seen = seen
        taken = []
        for sign, first_seen in list(seen.values()):
            if moment - first_seen < self._lease:
                continue
            heir = self._database.ids.new(wall)
            with self._database.transaction(SYSTEM, wall) as tx:
                if workers.take_over(tx, sign, heir):
                    taken.append((sign.slot, heir))
                    log.warning("worker lost", slot=sign.slot, by=self.name)
        return taken

    def give_up(self, slot: str | None = None, holder: UUID | None = None) -> None:
        """Free a slot whose work is done or handed on; without arguments the own one."""
        with self._database.transaction(SYSTEM, datetime.now(UTC)) as tx:
            workers.give_up(tx, slot or self.name, holder or self.holder)

    def _take(self) -> str:
        for attempt in range(RACES):
            try:
                with self._database.transaction(SYSTEM, datetime.now(UTC)) as tx:
                    return workers.take_free_slot(tx, self.holder, socket.gethostname(), os.getpid())
            except (IntegrityError, Refused):
                log.info("slot taken by another", attempt=attempt)
        raise RuntimeError("no free slot was found; too many workers start at once")
