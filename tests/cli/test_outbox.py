"""`grantflow outbox`: what was given up is listed with its fault, and waits again when somebody says so."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select, update

from grantflow.services import post
from grantflow.store.outbox import OutboxMessage
from tests.cli.command import Command
from tests.services.cases.house import House


@pytest.fixture
def house(database_url: str) -> Iterator[House]:
    """A call with five messages in its outbox."""
    house = House(database_url).furnish()
    for _ in range(5):
        house.entry()
    yield house
    house.database.dispose()


def messages(house: House) -> list[UUID]:
    with house.reading() as tx:
        found = select(OutboxMessage.id).order_by(OutboxMessage.at, OutboxMessage.id)
        return list(tx.execute(found).scalars())


def give_up(house: House, each: UUID) -> None:
    """Let a message fail for the last time."""
    with house.tx() as tx:
        last = update(OutboxMessage).where(OutboxMessage.id == each)
        tx.execute(last.values(attempts=post.LAST_ATTEMPT - 1, dispatched_at=tx.now))
        assert post.mark_failed(tx, each, "The mail server said no.") is None


def waiting(house: House) -> set[UUID]:
    with house.reading() as tx:
        return set(post.waiting(tx))


@pytest.fixture
def spoiled(house: House) -> dict[str, UUID]:
    """One message of each kind: given up, undeliverable, addressed to nobody, being tried, waiting."""
    given_up, never, nobody, trying, left = messages(house)
    give_up(house, given_up)
    with house.tx() as tx:
        post.mark_undeliverable(tx, never, "The letter has no words for it.")
        post.hand_out(tx)
        tx.execute(update(OutboxMessage).where(OutboxMessage.id == left).values(dispatched_at=None))
        tx.execute(
            update(OutboxMessage)
            .where(OutboxMessage.id == nobody)
            .values(done_at=tx.now, attempts=1, fault=post.NOBODY)
        )
    return {"given_up": given_up, "never": never, "nobody": nobody, "trying": trying, "left": left}


def test_what_has_not_left_is_listed_with_its_fault(spoiled: dict[str, UUID], grantflow: Command):
    every = grantflow("outbox", "list", "--json").json["messages"]
    assert {one["id"]: one["standing"] for one in every} == {
        str(spoiled["given_up"]): "failed",
        str(spoiled["never"]): "failed",
        str(spoiled["trying"]): "trying",
        str(spoiled["left"]): "waiting",
    }
    failed = grantflow("outbox", "list", "--failed", "--json").json
    assert failed["ok"] is True
    assert [one["id"] for one in failed["messages"]] == [str(spoiled["given_up"]), str(spoiled["never"])]
    first = failed["messages"][0]
    assert first["ref"].startswith("TOY-2026-000")
    assert (first["role"], first["template"]) == ("owner", "begun")
    assert (first["attempts"], first["fault"]) == (post.LAST_ATTEMPT, "The mail server said no.")
    words = grantflow("outbox", "list").out
    assert "4 messages have not left; 2 of them were given up." in words


def test_one_that_was_given_up_waits_again(house: House, spoiled: dict[str, UUID], grantflow: Command):
    assert waiting(house) == {spoiled["left"]}
    ended = grantflow("outbox", "retry", str(spoiled["given_up"]), "--json")
    assert (ended.code, ended.json) == (0, {"ok": True, "retried": 1})
    assert waiting(house) == {spoiled["left"], spoiled["given_up"]}
    (again,) = [
        one
        for one in grantflow("outbox", "list", "--json").json["messages"]
        if one["id"] == str(spoiled["given_up"])
    ]
    assert (again["attempts"], again["fault"]) == (0, None)


def test_all_that_were_given_up_wait_again(house: House, spoiled: dict[str, UUID], grantflow: Command):
    assert grantflow("outbox", "retry", "--all").out == "2 messages wait again.\n"
    assert waiting(house) == {spoiled["left"], spoiled["given_up"], spoiled["never"]}
    assert grantflow("outbox", "retry", "--all", "--json").json["retried"] == 0


@pytest.mark.parametrize("what", ["nobody", "trying", "left", "stranger"])
def test_what_was_not_given_up_is_refused_and_nothing_is_touched(
    house: House, spoiled: dict[str, UUID], grantflow: Command, what: str
):
    named = spoiled.get(what, uuid4())
    ended = grantflow("outbox", "retry", str(spoiled["never"]), str(named), "--json")
    assert ended.code == 1
    assert [one["code"] for one in ended.json["refusals"]] == ["not_failed"]
    assert waiting(house) == {spoiled["left"]}


def test_which_messages_has_to_be_said(grantflow: Command):
    for words in ([], ["--all", str(uuid4())], ["no-id"]):
        assert grantflow("outbox", "retry", *words).code == 2


def test_what_is_held_is_listed_and_leaves_or_ends_when_it_is_said(house: House, grantflow: Command):
    first, second, *rest = messages(house)
    with house.tx() as tx:
        post.hold_waiting(tx)
    every = grantflow("outbox", "list", "--json").json["messages"]
    assert {one["standing"] for one in every} == {"held"}
    assert "5 messages are held" in grantflow("outbox", "list").out

    assert grantflow("outbox", "release", str(first), "--json").json == {"ok": True, "released": 1}
    assert waiting(house) == {first}
    refused = grantflow("outbox", "release", str(first), str(second), "--json")
    assert (refused.code, refused.json["refusals"][0]["code"]) == (1, "not_held")
    assert grantflow("outbox", "drop", "--all", "--json").json == {"ok": True, "dropped": 1 + len(rest)}
    assert waiting(house) == {first}
    assert grantflow("outbox", "retry", "--all", "--json").json["retried"] == 0
    for verb in ("release", "drop"):
        assert grantflow("outbox", verb).code == 2
