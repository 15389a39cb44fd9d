"""Every use case of a lab refuses those who may not: strangers, members of the body, people of other labs."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select

from grantflow.domain.refusal import Refused
from grantflow.services.cases import step
from grantflow.services.labs import framing, taking_part
from grantflow.store.labs.models import ActionSource, Contribution, FrameAction, Participation
from grantflow.store.session import Tx
from tests import cast
from tests.factories.story import Story


def codes(story: Story, person: cast.Person | None, act: Callable[[Tx], object]) -> list[str]:
    with pytest.raises(Refused) as refused, story.tx(person) as tx:
        act(tx)
    return [refusal.code for refusal in refused.value.refusals]


@pytest.mark.parametrize("person", [cast.LEIF, cast.MONA, cast.SOFIA], ids=lambda person: person.name)
def test_the_office_alone_keeps_sessions_and_says_what_the_public_sees(lab: Story, person: cast.Person):
    [session] = lab.hold_workshops(1)
    idea = lab.contribute()[0]
    acts: tuple[Callable[[Tx], object], ...] = (
        lambda tx: taking_part.plan_session(tx, lab.call_id, "Mine", lab.now, place="Hofors"),
        lambda tx: taking_part.move_session(tx, session, lab.now),
        lambda tx: taking_part.hold_session(tx, session, []),
        lambda tx: taking_part.publish_results(tx, session, "Heat."),
        lambda tx: taking_part.keep_in_lab(tx, idea, "A trade secret."),
        lambda tx: taking_part.show_to_public(tx, idea),
    )
    for act in acts:
        assert codes(lab, person, act) == ["not_of_the_programme"]


def test_only_officials_admit_and_publish(lab: Story):
    with lab.tx(cast.LEIF) as tx:
        brought = taking_part.contribute(tx, lab.call_id, "comment", "The pipe exists.").case_id
    for person in (cast.LEIF, cast.HANNA, cast.MONA):
        with lab.tx(person) as tx:
            outcome = taking_part.publish_contributions(tx, [brought])
            assert [each.code for each in outcome.refused[brought]] == ["wrong_role"]
        with lab.tx(person) as tx:
            outcome = taking_part.admit_all(tx, [lab.places[cast.LEIF.name]])
            assert [each.code for each in outcome.refused[lab.places[cast.LEIF.name]]] == ["not_from_here"]


def test_several_are_admitted_at_once_and_one_who_cannot_be_stops_nobody(lab: Story):
    newcomers = [cast.TOMAS, *cast.LEARNING_PARTNERS]
    ids = []
    for person in newcomers:
        with lab.tx(person) as tx:
            ids.append(taking_part.register_interest(tx, lab.call_id, helix="public").case_id)
    with lab.tx(cast.YUSUF) as tx:
        outcome = taking_part.admit_all(tx, [*ids, lab.places[cast.LEIF.name]])
    assert set(outcome.stepped) == set(ids)
    assert set(outcome.refused) == {lab.places[cast.LEIF.name]}
    with lab.reading() as tx:
        admitted = tx.session.scalars(select(Participation.admitted_at).where(Participation.id.in_(ids)))
        assert None not in set(admitted)


def test_what_is_brought_is_published_once(lab: Story):
    with lab.tx(cast.LEIF) as tx:
        brought = taking_part.contribute(tx, lab.call_id, "comment", "The pipe exists.").case_id
    assert codes(lab, cast.HANNA, lambda tx: taking_part.support(tx, brought)) == ["not_published"]
    with lab.tx(cast.YUSUF) as tx:
        assert set(taking_part.publish_contributions(tx, [brought]).stepped) == {brought}
    with lab.tx(cast.YUSUF) as tx:
        assert set(taking_part.publish_contributions(tx, [brought]).refused) == {brought}
    with lab.tx(cast.HANNA) as tx:
        taking_part.support(tx, brought)
    assert codes(lab, cast.TOMAS, lambda tx: taking_part.support(tx, brought)) == ["not_in_the_lab"]


def test_a_contribution_belongs_to_a_session_of_its_lab_and_keeps_its_length(lab: Story):
    stray = UUID(int=3)
    assert codes(
        lab, cast.LEIF, lambda tx: taking_part.contribute(tx, lab.call_id, "idea", "Pipes.", session_id=stray)
    ) == ["session_unknown"]
    long = "x" * (taking_part.LONGEST + 1)
    assert codes(lab, cast.LEIF, lambda tx: taking_part.contribute(tx, lab.call_id, "idea", long)) == [
        "too_long"
    ]
    assert codes(
        lab, cast.TOMAS, lambda tx: taking_part.register_interest(tx, lab.call_id, helix="public", nuts="x")
    ) == ["place_unknown"]


def test_the_frame_is_written_by_those_whom_the_scheme_names(lab: Story):
    lab.hold_workshops(3)
    brought = lab.contribute()
    with lab.tx(cast.KARIN) as tx:
        step(tx, lab.call_id, "start_synthesis")
    for person in (cast.LEIF, cast.MONA, cast.PER_OLOF):
        assert "wrong_role" in codes(lab, person, lambda tx: framing.start_frame(tx, lab.call_id, "Mine"))
    frame = lab.draft_frame()
    for person in (cast.LEIF, cast.MONA, cast.PER_OLOF, cast.KARIN):
        assert codes(lab, person, lambda tx: framing.write_frame(tx, frame, vision="Mine.")) == ["wrong_role"]
        assert codes(lab, person, lambda tx: framing.write_actions(tx, frame, [])) == ["wrong_role"]
        assert codes(lab, person, lambda tx: framing.trace(tx, frame, {1: brought[:1]})) == ["wrong_role"]
        assert "wrong_role" in codes(lab, person, lambda tx: framing.open_consultation(tx, frame))
    with lab.tx(cast.YUSUF) as tx:
        framing.trace(tx, frame, {1: brought[:2], 2: brought[2:3]})
        framing.trace(tx, frame, {1: brought[:1]})
    assert codes(lab, cast.YUSUF, lambda tx: framing.trace(tx, frame, {9: []})) == ["unknown_action"]
    with lab.reading() as tx:
        found = tx.execute(
            select(FrameAction.number, ActionSource.contribution_id).join(
                ActionSource, ActionSource.action_id == FrameAction.id
            )
        )
        assert {tuple(row) for row in found} == {(1, brought[0]), (2, brought[2])}


def test_whoever_withdraws_takes_their_words_along(lab: Story):
    with lab.tx(cast.LEIF) as tx:
        brought = taking_part.contribute(tx, lab.call_id, "idea", "Pipes.").case_id
    lab.now += timedelta(seconds=1)
    with lab.tx(cast.LEIF) as tx:
        step(tx, brought, "withdraw")
    with lab.reading() as tx:
        row = tx.session.get_one(Contribution, brought)
        assert (row.author_id, row.text) == (None, "")
