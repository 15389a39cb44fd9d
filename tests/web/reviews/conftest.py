"""The fund is open; officers, reviewers and applicants sit before their browsers."""

from __future__ import annotations

from collections.abc import Iterator
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

TUOMAS, BIRGIT, RASA, PIETER = cast.REVIEWERS[1:5]
SCORED = {"score.potential": "4", "score.actors": "3", "score.feasibility": "5"}
SAID = {
    "comment.potential": "It spreads.",
    "comment.actors": "Both are there.",
    "comment.feasibility": "It holds together.",
    "comment": "Worth trying.",
}


@dataclass(frozen=True)
class Desk:
    """The fund, its pages, and where its records are found."""

    fund: Fund
    house: House

    def reader(self, person: cast.Person | None = None) -> Reader:
        return self.house.reader(person)

    def ref(self, case_id: UUID) -> str:
        with self.fund.reading() as tx:
            return str(tx.execute(select(CaseRow.ref).where(CaseRow.id == case_id)).scalar_one())

    @property
    def slug(self) -> str:
        return self.fund.plan.slug


@pytest.fixture
def desk(databases: Databases, database_kind: Kind) -> Iterator[Desk]:
    fund = copied(databases, database_kind, open_fund)
    yield Desk(fund, House(fund))
    fund.database.dispose()
    databases.drop(fund.database.url)


@pytest.fixture
def sent(desk: Desk) -> UUID:
    """An application that came in time; the deadline has passed."""
    each = desk.fund.apply(cast.LEIF, "Night heat", 40_000, 70_000)
    desk.fund.until(desk.fund.plan.date("submission_deadline"))
    return each


@pytest.fixture
def eligible(desk: Desk, sent: UUID) -> UUID:
    desk.fund.pass_(cast.YUSUF, sent)
    return sent
