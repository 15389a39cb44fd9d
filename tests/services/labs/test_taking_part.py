"""Taking part: who may register, who was there, what was brought, how much support counts."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from grantflow.domain.refusal import Refused
from grantflow.services.labs.taking_part import (
    contribute,
    hold_session,
    move_session,
    plan_session,
    publish_results,
    register_interest,
    support,
    support_of,
    withdraw_support,
)
from grantflow.services.people.registering import join_organisation
from grantflow.store.labs.models import Attendance, LabSession, Participation
from grantflow.store.session import Tx
from tests import cast
from tests.factories.story import Story


def refused(story: Story, person: cast.Person, act: Callable[[Tx], object]) -> list[str]:
    with pytest.raises(Refused) as told, story.tx(person) as tx:
        act(tx)
    return [refusal.code for refusal in told.value.refusals]


def test_somebody_registers_once_and_only_for_their_own_organisation(lab: Story):
    mill = lab.organisations[cast.MILL.name]
    assert refused(lab, cast.LEIF, lambda tx: register_interest(tx, lab.call_id, helix="business")) == [
        "registered_already"
    ]
    stranger = cast.REVIEWERS[-1]
    assert refused(lab, stranger, lambda tx: register_interest(tx, lab.call_id, organisation_id=mill)) == [
        "not_of_the_organisation"
    ]
    assert refused(lab, stranger, lambda tx: register_interest(tx, lab.call_id)) == ["helix_missing"]


def test_helix_and_region_follow_from_the_organisation(lab: Story):
    with lab.reading() as tx:
        place = tx.session.get_one(Participation, lab.places[cast.SAMIRA.name])
    assert (place.helix, place.nuts, place.name_shown, place.admitted_at) == (
        "civil_society",
        "SE311",
        1,
        place.admitted_at,
    )
    assert place.admitted_at is not None


def test_a_session_is_held_after_it_began_with_members_alone(lab: Story):
    with lab.tx(cast.YUSUF) as tx:
        session = plan_session(
            tx, lab.call_id, "The heat we lose", lab.now + timedelta(days=1), place="Sandviken"
        )
    leif = lab.places[cast.LEIF.name]
    assert refused(lab, cast.YUSUF, lambda tx: hold_session(tx, session, [leif])) == ["session_to_come"]
    assert refused(lab, cast.YUSUF, lambda tx: publish_results(tx, session, "Heat.")) == ["session_to_come"]
    lab.days(1)
    with lab.tx(cast.TOMAS) as tx:
        newcomer = register_interest(tx, lab.call_id, helix="public").case_id
    assert refused(lab, cast.YUSUF, lambda tx: hold_session(tx, session, [leif, newcomer])) == [
        "not_in_the_lab"
    ]
    with lab.tx(cast.YUSUF) as tx:
        hold_session(tx, session, [leif])
        hold_session(tx, session, [leif, lab.places[cast.HANNA.name]], results="Heat.")
    with lab.reading() as tx:
        assert tx.execute(select(func.count()).select_from(Attendance)).scalar() == 2
        assert tx.session.get_one(LabSession, session).results == "Heat."
    assert refused(lab, cast.YUSUF, lambda tx: move_session(tx, session, lab.now)) == ["session_held"]


def test_only_the_programme_plans_sessions(lab: Story):
    def plan(tx: Tx) -> object:
        return plan_session(tx, lab.call_id, "Mine", lab.now, place="Hofors")

    assert refused(lab, cast.LEIF, plan) == ["not_of_the_programme"]


def test_only_members_contribute_and_something_has_to_be_said(lab: Story):
    stranger = cast.REVIEWERS[-1]
    assert refused(lab, stranger, lambda tx: contribute(tx, lab.call_id, "idea", "Pipes.")) == [
        "not_in_the_lab"
    ]
    assert refused(lab, cast.LEIF, lambda tx: contribute(tx, lab.call_id, "idea", "  ")) == ["text_missing"]
    with lab.tx(cast.TOMAS) as tx:
        register_interest(tx, lab.call_id, helix="public")
    assert refused(lab, cast.TOMAS, lambda tx: contribute(tx, lab.call_id, "idea", "Pipes.")) == [
        "not_in_the_lab"
    ]


def test_support_counts_once_for_each_person_and_organisation(lab: Story):
    idea = lab.contribute()[0]
    for person in (cast.LEIF, cast.NILS, cast.HANNA, cast.HANNA):  # Leif and Nils work at the same mill
        with lab.tx(person) as tx:
            support(tx, idea)
    with lab.tx() as tx:
        assert support_of(tx, idea) == 2
        join_organisation(tx, lab.people[cast.HANNA.name], lab.organisations[cast.MILL.name])
        assert support_of(tx, idea) == 2, "for whom one supports is fixed when one supports"
    with lab.tx(cast.HANNA) as tx:
        withdraw_support(tx, idea)
        assert support_of(tx, idea) == 1
