"""`grantflow workflows move`: shown first, then done on somebody's authority, as a whole or not at all."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import select

from grantflow.store.calls.models import Call, Milestone
from grantflow.store.cases import CaseRow
from grantflow.store.published import publish
from grantflow.workflow.canonical import sealed
from grantflow.workflow.model import Scheme
from tests.cli.command import Command
from tests.services.cases.house import House

PLAIN = Path(__file__).parent / "plain"
REF = "TOY-2026-0001"
MAP = "states:\n  call:\n    open: running\n"


def second(scheme: Scheme) -> Scheme:
    """Return version 2: what was open is called running."""
    call = scheme.lifecycles["call"]
    states = {
        {"open": "running"}.get(name, name): replace(state, name={"open": "running"}.get(name, name))
        for name, state in call.states.items()
    }
    rows = tuple(replace(row, sources=("running",)) for row in call.rows)
    lifecycles = {**scheme.lifecycles, "call": replace(call, initial="running", states=states, rows=rows)}
    return sealed(replace(scheme, version=2, lifecycles=lifecycles, text=""))


@pytest.fixture
def house(database_url: str) -> Iterator[House]:
    """An open call of a published scheme, of which there is a newer version."""
    house = House(database_url, scheme=PLAIN).furnish(scheme=("plain", 1), publish=False)
    first = house.database.engine.compiled("plain", 1).scheme
    with house.tx() as tx:
        for scheme in (first, second(first)):
            publish(tx, "scheme", scheme.name, scheme.version, scheme.text)
    yield house
    house.database.dispose()


@pytest.fixture
def names(tmp_path: Path) -> str:
    """A file that says which states are called otherwise."""
    file = tmp_path / "names.yaml"
    file.write_text(MAP)
    return str(file)


def place(house: House) -> tuple[int, str, int]:
    """Return the version of the call, its state, and how many steps it has taken."""
    with house.reading() as tx:
        row = tx.execute(select(CaseRow.version, CaseRow.state, CaseRow.seq)).one()
    return row.version, row.state, row.seq


def test_a_dry_run_shows_what_would_happen_and_changes_nothing(house: House, grantflow: Command, names: str):
    before = house.everything()
    ended = grantflow("workflows", "move", REF, "--to", "2", "--map", names, "--dry-run", "--json")
    assert ended.code == 0
    assert ended.json == {
        "ok": True,
        "moved": False,
        "records": [
            {"ref": REF, "lifecycle": "call", "from_state": "open", "to_state": "running", "against": []}
        ],
    }
    words = grantflow("workflows", "move", REF, "--to", "2", "--map", names, "--dry-run").out
    assert f"{REF}: open becomes running" in words
    assert "1 records would move; 1 change their state, 0 stand against it." in words
    assert house.everything() == before


def test_a_move_is_done_on_somebodys_authority_and_verified_afterwards(
    house: House, grantflow: Command, names: str
):
    move = ("workflows", "move", REF, "--to", "2", "--map", names)
    assert grantflow(*move).code == 2
    assert place(house) == (1, "open", 0)
    ended = grantflow(*move, "--authority", "decision 7", "--json")
    assert (ended.code, ended.json["ok"], ended.json["moved"]) == (0, True, True)
    assert place(house) == (2, "running", 1)
    with house.reading() as tx:
        assert tx.execute(select(Call.pins)).scalar_one()["scheme"]["version"] == 2
        (milestone,) = tx.execute(select(Milestone.kind, Milestone.before, Milestone.reason))
    assert tuple(milestone) == ("version", {"version": 1}, "decision 7")
    assert house.rows("SELECT authority FROM gf_journal_entry WHERE seq = 1") == [("decision 7",)]
    assert grantflow("journal", "verify", "--json").json["ok"] is True


def test_what_stands_against_it_is_told_and_nothing_moves(house: House, grantflow: Command):
    ended = grantflow("workflows", "move", REF, "--to", "2", "--authority", "decision 7", "--json")
    assert (ended.code, ended.json["ok"], ended.json["moved"]) == (1, False, False)
    ((against,),) = [record["against"] for record in ended.json["records"]]
    assert against["code"] == "no_such_state"
    assert "“open”, which has no place in the new version" in against["sentence"]
    assert place(house) == (1, "open", 0)


@pytest.mark.parametrize(
    ("ref", "version", "code"), [("TOY-2026-0099", "2", "unknown_call"), (REF, "3", "unknown_version")]
)
def test_a_call_or_version_that_is_not_there_is_said(
    house: House, grantflow: Command, ref: str, version: str, code: str
):
    ended = grantflow("workflows", "move", ref, "--to", version, "--json")
    assert ended.code == 1
    assert [one["code"] for one in ended.json["refusals"]] == [code]


def test_a_map_that_says_something_else_is_wrong_usage(house: House, grantflow: Command, tmp_path: Path):
    file = tmp_path / "wrong.yaml"
    file.write_text("stages:\n  call:\n    open: running\n")
    ended = grantflow("workflows", "move", REF, "--to", "2", "--map", str(file))
    assert ended.code == 2
    assert "stages" in ended.err
