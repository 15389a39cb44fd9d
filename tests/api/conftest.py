"""The fund is open, and programs carry tokens of applicants and officials."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import cast
from tests.api.program import Desk, Program
from tests.databases import Databases, Kind
from tests.factories.copies import copied
from tests.factories.fund import open_fund


@pytest.fixture
def desk(databases: Databases, database_kind: Kind, tmp_path: Path) -> Iterator[Desk]:
    """Nobody has applied yet; once on each kind of database."""
    fund = copied(databases, database_kind, open_fund)
    yield Desk(fund, tmp_path)
    fund.database.dispose()
    databases.drop(fund.database.url)


@pytest.fixture
def leif(desk: Desk) -> Program:
    return desk.program(cast.LEIF)


@pytest.fixture
def yusuf(desk: Desk) -> Program:
    return desk.program(cast.YUSUF)
