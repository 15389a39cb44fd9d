"""Forms that make something carry a key, so that sending one twice makes one thing."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import delete, insert, select
from sqlalchemy.exc import IntegrityError

from grantflow.store.people.signing import FirstTime
from grantflow.store.session import Tx

KEPT = timedelta(days=7)
"""How long it is remembered that a form was taken."""
LONGEST_KEY = 100


def first_time(tx: Tx, key: str) -> bool:
    """Whether a form with this key is taken now for the first time; from then on it is not.

    A key belongs to whoever sent it, so nobody uses up that of another. Two at once: the second waits, and is told no.
    """
    own = _own(tx, key)
    if tx.execute(select(FirstTime.key).where(FirstTime.key == own)).first() is not None:
        return False
    try:
        with tx.session.begin_nested():
            tx.session.connection()  # the session sets its savepoint only when it is used
            tx.execute(insert(FirstTime).values(key=own, leads_to=None, at=tx.now))
    except IntegrityError:
        return False
    tx.execute(delete(FirstTime).where(FirstTime.at < tx.now - KEPT))
    return True


def led_to(tx: Tx, key: str, address: str) -> None:
    """Remember where a form led that was taken now."""
    row = tx.session.get(FirstTime, _own(tx, key))
    if row is not None:
        row.leads_to = address
        tx.flush()


def where_it_led(tx: Tx, key: str) -> str | None:
    """Return where the form with this key led when it was taken."""
    found: str | None = tx.execute(
        select(FirstTime.leads_to).where(FirstTime.key == _own(tx, key))
    ).scalar_one_or_none()
    return found


def _own(tx: Tx, key: str) -> str:
    return f"{tx.actor.user_id or tx.actor.kind}:{key[:LONGEST_KEY]}"
