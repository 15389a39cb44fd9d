"""The pages of a story's house: its people before their browsers, its clock the story's."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.factories.story import Story
from tests.web.house import House


@pytest.fixture
def house(database_url: str) -> Iterator[House]:
    """The programme with its people and a draft call."""
    story = Story(database_url)
    story.set_up().load()
    yield House(story)
    story.database.dispose()


@pytest.fixture
def synthesis(database_url: str) -> Iterator[House]:
    """A lab that has been heard: the frame is to be written."""
    story = Story(database_url)
    story.play_to_synthesis()
    yield House(story)
    story.database.dispose()
