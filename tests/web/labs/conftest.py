"""The pages of a story's house, at the moments of a lab."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.factories.story import Story
from tests.web.house import House


@pytest.fixture
def announced(database_url: str) -> Iterator[House]:
    """A lab for which one can register, and nobody has."""
    story = Story(database_url)
    story.set_up().load().announce()
    yield House(story)
    story.database.dispose()


@pytest.fixture
def lab(database_url: str) -> Iterator[House]:
    """A lab under way: everybody is admitted, registration has closed."""
    story = Story(database_url)
    story.set_up().load().announce()
    story.fill_lab()
    story.until(story.plan.date("registration_closes"))
    yield House(story)
    story.database.dispose()


@pytest.fixture
def synthesis(database_url: str) -> Iterator[House]:
    """A lab that has been heard: the frame is to be written."""
    story = Story(database_url)
    story.play_to_synthesis()
    yield House(story)
    story.database.dispose()
