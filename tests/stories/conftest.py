"""Fixtures of stories: each is told on SQLite and on PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.factories.story import Story


@pytest.fixture
def story(database_url: str) -> Iterator[Story]:
    """North Middle Sweden before anything has happened: nobody is registered, nothing is loaded."""
    told = Story(database_url)
    yield told
    told.assert_all_holds()
    told.database.dispose()
