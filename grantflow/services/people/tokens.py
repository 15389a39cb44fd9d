"""Tokens with which programs act for a person: made once, shown once, of limited reach and time."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import CursorResult, insert, select, update

from grantflow.domain.refusal import refuse
from grantflow.services.people.sessions import A_MINUTE, hashed
from grantflow.store.people.models import User
from grantflow.store.people.tokens import ApiToken
from grantflow.store.session import Tx

# `tx.now` is the wall's time here, also in a demo: see store/people/tokens.py.

SCOPES = ("read", "write", "step")
"""read: whatever the person may see; write: start applications, fill them in, hand in files; step: take steps."""
DAYS = 90
MOST_DAYS = 366
LONGEST = 200
"""Characters beyond which nothing is a token of ours."""


@dataclass(frozen=True, slots=True)
class OwnToken:
    """A token as its owner sees it: never the token itself."""

    prefix: str
    email: str
    scopes: tuple[str, ...]
    made_at: datetime
    ends_at: datetime
    used_at: datetime | None
    revoked_at: datetime | None


@dataclass(frozen=True, slots=True)
class Caller:
    """The person for whom a program asks, and how far its token goes."""

    token_id: UUID
    user_id: UUID
    name: str
    email: str
    scopes: frozenset[str]
    used_at: datetime | None

    def stale(self, now: datetime) -> bool:
        """Whether the last minute of use on record is over."""
        return self.used_at is None or now - self.used_at >= A_MINUTE


def create_token(
    tx: Tx, email: str, scopes: Iterable[str] = SCOPES, *, days: int = DAYS
) -> tuple[str, OwnToken]:
    """Make a token for somebody who is registered; return it, which nobody can do again, and what is kept of it.

    Raises:
        Refused: nobody is registered under the address, a scope is unknown, or the time is none that a token may last.
    """
    person = tx.execute(
        select(User.id, User.email).where(User.email == email.strip().casefold())
    ).one_or_none()
    if person is None:
        raise refuse("unknown_person", "Nobody is registered as %(email)s.", "user", email=email.strip())
    asked = set(scopes)
    if not asked or not asked <= set(SCOPES):
        raise refuse(
            "unknown_scope", "The scopes of tokens are: %(scopes)s.", "scope", scopes=", ".join(SCOPES)
        )
    if not 1 <= days <= MOST_DAYS:
        raise refuse("bad_days", "A token lasts from 1 to %(most)s days.", "days", most=MOST_DAYS)
    prefix = f"gf_{secrets.token_hex(4)}"
    token = f"{prefix}_{secrets.token_urlsafe(32)}"
    kept = [scope for scope in SCOPES if scope in asked]
    ends_at = tx.now + timedelta(days=days)
    tx.execute(
        insert(ApiToken).values(
            id=tx.new_id(),
            token_hash=hashed(token),
            prefix=prefix,
            user_id=person.id,
            scopes=kept,
            made_at=tx.now,
            ends_at=ends_at,
            used_at=None,
            revoked_at=None,
        )
    )
    return token, OwnToken(prefix, person.email, tuple(kept), tx.now, ends_at, None, None)


def tokens(tx: Tx, email: str | None = None) -> Sequence[OwnToken]:
    """Return all tokens, or those of one person, the latest first."""
    found = (
        select(
            ApiToken.prefix,
            User.email,
            ApiToken.scopes,
            ApiToken.made_at,
            ApiToken.ends_at,
            ApiToken.used_at,
            ApiToken.revoked_at,
        )
        .join(User, User.id == ApiToken.user_id)
        .order_by(ApiToken.made_at.desc(), ApiToken.prefix)
    )
    if email is not None:
        found = found.where(User.email == email.strip().casefold())
    return [
        OwnToken(
            row.prefix,
            row.email,
            tuple(row.scopes),
            row.made_at,
            row.ends_at,
            row.used_at,
            row.revoked_at,
        )
        for row in tx.execute(found)
    ]


def revoke_token(tx: Tx, prefix: str) -> None:
    """Make a token worth nothing from now on; the token itself may be given in place of its beginning.

    Raises:
        Refused: there is no such token, or it is revoked already.
    """
    known = "_".join(prefix.split("_")[:2])
    revoked: CursorResult[object] = tx.execute(
        update(ApiToken)
        .where(ApiToken.prefix == known, ApiToken.revoked_at.is_(None))
        .values(revoked_at=tx.now)
    )
    if revoked.rowcount == 0:
        raise refuse("unknown_token", "There is no token in force that begins with %(prefix)s.", prefix=known)


def caller_of(tx: Tx, token: str) -> Caller | None:
    """Return for whom a token acts, while it is in force."""
    if len(token) > LONGEST:
        return None
    row = tx.execute(
        select(
            ApiToken.id,
            ApiToken.user_id,
            User.name,
            User.email,
            ApiToken.scopes,
            ApiToken.used_at,
        )
        .join(User, User.id == ApiToken.user_id)
        .where(ApiToken.token_hash == hashed(token), ApiToken.revoked_at.is_(None), ApiToken.ends_at > tx.now)
    ).one_or_none()
    if row is None:
        return None
    return Caller(row.id, row.user_id, row.name, row.email, frozenset(row.scopes), row.used_at)


def used(tx: Tx, token_id: UUID) -> None:
    """Note that a token was used in this minute."""
    tx.execute(update(ApiToken).where(ApiToken.id == token_id).values(used_at=tx.now))
