"""A fund that is decided and not released, and one whose deadline has passed."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.databases import Databases, Kind
from tests.factories.copies import Setting, copied
from tests.factories.fund import Fund
from tests.services.records.settings import decided, received


def lent(databases: Databases, kind: Kind, setting: Setting) -> Iterator[Fund]:
    told = copied(databases, kind, setting)
    yield told
    told.database.dispose()
    databases.drop(told.database.url)


@pytest.fixture
def embargoed(databases: Databases, database_kind: Kind) -> Iterator[Fund]:
    """The board has decided, nothing is released."""
    yield from lent(databases, database_kind, decided)


@pytest.fixture
def arrived(databases: Databases, database_kind: Kind) -> Iterator[Fund]:
    """The deadline has passed, nothing is checked."""
    yield from lent(databases, database_kind, received)
