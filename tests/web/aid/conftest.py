"""The aid call is open, and a cluster sits before its browser."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.services.aid.house import AidHouse
from tests.web.aid.desk import Desk
from tests.web.browsing import Reader


@pytest.fixture
def desk(database_url: str, tmp_path: Path) -> Iterator[Desk]:
    """Nobody has asked for aid yet."""
    house = AidHouse(database_url)
    yield Desk(house, tmp_path)
    house.close()


@pytest.fixture
def marie(desk: Desk) -> Reader:
    return desk.reader("marie")
