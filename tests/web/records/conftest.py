"""Pages of a fund whose deadline has passed, and of one that is decided and not released."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.databases import Databases, Kind
from tests.factories.copies import Setting, copied
from tests.services.records.settings import decided, received
from tests.web.house import House


def opened(databases: Databases, kind: Kind, setting: Setting) -> Iterator[House]:
    """Open the house of a setting, and close it afterwards."""
    told = copied(databases, kind, setting)
    yield House(told)
    told.database.dispose()
    databases.drop(told.database.url)


@pytest.fixture
def arrived(databases: Databases, database_kind: Kind) -> Iterator[House]:
    """The deadline has passed, nothing is checked."""
    yield from opened(databases, database_kind, received)


@pytest.fixture
def embargoed(databases: Databases, database_kind: Kind) -> Iterator[House]:
    """The board has decided, nothing is released."""
    yield from opened(databases, database_kind, decided)
