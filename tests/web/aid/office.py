"""The agency of the aid tests before its pages: people with browsers, firms with the links that were mailed to them."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import select

from grantflow.services import post
from grantflow.services.aid.invitations import link_address, link_token
from grantflow.store.aid.models import AidReservation
from grantflow.store.cases import CaseRow
from grantflow.store.outbox import OutboxMessage
from grantflow.web import create_app
from tests.services.aid.house import TODAY, AidHouse
from tests.web.browsing import Reader

KEY = "a key of the installation, long enough"
ANSWERS: dict[str, Any] = {
    "signer_name": "Kerstin Fåman",
    "signer_role": "Managing director",
    "authorised": "yes",
    "headcount": "9",
    "turnover": "4 000 000",
    "balance": "2 000 000",
    "no_other_aid": "yes",
    "consent": "yes",
    "rows": "3",
    "what": "agree",
}
"""What a firm without other aid writes."""


class Office:
    """The agency, its pages, and the mails that left."""

    def __init__(self, url: str, folder: Path, **given: Any) -> None:
        self.house = AidHouse(url, **given)
        self.house.now = TODAY
        self.folder = folder
        self.app = create_app(
            self.house.database,
            data_folder=folder,
            now=lambda: self.house.now,
            wall=lambda: TODAY,
            secret_key=KEY,
            address="https://aid.example",
        )

    def reader(self, name: str | None = None) -> Reader:
        """Somebody with a browser of their own."""
        return Reader(self.app, None if name is None else self.house.people[name])

    def page(self, line: UUID) -> str:
        """Return the address that was mailed last to the firm of a line."""
        return f"/firms/{link_token(KEY.encode(), self.house.link(line))}"

    def mails(self, record: UUID, template: str) -> list[post.Addressed]:
        """Return the mails that a template became, composed as the worker does."""

        def link(grant_id: UUID) -> str:
            return link_address("https://aid.example", KEY.encode(), grant_id)

        with self.house.tx() as tx:
            messages = select(OutboxMessage.id).where(
                OutboxMessage.case_id == record, OutboxMessage.template == template
            )
            parcels = [post.compose(tx, each, link) for each in tx.execute(messages).scalars()]
        return [mail for parcel in parcels if parcel is not None for mail in parcel.mails]

    def ref(self, record: UUID) -> str:
        """Return what a record is called."""
        with self.house.tx() as tx:
            return tx.session.get_one(CaseRow, record).ref

    def held(self) -> int:
        """Return what is held against ceilings."""
        with self.house.tx() as tx:
            found = select(AidReservation.amount).where(AidReservation.ended_at.is_(None))
            return sum(tx.session.execute(found).scalars())
