"""What every page needs of the house: the database, the clock, whether this is a demo."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import cast

from flask import current_app

from grantflow.domain.actor import SYSTEM
from grantflow.store.session import Database, Tx


@dataclass(frozen=True)
class Entrance:
    """The house as the pages see it."""

    database: Database
    data_folder: Path | None
    now: Callable[[], datetime]
    demo: bool


def entrance() -> Entrance:
    """Return the house of the running application."""
    return cast("Entrance", current_app.extensions["entrance"])


@contextmanager
def reading() -> Iterator[Tx]:
    """Open a transaction that only reads, at the time that counts."""
    house = entrance()
    with house.database.reading(SYSTEM, house.now()) as tx:
        yield tx
