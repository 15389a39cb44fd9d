"""The reviews are closed: Karin, the delegate, the board and applicants sit before their browsers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from uuid import UUID

import pytest
from sqlalchemy import select

from grantflow.store.cases import CaseRow
from tests import cast
from tests.databases import Databases, Kind
from tests.factories.copies import copied
from tests.factories.fund import Fund, open_fund
from tests.web.browsing import Reader
from tests.web.house import House

WANTED: Mapping[cast.Person, tuple[int, int, int]] = {
    cast.LEIF: (40_000, 70_000, 5),
    cast.HANNA: (30_000, 50_000, 4),
    cast.MIKAEL: (30_000, 50_000, 3),
    cast.SARA: (20_000, 40_000, 3),
    cast.YLVA: (20_000, 40_000, 2),
}
"""What each asks for, what it costs, and the points of five; the envelope holds 95 000."""


def proposed(url: str) -> Fund:
    """Return the fund with a proposal drawn up."""
    fund = open_fund(url)
    for person, application_id in fund.play_to_proposal(WANTED).items():
        fund.told[person.name] = application_id
    return fund


@dataclass(frozen=True)
class Desk:
    """The fund, its pages, and where its records are found."""

    fund: Fund
    house: House

    def reader(self, person: cast.Person | None = None) -> Reader:
        return self.house.reader(person)

    def of(self, person: cast.Person) -> UUID:
        """Return the application of somebody's organisation."""
        return self.fund.told[person.name]

    def ref(self, of: cast.Person | UUID) -> str:
        case_id = of if isinstance(of, UUID) else self.of(of)
        with self.fund.reading() as tx:
            return str(tx.execute(select(CaseRow.ref).where(CaseRow.id == case_id)).scalar_one())

    def page(self, name: str) -> str:
        return f"/calls/{self.fund.plan.slug}/{name}"


@pytest.fixture
def desk(databases: Databases, database_kind: Kind) -> Iterator[Desk]:
    fund = copied(databases, database_kind, proposed)
    yield Desk(fund, House(fund))
    fund.database.dispose()
    databases.drop(fund.database.url)
