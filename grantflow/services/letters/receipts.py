"""The receipt of a sending as a paper: the PDF that the worker filed, or what it is made of."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from uuid import UUID

from sqlalchemy import select

from grantflow.services import files
from grantflow.services.letters.catalogue import shipped
from grantflow.services.letters.notices import Recipient, compose_for
from grantflow.services.letters.papers import letter_html
from grantflow.services.papers import filed_letter
from grantflow.store.outbox import OutboxMessage
from grantflow.store.people.roles import roles_of
from grantflow.store.session import Tx


@dataclass(frozen=True, slots=True)
class ReceiptPaper:
    """A receipt: its document, and the PDF that was filed, if it was."""

    html: str
    identifier: str
    filed_id: UUID | None

    def filed(self, tx: Tx, data_folder: Path | None) -> bytes | None:
        """Return the filed PDF; nothing as long as it is being made."""
        if self.filed_id is None or data_folder is None:
            return None
        return files.read(tx, data_folder / "files", self.filed_id)


def receipt_paper(tx: Tx, case_id: UUID, sent_at: datetime, language: str) -> ReceiptPaper | None:
    """Return the paper that went to those who play a role of the actor when something was sent."""
    roles = roles_of(tx, tx.actor, [case_id])[case_id]
    papers = [name for name, design in shipped().designs.items() if design.paper]
    message = tx.session.scalars(
        select(OutboxMessage)
        .where(
            OutboxMessage.case_id == case_id,
            OutboxMessage.role.in_(roles),
            OutboxMessage.template.in_(papers),
            OutboxMessage.at == sent_at,
        )
        .order_by(OutboxMessage.id)
        .limit(1)
    ).first()
    if message is None:
        return None
    letter = compose_for(tx, case_id, message.template, Recipient("-", language), message.data, message.at)
    return ReceiptPaper(
        letter_html(letter),
        f"outbox-{message.id}.{letter.language}",
        filed_letter(tx, case_id, [message.template], message.at, letter.language),
    )
