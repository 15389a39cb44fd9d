"""The promises about labs notice when they are broken behind the product's back."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from grantflow.services.invariants import labs
from tests import cast
from tests.factories.story import Story

ALL = (
    labs.frames_are_as_adopted,
    labs.one_frame_binds,
    labs.minutes_have_two_signatures,
    labs.who_left_has_no_name,
    labs.only_members_were_there,
)


@pytest.fixture(scope="module")
def played(databases):
    story = Story(databases.fresh("sqlite"))
    story.play_lab()
    yield story
    story.database.dispose()
    databases.drop(story.database.url)


BREAKS = [
    ("UPDATE gf_frame SET vision = 'More for us.'", labs.frames_are_as_adopted),
    ("UPDATE gf_frame_action SET envelope = envelope + 1", labs.frames_are_as_adopted),
    ("DELETE FROM gf_published_file WHERE kind = 'frame'", labs.frames_are_as_adopted),
    ("UPDATE gf_minutes SET adjuster_id = chair_id", labs.minutes_have_two_signatures),
    ("UPDATE gf_meeting SET present = '[]'", labs.minutes_have_two_signatures),
    (
        "UPDATE gf_case SET state = 'withdrawn' WHERE id = (SELECT participation_id FROM gf_contribution LIMIT 1)",
        labs.who_left_has_no_name,
    ),
    ("UPDATE gf_participation SET admitted_at = NULL", labs.only_members_were_there),
]


@pytest.mark.parametrize(("sql", "promise"), BREAKS, ids=[sql[:40] for sql, _ in BREAKS])
def test_a_broken_promise_is_noticed(played: Story, sql, promise):
    with played.database.transaction(played.actor(cast.KARIN), played.now, keep=False) as tx:
        assert [each.__name__ for each in ALL if list(each(tx))] == []
        tx.execute(text(sql))
        tx.forget()
        assert [each.__name__ for each in ALL if list(each(tx))] == [promise.__name__]
