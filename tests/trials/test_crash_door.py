"""The door, killed at every statement."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

import pytest

from grantflow.services import cases
from grantflow.services.timers import fire_due
from tests.databases import Databases, Kind
from tests.services.cases.house import DEADLINE, House
from tests.trials.crash import UseCase, killed_at_every_statement


@dataclass
class Scene:
    house: House
    sent: UUID
    draft: UUID
    revision: int = 0


def furnished(url: str) -> Scene:
    house = House(url, scratch=False).furnish()
    scene = Scene(house, house.entry(), house.entry())
    house.do("ann", scene.sent, "send")
    return scene


def received(url: str) -> Scene:
    scene = furnished(url)
    scene.house.do("carl", scene.house.call_id, "close")
    scene.house.do("carl", scene.sent, "remark", reason="Looks good.")
    ((scene.revision,),) = scene.house.rows(  # type: ignore[assignment]  # a count
        "SELECT revision FROM gf_case WHERE id = :id", id=scene.house.bound(scene.sent)
    )
    return scene


def send(scene: Scene) -> None:
    with scene.house.tx("ann") as tx:
        cases.step(tx, scene.draft, "send", revision=1)


def was_sent(scene: Scene) -> bool:
    """Whether the draft was sent: state and effect (a stamp on its sheet) agree."""
    ((stamps,),) = scene.house.rows(
        "SELECT stamps FROM toy_sheet WHERE id = :id", id=scene.house.bound(scene.draft)
    )
    state = scene.house.state(scene.draft)
    assert (state, stamps) in {("draft", 0), ("sent", 1)}
    return state == "sent"


def reserve(scene: Scene) -> None:
    with scene.house.tx("carl") as tx:
        cases.step(tx, scene.sent, "grant", revision=scene.revision, data={"sum": 700})


def was_reserved(scene: Scene) -> bool:
    """Whether money was set aside: once, and with the state."""
    ((reserved,),) = scene.house.rows("SELECT reserved FROM gf_funder_window")
    state = scene.house.state(scene.sent)
    assert (state, reserved) in {("received", 0), ("granted", 700)}
    return state == "granted"


def tick(scene: Scene) -> None:
    scene.house.now = DEADLINE
    with scene.house.tx() as tx:
        fire_due(tx)


def was_closed(scene: Scene) -> bool:
    """Whether the deadline passed: the call, the draft and what was sent have moved together."""
    house = scene.house
    states = house.state(house.call_id), house.state(scene.sent), house.state(scene.draft)
    assert states in {("open", "sent", "draft"), ("judged", "received", "not_sent")}
    return states[0] == "judged"


def begin(scene: Scene) -> None:
    if not was_begun(scene):
        with scene.house.tx("olga") as tx:
            scene.house.new_entry(tx, "olga")


def was_begun(scene: Scene) -> bool:
    """Whether a third entry was begun: case, sheet and grant are there together."""
    counts = [
        scene.house.rows(sql)[0][0]
        for sql in (
            "SELECT COUNT(*) FROM gf_case WHERE lifecycle = 'entry'",
            "SELECT COUNT(*) FROM toy_sheet",
            "SELECT COUNT(*) FROM gf_role_grant WHERE role = 'owner'",
        )
    ]
    assert counts in ([2, 2, 2], [3, 3, 3])
    return counts[0] == 3


CASES = [
    UseCase(
        "a step with an effect and a message", furnished, lambda scene: scene.house.database, send, was_sent
    ),
    UseCase("a step that takes money", received, lambda scene: scene.house.database, reserve, was_reserved),
    UseCase("a deadline with what follows", furnished, lambda scene: scene.house.database, tick, was_closed),
    UseCase("a record that begins", furnished, lambda scene: scene.house.database, begin, was_begun),
]


@pytest.mark.slow
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name.replace(" ", "-"))
def test_a_crash_leaves_nothing_half_done(databases: Databases, database_kind: Kind, case: UseCase[Scene]):
    assert killed_at_every_statement(case, databases, database_kind) >= 4
