"""The seed fund with a folder for files, before people who do not mean well."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import cast
from tests.databases import Databases, Kind
from tests.factories.copies import copied
from tests.factories.fund import open_fund
from tests.web.applications.conftest import Desk


@pytest.fixture
def desk(databases: Databases, database_kind: Kind, tmp_path: Path) -> Iterator[Desk]:
    """The fund has just opened, on each kind of database."""
    fund = copied(databases, database_kind, open_fund)
    yield Desk(fund, tmp_path)
    fund.database.dispose()
    databases.drop(fund.database.url)


@pytest.fixture
def begun(desk: Desk) -> str:
    """The reference of an application that Leif has started."""
    return desk.ref(desk.fund.start(cast.LEIF))
