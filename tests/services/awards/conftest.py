"""A call that opens with its fund: no lab, one review each, so that tests are about this room alone."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.databases import Databases, Kind
from tests.factories.copies import copied
from tests.factories.fund import Fund, open_fund


@pytest.fixture
def fund(databases: Databases, database_kind: Kind) -> Iterator[Fund]:
    """The fund is open and nobody has applied."""
    told = copied(databases, database_kind, open_fund)
    yield told
    told.database.dispose()
    databases.drop(told.database.url)
