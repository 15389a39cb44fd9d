from collections.abc import Iterator

import pytest

from tests.services.aid.house import TODAY, AidHouse


@pytest.fixture
def house(database_url: str) -> Iterator[AidHouse]:
    """The agency with its open call, on the day on which the cluster sends its request."""
    built = AidHouse(database_url)
    built.now = TODAY
    yield built
    built.close()
