"""`grantflow webhook`: registered by its own secret shown once, listed without it, started, replayed, removed."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import uuid4

import pytest

from tests.cli.command import Command
from tests.services.cases.house import House, grant

ADDRESS = "https://hooks.example.org/in"


@pytest.fixture
def house(database_url: str) -> Iterator[House]:
    house = House(database_url).furnish()
    yield house
    house.database.dispose()


def test_from_registering_to_removing(house: House, grantflow: Command):
    from sqlalchemy import select

    from grantflow.store.people.models import User
    from grantflow.store.programmes.models import Programme

    with house.tx() as tx:
        programme = tx.session.scalars(select(Programme)).one()
        person = tx.session.get_one(User, house.people["carl"])
        email, prefix = person.email, programme.ref_prefix
        grant(tx, "clerk", programme.id, user_id=person.id)
    words = ["--programme", prefix, "--url", ADDRESS, "--by", email, "--kind", "application"]

    made = grantflow("webhook", "add", *words, "--tag", "funded", "--json").json["webhook"]
    assert made["secret"].startswith("whsec_")
    (kept,) = grantflow("webhook", "list", "--json").json["webhooks"]
    assert (kept["id"], kept["url"], kept["tags"]) == (made["id"], ADDRESS, ["funded"])
    assert made["secret"] not in grantflow("webhook", "list").out + grantflow("webhook", "list", "--json").out

    assert grantflow("webhook", "attempts", made["id"], "--json").json == {"ok": True, "attempts": []}
    since = grantflow("webhook", "replay", made["id"], "--since", "2026-01-01T00:00:00Z", "--json")
    assert since.json == {"ok": True, "replayed": 0}
    assert grantflow("webhook", "start", made["id"]).code == 0
    assert grantflow("webhook", "remove", made["id"]).code == 0
    assert grantflow("webhook", "list", "--json").json["webhooks"] == []

    assert grantflow("webhook", "remove", made["id"], "--json").code == 1
    assert grantflow("webhook", "replay", str(uuid4())).code == 2
    inside = grantflow(
        "webhook", "add", "--programme", "X", "--url", "https://10.0.0.1/", "--by", "x", "--json"
    )
    assert {each["where"] for each in inside.json["refusals"]} == {"programme", "by", "url"}
