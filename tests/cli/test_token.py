"""`grantflow token`: a token is printed once, works until it ends or is revoked, and is known by how it begins."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from grantflow.app import registry
from grantflow.domain.actor import SYSTEM
from grantflow.domain.refusal import Refused
from grantflow.services.people.registering import register_person
from grantflow.services.people.tokens import caller_of, create_token, revoke_token, used
from grantflow.store.people.tokens import ApiToken
from grantflow.store.session import Database
from grantflow.workflow.engine import Engine
from tests.cli.command import Command

WALL = datetime(2026, 11, 22, 12, tzinfo=UTC)


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """Leif is registered."""
    database = Database(database_url, Engine(registry()))
    with database.transaction(SYSTEM, WALL) as tx:
        register_person(tx, "leif@example.org", "Leif")
    yield database
    database.dispose()


@pytest.fixture
def command(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Command:
    return Command(database.url, tmp_path, monkeypatch, capsys)


def test_a_token_is_printed_alone_and_kept_as_its_hash(database: Database, command: Command) -> None:
    ended = command("token", "create", "--user", "Leif@Example.org")

    token = ended.out.strip()
    assert (ended.code, ended.out.count("\n")) == (0, 1)
    with database.reading(now=datetime.now(UTC)) as tx:
        caller = caller_of(tx, token)
        assert caller is not None
        assert (caller.email, sorted(caller.scopes)) == ("leif@example.org", ["read", "step", "write"])
        row = tx.execute(select(ApiToken.__table__)).one()
        assert token not in str(row)
        assert token.startswith(row.prefix)


def test_scopes_and_days_are_those_that_were_asked_for(command: Command) -> None:
    made = command(
        *("token", "create", "--user", "leif@example.org", "--scope", "read", "--days", "3", "--json")
    ).json["token"]

    lasts = datetime.fromisoformat(made["ends_at"]) - datetime.fromisoformat(made["made_at"])
    assert (made["scopes"], lasts) == (["read"], timedelta(days=3))
    assert command("token", "list", "--user", "leif@example.org", "--json").json["tokens"] == [
        {name: value for name, value in made.items() if name != "token"}
    ]
    assert command("token", "list", "--user", "mona@example.org", "--json").json["tokens"] == []


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("--user", "nobody@example.org"), "unknown_person"),
        (("--user", "leif@example.org", "--scope", "everything"), "unknown_scope"),
        (("--user", "leif@example.org", "--days", "0"), "bad_days"),
        (("--user", "leif@example.org", "--days", "9999999999"), "bad_days"),
    ],
)
def test_what_cannot_be_is_refused(command: Command, words: tuple[str, ...], code: str) -> None:
    ended = command("token", "create", *words, "--json")

    assert (ended.code, ended.json["error"]["code"]) == (1, code)
    assert command("token", "list", "--json").json["tokens"] == []


def test_a_revoked_token_is_worth_nothing(database: Database, command: Command) -> None:
    token = command("token", "create", "--user", "leif@example.org").out.strip()
    prefix = token[:11]

    assert command("token", "revoke", prefix, "--json").json == {"ok": True, "revoked": prefix}
    with database.reading(now=datetime.now(UTC)) as tx:
        assert caller_of(tx, token) is None
    assert command("token", "revoke", prefix).code == 1
    assert f"{prefix} leif@example.org (read, write, step) revoked on" in command("token", "list").out


def test_a_token_ends_by_the_wall_clock_and_tells_its_last_minute(database: Database) -> None:
    with database.transaction(SYSTEM, WALL) as tx:
        token, _ = create_token(tx, "leif@example.org", days=1)
        caller = caller_of(tx, token)
        assert caller is not None
        assert caller.stale(WALL)
        used(tx, caller.token_id)
    with database.reading(now=WALL + timedelta(hours=24) - timedelta(seconds=1)) as tx:
        caller = caller_of(tx, token)
        assert caller is not None
        assert not caller.stale(WALL + timedelta(seconds=59))
        assert caller.stale(WALL + timedelta(seconds=60))
    with database.reading(now=WALL + timedelta(hours=24)) as tx:
        assert caller_of(tx, token) is None
        assert caller_of(tx, token[:-1]) is None
        assert caller_of(tx, "") is None


def test_a_token_is_revoked_by_itself_but_not_by_less_than_its_beginning(database: Database) -> None:
    with database.transaction(SYSTEM, WALL) as tx:
        token, kept = create_token(tx, "leif@example.org")
        for too_little in ("gf", "gf_", kept.prefix[:-1], "%"):
            with pytest.raises(Refused):
                revoke_token(tx, too_little)
        revoke_token(tx, token)
        assert caller_of(tx, token) is None
