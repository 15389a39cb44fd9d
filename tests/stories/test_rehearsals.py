"""Every shipped call is played from its draft to its end, twice and on both databases, and what must hold holds."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from grantflow.app import registry
from grantflow.paths import data_folder
from grantflow.services.invariants import INVARIANTS
from grantflow.services.rehearsal import Report, rehearse_call

CALLS = sorted((data_folder("config") / "calls").glob("*.yaml"), key=lambda path: path.stem)
APPLICATIONS = 15


def play(call: Path, *, seed: int = 7, server: str | None = None, applications: int = APPLICATIONS) -> Report:
    return rehearse_call(call, applications=applications, seed=seed, registry=registry(), server=server)


@pytest.fixture(scope="module", params=CALLS, ids=lambda path: path.stem)
def call(request: pytest.FixtureRequest) -> Path:
    path: Path = request.param
    return path


@pytest.fixture(scope="module")
def report(call: Path) -> Report:
    return play(call)


def test_everything_that_must_hold_holds(report: Report) -> None:
    assert [line for line in report.invariants if not line.holds] == []
    assert [line.name for line in report.invariants] == [one.__name__ for one in INVARIANTS]


def test_the_call_comes_to_its_end(report: Report) -> None:
    assert list(report.states["call"].values()) == [1]
    assert "closed" in report.states["call"]
    assert report.applications["started"] == APPLICATIONS
    assert 0 < report.applications["funded"] <= report.applications["submitted"] <= APPLICATIONS


def test_money_is_neither_lost_nor_found(report: Report) -> None:
    for window in report.money:
        assert window.reserved == 0
        assert window.paid == window.committed <= window.envelope


def test_the_same_seed_is_the_same_play_on_both_databases(
    call: Path, report: Report, postgresql_url: str
) -> None:
    assert play(call, server=postgresql_url).as_json()["digest"] == report.as_json()["digest"]


def test_the_same_seed_is_the_same_play_twice(call: Path, report: Report) -> None:
    assert play(call).as_json()["digest"] == report.as_json()["digest"]


def test_another_seed_is_another_play() -> None:
    plays = [play(CALLS[0], seed=seed, applications=3).as_json()["digest"] for seed in (7, 8)]
    assert plays[0] != plays[1]


def test_the_named_database_is_never_touched(postgresql_url: str) -> None:
    engine = create_engine(postgresql_url)
    try:
        with engine.connect() as connection:
            before = _databases(connection)
        play(CALLS[0], server=postgresql_url, applications=1)
        with engine.connect() as connection:
            assert connection.execute(text("SELECT count(*) FROM gf_case")).scalar_one() == 0
            assert _databases(connection) == before
    finally:
        engine.dispose()


def _databases(connection: object) -> set[str]:
    found = connection.execute(text("SELECT datname FROM pg_database"))  # type: ignore[attr-defined]
    return {row.datname for row in found if "_rehearsal_" in row.datname}


def test_the_answer_has_every_key_that_others_rely_on(report: Report) -> None:
    plain = json.loads(json.dumps(report.as_json()))
    assert set(plain) == {
        *("call", "scheme", "seed", "digest", "applications", "states", "transitions", "refusals", "money"),
        *("workload", "timeline", "invariants", "seconds", "statements"),
    }
    assert set(plain["applications"]) == {
        *("started", "submitted", "eligible", "ineligible", "withdrawn", "funded", "reserve", "refused"),
    }
    assert {key for line in plain["money"] for key in line} == {
        *("window", "currency", "envelope", "reserved", "committed", "released", "paid"),
    }
    assert {key for line in plain["workload"] for key in line} == {"role", "week", "actions"}
    assert {key for line in plain["timeline"] for key in line} == {"at", "what"}
    assert {key for line in plain["invariants"] for key in line} == {"name", "holds", "detail"}


def test_people_behave_like_people() -> None:
    north = next(path for path in CALLS if path.stem == "north-middle-sweden")
    ends = play(north, applications=40, seed=3)
    assert ends.applications["started"] > ends.applications["submitted"]
    assert ends.applications["withdrawn"] > 0
    assert ends.states["review"].keys() >= {"declined", "in_conflict"}
    asked_for_more = {"not_on_agenda", "quorum_missing", "workshops_missing", "reviewers_missing"}
    assert ends.refusals.keys() >= asked_for_more
