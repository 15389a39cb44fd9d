"""Programmes and bodies: set up once, seats as there are, meetings as they were."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select

from grantflow.domain.programmes.plan import FunderPlan, PriorityPlan
from grantflow.domain.refusal import Refused
from grantflow.services.programmes.meetings import (
    call_meeting,
    carry_out,
    has_quorum,
    note_leaving,
    note_outcome,
    note_presence,
    put_on_agenda,
    sign_minutes_as_adjuster,
    sign_minutes_as_chair,
    write_minutes,
)
from grantflow.services.programmes.setting_up import (
    appoint_delegate,
    body_named,
    leave_seat,
    set_up_programme,
    take_seat,
)
from grantflow.store.people.roles import roles_of
from grantflow.store.programmes.models import AgendaItem, Body, Funder, Seat, StrategyPriority
from grantflow.store.session import Tx
from tests import cast
from tests.factories.story import Story


@pytest.fixture
def office(database_url: str) -> Iterator[Story]:
    """The programme with its people and a draft call."""
    told = Story(database_url)
    told.set_up().load()
    yield told
    told.database.dispose()


def refused(story: Story, person: cast.Person | None, act: Callable[[Tx], object]) -> list[str]:
    with pytest.raises(Refused) as told, story.tx(person) as tx:
        act(tx)
    return [refusal.code for refusal in told.value.refusals]


def ids(story: Story, *people: cast.Person) -> list[UUID]:
    return [story.people[person.name] for person in people]


def test_a_programme_is_found_again_and_gains_what_is_new(office: Story):
    plan = office.plan.programme
    more = replace(
        plan,
        funders=(*plan.funders, FunderPlan("Region Dalarna", "SE")),
        priorities=(*plan.priorities, PriorityPlan("S3-2", {"en": "Skills"})),
    )
    with office.tx(cast.KARIN) as tx:
        assert set_up_programme(tx, more) == set_up_programme(tx, more) == office.programme_id
    with office.reading() as tx:
        assert set(tx.session.scalars(select(Funder.name))) == {"European Commission", "Region Dalarna"}
        assert set(tx.session.scalars(select(StrategyPriority.code))) == {"S3-1", "S3-2"}


def test_a_call_file_changes_no_rule_of_a_body(office: Story):
    plan = office.plan.programme
    other = replace(plan, bodies=(replace(plan.bodies[0], quorum=1),))
    assert refused(office, cast.KARIN, lambda tx: set_up_programme(tx, other)) == ["body_differs"]
    assert refused(office, cast.LEIF, lambda tx: set_up_programme(tx, plan)) == ["not_of_the_programme"]
    new = replace(plan, ref_prefix="NEW")
    assert refused(office, cast.KARIN, lambda tx: set_up_programme(tx, new)) == ["programme_unknown"]
    assert refused(office, None, lambda tx: body_named(tx, office.programme_id, "council")) == [
        "body_unknown"
    ]


def test_a_body_has_as_many_seats_as_it_has(office: Story):
    def seat(person: cast.Person, kind: str) -> Callable[[Tx], object]:
        return lambda tx: take_seat(tx, office.body_id, office.people[person.name], kind)  # type: ignore[arg-type]  # wrong kinds are not the point

    assert refused(office, None, seat(cast.TOMAS, "member")) == ["seats_taken"]
    assert refused(office, None, seat(cast.TOMAS, "chair")) == ["chair_taken"]
    assert refused(office, None, seat(cast.LARS, "deputy")) == ["seat_held"]
    assert refused(office, cast.LEIF, seat(cast.TOMAS, "deputy")) == ["not_of_the_programme"]


def test_whoever_leaves_their_seat_no_longer_decides(office: Story):
    ola = office.actor(cast.OLA)
    with office.tx() as tx:
        assert roles_of(tx, ola, [office.call_id])[office.call_id] == {"board"}
        leave_seat(tx, tx.session.scalars(select(Seat.id).where(Seat.user_id == ola.user_id)).one())
    office.now += timedelta(seconds=1)
    with office.tx() as tx:
        assert roles_of(tx, ola, [office.call_id])[office.call_id] == frozenset()
        take_seat(tx, office.body_id, office.people[cast.TOMAS.name], "member")


def test_a_body_without_delegation_appoints_nobody(office: Story):
    with office.tx() as tx:
        assert tx.session.get_one(Body, office.body_id).delegate_id == office.people[cast.SOFIA.name]
        tx.session.get_one(Body, office.body_id).delegate_role = None
    sofia = office.people[cast.SOFIA.name]
    assert refused(office, None, lambda tx: appoint_delegate(tx, office.body_id, sofia)) == [
        "nothing_delegated"
    ]


def meeting(office: Story, *present: cast.Person) -> tuple[UUID, UUID]:
    with office.tx(cast.ELIN) as tx:
        called = call_meeting(tx, office.body_id, office.now + timedelta(days=1))
        item = put_on_agenda(tx, called, office.call_id, "cancel")
    office.now += timedelta(days=1)
    with office.tx(cast.ELIN) as tx:
        note_presence(tx, called, ids(office, *present))
    return called, item


def test_a_deputy_steps_in_for_whoever_leaves_the_room(office: Story):
    _, item = meeting(office, cast.MONA, cast.LARS, cast.OLA)
    with office.tx(cast.ELIN) as tx:
        assert has_quorum(tx, item)
        note_leaving(tx, item, ids(office, cast.OLA))
        assert not has_quorum(tx, item)
    assert refused(office, cast.ELIN, lambda tx: note_outcome(tx, item, "adopted")) == ["quorum_missing"]
    assert refused(office, cast.ELIN, lambda tx: note_leaving(tx, item, ids(office, cast.RITVA))) == [
        "not_present"
    ]
    _, item = meeting(office, cast.MONA, cast.LARS, cast.OLA, cast.RITVA)
    with office.tx(cast.ELIN) as tx:
        note_leaving(tx, item, ids(office, cast.OLA))
        note_outcome(tx, item, "adopted")


def test_only_those_with_a_seat_are_part_of_the_body(office: Story):
    called, item = meeting(office, *cast.BOARD)
    assert refused(office, cast.ELIN, lambda tx: note_presence(tx, called, ids(office, cast.KARIN))) == [
        "no_seat"
    ]
    assert refused(office, cast.LEIF, lambda tx: note_presence(tx, called, [])) == ["not_of_the_programme"]
    again = refused(office, cast.ELIN, lambda tx: put_on_agenda(tx, called, office.call_id, "cancel"))
    assert again == ["on_agenda_already"]
    assert refused(office, cast.ELIN, lambda tx: note_outcome(tx, item, "maybe")) == ["outcome_unknown"]  # type: ignore[arg-type]  # that is the point


def test_minutes_stand_from_their_first_signature_on(office: Story):
    called, item = meeting(office, *cast.BOARD)
    with office.tx(cast.ELIN) as tx:
        note_outcome(tx, item, "adopted")
        write_minutes(tx, called, "Cancelled.")
    assert refused(office, cast.LARS, lambda tx: sign_minutes_as_chair(tx, called)) == ["did_not_chair"]
    assert refused(office, cast.KARIN, lambda tx: sign_minutes_as_adjuster(tx, called)) == ["not_present"]
    with office.tx(cast.MONA) as tx:
        sign_minutes_as_chair(tx, called)
    assert refused(office, cast.MONA, lambda tx: sign_minutes_as_adjuster(tx, called)) == ["same_signatory"]
    assert refused(office, cast.ELIN, lambda tx: write_minutes(tx, called, "Adopted.")) == ["minutes_stand"]
    assert refused(office, cast.ELIN, lambda tx: note_outcome(tx, item, "sent_back")) == ["minutes_stand"]
    assert refused(office, cast.ELIN, lambda tx: note_presence(tx, called, [])) == ["minutes_stand"]
    assert refused(office, cast.ELIN, lambda tx: note_leaving(tx, item, [])) == ["minutes_stand"]


def test_a_member_signs_for_a_chair_who_is_away(office: Story):
    called, item = meeting(office, cast.LARS, cast.AMINA, cast.GUNVOR)
    with office.tx(cast.ELIN) as tx:
        note_outcome(tx, item, "adopted")
        write_minutes(tx, called, "Cancelled.")
    with office.tx(cast.LARS) as tx:
        sign_minutes_as_chair(tx, called)
    assert refused(office, cast.MONA, lambda tx: sign_minutes_as_adjuster(tx, called)) == ["not_present"]


def test_nothing_is_noted_of_a_meeting_to_come(office: Story):
    with office.tx(cast.ELIN) as tx:
        called = call_meeting(tx, office.body_id, office.now + timedelta(days=1))
        item = put_on_agenda(tx, called, office.call_id, "cancel")
        note_presence(tx, called, ids(office, *cast.BOARD))
    assert refused(office, cast.ELIN, lambda tx: note_outcome(tx, item, "adopted")) == ["meeting_to_come"]
    assert refused(office, cast.MONA, lambda tx: sign_minutes_as_chair(tx, called)) == ["meeting_to_come"]


def test_paragraphs_count_through_all_meetings(office: Story):
    for _ in range(3):
        meeting(office, *cast.BOARD)
    with office.reading() as tx:
        assert list(tx.session.scalars(select(AgendaItem.number).order_by(AgendaItem.number))) == [1, 2, 3]


def test_a_body_does_not_decide_for_another_programme(office: Story):
    plan = replace(office.plan.programme, ref_prefix="OTHER")
    with office.tx() as tx:
        other = body_named(tx, set_up_programme(tx, plan), "board")
        called = call_meeting(tx, other, office.now)
    assert refused(office, None, lambda tx: put_on_agenda(tx, called, office.call_id, "cancel")) == [
        "other_programme"
    ]


def test_a_draft_is_cancelled_by_no_body(office: Story):
    _, item = meeting(office, *cast.BOARD)
    assert refused(office, cast.MONA, lambda tx: carry_out(tx, item, {"reason": "No."})) == ["not_from_here"]
