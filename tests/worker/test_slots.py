"""Slots: stable names, one holder each, and a steady clock that says who stands still."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from grantflow.domain.actor import SYSTEM
from grantflow.store import workers
from grantflow.store.session import Database
from grantflow.worker.slots import Slot
from grantflow.workflow.engine import Engine
from grantflow.workflow.registry import Registry


class Watch:
    """A steady clock that the test moves."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def watch() -> Watch:
    return Watch()


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    database = Database(database_url, Engine(Registry.collect([], [], [])))
    yield database
    database.dispose()


def test_each_worker_takes_the_lowest_free_slot(database: Database, watch: Watch) -> None:
    first, second = Slot(database, 10, watch), Slot(database, 10, watch)
    assert (first.name, second.name) == ("worker-1", "worker-2")

    first.give_up()

    assert Slot(database, 10, watch).name == "worker-1"


def test_who_beats_is_never_taken_over_however_long(database: Database, watch: Watch) -> None:
    living, watching = Slot(database, 10, watch), Slot(database, 10, watch)
    for _ in range(20):
        watch.seconds += 5
        assert living.beat()
        assert watching.lost() == []


def test_who_stands_still_for_a_lease_is_taken_over_once(database: Database, watch: Watch) -> None:
    dead, one, another = (Slot(database, 10, watch) for _ in range(3))
    for slot in (one, another):
        assert slot.lost() == []
    watch.seconds += 11
    assert one.beat()
    assert another.beat()

    taken = [*one.lost(), *another.lost()]

    assert [name for name, _ in taken] == [dead.name]
    assert not dead.beat(), "the one who was thought dead learns that it must stop"


def test_a_jump_of_the_wall_clock_takes_nobody_over(database: Database, watch: Watch) -> None:
    """Beats are counts and leases are steady seconds: nothing in the table says a time that could look old."""
    sleeper, watching = Slot(database, 10, watch), Slot(database, 10, watch)
    watching.lost()
    with database.transaction(SYSTEM, datetime(2099, 1, 1, tzinfo=UTC)) as tx:
        assert workers.beat(tx, sleeper.name, sleeper.holder)
    watch.seconds += 9

    assert watching.lost() == []


def test_who_dies_while_taking_over_is_taken_over_too(database: Database, watch: Watch) -> None:
    dead, heir, last = (Slot(database, 10, watch) for _ in range(3))
    for slot in (heir, last):
        slot.lost()
    watch.seconds += 11
    assert heir.beat()
    assert last.beat()
    ((name, holder),) = heir.lost()
    assert name == dead.name
    last.lost()  # sees the heir's identity in the slot of the dead, and the heir's own slot
    watch.seconds += 11
    assert last.beat()

    assert {name for name, _ in last.lost()} == {dead.name, heir.name}
    heir.give_up(name, holder)
    with database.reading(SYSTEM, datetime.now(UTC)) as tx:
        assert dead.name in {sign.slot for sign in workers.signs(tx)}, "what is not one's own any more stays"
