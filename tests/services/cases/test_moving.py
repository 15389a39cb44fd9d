"""Moving running records to a newer version: by an explicit map, after a replay, as a whole or not at all."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from uuid import UUID

import pytest

from grantflow.domain.refusal import Refused
from grantflow.services.cases.moving import Moving, move, plan_move
from grantflow.services.journal import Report, verify
from grantflow.workflow.canonical import sealed
from grantflow.workflow.model import Lifecycle, Row, Scheme, State
from tests.services.cases.house import House

RENAMED = {"entry": {"received": "being_read"}}


def newer(house: House, change: Callable[[Lifecycle], Lifecycle]) -> None:
    """Publish version 2 of the toy scheme, with a changed life of entries."""
    scheme: Scheme = house.database.engine.compiled("toy", 1).scheme
    lifecycles = {**scheme.lifecycles, "entry": change(scheme.lifecycles["entry"])}
    house.database.engine.add(sealed(replace(scheme, version=2, lifecycles=lifecycles, text="")))


def rename(names: Mapping[str, str]) -> Callable[[Lifecycle], Lifecycle]:
    """Return a change that calls states otherwise, everywhere they are named."""

    def state(name: str, one: State) -> State:
        mask = {role: names.get(shown, shown) for role, shown in one.mask.items()}
        return replace(one, name=names.get(name, name), mask=mask)

    def row(one: Row) -> Row:
        sources = tuple(names.get(source, source) for source in one.sources)
        return replace(one, sources=sources, to=names.get(one.to, one.to))

    def change(life: Lifecycle) -> Lifecycle:
        states = {names.get(name, name): state(name, one) for name, one in life.states.items()}
        timers = tuple(
            replace(timer, states=tuple(names.get(each, each) for each in timer.states))
            for timer in life.timers
        )
        final = frozenset(names.get(name, name) for name in life.final)
        return replace(life, states=states, rows=tuple(map(row, life.rows)), timers=timers, final=final)

    return change


def without(step: str) -> Callable[[Lifecycle], Lifecycle]:
    """Return a change that takes a step out of the table."""
    return lambda life: replace(
        life, rows=tuple(replace(row, name="gone") if row.name == step else row for row in life.rows)
    )


def planned(house: House, states: Mapping[str, Mapping[str, str]]) -> dict[str, Moving]:
    with house.reading() as tx:
        return {each.lifecycle: each for each in plan_move(tx, house.call_id, 2, states)}


def moved(house: House, states: Mapping[str, Mapping[str, str]]) -> None:
    with house.tx() as tx:
        move(tx, house.call_id, 2, states, "decision 7 of the office")


def verified(house: House) -> Report:
    with house.reading() as tx:
        return verify(tx)


@pytest.fixture
def received(house: House) -> UUID:
    """An entry that the deadline has closed."""
    entry = house.entry()
    house.do("ann", entry, "send")
    house.do("carl", house.call_id, "close")
    return entry


def test_the_dry_run_writes_nothing(house: House, received: UUID) -> None:
    newer(house, rename(RENAMED["entry"]))
    before = house.everything()

    assert planned(house, RENAMED)["entry"].to_state == "being_read"

    assert house.everything() == before


def test_a_record_goes_on_under_the_new_version(house: House, received: UUID) -> None:
    newer(house, rename(RENAMED["entry"]))
    house.later(days=1)

    moved(house, RENAMED)

    assert house.state(received) == "being_read"
    house.do("carl", received, "remark", reason="Read under the new rules.")
    assert verified(house).ok, verified(house).faults


def test_a_state_without_a_place_holds_everything_back(house: House, received: UUID) -> None:
    newer(house, rename(RENAMED["entry"]))
    before = house.everything()

    with pytest.raises(Refused) as refused:
        moved(house, {})

    assert {each.code for each in refused.value.refusals} >= {"no_such_state"}
    assert house.everything() == before


def test_a_history_that_the_new_version_forbids_holds_it_back(house: House, received: UUID) -> None:
    newer(house, without("send"))

    against = planned(house, {})["entry"].against

    assert [each.code for each in against] == ["history_differs"]
    assert against[0].params["step"] == "send"


def test_no_record_ends_or_comes_to_life_by_moving(house: House, received: UUID) -> None:
    newer(house, lambda life: replace(life, final=life.final | {"received"}))

    assert "finality_changes" in {each.code for each in planned(house, {})["entry"].against}


def test_what_stands_still_is_resumed_first(house: House, received: UUID) -> None:
    house.do("carl", received, "hold")
    newer(house, lambda life: life)

    assert "suspended_now" in {each.code for each in planned(house, {})["entry"].against}


def test_a_move_made_behind_the_door_is_found(house: House, received: UUID) -> None:
    newer(house, rename(RENAMED["entry"]))
    moved(house, RENAMED)
    house.spoil("UPDATE gf_case SET version = 1 WHERE id = :id", id=house.bound(received))

    assert ("state", 3) in [(fault.kind, fault.entry) for fault in verified(house).faults]
