"""The clock of a demo: forward only, remembered, and told to every call; timers fire each at its own moment."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from grantflow.domain.actor import SYSTEM
from grantflow.domain.refusal import Refused
from grantflow.services import clock
from tests.services.cases.house import DEADLINE, START, House

DAY = timedelta(days=1)


@pytest.fixture
def demo(bare_house: House) -> House:
    with bare_house.tx() as tx:
        clock.mark_as_demo(tx)
    return bare_house.furnish()


@pytest.fixture
def bare_house(database_url: str) -> Iterator[House]:
    house = House(database_url)
    yield house
    house.database.dispose()


def shown(house: House, wall: datetime) -> datetime:
    with house.reading() as tx:
        return clock.shown(tx, wall)


def test_a_database_in_use_never_becomes_a_demo(bare_house: House) -> None:
    bare_house.furnish()

    with pytest.raises(Refused, match="A demo begins in an empty one"), bare_house.tx() as tx:
        clock.mark_as_demo(tx)

    with bare_house.reading() as tx:
        assert not clock.is_demo(tx)


def test_outside_a_demo_the_clock_is_the_walls(bare_house: House) -> None:
    bare_house.furnish()
    with pytest.raises(Refused, match="time passes by itself"):
        clock.play(bare_house.database, SYSTEM, lambda: START, START + DAY)

    assert shown(bare_house, START) == START


def test_the_clock_goes_on_from_where_it_was_moved_to(demo: House) -> None:
    clock.play(demo.database, SYSTEM, lambda: START, START + 3 * DAY)

    assert shown(demo, START) == START + 3 * DAY
    assert shown(demo, START + DAY) == START + 4 * DAY


def test_the_clock_is_never_moved_back(demo: House) -> None:
    clock.play(demo.database, SYSTEM, lambda: START, START + 3 * DAY)

    with pytest.raises(Refused, match="never moved back"):
        clock.play(demo.database, SYSTEM, lambda: START, START + 2 * DAY)

    assert shown(demo, START) == START + 3 * DAY


def test_every_call_tells_that_the_clock_was_moved(demo: House) -> None:
    clock.play(demo.database, SYSTEM, lambda: START, START + DAY)

    (told,) = demo.rows("SELECT kind, after FROM gf_milestone")
    assert told == ("clock_moved", '{"at":"2026-03-03T09:00:00.000000Z"}')


def test_timers_fire_each_at_its_own_moment_in_the_order_of_time(demo: House) -> None:
    entry = demo.entry()
    demo.do("ann", entry, "send")

    fired = clock.play(demo.database, SYSTEM, lambda: START, DEADLINE + 30 * DAY)

    assert fired > 2
    assert demo.state(demo.call_id) == "judged"
    moments = [row[0] for row in demo.rows("SELECT at FROM gf_outbox_message WHERE template = 'closes_soon'")]
    closings = demo.rows("SELECT at FROM gf_journal_entry WHERE transition = 'close' AND lifecycle = 'call'")
    assert [as_instant(moment) for moment in moments] == [DEADLINE - 3 * DAY]
    assert [as_instant(row[0]) for row in closings] == [DEADLINE]


def as_instant(stored: object) -> datetime:
    moment = stored if isinstance(stored, datetime) else datetime.fromisoformat(str(stored))
    return moment.astimezone(UTC)


def test_playing_to_the_same_moment_again_fires_nothing_twice(demo: House) -> None:
    target = DEADLINE + DAY
    clock.play(demo.database, SYSTEM, lambda: START, target)
    before = demo.rows("SELECT COUNT(*) FROM gf_outbox_message")

    assert clock.play(demo.database, SYSTEM, lambda: START, target) == 0
    assert demo.rows("SELECT COUNT(*) FROM gf_outbox_message") == before


def test_a_wall_clock_that_jumps_back_fires_nothing_again(bare_house: House) -> None:
    bare_house.furnish()
    first = clock.fire_at(bare_house.database, DEADLINE + DAY)

    assert first > 0
    assert clock.fire_at(bare_house.database, DEADLINE - DAY) == 0
    assert clock.fire_at(bare_house.database, DEADLINE + DAY) == 0
    closings = bare_house.rows(
        "SELECT COUNT(*) FROM gf_journal_entry WHERE transition = 'close' AND lifecycle = 'call'"
    )
    assert closings == [(1,)]
