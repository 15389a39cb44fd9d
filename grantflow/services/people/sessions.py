"""Being signed in: a row for each browser, ended by its owner, by standing idle, or by its age."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    DateTime,
    SQLColumnExpression,
    column,
    delete,
    exists,
    insert,
    or_,
    select,
    table,
    update,
)

from grantflow.store.people.models import Membership, RoleGrant, User
from grantflow.store.people.signing import SignIn
from grantflow.store.session import Tx
from grantflow.store.types import IdType

_seat = table(
    "gf_seat", column("user_id", IdType()), column("until", DateTime())
)  # a later room's, by name only

# `tx.now` is the wall's time here, also in a demo: see store/people/signing.py.

A_MINUTE = timedelta(minutes=1)
KEPT = timedelta(days=30)
"""How long rows of sign-ins that are over stay, for the list of one's own."""
LONGEST_NAME = 200


@dataclass(frozen=True, slots=True)
class Limits:
    """How long somebody stays signed in, without a sign of life and at all; and how often they may try in 15 minutes."""

    idle_minutes: int = 120
    hours: int = 12
    idle_minutes_inside: int = 60
    hours_inside: int = 10
    tries: int = 10
    tries_network: int = 100


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who is signed in."""

    id: UUID
    name: str
    email: str
    language: str
    sign_in_id: UUID
    seen_at: datetime
    inside: bool
    """Whether they work for a programme."""
    seated: bool
    """Whether they have a seat in a body."""

    def stale(self, now: datetime) -> bool:
        """Whether their last minute on record is over."""
        return now - self.seen_at >= A_MINUTE


@dataclass(frozen=True, slots=True)
class OwnSignIn:
    """A sign-in as its owner sees it."""

    id: UUID
    browser: str
    began_at: datetime
    seen_at: datetime
    here: bool


def hashed(token: str) -> str:
    """Return how a secret lies in the database: of a random token its hash is enough, nobody can guess it."""
    return hashlib.sha256(token.encode()).hexdigest()


def sign_in(tx: Tx, user_id: UUID, *, browser: str, limits: Limits, in_place_of: str | None = None) -> str:
    """Sign somebody in and return the fresh token; the one that the browser had before is worth nothing any more."""
    if in_place_of is not None:
        tx.execute(
            update(SignIn)
            .where(SignIn.token_hash == hashed(in_place_of), SignIn.ended_at.is_(None))
            .values(ended_at=tx.now)
        )
    tx.execute(delete(SignIn).where(SignIn.user_id == user_id, SignIn.ends_at < tx.now - KEPT))
    inside = _plays_inside(tx, user_id)
    token = secrets.token_urlsafe(32)
    hours = limits.hours_inside if inside else limits.hours
    tx.execute(
        insert(SignIn).values(
            id=tx.new_id(),
            token_hash=hashed(token),
            user_id=user_id,
            began_at=tx.now,
            seen_at=tx.now,
            ends_at=tx.now + timedelta(hours=hours),
            idle_minutes=limits.idle_minutes_inside if inside else limits.idle_minutes,
            browser=" ".join(browser.split())[:LONGEST_NAME],
            ended_at=None,
        )
    )
    return token


def signed_in(tx: Tx, token: str) -> Person | None:
    """Return whose sign-in a token is, while it lasts."""
    row = tx.execute(
        select(
            User.id,
            User.name,
            User.email,
            User.language,
            SignIn.id.label("sign_in_id"),
            SignIn.seen_at,
            SignIn.ends_at,
            SignIn.idle_minutes,
            _inside(tx, User.id).label("inside"),
            exists().where(_seat.c.user_id == User.id, _seat.c.until.is_(None)).label("seated"),
        )
        .join(SignIn, SignIn.user_id == User.id)
        .where(SignIn.token_hash == hashed(token), SignIn.ended_at.is_(None))
    ).one_or_none()
    if row is None or _is_over(tx.now, row.seen_at, row.ends_at, row.idle_minutes):
        return None
    return Person(
        row.id,
        row.name,
        row.email,
        row.language,
        row.sign_in_id,
        row.seen_at,
        bool(row.inside),
        bool(row.seated),
    )


def seen(tx: Tx, sign_in_id: UUID) -> None:
    """Note that somebody did something in this minute."""
    tx.execute(
        update(SignIn)
        .where(SignIn.id == sign_in_id, SignIn.ended_at.is_(None), SignIn.seen_at < tx.now)
        .values(seen_at=tx.now)
    )


def own_sign_ins(tx: Tx, user_id: UUID, here: UUID) -> Sequence[OwnSignIn]:
    """Return where somebody is signed in, the latest first."""
    rows = tx.execute(
        select(SignIn)
        .with_only_columns(
            SignIn.id, SignIn.browser, SignIn.began_at, SignIn.seen_at, SignIn.ends_at, SignIn.idle_minutes
        )
        .where(SignIn.user_id == user_id, SignIn.ended_at.is_(None))
        .order_by(SignIn.seen_at.desc(), SignIn.id)
    )
    return [
        OwnSignIn(row.id, row.browser, row.began_at, row.seen_at, row.id == here)
        for row in rows
        if not _is_over(tx.now, row.seen_at, row.ends_at, row.idle_minutes)
    ]


def end_sign_in(tx: Tx, user_id: UUID, sign_in_id: UUID) -> bool:
    """End one of somebody's own sign-ins; return whether there was such a one."""
    ended = tx.execute(
        update(SignIn)
        .where(SignIn.id == sign_in_id, SignIn.user_id == user_id, SignIn.ended_at.is_(None))
        .values(ended_at=tx.now)
    )
    return ended.rowcount > 0


def end_all(tx: Tx, user_id: UUID, but: UUID | None = None) -> None:
    """End all sign-ins of somebody, if asked for all but the one in which they ask."""
    ending = update(SignIn).where(SignIn.user_id == user_id, SignIn.ended_at.is_(None))
    if but is not None:
        ending = ending.where(SignIn.id != but)
    tx.execute(ending.values(ended_at=tx.now))


def _is_over(now: datetime, seen_at: datetime, ends_at: datetime, idle_minutes: int) -> bool:
    return now >= ends_at or now - seen_at >= timedelta(minutes=idle_minutes)


def _plays_inside(tx: Tx, user_id: UUID) -> bool:
    """Whether somebody works for a programme: for them the limits are tighter."""
    return bool(tx.execute(select(_inside(tx, user_id))).scalar())


def _inside(tx: Tx, user_id: UUID | SQLColumnExpression[UUID]) -> ColumnElement[bool]:
    """Return the condition that somebody plays a role that works for a programme."""
    roles = {
        role.name
        for compiled in tx.engine.all()
        for role in compiled.scheme.roles.values()
        if not role.outside
    }
    memberships = select(Membership.organisation_id).where(Membership.user_id == user_id)
    return exists().where(
        RoleGrant.role.in_(sorted(roles)),
        or_(RoleGrant.user_id == user_id, RoleGrant.organisation_id.in_(memberships)),
        RoleGrant.ended_at.is_(None),
    )
