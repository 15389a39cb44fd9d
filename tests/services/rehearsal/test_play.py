"""The play on a toy scheme: people plan, are refused, mend, go round, wait, give up; the clock fires between them."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from grantflow.domain.refusal import Refusal
from grantflow.domain.step import Stepped
from grantflow.paths import data_folder
from grantflow.services.calls.file import read_call
from grantflow.services.rehearsal.agenda import Start
from grantflow.services.rehearsal.cast import Cast, Person
from grantflow.services.rehearsal.habits.kinds import Habits, Situation
from grantflow.services.rehearsal.play import Play
from grantflow.services.rehearsal.scene import Scene
from grantflow.workflow.model import Behaviour, Place, Scheme
from tests.services.cases.house import House

NOWHERE = Place("toy", 1)
Builder = Callable[..., House]


def behaves(*lines: tuple[str, str, int, str]) -> tuple[Behaviour, ...]:
    """Return how people behave: `lifecycle.transition`, role, percent, span."""
    return tuple(
        Behaviour(step.partition(".")[0], step.partition(".")[2], role, likely, within, NOWHERE)
        for step, role, likely, within in lines
    )


class Stage:
    """A house in which a play runs, with what its people did."""

    def __init__(self, house: House, seed: int = 1, **habits: Any) -> None:
        self.house = house
        plan = read_call(data_folder("config") / "calls" / "north-middle-sweden.yaml").plan
        assert plan is not None
        people = house.people
        self.scene = Scene(
            house.database,
            next(iter(house.database.engine.all())).scheme,
            plan,
            random.Random(seed),
            house.now,
            applications=10,
            call_id=house.call_id,
            programme_id=UUID(int=0),
            cast=Cast({"clerk": [Person(people["carl"])], "chief": [Person(people["chloe"])]}),
        )
        words = {kind: lambda *_: "Because." for kind in ("long_text", "text")}
        amounts = {"money": lambda *_: 100, "date": lambda *_: None, "choice": lambda *_: "red"}
        given = {"answers": {**words, **amounts}, **habits}
        self.play = Play(self.scene, Habits(**given), house.now + timedelta(days=400))
        self.taken: list[tuple[str, str]] = []
        self.scene.noticed = self._noticed

    def _noticed(self, taken: Sequence[Stepped]) -> None:
        self.taken += [(step.lifecycle, step.transition) for step in taken]
        self.play.notice(taken)

    def starts(self, steps: Sequence[str], each: UUID, name: str) -> None:
        with self.scene.acting(self.house.actor(name)) as tx:
            from grantflow.services.cases import step

            for transition in steps:
                step(tx, each, transition)


@pytest.fixture
def houses(database_url: str) -> Iterator[Builder]:
    opened: list[House] = []

    def build(*lines: tuple[str, str, int, str]) -> House:
        def change(scheme: Scheme) -> Scheme:
            return replace(scheme, rehearsal=behaves(*lines))

        opened.append(House(database_url, seed="toy", change=change).furnish(publish=False))
        return opened[-1]

    yield build
    for house in opened:
        house.database.dispose()


def opening(house: House, **habits: Any) -> Stage:
    stage = Stage(house, **habits)
    stage.starts(["publish"], house.call_id, "carl")
    return stage


def test_the_clock_fires_between_what_people_do(houses: Builder) -> None:
    stage = opening(houses(("call.settle", "chief", 100, "5d")))
    stage.play.run()
    assert stage.taken == [("call", "publish"), ("call", "close"), ("call", "settle")]
    assert not len(stage.play.agenda)


def test_nobody_does_what_the_scheme_does_not_say(houses: Builder) -> None:
    stage = opening(houses())
    stage.play.horizon = stage.scene.now + timedelta(days=60)
    stage.play.run()
    assert [name for _, name in stage.taken] == ["publish", "close"]


def test_the_first_behaviour_drawn_is_what_happens(houses: Builder) -> None:
    lines = [
        ("call.pause", "clerk", 0, "1d"),
        ("call.close", "clerk", 100, "1d"),
        ("call.reword", "clerk", 100, "1d"),
    ]
    stage = opening(houses(*lines))
    stage.play.horizon = stage.scene.now + timedelta(days=3)
    stage.play.run()
    assert stage.taken == [("call", "publish"), ("call", "close")]


def test_nobody_takes_the_same_step_twice_in_one_state(houses: Builder) -> None:
    lines = [("call.reword", "clerk", 100, "1d"), ("call.close", "clerk", 100, "1d")]
    stage = opening(houses(*lines))
    stage.play.horizon = stage.scene.now + timedelta(days=9)
    stage.play.run()
    assert [name for _, name in stage.taken] == ["publish", "reword", "close"]


def entering(stage: Stage, **entry: bool) -> dict[str, Any]:
    """Return the habits by which ann begins an entry."""

    def begin(scene: Scene, start: Start) -> None:
        del start
        with scene.acting(stage.house.actor("ann")) as tx:
            stage.house.new_entry(tx, "ann", **entry)

    return {"makers": {"entry": begin}, "how_many": {"entry": lambda *_: 1, "review": lambda *_: 0}}


def with_entry(house: House, habits: dict[str, Any], **entry: bool) -> Stage:
    stage = Stage(house)
    given = {"answers": stage.play.habits.answers, **entering(stage, **entry), **habits}
    stage.play.habits = Habits(**given)
    stage.starts(["publish"], house.call_id, "carl")
    return stage


def test_a_refusal_is_mended_and_the_step_tried_again(houses: Builder) -> None:
    house = houses(("entry.create", "owner", 10, "1d"), ("entry.send", "owner", 100, "2d"))

    def finish(at: Situation, refusals: Sequence[Refusal]) -> bool:
        assert {refusal.code for refusal in refusals} == {"unfinished"}
        house.spoil("UPDATE toy_sheet SET finished = 1")
        return bool(at.person.user_id == house.people["ann"])

    stage = with_entry(house, {"remedies": {"unfinished": finish}}, finished=False)
    stage.play.horizon = stage.scene.now + timedelta(days=5)
    stage.play.run()
    assert ("entry", "send") in stage.taken
    assert stage.play.refusals == {"unfinished": 1}


def test_what_nobody_can_mend_is_waited_for_and_in_the_end_given_up(houses: Builder) -> None:
    house = houses(("entry.create", "owner", 10, "1d"), ("entry.send", "owner", 100, "2d"))
    stage = with_entry(house, {}, signed=False)
    stage.play.run()
    assert ("entry", "send") not in stage.taken
    assert ("entry", "close") in stage.taken
    assert 2 < stage.play.refusals["unsigned"] < 30


def test_a_detour_stays_on_ones_own_side(houses: Builder) -> None:
    lines = [
        ("entry.create", "owner", 10, "1d"),
        ("entry.send", "owner", 100, "1d"),
        ("entry.turn_down", "chief", 100, "1d"),
        ("entry.hold", "clerk", 50, "1d"),
        ("call.close", "clerk", 100, "1d"),
    ]
    house = houses(*lines)
    stage = with_entry(house, {"detours": frozenset({"unfinished"})}, finished=True)
    stage.play.horizon = stage.scene.now + timedelta(days=20)
    stage.play.run()
    assert {name for lifecycle, name in stage.taken if lifecycle == "entry"} <= {
        *("create", "send", "close", "turn_down", "hold"),
    }


def test_the_same_seed_is_the_same_play_on_both_databases(sqlite_url: str, postgresql_url: str) -> None:
    lines = behaves(
        ("entry.create", "owner", 10, "9d"),
        ("entry.send", "owner", 70, "9d"),
        ("entry.take_back", "owner", 30, "9d"),
        ("call.reword", "clerk", 40, "9d"),
        ("call.settle", "chief", 100, "9d"),
    )
    told = []
    for url in (sqlite_url, postgresql_url):
        house = House(url, seed="toy", change=lambda scheme: replace(scheme, rehearsal=lines))
        stage = with_entry(house.furnish(publish=False), {})
        stage.play.run()
        told.append((stage.scene.now, stage.taken, stage.play.acts))
        house.database.dispose()
    assert told[0] == told[1]
    assert len(told[0][1]) > 4


def test_two_habits_for_one_refusal_are_a_mistake() -> None:
    one = Habits(remedies={"unfinished": lambda *_: True})
    with pytest.raises(ValueError, match="two habits for unfinished"):
        one | Habits(remedies={"unfinished": lambda *_: False})
