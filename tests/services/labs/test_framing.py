"""Writing the frame: who may, when, and what it traces to."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

import pytest
from sqlalchemy import func, select

from grantflow.domain.refusal import Refused
from grantflow.services.cases import step
from grantflow.services.labs.framing import (
    Action,
    Indicator,
    answer_comment,
    comment_on_frame,
    open_consultation,
    start_frame,
    write_actions,
    write_frame,
)
from grantflow.store.labs.models import ActionSource, FrameAction, FrameAuthor, FrameIndicator
from grantflow.store.session import Tx
from tests import cast
from tests.factories.story import Story


@pytest.fixture
def synthesis(lab: Story) -> Story:
    lab.hold_workshops(3)
    with lab.tx(cast.KARIN) as tx:
        step(tx, lab.call_id, "start_synthesis")
    return lab


def refused(story: Story, person: cast.Person, act: Callable[[Tx], object]) -> list[str]:
    with pytest.raises(Refused) as told, story.tx(person) as tx:
        act(tx)
    return [refusal.code for refusal in told.value.refusals]


def test_a_frame_begins_only_when_the_lab_has_been_heard(lab: Story):
    assert refused(lab, cast.YUSUF, lambda tx: start_frame(tx, lab.call_id, "Too early")) == ["not_now"]


def test_writing_anew_leaves_nothing_of_the_old_actions(synthesis: Story):
    frame = synthesis.draft_frame()
    with synthesis.tx(cast.ANNELI) as tx:
        write_actions(tx, frame, [Action("Heat", 100, (Indicator("deals", 2, 10), Indicator("homes", 0, 5)))])
    with synthesis.reading() as tx:
        counts = [
            tx.execute(select(func.count()).select_from(kind)).scalar()
            for kind in (FrameAction, FrameIndicator)
        ]
        authors = set(tx.session.scalars(select(FrameAuthor.user_id).where(FrameAuthor.frame_id == frame)))
        assert tx.execute(select(func.count()).select_from(ActionSource)).scalar() == 0
    assert counts == [1, 2]
    assert authors == {synthesis.people[cast.YUSUF.name], synthesis.people[cast.ANNELI.name]}


def test_an_action_traces_to_contributions_of_its_own_lab(synthesis: Story):
    frame = synthesis.draft_frame()
    stranger = UUID(int=7)
    action = Action("Heat", 100, (Indicator("deals", 2, 10),), sources=(stranger,))
    assert refused(synthesis, cast.YUSUF, lambda tx: write_actions(tx, frame, [action])) == ["unknown_source"]


def test_a_draft_under_consultation_stands_as_it_is(synthesis: Story):
    frame = synthesis.draft_frame()
    stranger = cast.LEARNING_PARTNERS[0]
    assert refused(synthesis, stranger, lambda tx: comment_on_frame(tx, frame, "Early.")) == [
        "not_open_for_comments"
    ]
    with synthesis.tx(cast.YUSUF) as tx:
        open_consultation(tx, frame)
    assert refused(synthesis, cast.YUSUF, lambda tx: write_frame(tx, frame, vision="Other.")) == [
        "not_editable"
    ]
    assert refused(synthesis, stranger, lambda tx: comment_on_frame(tx, frame, " ")) == ["text_missing"]
    with synthesis.tx(stranger) as tx:
        comment = comment_on_frame(tx, frame, "Look at Kaunas.")
    assert refused(synthesis, stranger, lambda tx: answer_comment(tx, comment, "Yes.")) == ["wrong_role"]
    assert refused(synthesis, cast.YUSUF, lambda tx: answer_comment(tx, comment, "")) == ["text_missing"]
