"""A fund that is decided and not released, and one whose deadline has passed."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.databases import Databases, Kind
from tests.factories.copies import copied
from tests.factories.fund import Fund
from tests.services.records.settings import decided, received


@pytest.fixture
def embargoed(databases: Databases, database_kind: Kind) -> Iterator[Fund]:
    """The board has decided, nothing is released."""
    told = copied(databases, database_kind, decided)
    yield told
    told.database.dispose()
    databases.drop(told.database.url)


@pytest.fixture
def arrived(databases: Databases, database_kind: Kind) -> Iterator[Fund]:
    """The deadline has passed, nothing is checked."""
    told = copied(databases, database_kind, received)
    yield told
    told.database.dispose()
    databases.drop(told.database.url)
