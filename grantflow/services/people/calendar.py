"""The secret address under which a calendar reads somebody's dates: made, shown once, replaced, ended."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import insert, select, update

from grantflow.services.people.sessions import hashed
from grantflow.store.people.mailing import CalendarAddress
from grantflow.store.people.models import User
from grantflow.store.session import Tx

LONGEST = 100
"""Characters beyond which nothing is a token of ours."""


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose dates an address opens."""

    user_id: UUID
    language: str
    made_at: datetime


def make_address(tx: Tx, user_id: UUID) -> str:
    """Make somebody's calendar address and return its token, which nobody can do again; an earlier one ends."""
    end_address(tx, user_id)
    token = secrets.token_urlsafe(32)
    tx.execute(
        insert(CalendarAddress).values(
            id=tx.new_id(), token_hash=hashed(token), user_id=user_id, made_at=tx.now, ended_at=None
        )
    )
    return token


def end_address(tx: Tx, user_id: UUID) -> None:
    """Let somebody's calendar address open nothing any more."""
    tx.execute(
        update(CalendarAddress)
        .where(CalendarAddress.user_id == user_id, CalendarAddress.ended_at.is_(None))
        .values(ended_at=tx.now)
    )


def made_at(tx: Tx, user_id: UUID) -> datetime | None:
    """Return when somebody's calendar address was made, where they have one."""
    found = select(CalendarAddress.made_at).where(
        CalendarAddress.user_id == user_id, CalendarAddress.ended_at.is_(None)
    )
    return tx.execute(found.order_by(CalendarAddress.made_at.desc()).limit(1)).scalar()


def owner_of(tx: Tx, token: str) -> Owner | None:
    """Return whose dates an address opens, while it is in force."""
    if len(token) > LONGEST:
        return None
    row = tx.execute(
        select(CalendarAddress.user_id, User.language, CalendarAddress.made_at)
        .join(User, User.id == CalendarAddress.user_id)
        .where(CalendarAddress.token_hash == hashed(token), CalendarAddress.ended_at.is_(None))
    ).one_or_none()
    return None if row is None else Owner(row.user_id, row.language, row.made_at)
