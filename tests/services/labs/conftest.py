"""A lab with its people, on each kind of database."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.factories.story import Story


@pytest.fixture
def lab(database_url: str) -> Iterator[Story]:
    """A lab under way: everybody is admitted, registration has closed."""
    told = Story(database_url)
    told.set_up().load().announce()
    told.fill_lab()
    told.until(told.plan.date("registration_closes"))
    yield told
    told.database.dispose()
