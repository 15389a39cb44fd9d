"""How people want to be written to, read for many at once."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from grantflow.store.people.mailing import MailWish
from grantflow.store.session import Tx


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody wants once a day, and when."""

    daily: frozenset[str]
    hour: int
    zone: str


def wishes_of(tx: Tx, user_ids: Collection[UUID]) -> Mapping[UUID, Wish]:
    """Return the wishes of those among some people who have any."""
    if not user_ids:
        return {}
    rows = tx.execute(
        select(MailWish.user_id, MailWish.daily, MailWish.hour, MailWish.zone).where(
            MailWish.user_id.in_(user_ids)
        )
    )
    return {row.user_id: Wish(frozenset(row.daily), row.hour, row.zone) for row in rows}
