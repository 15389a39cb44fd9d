"""The long trials: kills and races by the thousand, and calls of a size that no region has seen.

A run of every day plays a few hundred; `script/test --deep` plays the full numbers, whose figures stand in
docs/performance.md.
"""

from __future__ import annotations

import multiprocessing
import random
from functools import partial
from typing import Any
from uuid import UUID

import pytest

from grantflow.app import registry
from grantflow.domain.refusal import Refused
from grantflow.paths import data_folder
from grantflow.services import cases
from grantflow.services.rehearsal import rehearse_call
from tests.databases import Databases, Kind
from tests.services.cases.house import House
from tests.trials.crash import in_child, nothing_half_done

LONGEST = 14
"""More statements than a step has, COMMIT and the moment after it among them: the last few kills find it done."""
LOOKS = 250
"""So many kills lie between two looks at everything."""
RACERS = 8
CALLS = data_folder("config") / "calls"
_context = multiprocessing.get_context("fork")


def _send(house: House, entry: UUID) -> None:
    with house.tx("ann") as tx:
        cases.step(tx, entry, "send", revision=1)


@pytest.mark.slow
def test_kills_at_any_moment_leave_nothing_half_done(databases: Databases, database_kind: Kind, deep: bool):
    kills = 10_000 if deep else 40
    dice = random.Random(11)
    house = House(databases.fresh(database_kind), scratch=False).furnish()
    sent, killed = 0, 0
    entry = house.entry()
    while killed < kills:
        house.database.dispose()
        killed += not in_child(partial(_send, house, entry), dice.randrange(1, LONGEST))
        if house.state(entry) == "sent":
            sent += 1
            entry = house.entry()
        if killed % LOOKS == 0:
            nothing_half_done(house.database, house.now)
    assert house.rows("SELECT sum(stamps) FROM toy_sheet") == [(sent,)]
    nothing_half_done(house.database, house.now)
    house.database.dispose()
    databases.drop(house.database.url)


@pytest.mark.slow
def test_of_those_who_race_exactly_one_wins(databases: Databases, database_kind: Kind, deep: bool):
    rounds = (100_000 if deep else 160) // RACERS
    house = House(databases.fresh(database_kind), scratch=False).furnish()
    entry = house.entry()
    house.do("ann", entry, "send")
    house.do("carl", house.call_id, "close")
    ((revision,),) = house.rows("SELECT revision FROM gf_case WHERE id = :id", id=house.bound(entry))
    house.database.dispose()
    line = _context.Barrier(RACERS)
    wins: Any = _context.Array("i", rounds)
    runners = [
        _context.Process(target=_race, args=(house, entry, int(str(revision)), line, wins), daemon=True)
        for _ in range(RACERS)
    ]
    for runner in runners:
        runner.start()
    for runner in runners:
        runner.join()
    assert [runner.exitcode for runner in runners] == [0] * RACERS
    assert list(wins) == [1] * rounds
    nothing_half_done(house.database, house.now)
    house.database.dispose()
    databases.drop(house.database.url)


def _race(house: House, entry: UUID, revision: int, line: Any, wins: Any) -> None:
    for number in range(len(wins)):
        line.wait(120)
        try:
            with house.tx("carl") as tx:
                cases.step(tx, entry, "remark", revision=revision + number, data={"reason": "Seen."})
        except Refused as refused:
            assert {each.code for each in refused.refusals} == {"stale"}  # noqa: PT017 - any other is a fault
        else:
            with wins.get_lock():
                wins[number] += 1
        line.wait(120)


@pytest.mark.deep
@pytest.mark.slow
@pytest.mark.parametrize(
    ("call", "applications"),
    [("north-middle-sweden", 5000), ("internationalisation-aid", 300)],
    ids=["five-thousand-applications", "a-year-of-aid-for-900-firms"],
)
def test_a_large_call_comes_to_its_end(call: str, applications: int):
    report = rehearse_call(CALLS / f"{call}.yaml", applications=applications, seed=5, registry=registry())
    assert report.holds, [each for each in report.invariants if not each.holds]
    assert report.applications["started"] == applications
