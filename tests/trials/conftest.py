"""A house with an open call, on each kind of database."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.services.cases.house import House


@pytest.fixture
def house(database_url: str) -> Iterator[House]:
    house = House(database_url).furnish()
    yield house
    house.database.dispose()
