"""Being signed in: a row for each browser, ended by its owner, by standing idle, or by its age."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from uuid import UUID

from sqlalchemy import ColumnElement, delete, exists, insert, or_, select, update

from grantflow.store.people.models import Membership, RoleGrant
from grantflow.store.people.signing import SignIn
from grantflow.store.session import Tx
from grantflow.store.statements import Statement, identifier, moment
from grantflow.workflow.machine import Compiled

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


# Asked by every page, so it is text; `_inside` below is the same condition for everything else.
_SIGNED_IN = Statement(
    """
    SELECT u.id, u.name, u.email, u.language, s.id, s.seen_at, s.ends_at, s.idle_minutes,
        EXISTS (SELECT 1 FROM gf_role_grant g
                WHERE g.role IN :roles*text AND g.ended_at IS NULL
                  AND (g.user_id = u.id OR g.organisation_id IN
                       (SELECT m.organisation_id FROM gf_membership m WHERE m.user_id = u.id))),
        EXISTS (SELECT 1 FROM gf_seat t WHERE t.user_id = u.id AND t.until IS NULL)
    FROM gf_sign_in s JOIN gf_user u ON u.id = s.user_id
    WHERE s.token_hash = :token AND s.ended_at IS NULL
    """
)


def signed_in(tx: Tx, token: str) -> Person | None:
    """Return whose sign-in a token is, while it lasts."""
    tx.flush()
    row = _SIGNED_IN(tx, token=hashed(token), roles=_roles_inside(tx.engine.all())).one_or_none()
    if row is None:
        return None
    user_id, name, email, language, sign_in_id, seen_at, ends_at, idle_minutes, inside, seated = row
    last = moment(seen_at)
    if _is_over(tx.now, last, moment(ends_at), idle_minutes):
        return None
    return Person(
        identifier(user_id),
        name,
        email,
        language,
        identifier(sign_in_id),
        last,
        bool(inside),
        bool(seated),
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


@lru_cache(maxsize=16)
def _roles_inside(schemes: tuple[Compiled, ...]) -> tuple[str, ...]:
    """Return the roles of some schemes that work for a programme."""
    roles = (role for each in schemes for role in each.scheme.roles.values())
    return tuple(sorted({role.name for role in roles if not role.outside}))


def _inside(tx: Tx, user_id: UUID) -> ColumnElement[bool]:
    """Return the condition that somebody plays a role that works for a programme."""
    memberships = select(Membership.organisation_id).where(Membership.user_id == user_id)
    return exists().where(
        RoleGrant.role.in_(_roles_inside(tx.engine.all())),
        or_(RoleGrant.user_id == user_id, RoleGrant.organisation_id.in_(memberships)),
        RoleGrant.ended_at.is_(None),
    )
