"""Whether an installation can do its work: database, migrations, demo, queue, disk."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from sqlalchemy import func, select

from grantflow.services.clock import is_demo
from grantflow.store import migrate
from grantflow.store.outbox import OutboxMessage
from grantflow.store.session import Tx
from grantflow.store.settings import recall

DEMO_LOADED = "demo_loaded"
"""Key of the mark that the demo is loaded whole; whoever loads it sets it last."""
OLDEST_WAITING = timedelta(minutes=15)
"""A message that waits longer for a worker means that no worker runs."""
LEAST_FREE = 200 * 1024 * 1024
"""Bytes of free disk below which uploads and letters are about to fail."""


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that must be so."""

    name: str
    ok: bool
    detail: str


def checks(tx: Tx, data_folder: Path | None) -> tuple[Check, ...]:
    """Look at everything that must be so; the database answers, else nobody would come this far."""
    found = [Check("database", ok=True, detail="It answers."), _migrations(tx), _queue(tx)]
    if is_demo(tx):
        loaded = recall(tx, DEMO_LOADED) is not None
        found.append(Check("demo", loaded, "It is loaded." if loaded else "It is being loaded."))
    if data_folder is not None:
        found.append(_disk(data_folder))
    return tuple(found)


def _migrations(tx: Tx) -> Check:
    current, head = migrate.current(tx.connection), migrate.head()
    if current == head:
        return Check("migrations", ok=True, detail=f"The tables are at {head}.")
    return Check("migrations", ok=False, detail=f"The tables are at {current}, this version needs {head}.")


def _queue(tx: Tx) -> Check:
    oldest = tx.execute(
        select(func.min(OutboxMessage.at)).where(
            OutboxMessage.dispatched_at.is_(None), OutboxMessage.held_at.is_(None)
        )
    ).scalar_one_or_none()
    if oldest is None:
        return Check("queue", ok=True, detail="No message waits.")
    # A demo's clock is moved by days at a time; what waits since then is not late.
    waited = tx.now - oldest
    ok = waited < OLDEST_WAITING or is_demo(tx)
    return Check("queue", ok, f"The oldest message waits since {int(waited.total_seconds())} seconds.")


def _disk(folder: Path) -> Check:
    place = folder
    while not place.exists():
        place = place.parent
    free = shutil.disk_usage(place).free
    return Check("disk", free >= LEAST_FREE, f"{free // 1024 // 1024} MB are free.")
