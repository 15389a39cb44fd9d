"""The fund is open, and applicants sit before their browsers."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select
from werkzeug.test import TestResponse

from grantflow.store.applications.models import Answers
from grantflow.store.cases import CaseRow
from grantflow.web import create_app
from tests import cast
from tests.databases import Databases, Kind
from tests.factories.copies import copied
from tests.factories.fund import Fund, open_fund
from tests.web.browsing import Reader

TYPED: Mapping[str, Mapping[str, Any]] = {
    "project": {
        "title": "Night heat",
        "actions": ["1"],
        "idea": "We try it for one winter.",
        "effect": "Less carbon.",
    },
    "plan": {"starts": "2019-03-04", "months": "9", "steps": "Build, run, measure, tell."},
    "team": {"team": "Two of us.", "from_the_lab": "It was said at the second workshop."},
    "budget": {"costs.staff": "70 000", "asked": "40 000,00", "own_share": "We do."},
    "organisation": {"contact": "Leif", "size": "small", "begun": "no", "truth": "yes"},
}
"""What somebody types into each section so that nothing is missing."""


class Desk:
    """The fund and its pages, and what stands in its tables."""

    def __init__(self, fund: Fund, folder: Path) -> None:
        self.fund = fund
        begun = fund.now
        self.app = create_app(fund.database, data_folder=folder, now=lambda: fund.now, wall=lambda: begun)

    def reader(self, person: cast.Person | None = None) -> Reader:
        return Reader(self.app, None if person is None else self.fund.people[person.name])

    def ref(self, application_id: UUID) -> str:
        with self.fund.reading() as tx:
            return str(tx.execute(select(CaseRow.ref).where(CaseRow.id == application_id)).scalar_one())

    def answers(self, ref: str) -> dict[str, Any]:
        with self.fund.reading() as tx:
            found = select(Answers.answers).join(CaseRow, CaseRow.id == Answers.application_id)
            return dict(tx.execute(found.where(CaseRow.ref == ref)).scalar_one())

    def state(self, ref: str) -> str:
        with self.fund.reading() as tx:
            return str(tx.execute(select(CaseRow.state).where(CaseRow.ref == ref)).scalar_one())


def hidden(page: str, name: str) -> str:
    """Return the value of a hidden field of a page."""
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    assert found is not None, f"{name} stands nowhere on the page"
    return found[1]


def fill(reader: Reader, ref: str, section: str, typed: Mapping[str, Any], **more: Any) -> TestResponse:
    """Open a section, type into it, and save and go on."""
    page = reader.text(f"/applications/{ref}/form/{section}")
    target = re.findall(r'<form method="post" action="(/applications/[^"]+)"', page)[0]
    return reader.post(target, {"seen": hidden(page, "seen"), **typed, **more})


@pytest.fixture
def desk(databases: Databases, database_kind: Kind, tmp_path: Path) -> Iterator[Desk]:
    """Nobody has applied yet."""
    fund = copied(databases, database_kind, open_fund)
    yield Desk(fund, tmp_path)
    fund.database.dispose()
    databases.drop(fund.database.url)


@pytest.fixture
def begun(desk: Desk) -> str:
    """The reference of an application that Leif has started."""
    return desk.ref(desk.fund.start(cast.LEIF))


@pytest.fixture
def leif(desk: Desk) -> Reader:
    return desk.reader(cast.LEIF)
