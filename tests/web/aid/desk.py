"""The agency of the aid call with its pages, and its people before their browsers."""

from __future__ import annotations

from pathlib import Path
from uuid import UUID

from sqlalchemy import select

from grantflow.store.cases import CaseRow
from grantflow.web import create_app
from tests.services.aid.house import AidHouse
from tests.web.browsing import Reader


class Desk:
    """The house of the aid call, and what its pages show; the clock is the house's."""

    def __init__(self, house: AidHouse, folder: Path) -> None:
        self.house = house
        begun = house.now
        self.app = create_app(
            house.database, data_folder=folder, now=lambda: self.house.now, wall=lambda: begun
        )

    def reader(self, name: str | None = None) -> Reader:
        """Somebody with a browser of their own."""
        return Reader(self.app, None if name is None else self.house.people[name])

    def ref(self, record: UUID) -> str:
        """Return the reference of a record."""
        with self.house.tx() as tx:
            return tx.session.get_one(CaseRow, record).ref

    def lines(self, request: UUID) -> list[UUID]:
        """Return the lines of a request in the order in which they were named."""
        found = select(CaseRow.id).where(CaseRow.parent_id == request, CaseRow.record == "line")
        with self.house.tx() as tx:
            return list(tx.session.scalars(found.order_by(CaseRow.created_at, CaseRow.ref)))

    def record(self, ref: str) -> UUID:
        """Return the record of a reference."""
        with self.house.tx() as tx:
            return tx.session.scalars(select(CaseRow.id).where(CaseRow.ref == ref)).one()
