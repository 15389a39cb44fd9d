"""Words that somebody had typed when their sign-in ran out: kept for an hour, for them alone."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from sqlalchemy import delete, insert, select

from grantflow.store.people.signing import KeptForm
from grantflow.store.session import Tx

KEPT = timedelta(hours=1)


def keep_form(tx: Tx, user_id: UUID, address: str, fields: Sequence[tuple[str, str]]) -> UUID:
    """Keep what was typed on the page at an address; drop what nobody came back for."""
    tx.execute(delete(KeptForm).where(KeptForm.kept_at < tx.now - KEPT))
    form_id = tx.new_id()
    tx.execute(
        insert(KeptForm).values(
            id=form_id,
            user_id=user_id,
            address=address,
            fields=[list(pair) for pair in fields],
            kept_at=tx.now,
        )
    )
    return form_id


def kept_form(tx: Tx, user_id: UUID, given: str, address: str) -> list[tuple[str, str]] | None:
    """Return what a person had typed on the page at an address, if it waits there."""
    try:
        form_id = UUID(given)
    except ValueError:
        return None
    row = tx.execute(
        select(KeptForm.address, KeptForm.fields).where(
            KeptForm.id == form_id, KeptForm.user_id == user_id, KeptForm.kept_at > tx.now - KEPT
        )
    ).one_or_none()
    if row is None or row.address != address:
        return None
    return [(name, value) for name, value in row.fields]
