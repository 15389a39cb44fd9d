"""From the challenge to the frame: North Middle Sweden's lab, told with its people."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from grantflow.domain.refusal import Refused
from grantflow.services.cases import step, step_all
from grantflow.services.labs.framing import (
    Action,
    Indicator,
    answer_comment,
    close_consultation,
    comment_on_frame,
    open_consultation,
    start_frame,
    write_actions,
    write_frame,
)
from grantflow.services.labs.taking_part import (
    change_level,
    hold_session,
    keep_in_lab,
    leave_lab,
    move_session,
    plan_session,
    register_interest,
    show_to_public,
    support,
    support_of,
)
from grantflow.services.people.roles import grant_role
from grantflow.services.programmes.meetings import (
    adjourn_item,
    call_meeting,
    carry_out,
    note_outcome,
    note_presence,
    put_on_agenda,
    sign_minutes_as_adjuster,
    sign_minutes_as_chair,
    write_minutes,
)
from grantflow.store.journal import JournalEntry
from grantflow.store.labs.facts import equal_access
from grantflow.store.labs.models import Contribution, Frame, LabSession, Participation, ParticipationLevel
from grantflow.store.programmes.models import AgendaItem
from grantflow.store.published import published_text
from tests import cast
from tests.factories.story import Story


def refused(story: Story, person: cast.Person, step_name: str, case_id=None) -> set[str]:
    """Try a step and return the codes of what speaks against it."""
    with pytest.raises(Refused) as told, story.tx(person) as tx:
        step(tx, case_id or story.call_id, step_name)
    return {refusal.code for refusal in told.value.refusals}


def test_a_lab_from_challenge_to_frame_and_open_fund(story: Story):  # noqa: PLR0915 - a story is told in one go
    story.set_up().load()
    assert story.state() == "draft"
    story.announce()
    assert story.state() == "challenge_open"

    # People register, for an organisation or alone; one changes her mind about how, one leaves.
    story.fill_lab()
    with story.tx(cast.TOMAS) as tx:
        register_interest(tx, story.call_id, helix="public", nuts="SE313", level="observer")
    with story.tx(cast.SAMIRA) as tx:
        change_level(tx, story.places[cast.SAMIRA.name], "co_owner")
    story.until(story.plan.date("registration_closes"))
    assert story.state() == "lab"

    # Four workshops; the fourth moves a week because of snow.
    held = story.hold_workshops(3)
    with story.tx(cast.YUSUF) as tx:
        sorting_day = plan_session(
            tx, story.call_id, "Sorting day", story.now + timedelta(days=14), place="online"
        )
        move_session(tx, sorting_day, story.now + timedelta(days=21))
    assert refused(story, cast.LEIF, "start_synthesis") == {"wrong_role"}
    story.days(21)
    with story.tx(cast.YUSUF) as tx:
        hold_session(tx, sorting_day, story.places.values())
    brought = story.contribute()
    with story.tx(cast.HANNA) as tx:
        support(tx, brought[0])
    with story.tx(cast.NILS) as tx:
        support(tx, brought[0])
        leave_lab(tx, story.places[cast.NILS.name])
    with story.tx(cast.YUSUF) as tx:
        keep_in_lab(tx, brought[5], "The builder's customers are named in it.")
        assert support_of(tx, brought[0]) == 2
    with story.tx(cast.KARIN) as tx:
        step(tx, story.call_id, "start_synthesis")

    # The frame is drafted by Yusuf and consulted on.
    frame = story.draft_frame(brought)
    with story.tx(cast.YUSUF) as tx:
        open_consultation(tx, frame)
    with story.tx(cast.LEARNING_PARTNERS[1]) as tx:
        comment = comment_on_frame(tx, frame, "Keep the form to one page.")
    story.days(20)
    with pytest.raises(Refused) as told, story.tx(cast.YUSUF) as tx:
        close_consultation(tx, frame)
    assert {each.code for each in told.value.refusals} == {"consultation_running", "comments_unanswered"}
    story.days(1)
    with story.tx(cast.YUSUF) as tx:
        answer_comment(tx, comment, "We have cut it to one page.")
        close_consultation(tx, frame)
    with story.tx(cast.KARIN) as tx:
        step(tx, frame, "table")

    # Board §1: two of five, adjourned; the item is on the agenda of the next meeting by itself.
    with story.tx(cast.ELIN) as tx:
        first = call_meeting(tx, story.body_id, story.now + timedelta(days=3))
        item = put_on_agenda(tx, first, frame, "adopt")
    assert "meeting_to_come" in refused(story, cast.MONA, "adopt", frame)
    story.days(3)
    with story.tx(cast.ELIN) as tx:
        note_presence(tx, first, [story.people[person.name] for person in (cast.MONA, cast.OLA)])
    with pytest.raises(Refused) as told, story.tx(cast.ELIN) as tx:
        note_outcome(tx, item, "adopted")
    assert [each.code for each in told.value.refusals] == ["quorum_missing"]
    assert {"quorum_missing", "item_undecided"} <= refused(story, cast.MONA, "adopt", frame)
    with story.tx(cast.ELIN) as tx:
        adjourn_item(tx, item, "Two of five had come.")
        second = call_meeting(tx, story.body_id, story.now + timedelta(days=7))
        again = tx.session.scalars(select(AgendaItem).where(AgendaItem.meeting_id == second)).one()
        assert (again.record_id, again.matter, again.number) == (frame, "adopt", 2)
        again_id = again.id
    assert story.state(frame) == "tabled"

    # Board §2: four are there. A decision takes effect when chair and adjuster have signed.
    story.days(7)
    with story.tx(cast.ELIN) as tx:
        note_presence(
            tx, second, [story.people[p.name] for p in (cast.MONA, cast.LARS, cast.AMINA, cast.GUNVOR)]
        )
        note_outcome(tx, again_id, "adopted")
        write_minutes(tx, second, "§2 The board adopts the frame.")
    assert refused(story, cast.LARS, "adopt", frame) == {"chair_has_not_signed", "adjuster_has_not_signed"}
    with story.tx(cast.MONA) as tx:
        sign_minutes_as_chair(tx, second)
    with pytest.raises(Refused), story.tx(cast.MONA) as tx:
        sign_minutes_as_adjuster(tx, second)
    with story.tx(cast.GUNVOR) as tx:
        sign_minutes_as_adjuster(tx, second)
    assert refused(story, cast.OLA, "adopt", frame) == {"not_among_the_voters"}
    with story.tx(cast.GUNVOR) as tx:
        adopted = carry_out(tx, again_id)
    assert adopted.to_state == story.state(frame) == "adopted"

    # The frame is public, hashed, and traces to what people brought.
    with story.reading() as tx:
        row = tx.session.get_one(Frame, frame)
        assert row.published_at == story.now
        document = json.loads(published_text(tx, "frame", "north-middle-sweden", 1))
        assert [len(action["sources"]) for action in document["actions"]] == [3, 2, 2, 2, 2]
        entry = tx.execute(
            select(JournalEntry.authority).where(
                JournalEntry.record_id == frame, JournalEntry.transition == "adopt"
            )
        ).scalar_one()
        assert entry == "board §2, meeting 2"

    with story.tx(cast.KARIN) as tx:
        step(tx, story.call_id, "close_lab")
    assert story.state() == "frame_adopted"
    assert story.state(story.places[cast.LEIF.name]) == "finished"
    assert story.state(story.places[cast.NILS.name]) == "withdrawn"
    assert {story.state(each) for each in brought} == {"settled"}

    # Equal access: the fund opens neither before its date, nor while something is hidden, nor too soon after.
    assert refused(story, cast.KARIN, "open_fund") == {"too_early", "frame_too_fresh", "results_hidden"}
    story.until(story.plan.date("fund_opens"))
    with story.tx(cast.YUSUF) as tx:
        hold_session(tx, sorting_day, [], results="Sorted into five heaps.")
    with story.tx(cast.KARIN) as tx:
        step(tx, story.call_id, "open_fund")
    assert story.state() == "fund_open"
    with story.reading() as tx:
        assert tx.session.get_one(LabSession, held[0]).results == "The heat we lose: what we heard."


def test_a_frame_needs_a_vision_actions_and_the_money_of_the_fund(story: Story):
    story.set_up().load().announce()
    story.fill_lab()
    story.until(story.plan.date("registration_closes"))
    assert refused(story, cast.KARIN, "start_synthesis") == {"workshops_missing"}
    story.hold_workshops(3)
    with story.tx(cast.KARIN) as tx:
        step(tx, story.call_id, "start_synthesis")
    with story.tx(cast.YUSUF) as tx:
        frame = start_frame(tx, story.call_id, "Low carbon where the work is").case_id
    assert refused(story, cast.YUSUF, "consult", frame) == {"vision_missing", "actions_missing"}
    with story.tx(cast.YUSUF) as tx:
        write_frame(tx, frame, vision=cast.VISION)
        write_actions(
            tx, frame, [Action("Heat", 400_000_00, ()), Action("", 0, (Indicator("deals", 2, 10),))]
        )
    assert refused(story, cast.YUSUF, "consult", frame) == {
        "action_unmeasured",
        "action_untitled",
        "action_without_money",
    }
    assert refused(story, cast.KARIN, "table", frame) >= {"actions_above_fund", "not_consulted"}
    with pytest.raises(Refused) as told, story.tx(cast.LEIF) as tx:
        write_frame(tx, frame, vision="Mine.")
    assert [each.code for each in told.value.refusals] == ["wrong_role"]


def test_whoever_tables_the_frame_does_not_adopt_it(story: Story):
    story.set_up().load().announce()
    story.fill_lab()
    story.until(story.plan.date("registration_closes"))
    story.hold_workshops(3)
    with story.tx(cast.KARIN) as tx:
        step(tx, story.call_id, "start_synthesis")
    frame = story.draft_frame()
    story.consult(frame)
    with story.tx() as tx:  # Mona is given an official's role beside her seat
        grant_role(tx, "officer", story.programme_id, user_id=story.people[cast.MONA.name])
    with story.tx(cast.MONA) as tx:
        step(tx, frame, "table")
    item = story.meet(frame, "adopt")
    with pytest.raises(Refused) as told, story.tx(cast.MONA) as tx:
        carry_out(tx, item)
    assert [each.code for each in told.value.refusals] == ["same_person"]
    with story.tx(cast.LARS) as tx:
        assert carry_out(tx, item).to_state == "adopted"


def test_a_second_version_replaces_the_first(story: Story):
    first = story.play_to_fund()
    with story.tx(cast.YUSUF) as tx:
        second = start_frame(tx, story.call_id, "Low carbon, version 2", vision=cast.VISION).case_id
        write_actions(tx, second, [Action("Test time for the small", 1_000_00, (Indicator("firms", 6, 40),))])
    assert refused(story, cast.KARIN, "table", second) == {"changes_missing"}
    with story.tx(cast.YUSUF) as tx:
        write_frame(tx, second, changes="All of the new money goes to action 4; nobody loses.")
    story.adopt_frame(second)
    assert (story.state(first), story.state(second)) == ("superseded", "adopted")
    with story.reading() as tx:
        versions = tx.session.execute(select(Frame.id, Frame.version).order_by(Frame.version)).all()
    assert [tuple(row) for row in versions] == [(first, 1), (second, 2)]


def test_the_lab_counts_places_and_forgets_names(story: Story):
    story.set_up().load().announce()
    story.fill_lab()
    story.until(story.plan.date("registration_closes"))
    brought = story.contribute()
    nils = story.places[cast.NILS.name]
    for level in ("observer", "co_owner"):
        story.days(1)
        with story.tx(cast.NILS) as tx:
            change_level(tx, nils, level)
    with story.tx(cast.NILS) as tx:
        leave_lab(tx, nils)
    with story.reading() as tx:
        place = tx.session.get_one(Participation, nils)
        idea = tx.session.get_one(Contribution, brought[-1])
        assert (place.user_id, place.organisation_id, place.helix) == (None, None, "business")
        assert (idea.author_id, idea.organisation_id, idea.text) == (None, None, cast.CONTRIBUTIONS[-1].text)
        levels = tx.session.scalars(
            select(ParticipationLevel.level)
            .where(ParticipationLevel.participation_id == nils)
            .order_by(ParticipationLevel.id)
        )
        assert list(levels) == ["contributor", "observer", "co_owner"]
    assert story.may(cast.NILS, nils) == {}
    with pytest.raises(Refused) as told, story.tx(cast.TOMAS) as tx:
        support(tx, brought[0])
    assert [each.code for each in told.value.refusals] == ["not_in_the_lab"]


def test_the_lab_admits_no_more_than_it_has_room_for(story: Story):
    story.plan = replace(story.plan, parameters={**story.plan.parameters, "lab_seats": 2})
    story.set_up().load().announce()
    for person in cast.PARTICIPANTS[:4]:
        with story.tx(person) as tx:
            made = register_interest(
                tx, story.call_id, organisation_id=story.organisations[str(person.organisation)]
            )
            story.places[person.name] = made.case_id
    leif, hanna, mikael, sara = story.places.values()
    with story.tx(cast.YUSUF) as tx:
        outcome = step_all(tx, [leif, hanna, mikael], "admit")
    assert len(outcome.stepped) == 2
    assert {refusal.code for against in outcome.refused.values() for refusal in against} == {"lab_full"}
    assert story.may(cast.YUSUF, sara)["admit"] == ("lab_full",)
    with story.tx(cast.LEIF) as tx:
        leave_lab(tx, leif)
    assert story.may(cast.YUSUF, sara)["admit"] == ()


def test_what_the_lab_alone_saw_is_listed_with_a_reason_or_shown(story: Story):
    story.set_up().load().announce()
    story.fill_lab()
    story.until(story.plan.date("registration_closes"))
    brought = story.contribute()
    with story.tx(cast.YUSUF) as tx:
        tx.session.get_one(Contribution, brought[0]).visibility = "lab"
    with story.reading() as tx:
        assert equal_access.load(tx, [story.call_id])[story.call_id].hidden_without_reason == 1
    with story.tx(cast.YUSUF) as tx:
        keep_in_lab(tx, brought[0], "Trade secret.")
        facts = equal_access.load(tx, [story.call_id])[story.call_id]
        assert (facts.hidden_without_reason, facts.hidden_with_reason) == (0, 1)
        show_to_public(tx, brought[0])
        assert equal_access.load(tx, [story.call_id])[story.call_id].hidden_with_reason == 0
