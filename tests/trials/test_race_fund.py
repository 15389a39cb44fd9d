"""Eight places on the reserve list and room for one: exactly one moves up, and the window is never overspent."""

from __future__ import annotations

from uuid import UUID

import pytest

from grantflow.services import cases
from tests import cast
from tests.databases import Databases, Kind
from tests.factories.fund import Balances, Fund, open_fund
from tests.trials.crash import nothing_half_done
from tests.trials.race import race

EIGHT = (cast.HANNA, cast.MIKAEL, cast.SARA, cast.FATIMA, cast.BENGT, cast.YLVA, cast.JOHAN, cast.SAMIRA)


@pytest.fixture
def fund(databases: Databases, database_kind: Kind) -> Fund:
    told = open_fund(databases.fresh(database_kind), 40_000)
    wanted = {cast.LEIF: (40_000, 70_000, 5)} | dict.fromkeys(EIGHT, (30_000, 50_000, 4))
    told.told = {person.name: each for person, each in told.play_to_proposal(wanted).items()}
    told.decide()
    told.release()
    told.step(cast.LEIF, told.award(told.told[cast.LEIF.name]), "decline", reason="The new owner stops it.")
    told.database.dispose()
    return told


@pytest.mark.slow
def test_eight_at_one_envelope_with_room_for_one(fund: Fund) -> None:
    def move_up(application_id: UUID) -> None:
        with fund.tx(cast.SOFIA) as tx:
            cases.step(
                tx,
                application_id,
                "move_up",
                data={"reason": "Money became free.", "passed_over": "Whoever is ready first."},
            )

    told = race([lambda each=fund.told[person.name]: move_up(each) for person in EIGHT])  # type: ignore[misc]

    lost = [each for each in told if each is not None]
    assert {each.codes for each in lost} == {("budget_gone",)}
    assert all("10 000.00 EUR left" in each.sentences[0] for each in lost)
    assert len(lost) == 7
    assert fund.balances() == Balances(40_000, 30_000, 0, 40_000, 0)
    nothing_half_done(fund.database, fund.now)
    fund.database.dispose()
