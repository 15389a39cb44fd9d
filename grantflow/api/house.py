"""What every operation needs of the house: the database, the clock, for whom the program asks."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import cast

from flask import current_app, g, request

from grantflow.domain.actor import SYSTEM, VISITOR, Actor
from grantflow.services.catalogues import SPOKEN
from grantflow.services.people.tokens import Caller
from grantflow.store.session import Database, Tx


@dataclass(frozen=True)
class House:
    """The house as programs see it."""

    database: Database
    data_folder: Path | None
    now: Callable[[], datetime]
    wall: Callable[[], datetime]
    """The time outside: tokens and kept answers go by it, whatever a demo's clock shows."""
    address: str = ""
    """The address of the installation as mails write it; empty: that of the request."""


def house() -> House:
    """Return the house of the running application."""
    return cast("House", current_app.extensions["house"])


def now() -> datetime:
    """Return the time that counts, the same all through one request."""
    if "now" not in g:
        g.now = house().now()
    return cast("datetime", g.now)


def caller() -> Caller | None:
    """Return for whom the program asks, where it carries a token."""
    return cast("Caller | None", g.get("caller"))


def actor() -> Actor:
    """Return who acts: the person behind the token, else a visitor."""
    known = caller()
    return VISITOR if known is None else Actor("person", known.user_id)


@contextmanager
def reading() -> Iterator[Tx]:
    """Open a transaction that only reads, as whoever asks, at the time that counts."""
    with house().database.reading(actor(), now()) as tx:
        yield tx


@contextmanager
def as_the_house(*, writing: bool) -> Iterator[Tx]:
    """Open a transaction of the house itself by the wall's time: for tokens."""
    here = house()
    if writing:
        with here.database.transaction(SYSTEM, here.wall()) as tx:
            yield tx
    else:
        with here.database.reading(SYSTEM, here.wall()) as tx:
            yield tx


def language() -> str:
    """Return the language of labels: the one of the pages that the program prefers."""
    return request.accept_languages.best_match(SPOKEN) or SPOKEN[0]
