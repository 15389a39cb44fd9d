"""Of a lab everybody sees what is published; places and what waits are between a person and the programme."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from grantflow.domain.actor import Actor
from grantflow.services import cases
from grantflow.services.labs.framing import open_consultation
from grantflow.services.labs.taking_part import contribute, keep_in_lab, leave_lab
from grantflow.services.records.visibility import find_id
from tests import cast
from tests.databases import Databases, Kind
from tests.factories.copies import copied
from tests.factories.fund import Fund


def _lab(url: str) -> Fund:
    told = Fund(url)
    told.set_up().load().announce()
    told.fill_lab()
    told.until(told.plan.date("registration_closes"))
    told.hold_workshops(3)
    brought = told.contribute()
    with told.tx(cast.YUSUF) as tx:
        keep_in_lab(tx, brought[1], "It names a person.")
    with told.tx(cast.LEIF) as tx:
        waits = contribute(tx, told.call_id, "idea", "Not looked at yet.").case_id
    with told.tx(cast.KARIN) as tx:
        cases.step(tx, told.call_id, "start_synthesis")
    told.told = {
        "public": brought[0],
        "in the lab": brought[1],
        "waits": waits,
        "frame": told.draft_frame(brought),
    }
    return told


@pytest.fixture
def lab(databases: Databases, database_kind: Kind) -> Iterator[Fund]:
    """The lab is under way; something is published, something kept in the lab, something waits."""
    told = copied(databases, database_kind, _lab)
    yield told
    told.database.dispose()
    databases.drop(told.database.url)


def finds(lab: Fund, person: cast.Person | None) -> set[str]:
    actor = Actor("visitor") if person is None else lab.actor(person)
    with lab.database.reading(actor, lab.now) as tx:
        return {name for name, each in lab.told.items() if find_id(tx, each) is not None}


def test_what_is_published_is_for_everybody_and_the_rest_for_the_lab(lab: Fund) -> None:
    assert finds(lab, None) == {"public"}
    assert finds(lab, cast.HANNA) >= {"public", "in the lab"}
    assert "waits" not in finds(lab, cast.HANNA)
    assert "waits" in finds(lab, cast.LEIF)
    assert finds(lab, cast.YUSUF) == {"public", "in the lab", "waits", "frame"}
    assert "frame" not in finds(lab, cast.HANNA)


def test_a_place_is_between_a_person_and_the_programme(lab: Fund) -> None:
    place = lab.places[cast.SARA.name]
    for person, sees in ((cast.SARA, True), (cast.YUSUF, True), (cast.LEIF, False)):
        with lab.reading(person) as tx:
            assert (find_id(tx, place) is not None) == sees


def test_whoever_leaves_the_lab_no_longer_reads_what_is_kept_in_it(lab: Fund) -> None:
    with lab.tx(cast.SARA) as tx:
        leave_lab(tx, lab.places[cast.SARA.name])
    assert "in the lab" not in finds(lab, cast.SARA)


def test_a_frame_open_for_comments_is_everybodys(lab: Fund) -> None:

    lab.days(63)
    with lab.tx() as tx:
        _ = cases.choices(tx, [lab.call_id])
    lab.told["frame"] = lab.told["frame"]
    with lab.tx(cast.YUSUF) as tx:
        open_consultation(tx, lab.told["frame"])
    assert "frame" in finds(lab, None)
