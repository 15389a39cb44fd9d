"""People, organisations and roles: each person once, each number once, roles given and ended."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select

from grantflow.app import registry
from grantflow.domain.actor import SYSTEM, Actor
from grantflow.domain.refusal import Refused
from grantflow.services.people.registering import (
    join_organisation,
    may_act_for,
    person_with,
    register_organisation,
    register_person,
)
from grantflow.services.people.roles import demand_place, end_role, end_roles_on, grant_role, works_for
from grantflow.store.people.models import Membership, RoleGrant, User
from grantflow.store.session import Database, Tx
from grantflow.workflow.engine import Engine
from tests import cast

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    opened = Database(database_url, Engine(registry()), scratch=True)
    yield opened
    opened.dispose()


def refused(tx: Tx, act: Callable[[], object]) -> list[str]:
    with pytest.raises(Refused) as told:
        act()
    return [refusal.code for refusal in told.value.refusals]


def mill(tx: Tx, number: str = "hofors", **more):
    return register_organisation(
        tx, "Mill", identifier=number, identifier_kind="DEMO", legal_form="AB", country="SE", **more
    )


def test_an_address_belongs_to_one_person_however_it_is_written(database: Database):
    with database.transaction(SYSTEM, NOW) as tx:
        karin = register_person(tx, " Karin.Ekblad@Demo.Invalid ", "Karin Ekblad", language="sv")
        assert person_with(tx, "KARIN.EKBLAD@demo.invalid") == karin
        assert refused(tx, lambda: register_person(tx, "karin.ekblad@demo.invalid", "Other")) == [
            "email_taken"
        ]
        for wrong in ("karin", "karin ekblad@demo.invalid"):
            with pytest.raises(Refused) as told:
                register_person(tx, wrong, "K")
            assert [refusal.code for refusal in told.value.refusals] == ["email_wrong"]
        user = tx.session.get_one(User, karin)
        assert (user.email, user.language, user.password_hash) == ("karin.ekblad@demo.invalid", "sv", None)


def test_a_number_belongs_to_one_organisation(database: Database):
    with database.transaction(SYSTEM, NOW) as tx:
        mill(tx)
        assert refused(tx, lambda: mill(tx)) == ["identifier_taken"]
        assert refused(tx, lambda: mill(tx, "other", helix="industry")) == ["helix_unknown"]


def test_somebody_acts_for_organisations_of_their_own(database: Database):
    with database.transaction(SYSTEM, NOW) as tx:
        leif = register_person(tx, cast.LEIF.email, cast.LEIF.name)
        organisation = mill(tx)
        own = tx.as_actor(Actor("person", leif))
        assert not may_act_for(own, organisation)
        join_organisation(tx, leif, organisation)
        join_organisation(tx, leif, organisation, authorised=True)
        assert may_act_for(own, organisation)
        assert tx.session.get_one(Membership, (leif, organisation)).authorised == 1


def test_a_role_is_held_once_and_ends_without_being_forgotten(database: Database):
    with database.transaction(SYSTEM, NOW) as tx:
        karin = register_person(tx, cast.KARIN.email, cast.KARIN.name)
        programme = tx.new_id()
        first = grant_role(tx, "manager", programme, user_id=karin)
        assert grant_role(tx, "manager", programme, user_id=karin) == first
        own = tx.as_actor(Actor("person", karin))
        demand_place(own, programme)
        end_role(tx, first)
    with database.transaction(SYSTEM, NOW + timedelta(seconds=1)) as tx:
        own = tx.as_actor(Actor("person", karin))
        assert not works_for(own, programme)
        assert refused(tx, lambda: demand_place(own, programme)) == ["not_of_the_programme"]
        assert works_for(tx, programme), "the system may do anything"
        assert grant_role(tx, "manager", programme, user_id=karin) != first
        end_roles_on(tx, programme)
        assert tx.execute(select(func.count()).select_from(RoleGrant)).scalar() == 2


def test_a_role_has_one_holder(database: Database):
    with database.transaction(SYSTEM, NOW) as tx, pytest.raises(TypeError):
        grant_role(tx, "manager", tx.new_id())


def test_the_cast_has_an_address_each_and_none_is_real():
    addresses = [person.email for person in cast.EVERYBODY]
    assert len(set(addresses)) == len(addresses)
    assert all(address.endswith("@demo.invalid") and address.isascii() for address in addresses)
    assert cast.SOFIA.email == "sofia.brannvall@demo.invalid"
    assert cast.LEIF.email == "leif.aslund@demo.invalid"
    assert len({organisation.identifier for organisation in cast.ORGANISATIONS}) == len(cast.ORGANISATIONS)
