"""Who is signed in, as every page reads it: a role that an organisation holds is its members' and nobody else's."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from grantflow.app import registry
from grantflow.domain.actor import SYSTEM
from grantflow.paths import data_folder
from grantflow.services.people import sessions
from grantflow.services.people.registering import join_organisation, register_organisation, register_person
from grantflow.services.people.roles import grant_role
from grantflow.store.session import Database
from grantflow.workflow.engine import Engine
from grantflow.workflow.loader import load_all
from tests import cast

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    schemes = [each.scheme for each in load_all(data_folder("workflows")) if each.scheme is not None]
    opened = Database(database_url, Engine(registry(), schemes), scratch=True)
    yield opened
    opened.dispose()


def test_members_of_an_organisation_that_works_for_a_programme_work_for_it(database: Database) -> None:
    with database.transaction(SYSTEM, NOW) as tx:
        office, mill = (
            register_organisation(
                tx, name, identifier=name, identifier_kind="DEMO", legal_form="AB", country="SE"
            )
            for name in ("office", "mill")
        )
        karin = register_person(tx, cast.KARIN.email, cast.KARIN.name)
        leif = register_person(tx, cast.LEIF.email, cast.LEIF.name)
        join_organisation(tx, karin, office)
        join_organisation(tx, leif, mill)
        grant_role(tx, "officer", tx.new_id(), organisation_id=office)
        tokens = [
            sessions.sign_in(tx, each, browser="a test", limits=sessions.Limits()) for each in (karin, leif)
        ]
        inside = [found and found.inside for found in (sessions.signed_in(tx, each) for each in tokens)]
    assert inside == [True, False]
