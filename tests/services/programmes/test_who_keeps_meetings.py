"""Meetings are kept by the office, signed by the body, and carried out by those who could vote: everybody else is refused."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select

from grantflow.domain.refusal import Refused
from grantflow.services import cases
from grantflow.services.people.roles import grant_role
from grantflow.services.programmes import meetings, setting_up
from grantflow.services.programmes.office import of_the_office
from grantflow.store.journal import JournalEntry
from grantflow.store.programmes.models import AgendaItem, Meeting, Seat
from grantflow.store.session import Tx
from tests import cast
from tests.factories.story import Story


@pytest.fixture
def told(database_url: str) -> Iterator[Story]:
    story = Story(database_url)
    story.set_up().load()
    yield story
    story.database.dispose()


@dataclass(frozen=True)
class Held:
    """A meeting of today with an item, and everybody there."""

    story: Story
    meeting: UUID
    item: UUID


@pytest.fixture
def held(told: Story) -> Held:
    """A meeting of today with an item, and everybody there."""
    with told.tx(cast.ELIN) as tx:
        called = meetings.call_meeting(tx, told.body_id, told.now)
        item = meetings.put_on_agenda(tx, called, told.call_id, "cancel")
        meetings.note_presence(tx, called, [told.people[each.name] for each in cast.BOARD])
    return Held(told, called, item)


def codes(story: Story, person: cast.Person | None, act: Callable[[Tx], object]) -> list[str]:
    with pytest.raises(Refused) as refused, story.tx(person) as tx:
        act(tx)
    return [refusal.code for refusal in refused.value.refusals]


KEPT: dict[str, Callable[[Tx, Held], object]] = {
    "call": lambda tx, at: meetings.call_meeting(tx, at.story.body_id, at.story.now),
    "put": lambda tx, at: meetings.put_on_agenda(tx, at.meeting, at.story.call_id, "change_envelope"),
    "presence": lambda tx, at: meetings.note_presence(tx, at.meeting, []),
    "leaving": lambda tx, at: meetings.note_leaving(tx, at.item, []),
    "outcome": lambda tx, at: meetings.note_outcome(tx, at.item, "adopted"),
    "adjourn": lambda tx, at: meetings.adjourn_item(tx, at.item, "Too few."),
    "minutes": lambda tx, at: meetings.write_minutes(tx, at.meeting, "Adopted."),
    "seat": lambda tx, at: setting_up.take_seat(
        tx, at.story.body_id, at.story.people[cast.TOMAS.name], "deputy"
    ),
    "leave_seat": lambda tx, at: setting_up.leave_seat(
        tx, tx.session.scalars(select(Seat.id).where(Seat.body_id == at.story.body_id).limit(1)).one()
    ),
    "delegate": lambda tx, at: setting_up.appoint_delegate(
        tx, at.story.body_id, at.story.people[cast.TOMAS.name]
    ),
}


@pytest.mark.parametrize("name", KEPT)
@pytest.mark.parametrize("person", [cast.LEIF, cast.MONA, cast.SOFIA], ids=lambda person: person.name)
def test_neither_strangers_nor_the_body_itself_keep_its_meetings(held, name: str, person: cast.Person):
    assert codes(held.story, person, lambda tx: KEPT[name](tx, held)) == ["not_of_the_programme"]


@pytest.mark.parametrize("name", KEPT)
def test_the_office_keeps_them(held, name: str):
    with held.story.tx(cast.ELIN) as tx:
        KEPT[name](tx, held)


def test_a_role_that_has_ended_keeps_nothing_and_nobody_comes_in_by_a_mailed_link(told: Story):
    with told.tx() as tx:
        grant = grant_role(tx, "officer", told.programme_id, user_id=told.people[cast.LEIF.name])
    with told.tx(cast.LEIF) as tx:
        assert of_the_office(tx, told.programme_id)
    told.now += timedelta(seconds=1)
    with told.tx() as tx:
        from grantflow.services.people.roles import end_role

        end_role(tx, grant)
    told.now += timedelta(seconds=1)
    with told.tx(cast.LEIF) as tx:
        assert not of_the_office(tx, told.programme_id)


def test_only_who_was_there_signs_and_two_different_people_do(held):
    story, called, item = held.story, held.meeting, held.item
    with story.tx(cast.ELIN) as tx:
        meetings.note_outcome(tx, item, "adopted")
        meetings.write_minutes(tx, called, "Adopted.")
    for stranger in (cast.ELIN, cast.KARIN, cast.LEIF, cast.RITVA):
        assert codes(story, stranger, lambda tx: meetings.sign_minutes_as_chair(tx, called)) == [
            "did_not_chair"
        ]
        assert codes(story, stranger, lambda tx: meetings.sign_minutes_as_adjuster(tx, called)) == [
            "not_present"
        ]
    assert codes(story, None, lambda tx: meetings.sign_minutes_as_chair(tx, called)) == ["wrong_role"]
    with story.tx(cast.LARS) as tx:
        meetings.sign_minutes_as_adjuster(tx, called)
    assert codes(story, cast.LARS, lambda tx: meetings.sign_minutes_as_chair(tx, called)) == ["did_not_chair"]


def test_minutes_are_signed_when_they_are_written_and_every_item_has_its_outcome(held):
    story, called, item = held.story, held.meeting, held.item

    def sign(tx: Tx) -> None:
        meetings.sign_minutes_as_chair(tx, called)

    assert codes(story, cast.MONA, sign) == ["minutes_missing"]
    assert codes(story, cast.ELIN, lambda tx: meetings.write_minutes(tx, called, "  ")) == ["text_missing"]
    with story.tx(cast.ELIN) as tx:
        meetings.write_minutes(tx, called, "Adopted.")
    assert codes(story, cast.MONA, sign) == ["item_undecided"]
    with story.tx(cast.ELIN) as tx:
        meetings.note_outcome(tx, item, "adopted")
    with story.tx(cast.MONA) as tx:
        sign(tx)


def test_a_member_leaves_for_an_item_by_themselves(held):
    story, item = held.story, held.item
    with story.tx(cast.OLA) as tx:
        meetings.leave_for_item(tx, item)
        meetings.leave_for_item(tx, item)
    with story.reading() as tx:
        row = tx.session.get_one(AgendaItem, item)
        assert row.left == [str(story.people[cast.OLA.name])]
        meeting = tx.session.get_one(Meeting, row.meeting_id)
        assert story.people[cast.OLA.name] not in meetings.voters(tx, row, meeting)
    for stranger in (cast.KARIN, cast.LEIF):
        assert codes(story, stranger, lambda tx: meetings.leave_for_item(tx, item)) == ["no_seat"]
    with story.tx(cast.ELIN) as tx:
        meetings.note_outcome(tx, item, "adopted")
    assert codes(story, cast.LARS, lambda tx: meetings.leave_for_item(tx, item)) == ["item_has_outcome"]
    assert codes(story, cast.ELIN, lambda tx: meetings.note_leaving(tx, item, [])) == ["item_has_outcome"]


def test_the_body_is_asked_only_for_what_a_body_decides(held):
    story, called = held.story, held.meeting

    def publish(tx: Tx) -> object:
        return meetings.put_on_agenda(tx, called, story.call_id, "publish")

    assert codes(story, cast.ELIN, publish) == ["not_for_a_body"]


def test_no_and_later_have_their_reason_in_the_minutes(held):
    story, item = held.story, held.item

    def no(tx: Tx) -> None:
        meetings.note_outcome(tx, item, "sent_back", " ")

    def later(tx: Tx) -> None:
        meetings.note_outcome(tx, item, "adjourned")

    assert codes(story, cast.ELIN, no) == codes(story, cast.ELIN, later) == ["reason_missing"]
    with story.tx(cast.ELIN) as tx:
        meetings.note_outcome(tx, item, "adjourned", "The chair wants the figures first.")
    with story.reading() as tx:
        assert tx.session.get_one(AgendaItem, item).reason == "The chair wants the figures first."


@pytest.fixture
def tabled(database_url: str) -> Iterator[tuple[Story, UUID]]:
    """A frame before the board."""
    story = Story(database_url)
    story.set_up().load().announce()
    story.fill_lab()
    story.until(story.plan.date("registration_closes"))
    story.hold_workshops()
    with story.tx(cast.KARIN) as tx:
        cases.step(tx, story.call_id, "start_synthesis")
    frame = story.draft_frame(story.contribute() if story.state() == "lab" else ())
    story.consult(frame)
    with story.tx(cast.KARIN) as tx:
        cases.step(tx, frame, "table")
    yield story, frame
    story.database.dispose()


def test_the_body_sends_back_by_its_signed_minutes_and_no_member_does_so_alone(tabled):
    story, frame = tabled
    reason = {"reason": "Action 5 has too little."}

    def alone(tx: Tx) -> object:
        return cases.step(tx, frame, "send_back", data=reason)

    assert codes(story, cast.MONA, alone) == ["not_on_agenda"]
    with story.tx(cast.ELIN) as tx:
        called = meetings.call_meeting(tx, story.body_id, story.now + timedelta(days=1))
        item = meetings.put_on_agenda(tx, called, frame, "adopt")
    assert codes(story, cast.MONA, alone) == ["meeting_to_come"]
    story.days(1)
    assert codes(story, cast.MONA, alone) == ["item_not_sent_back"]
    with story.tx(cast.ELIN) as tx:
        meetings.note_presence(tx, called, [story.people[each.name] for each in cast.BOARD])
        meetings.note_outcome(tx, item, "sent_back", reason["reason"])
        meetings.write_minutes(tx, called, "§1 Sent back.")
    assert codes(story, cast.MONA, alone) == ["chair_has_not_signed", "adjuster_has_not_signed"]
    with story.tx(cast.MONA) as tx:
        meetings.sign_minutes_as_chair(tx, called)
    assert codes(story, cast.MONA, lambda tx: meetings.carry_out(tx, item)) == ["adjuster_has_not_signed"]
    with story.tx(cast.LARS) as tx:
        meetings.sign_minutes_as_adjuster(tx, called)
    assert codes(story, cast.RITVA, lambda tx: meetings.carry_out(tx, item)) == ["not_among_the_voters"]
    with story.tx(cast.LARS) as tx:
        assert meetings.carry_out(tx, item).to_state == "drafting"
    with story.reading() as tx:
        row = tx.session.get_one(AgendaItem, item)
        assert (row.outcome, row.effective_at) == ("sent_back", story.now)
        entry = tx.execute(
            select(JournalEntry.authority).where(
                JournalEntry.record_id == frame, JournalEntry.transition == "send_back"
            )
        ).scalar_one()
        assert entry == "board §1, meeting 1"
    # It comes back as a new item; what was carried out sends nothing back a second time.
    with story.tx(cast.KARIN) as tx:
        cases.step(tx, frame, "table")
    assert codes(story, cast.MONA, alone) == ["not_on_agenda"]


def test_an_item_is_adjourned_also_where_its_record_has_no_word_for_it(held):
    story, called, item = held.story, held.meeting, held.item
    with story.tx(cast.ELIN) as tx:
        meetings.note_presence(tx, called, [])
        assert meetings.adjourn_item(tx, item, "Nobody came.") is None
        again = meetings.call_meeting(tx, story.body_id, story.now + timedelta(days=7))
        found = tx.session.scalars(select(AgendaItem.matter).where(AgendaItem.meeting_id == again)).all()
    assert found == ["cancel"]
