"""The pages of a story's house, and its people before their browsers."""

from __future__ import annotations

import re
from html import unescape

from werkzeug.test import TestResponse

from grantflow.web import create_app
from tests import cast
from tests.factories.story import Story
from tests.web.browsing import Reader


class House:
    """A story and its pages; the clock that counts is the story's, and outside no time passes, so nobody is signed out."""

    def __init__(self, story: Story) -> None:
        self.story = story
        begun = story.now
        self.app = create_app(story.database, now=lambda: story.now, wall=lambda: begun)

    def reader(self, person: cast.Person | None = None) -> Reader:
        """Somebody with a browser of their own."""
        return Reader(self.app, None if person is None else self.story.people[person.name])


def words(page: str) -> str:
    """Return a page as it is read: without markup, with single spaces."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page)).split())


def went_on(answer: TestResponse) -> str:
    """Return where an answer leads; it has to lead on."""
    assert answer.status_code == 303, words(answer.text)[:2000]
    return answer.headers["Location"].partition("#")[0]
