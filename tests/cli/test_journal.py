"""`grantflow journal`: what it says of a whole journal, of a spoiled one, and of one whose tail was cut off."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from grantflow.store.published import publish
from tests.cli.command import Command
from tests.services.cases.house import House

PLAIN = Path(__file__).parent / "plain"
KEY = {"GRANTFLOW_SEAL_KEY": "a key that is long enough"}


@pytest.fixture
def house(database_url: str) -> Iterator[House]:
    """A closed call of a published scheme."""
    house = House(database_url, scheme=PLAIN).furnish(scheme=("plain", 1), publish=False)
    with house.tx() as tx:
        publish(tx, "scheme", "plain", 1, house.database.engine.compiled("plain", 1).scheme.text)
    house.do("carl", house.call_id, "close", reason="It is over.")
    yield house
    house.database.dispose()


def test_a_whole_journal_is_verified(house: House, grantflow: Command):
    ended = grantflow("journal", "verify", "--json")
    assert ended.code == 0
    assert ended.json == {"ok": True, "records": 1, "entries": 2, "erased": 0, "sealed": None, "faults": []}
    assert "Every step is legal" in grantflow("journal", "verify").out


def test_a_spoiled_journal_is_told_with_record_entry_and_kind(house: House, grantflow: Command):
    house.spoil("UPDATE gf_journal_entry SET role = 'owner' WHERE seq = 1")
    ended = grantflow("journal", "verify", "--json")
    assert ended.code == 1
    assert ended.json["ok"] is False
    (fault,) = ended.json["faults"]
    assert {name: fault[name] for name in ("record", "entry", "kind")} == {
        "record": str(house.call_id),
        "entry": 1,
        "kind": "changed",
    }
    assert fault["detail"]
    assert "changed: TOY-2026-0001" in grantflow("journal", "verify").out
    refused = grantflow("journal", "seal", "--json", **KEY)
    assert refused.code == 1
    assert refused.json["refusals"][0]["code"] == "journal_faulty"


def test_a_seal_shows_a_tail_that_was_cut_off(house: House, grantflow: Command):
    sealed = grantflow("journal", "seal", "--json", **KEY)
    assert sealed.code == 0
    assert (sealed.json["records"], sealed.json["entries"]) == (1, 2)
    assert grantflow("journal", "verify", "--json", **KEY).json["sealed"] is True
    house.spoil("DELETE FROM gf_journal_text")
    house.spoil("DELETE FROM gf_journal_entry WHERE seq = 1")
    house.spoil(
        "UPDATE gf_case SET seq = 0, state = 'open', head = (SELECT hash FROM gf_journal_entry WHERE seq = 0)"
    )
    assert grantflow("journal", "verify", "--json").code == 0
    ended = grantflow("journal", "verify", "--json", **KEY)
    assert ended.code == 1
    assert [fault["kind"] for fault in ended.json["faults"]] == ["missing"]


@pytest.mark.parametrize("key", ["", "short"])
def test_there_is_no_seal_without_a_key(house: House, grantflow: Command, key: str):
    ended = grantflow("journal", "seal", GRANTFLOW_SEAL_KEY=key)
    assert ended.code == 1
    assert "seal_key" in ended.err
