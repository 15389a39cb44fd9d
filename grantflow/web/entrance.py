"""What every page needs of the house: the database, the clock, who asks, whether this is a demo."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import cast
from uuid import UUID

from flask import current_app, g, request
from flask_login import current_user

from grantflow.domain.actor import SYSTEM, VISITOR, Actor
from grantflow.domain.refusal import Refused, refuse
from grantflow.services import refusals
from grantflow.services.people.sessions import Limits, Person
from grantflow.store.session import Database, Tx


@dataclass(frozen=True)
class Entrance:
    """The house as the pages see it."""

    database: Database
    data_folder: Path | None
    now: Callable[[], datetime]
    demo: bool
    wall: Callable[[], datetime]
    """The time outside: sign-ins and throttling go by it, whatever a demo's clock shows."""
    limits: Limits = field(default_factory=Limits)
    address: str = ""
    """The address of the installation as mails write it; empty: that of the request."""
    sending: bool = True
    """Whether anything may leave: mails, webhooks."""


def entrance() -> Entrance:
    """Return the house of the running application."""
    return cast("Entrance", current_app.extensions["entrance"])


def mailed_address(path: str) -> str:
    """Return a page's address as mails carry it: that of the settings, never what a request says of itself."""
    return f"{entrance().address or request.host_url.rstrip('/')}{path}"


def now() -> datetime:
    """Return the time that counts, the same all through one request."""
    if "now" not in g:
        g.now = entrance().now()
    return cast("datetime", g.now)


def person() -> Person | None:
    """Return who is signed in, if somebody is."""
    return cast("Person", current_user.person) if current_user.is_authenticated else None


def signed_in() -> Person:
    """Return who is signed in, on a page that the table of access opens to nobody else."""
    found = person()
    assert found is not None, f"{request.path} is open to visitors"
    return found


def come_by(link: Actor) -> None:
    """Let everything in this request be done by whoever holds a mailed link, also where a person is signed in."""
    g.link = link


def actor(organisation_id: UUID | None = None) -> Actor:
    """Return who acts: the person signed in, for one of their organisations where they chose one, else a visitor."""
    if "link" in g:
        return cast("Actor", g.link)
    found = person()
    return VISITOR if found is None else Actor("person", found.id, organisation_id)


@contextmanager
def reading() -> Iterator[Tx]:
    """Open a transaction that only reads, as whoever asks, at the time that counts."""
    with entrance().database.reading(actor(), now()) as tx:
        yield tx


@contextmanager
def acting(
    step: str | None = None, *, record_id: UUID | None = None, organisation_id: UUID | None = None
) -> Iterator[Tx]:
    """Open a transaction that writes, as whoever asks, at the time that counts.

    What is refused is rolled back whole and noted, as `step` of a record (else as the page's name), and goes on up to
    the page. A form that comes back after its sender signed in anew is refused here in the same way, so that the page
    shows their words again before anything is done with them.

    Raises:
        Refused: something speaks against it.
    """
    _nothing_brought_back()
    house, who = entrance(), actor(organisation_id)
    try:
        with house.database.transaction(who, now()) as tx:
            yield tx
    except Refused as refused:
        name = step or request.endpoint or ""
        refusals.note(house.database, who, now(), refused, transition=name, record_id=record_id)
        raise


@contextmanager
def as_the_house(*, writing: bool) -> Iterator[Tx]:
    """Open a transaction of the house itself by the wall's time: for sign-ins, tries and mailed links."""
    house = entrance()
    if writing:
        _nothing_brought_back()
        with house.database.transaction(SYSTEM, house.wall()) as tx:
            yield tx
    else:
        with house.database.reading(SYSTEM, house.wall()) as tx:
            yield tx


def _nothing_brought_back() -> None:
    if g.get("brought_back"):
        raise refuse(
            "brought_back",
            "You were signed out while you wrote, so nothing is saved yet. Your words are here: look them through and "
            "send them again.",
        )
