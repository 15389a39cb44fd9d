"""How somebody wants to be written to: what comes at once, and what once a day at an hour of theirs."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID
from zoneinfo import available_timezones

from sqlalchemy import delete, insert, select

from grantflow.domain.refusal import Refusal, Refused
from grantflow.services.letters.urgency import KINDS
from grantflow.store.people.mailing import MailWish
from grantflow.store.people.wishes import Wish, wishes_of
from grantflow.store.programmes.models import Programme
from grantflow.store.session import Tx

HOUR = 7
"""At which the daily mail leaves where nobody said otherwise."""


def wish_of(tx: Tx, user_id: UUID) -> Wish:
    """Return how somebody wants to be written to; everything at once where they never said."""
    found = wishes_of(tx, [user_id]).get(user_id)
    if found is not None:
        return found
    zone = tx.execute(select(Programme.zone).order_by(Programme.id).limit(1)).scalar()
    return Wish(frozenset(), HOUR, zone or "UTC")


def set_wish(tx: Tx, user_id: UUID, daily: Sequence[str], hour: object, zone: str) -> None:
    """Keep how somebody wants to be written to from now on.

    Raises:
        Refused: there is no such kind of message, hour or time zone; all of it at once.
    """
    problems = []
    if not set(daily) <= KINDS.keys():
        problems.append(Refusal("not_chosen", "Choose from the list.", {}, "daily"))
    if not isinstance(hour, int) or not 0 <= hour <= 23:
        problems.append(Refusal("not_chosen", "Choose an hour of the day.", {}, "hour"))
    if zone not in zones():
        problems.append(Refusal("not_chosen", "Choose a time zone.", {}, "zone"))
    if problems:
        raise Refused(problems)
    tx.execute(delete(MailWish).where(MailWish.user_id == user_id))
    tx.execute(insert(MailWish).values(user_id=user_id, daily=sorted(set(daily)), hour=hour, zone=zone))


def zones() -> tuple[str, ...]:
    """Return the time zones that are offered."""
    return ("UTC", *sorted(name for name in available_timezones() if name.startswith("Europe/")))
