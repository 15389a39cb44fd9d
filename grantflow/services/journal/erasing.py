"""Erasing what people wrote, where the law asks for it: the chain stays whole, and verifying says `erased`."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import select, update

from grantflow.store.journal import JournalText
from grantflow.store.outbox import OutboxMessage
from grantflow.store.session import Tx


def erase_text(tx: Tx, entry_id: UUID, fields: Iterable[str] | None = None) -> int:
    """Erase what was filled in at a step, all of it or some fields; return how many texts are gone.

    The messages that carried the words into the world lose them too.
    """
    chosen = JournalText.entry_id == entry_id, JournalText.text.is_not(None)
    names = set(fields) if fields is not None else None
    found = [
        name
        for name in tx.execute(select(JournalText.field).where(*chosen).order_by(JournalText.field)).scalars()
        if names is None or name in names
    ]
    if found:
        erased = update(JournalText).where(*chosen, JournalText.field.in_(found))
        tx.execute(erased.values(text=None, erased_at=tx.now))
        messages = select(OutboxMessage.id, OutboxMessage.data).where(OutboxMessage.entry_id == entry_id)
        for message in tx.execute(messages).all():
            left = {name: value for name, value in message.data.items() if name not in found}
            tx.execute(update(OutboxMessage).where(OutboxMessage.id == message.id).values(data=left))
        tx.forget()
    return len(found)
